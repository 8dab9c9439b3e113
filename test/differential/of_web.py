"""otdissect beside tshark: the web and what is written in its manner."""
from both import events, frames


def http_ours(ev):
    """Requests and answers; an interim answer (100) makes none."""
    return sum(("http_method" in e["http"]) + ("status" in e["http"]) for e in events(ev, "http"))


COUNTS = [
    ("http", "http", lambda p: frames(p, "tcp && (http.request || (http.response && http.response.code != 100))"), http_ours),
]

FACTS = ("http.",)
