"""otdissect beside tshark: power and process."""
from both import events, field_sum, frames, messages, total


def dnp3_ours(ev):
    """Fragments; a message of several commands, which gives several events, once."""
    return sum("application" in e["dnp3"].get(k, {}) for e in events(ev, "dnp3") if e["dnp3"].get("part", 1) == 1
               for k in ("request", "response"))


def dnp3_points(ev, *names):
    """A sum over what the points hold, so that what is written is compared, not only how often."""
    return sum(p[n] + 1 for e in events(ev, "dnp3") for k in ("request", "response")
               for o in e["dnp3"].get(k, {}).get("application", {}).get("objects", [])
               for p in o.get("points", []) for n in names if n in p)


def iec104_ours(ev, formats):
    return sum(1 + ("confirmation" in e["iec104"]) for e in events(ev, "iec104")
               if e["iec104"]["format"] == formats and e["iec104"].get("part", 1) == 1)


def hartip_ours(ev, *messages):
    return sum(1 + ("answer" in e["hartip"]) for e in events(ev, "hartip")
               if e["hartip"]["message"] in messages and e["hartip"].get("part", 1) == 1)


def synchrophasor_ours(ev):
    """Commands, configurations, headers; and the data frames that were counted."""
    n, data = 0, {}
    for e in events(ev, "synchrophasor"):
        s = e["synchrophasor"]
        if s["frame"] == "data":
            key = e["flow_id"], s["id_code"]
            data[key] = max(data.get(key, 0), s["frames"])
        else:
            n += 1 + ("answer" in s)
    return n + sum(data.values())


COUNTS = [
    ("dnp3", "dnp3", lambda p: total(p, "dnp3.al.func", "dnp3.al.func"), dnp3_ours),
    ("dnp3-crob", "dnp3", lambda p: field_sum(p, "dnp3.al.on_time", "dnp3.al.on_time", "dnp3.al.off_time"),
     lambda ev: dnp3_points(ev, "ontime", "offtime")),
    ("dnp3-file", "dnp3", lambda p: field_sum(p, "dnp3.al.file.size", "dnp3.al.file.size"),
     lambda ev: dnp3_points(ev, "file_size")),
    ("iec104", "iec60870_asdu", lambda p: total(p, "iec60870_asdu.typeid", "iec60870_asdu"),
     lambda ev: iec104_ours(ev, "I")),
    ("iec104-u", "iec60870_104", lambda p: total(p, "iec60870_104.utype", "iec60870_104.utype"),
     lambda ev: iec104_ours(ev, "U")),
    ("hartip", "hart_ip", lambda p: frames(p, "hart_ip.message_id in {0,1,2}"),
     lambda ev: hartip_ours(ev, "session_initiate", "session_close", "keep_alive")),
    ("hartip-commands", "hart_ip", lambda p: total(p, "hart_ip.pt.command", "hart_ip.pt.command"),
     lambda ev: hartip_ours(ev, "token_passing_pdu")),
    ("synchrophasor", "synphasor", lambda p: frames(p, "synphasor"), synchrophasor_ours),
    ("c1222", "c1222", lambda p: frames(p, "c1222"), lambda ev: messages(ev, "c1222")),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("hart_ip.", "synphasor.")
