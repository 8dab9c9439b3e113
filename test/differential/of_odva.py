"""otdissect beside tshark: EtherNet/IP and CIP."""
from both import events, frames, total, tshark


def enip_ours(ev):
    """Encapsulated messages; what a packet of several holds is told of again, by index."""
    n = 0
    for e in events(ev, "enip"):
        d = e.get("enip", {})
        if "index" not in d.get("request", {}).get("cip", {}):
            n += ("request" in d) + ("response" in d)
    return n


def cip_theirs(p):
    """Services, those inside others and those in packets of several with them."""
    return total(p, "cip.sc", "cip")


def cip_ours(ev):
    n = 0
    for e in events(ev, "enip"):
        d = e.get("enip", {})
        if "index" in d.get("request", {}).get("cip", {}):
            continue
        n += "unconnected_send" in d.get("request", {})
        for side in ("request", "response"):
            c = d.get(side, {}).get("cip")
            if c:
                n += 1 + len(c.get("multiple", []))
    return n


DEEDS = {2, 4, 5, 6, 7, 8, 9, 0x10, 0x4d, 0x4e, 0x53}


def cip_deeds_theirs(p):
    """Requests that write, command or change a program; Forward Close is none."""
    n = 0
    for sc, rr in tshark(p, ["cip.sc", "cip.rr"], "cip.rr==0 and not cip.cm.sc==0x4e"):
        n += sum(r == "0x00" and int(s, 0) in DEEDS for s, r in zip(sc, rr))
    return n


def cip_deeds(ev):
    n = 0
    for e in events(ev, "enip"):
        c = e.get("enip", {}).get("request", {}).get("cip", {})
        n += c.get("service_raw") in DEEDS and c.get("class_name") != "Connection Manager"
    return n


def cip_errors(ev):
    n = 0
    for e in events(ev, "enip"):
        d = e.get("enip", {})
        if "index" in d.get("request", {}).get("cip", {}):
            continue
        c = d.get("response", {}).get("cip", {})
        n += sum("status_raw" in x for x in [c] + c.get("multiple", []))
    return n


def cip_errors_theirs(p):
    return sum(1 for r in tshark(p, ["cip.genstat"], "cip.genstat") for s in r[0] if int(s, 0))


def cipio_ours(ev):
    return sum(e["cipio"].get("packets", 0) for e in events(ev, "cipio"))


COUNTS = [
    ("enip", "enip", lambda p: total(p, "enip.command", "enip and not cipio"), enip_ours),
    ("cip services", "cip", cip_theirs, cip_ours),
    ("cip errors", "cip", cip_errors_theirs, cip_errors),
    ("cip writes and commands", "cip", cip_deeds_theirs, cip_deeds),
    ("cipio", "cipio", lambda p: frames(p, "cipio"), cipio_ours),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("cip.id.", "enip.lir.")
