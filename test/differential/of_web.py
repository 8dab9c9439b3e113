"""otdissect beside tshark: the web and what is written in its manner."""
from both import events, frames, tshark


def http_ours(ev):
    """Requests and answers; an interim answer (100) makes none."""
    return sum(("http_method" in e["http"]) + ("status" in e["http"]) for e in events(ev, "http"))


def told(kind, key):
    return lambda ev: sum(key in e[kind] for e in events(ev, kind))


def sip_theirs(p):
    """Final answers, those sent again once."""
    return len({tuple(c[0] for c in r) for r in tshark(
        p, ["sip.Call-ID", "sip.CSeq", "sip.Status-Code"], "sip.Status-Code >= 200")})


def senders_theirs(p):
    return len({(r[0] or r[1])[0] for r in tshark(p, ["ip.src", "ipv6.src"], "ssdp")})


COUNTS = [
    ("http", "http", lambda p: frames(p, "tcp && (http.request || (http.response && http.response.code != 100))"), http_ours),
    ("rtsp", "rtsp", lambda p: frames(p, "rtsp.status && !tcp.analysis.retransmission"), told("rtsp", "status")),
    ("sip", "sip", sip_theirs, told("sip", "code")),
    ("socks", "socks", lambda p: frames(p, "socks.results && tcp.srcport in {1080, 21477}"), told("socks", "reply")),
    ("ssdp", "ssdp", senders_theirs, lambda ev: len({e["src_ip"] for e in events(ev, "ssdp")})),
]

FACTS = ("http.", "sip.")
