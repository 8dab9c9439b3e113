"""otdissect beside tshark: other controllers."""
from both import events, frames, messages, stream_frames, told, total


def ads_ours(ev):
    """AMS packets over TCP; the discovery over UDP tshark does not know."""
    n, seen = 0, set()
    for e in events(ev, "ads"):
        key = (e["flow_id"], e["pcap_cnt"], e["ads"].get("invoke_id"), e["ads"].get("source"))
        if e["proto"] == "TCP" and key not in seen:
            seen.add(key)
            n += 1 + ("rtt_us" in e["ot"])
    return n


COUNTS = [
    ("modbus", "modbus", lambda p: total(p, "modbus.func_code", "modbus"),
     lambda ev: messages(ev, "modbus")),
    ("sbus", "sbus", lambda p: frames(p, "sbus"),
     lambda ev: sum(("command" in e["sbus"]) + ("answer" in e["sbus"]) for e in events(ev, "sbus"))),
    ("egd", "egd", lambda p: frames(p, "egd"),
     lambda ev: sum(e["egd"].get("packets", 0) for e in events(ev, "egd"))),
    ("fins", "omron", lambda p: total(p, "omron.command", "omron"), lambda ev: messages(ev, "fins")),
    ("ads", "ams", lambda p: total(p, "ams.cmdid", "ams"), ads_ours),
    ("ethercat", "ecat", lambda p: frames(p, "ecat"), stream_frames("ethercat")),
    ("ethercat.al_control", "ecat", lambda p: total(p, "ecat.reg.alctrl.ctrl", "eth.src.lg==1"),
     told("ethercat", "al_control")),
    ("ethercat.sdo", "ecat", lambda p: total(p, "ecat_mailbox.coe.sdoidx", "eth.src.lg==1"),
     told("ethercat", "sdo_upload", "sdo_download")),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("modbus.", "omron.")
