"""otdissect beside tshark: instruments."""
from both import UNANSWERED, events, frames, tshark


def paired(ev, kind):
    """Requests and answers of paired events."""
    return sum(1 + ("rtt_us" in e["ot"]) for e in events(ev, kind))


def scpi_ours(ev, carrier):
    """Messages with SCPI in them: a query's answer is another one."""
    return sum(1 + (e["ot"].get("result") not in UNANSWERED and "response_bytes" in e["scpi"])
               for e in events(ev, "scpi") if e["scpi"]["carrier"] == carrier)


COUNTS = [
    ("hislip", "hislip", lambda p: frames(p, "hislip.messagetype in {0,1,2,3,4,5,10,11,12,17,18,19,20,23}"),
     lambda ev: paired(ev, "hislip")),
    ("hislip-data", "hislip", lambda p: frames(p, "hislip.messagetype in {6,7}"), lambda ev: scpi_ours(ev, "hislip")),
    ("rpcbind", "portmap", lambda p: frames(p, "portmap && portmap.procedure_v2 != 0"), lambda ev: paired(ev, "rpcbind")),
    # what discovery repeats is one event
    ("rtps", "rtps", lambda p: len({tuple(r[0] + r[1]) for r in tshark(p, ["rtps.guidPrefix.src", "rtps.sm.wrEntityId"],
                                                                       "rtps.sm.wrEntityId == 0x000100c2")}),
     lambda ev: sum(e["rtps"]["kind"] == "participant" for e in events(ev, "rtps"))),
]
FACTS = ()
