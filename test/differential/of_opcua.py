"""otdissect beside tshark: OPC UA."""
from both import events, frames, total, tshark, UNANSWERED


def opcua_theirs(p):
    """All chunks in clear but those of Publish, which are counted apart."""
    n = 0
    for kinds, ids in tshark(p, ["opcua.transport.type", "opcua.servicenodeid.numeric"], "opcua"):
        n += len(kinds) - sum(1 for i in ids if i in ("826", "829", "832", "835"))
    return n - opcua_encrypted(p)


def opcua_encrypted(p):
    """Chunks whose service tshark cannot tell: OPN and MSG of secured channels."""
    return total(p, "opcua.transport.type", 'opcua.transport.type in {"MSG","CLO"} and not opcua.servicenodeid.numeric')


def opcua_ours(ev):
    """Requests and responses; an exchange in several events is counted once."""
    n, seen = 0, set()
    for e in events(ev, "opcua"):
        o = e["opcua"]
        if o["message"] == "MSG":
            key = (e["flow_id"], o["channel_id"], o["request_id"])
            if key in seen or o.get("service") in ("Publish", "Republish"):
                continue
            seen.add(key)
            n += 1 + ("rtt_us" in e["ot"])
        elif o["message"] == "HEL":
            n += 1 + (e["ot"]["result"] not in UNANSWERED)
        elif o["message"] == "OPN":
            n += 1 + (e["ot"]["result"] not in UNANSWERED)
        elif o["message"] == "CLO":
            n += not o.get("encrypted")
        elif o["message"] != "summary":
            n += 1
    return n


def opcua_writes_theirs(p):
    """Nodes of Write requests."""
    return frames(p, "opcua.servicenodeid.numeric==673")


def opcua_writes_ours(ev):
    return len([e for e in events(ev, "opcua") if e["opcua"].get("service") == "Write"])


COUNTS = [
    ("opcua", "opcua", opcua_theirs, opcua_ours),
    ("opcua_writes", "opcua", opcua_writes_theirs, opcua_writes_ours),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("opcua.",)
