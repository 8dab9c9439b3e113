"""otdissect beside tshark: building automation."""
from both import events, exchanges, frames, simple, total


def bacnet_theirs(p):
    """Requests (a segmented one once) and answers; segment ACKs are no messages."""
    return (frames(p, "bacapp.type==0 and (!bacapp.sequence_number or bacapp.sequence_number==0)") +
            frames(p, "bacapp.type==1") + frames(p, "bacapp.type==2") +
            frames(p, "bacapp.type==3 and (!bacapp.sequence_number or bacapp.sequence_number==0)") +
            frames(p, "bacapp.type in {5,6,7}"))


def bacnet_ours(ev):
    n = 0
    for e in events(ev, "bacnet"):
        b = e["bacnet"]
        if "pdu" in b:          # else BVLC alone: registration of a foreign device
            n += 1 + ("response" in b)
    return n


def knxip_ours(ev):
    """A telegram's confirmation is an answer, too; acknowledgements are no messages."""
    return exchanges("knxip")(ev)


COUNTS = [
    ("bacnet", "bacapp", bacnet_theirs, bacnet_ours),
    ("knxip", "kip", lambda p: total(p, "knxip.service", "kip"), knxip_ours),
    simple("lon", "cnip", "cnip"),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("bacapp.", "raw.fox.")
