"""otdissect beside tshark: services that name devices, routing, clocks, the link."""
from both import events, frames, tshark


def heard(kind):
    """All announcements, as they were counted when their senders fell silent."""
    return lambda ev: sum(e[kind].get("frames", 0) + e[kind].get("other_messages", 0) for e in events(ev, kind))


def of_streams(layer):
    return lambda p: len({c for r in tshark(p, ["tcp.stream"], layer) for c in r[0]})


def flows(kind):
    return lambda ev: len({e["flow_id"] for e in events(ev, kind)})


def ftp_ours(ev):
    return sum(e["ftp"].get("commands", 0) for e in events(ev, "ftp"))


def ftp_replies_theirs(p):
    """How logins ended, and what system it is."""
    return sum(1 for r in tshark(p, ["ftp.response.code"], "ftp.response.code in {230,530,215}") for _ in r[0])


def ftp_replies_ours(ev):
    return sum(c in (230, 530, 215) for e in events(ev, "ftp") for c in e["ftp"].get("completion_code", []))


def syslog_ours(ev):
    return sum(e["syslog"]["messages"] for e in events(ev, "syslog"))


def tftp_theirs(p):
    """Requests: client, port and file."""
    rows = tshark(p, ["ip.src", "udp.srcport", "tftp.source_file", "tftp.destination_file"], "tftp.opcode in {1,2}")
    return len({tuple(map(tuple, r)) for r in rows})


def tftp_ours(ev):
    return sum(e["tftp"]["packet"] in ("read", "write") for e in events(ev, "tftp"))


def ntp_theirs(p):
    """Each server's answers to each client, different ones."""
    seen = {}
    n = 0
    for src, dst, mode, stratum, ref, leap in tshark(
            p, ["ip.src", "ip.dst", "ntp.flags.mode", "ntp.stratum", "ntp.refid", "ntp.flags.li"], "ntp.flags.mode in {2,4,5}"):
        key, now = (src[0], dst[0], mode[0]), (stratum[0], ref[0], leap[0])
        n += seen.get(key) != now
        seen[key] = now
    return n


def ntp_ours(ev):
    return sum(e["ntp"]["event"] in ("begin", "change") and e["ntp"]["mode"] != "symmetric_active" for e in events(ev, "ntp"))


def igmp_theirs(p):
    """Groups joined in version 1 and 2, each host's once."""
    return len({(r[0][0], r[1][0]) for r in tshark(p, ["ip.src", "igmp.maddr"], "igmp.type in {0x12,0x16}")})


def igmp_ours(ev):
    return len({(e["src_ip"], e["igmp"]["group"]) for e in events(ev, "igmp")
                if e["ot"]["service"] == "join" and e["igmp"]["version"] < 3})


COUNTS = [
    ("eigrp", "eigrp", lambda p: frames(p, "eigrp.opcode==5 and eigrp.ack==0"), heard("eigrp")),
    ("ftp", "ftp", lambda p: frames(p, "ftp.request.command"), ftp_ours),
    ("ftp-replies", "ftp", ftp_replies_theirs, ftp_replies_ours),
    ("hsrp", "hsrp", lambda p: frames(p, "hsrp and not hsrp.opcode==3"), heard("hsrp")),
    ("igmp", "igmp", igmp_theirs, igmp_ours),
    ("ntp", "ntp", ntp_theirs, ntp_ours),
    ("ospf", "ospf", lambda p: frames(p, "ospf.msg.hello"), heard("ospf")),
    ("ptp", "ptp", lambda p: frames(p, "ptp"), heard("ptp")),
    ("stp", "stp", lambda p: frames(p, "stp"), heard("stp")),
    ("syslog", "syslog", lambda p: frames(p, "syslog"), syslog_ours),
    ("telnet", "telnet", of_streams("telnet"), flows("telnet")),
    ("tftp", "tftp", tftp_theirs, tftp_ours),
    ("vrrp", "vrrp", lambda p: frames(p, "vrrp"), heard("vrrp")),
]

FACTS = ()
