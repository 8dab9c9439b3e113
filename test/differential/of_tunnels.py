"""otdissect beside tshark: tunnels."""
from both import UNANSWERED, events, frames, told, tshark


def distinct(path, field, flt):
    return len({v for r in tshark(path, [field], flt) for v in r[0]})


def sums(ev, kind, *names):
    return sum(e[kind].get(n, 0) for e in events(ev, kind) for n in names)


def pptp_ours(ev):
    return sum(1 + ("ot" in e and "rtt_us" in e["ot"]) for e in events(ev, "pptp"))


COUNTS = [
    ("ike", "isakmp", lambda p: distinct(p, "isakmp.ispi",
        "isakmp.exchangetype in {2,4,34} && isakmp.rspi == 00:00:00:00:00:00:00:00"),
     lambda ev: sum("offered" in e["ike"] for e in events(ev, "ike"))),
    ("ike-answered", "isakmp",
     lambda p: distinct(p, "isakmp.ispi",
         "isakmp.exchangetype in {2,4,34} && isakmp.rspi != 00:00:00:00:00:00:00:00"),
     lambda ev: sum(e["ike"]["event"] == "negotiation" and e["ot"].get("result") not in UNANSWERED
                    for e in events(ev, "ike"))),
    ("ike-groups", "isakmp", lambda p: distinct(p, "isakmp.ispi",
        "isakmp.ike.attr.group_description == 2 || isakmp.tf.id.dh == 2"),
     lambda ev: sum("dh2" in e["ike"].get("weak", []) for e in events(ev, "ike"))),
    ("ike-esp", "esp", lambda p: distinct(p, "esp.spi", "udpencap && esp"), told("ike", "esp")),
    ("wireguard", "wg", lambda p: frames(p, "wg.type == 2"), lambda ev: sums(ev, "wireguard", "handshakes")),
    ("wireguard-data", "wg", lambda p: frames(p, "wg.type == 4"),
     lambda ev: sums(ev, "wireguard", "packets_toserver", "packets_toclient")),
    ("openvpn", "openvpn", lambda p: distinct(p, "openvpn.sessionid",
        "openvpn.type in {0x38,0x50,0x08} || openvpn.opcode in {7,10,1}"),
     told("openvpn", "session")),
    ("pptp", "pptp", lambda p: frames(p, "pptp.control_message_type in {1,2,3,4,7,8,9,10,12,13}"), pptp_ours),
]

FACTS = ()
