"""otdissect beside tshark: names, addresses, brokers."""
import collections

from both import events, exchanges, frames, simple, total, tshark


def mqtt_theirs(p):
    """All control packets but pings."""
    return sum(1 for r in tshark(p, ["mqtt.msgtype"], "mqtt") for t in r[0] if t not in ("0", "12", "13"))


MQTT = ("connect", "connack", "publish", "puback", "pubrec", "pubrel", "pubcomp", "subscribe", "suback",
        "unsubscribe", "unsuback", "disconnect", "auth")


def mqtt_ours(ev):
    return sum(1 for e in events(ev, "mqtt") for k in e.get("mqtt", {}) if k in MQTT)


def tls_theirs(p):
    """Hellos, SNIs, JA3s: what a handshake shows in clear."""
    return (total(p, "tls.handshake.ja3", "tls.handshake.ja3") +
            total(p, "tls.handshake.ja3s", "tls.handshake.ja3s") +
            total(p, "tls.handshake.extensions_server_name", "tls.handshake.extensions_server_name"))


def tls_ours(ev):
    return sum(k in e.get("tls", {}) for e in events(ev, "tls") for k in ("ja3", "ja3s", "sni"))


def coap_theirs(p):
    """Requests and responses; tshark knows them by their port alone."""
    rows = tshark(p, ["coap.code"], "coap", ["udp.port==17500,coap"])
    return sum(1 for r in rows for c in r[0] if int(c) > 0)


def coap_ours(ev):
    return sum(("method" in e["coap"]) + ("response" in e["coap"]) for e in events(ev, "coap"))


def amqp_theirs(p):
    """Messages published and delivered."""
    rows = tshark(p, ["amqp.method.method"], "amqp.method.class==60")
    return sum(1 for r in rows for m in r[0] if m in ("40", "60"))


def amqp_ours(ev):
    most = collections.Counter()
    for e in events(ev, "amqp"):
        a = e["amqp"]
        if a.get("method") in ("basic.publish", "basic.deliver"):
            key = (e["flow_id"], a["method"], a.get("exchange"), a.get("routing_key"))
            most[key] = max(most[key], a.get("messages", 1))
    return sum(most.values())


def doip_theirs(p):
    """All but the gateway's acknowledgements, which have no event."""
    return sum(1 for r in tshark(p, ["doip.type"], "doip") for t in r[0] if t != "0x8002")


COUNTS = [
    ("mqtt", "mqtt", mqtt_theirs, mqtt_ours),
    ("tls", "tls", tls_theirs, tls_ours),
    ("amqp", "amqp", amqp_theirs, amqp_ours),
    simple("arp"),
    simple("can", "caneth"),
    simple("cdp"),
    ("coap", "coap", coap_theirs, coap_ours),
    simple("dhcp"),
    simple("dhcpv6"),
    simple("dns", flt="dns and not dns.response_to"),
    ("doip", "doip", doip_theirs, exchanges("doip")),
    simple("lldp"),
    simple("llmnr"),
    simple("mdns"),
    ("icmp", "icmp", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
    ("icmp", "icmpv6", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("cdp.", "dhcp.", "doip.", "lldp.")
