#!/usr/bin/env python3
"""Compares otdissect with tshark, capture by capture.

usage: compare.py CAPTURES-DIR [FILE ...]

For every capture: how many messages of each protocol both see, which hosts and
MAC addresses, and the identity strings of identities.tsv. A difference is
either in KNOWN (known.tsv beside this file, each with its reason) or a failure.
Output is TAP. tshark and the captures are needed; without them everything is
skipped, and said so.
"""
import collections
import json
import os
import shutil
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
OTDISSECT = os.environ.get("OTDISSECT", "./otdissect")


UNANSWERED = ("no_response", "not_captured")


def tshark(path, fields, flt, decode=()):
    """Rows of lists (all occurrences) of the fields, for frames that pass."""
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-E", "occurrence=a",
           "-E", "separator=|", "-E", "aggregator=\x01"]
    for f in fields:
        cmd += ["-e", f]
    for d in decode:
        cmd += ["-d", d]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    for line in out.decode("utf-8", "replace").splitlines():
        cols = line.split("|")
        yield [c.split("\x01") if c else [] for c in cols]


def total(path, field, flt):
    return sum(len(r[0]) for r in tshark(path, [field], flt))


def frames(path, flt):
    cmd = ["tshark", "-n", "-r", path, "-Y", flt, "-T", "fields", "-e", "frame.number"]
    out = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return len(out.splitlines())


def ours(path):
    out = subprocess.run([OTDISSECT, path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.returncode, [json.loads(line) for line in out.stdout.splitlines()]


def events(ev, kind):
    return [e for e in ev if e["event_type"] == kind]


def messages(ev, kind):
    """Requests and responses of paired events, each counted once."""
    n = 0
    for e in events(ev, kind):
        d = e.get(kind, {})
        n += ("request" in d) + ("response" in d)
    return n


def simple(kind, layer=None, flt=None):
    """One event of ours for each frame that passes tshark's filter."""
    return (kind, layer or kind, lambda p: frames(p, flt or kind), lambda ev: len(events(ev, kind)))


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


def ads_ours(ev):
    """AMS packets over TCP; the discovery over UDP tshark does not know."""
    n, seen = 0, set()
    for e in events(ev, "ads"):
        key = (e["flow_id"], e["pcap_cnt"], e["ads"].get("invoke_id"), e["ads"].get("source"))
        if e["proto"] == "TCP" and key not in seen:
            seen.add(key)
            n += 1 + ("rtt_us" in e["ot"])
    return n
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


def field_sum(p, flt, *names):
    return sum(int(x, 0) + 1 for r in tshark(p, names, flt) for f in r for x in f)
def exchanges(kind):
    """Events of ours, each with its answer counted."""
    return lambda ev: sum(1 + ("response" in e.get(kind, {})) for e in events(ev, kind))


def knxip_ours(ev):
    """A telegram's confirmation is an answer, too; acknowledgements are no messages."""
    return exchanges("knxip")(ev)


def coap_theirs(p):
    """Requests and responses; tshark knows them by their port alone."""
    rows = tshark(p, ["coap.code"], "coap", ["udp.port==17500,coap"])
    return sum(1 for r in rows for c in r[0] if int(c) > 0)


def coap_ours(ev):
    return sum(("method" in e["coap"]) + ("response" in e["coap"]) for e in events(ev, "coap"))


def amqp_theirs(p):
    """Messages published and delivered."""
    return sum(1 for r in tshark(p, ["amqp.method.method"], "amqp.method.class==60") for m in r[0] if m in ("40", "60"))


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
PN_IFACES = " or ".join("dcerpc.dg_if_id==dea0000%d-6c97-11d1-8271-00a02442df7d" % i for i in (1, 2, 3, 4))


def dcp_ours(ev):
    """Frames: requests with their repeats, once each, and the answers to them."""
    asked, n = set(), 0
    answered = set()
    for e in events(ev, "profinet_dcp"):
        d = e["profinet_dcp"]
        if "request" in d and e["pcap_cnt"] not in asked:
            asked.add(e["pcap_cnt"])
            n += 1 + d.get("repeats", 0)
        if "response" in d:
            answered.add((e["pcap_cnt"], e["ether"]["dest_mac"]))
    return n + len(answered)


def rt_ours(ev):
    """Frames of streams as they ended; notifications, acknowledgements, aborts."""
    n = 0
    for e in events(ev, "profinet_rt"):
        d = e["profinet_rt"]
        n += d.get("frames", 0)
        if d["event"] in ("nack", "abort"):
            n += 1
        elif d["event"] == "alarm":
            n += ("module_ident" in d["alarm"]) + d.get("repeats", 0) + ("status" in d)
    return n


def cm_ours(ev):
    """Calls with their repeats, and answers, once each however many records they have."""
    seen, n = set(), 0
    for e in events(ev, "profinet_cm"):
        d = e["profinet_cm"]
        if e["pcap_cnt"] not in seen:
            seen.add(e["pcap_cnt"])
            n += ("request" in d) + d.get("repeats", 0) + ("response" in d or "rpc_status" in d)
    return n


def cm_writes(p):
    """Records written, without the head of a multiple write and what a mirror shows twice."""
    last, at, n = None, 0, 0
    for when, *r in tshark(p, ["frame.time_epoch", "dcerpc.dg_act_id", "dcerpc.dg_seqnum", "pn_io.index"],
                           "dcerpc.pkt_type==0 and dcerpc.opnum==3 and (%s)" % PN_IFACES):
        if r != last or float(when[0]) - at > 1:
            n += sum(i not in ("0xe040", "57408") for i in r[2])
        last, at = r, float(when[0])
    return n


def stream_frames(kind):
    return lambda ev: sum(e[kind].get("frames", 0) for e in events(ev, kind))


def goose_changes(p):
    """Where a publisher's stNum differs from the frame before."""
    last, n = {}, 0
    for src, ref, st in tshark(p, ["eth.src", "goose.gocbRef", "goose.stNum"],
                                "goose or r-goose"):
        key = (tuple(src), tuple(ref))
        n += key in last and last[key] != st
        last[key] = st
    return n


def told(kind, *what):
    return lambda ev: sum(e.get(kind, {}).get("event") in what for e in events(ev, kind))


def s7_ours(ev):
    """PDUs: a write has an event for each item, the first of which counts."""
    n = 0
    for e in events(ev, "s7comm"):
        d = e.get("s7comm", {})
        if "cotp" in d or d.get("item", 1) > 1:
            continue
        alone = e["ot"].get("result") == "no_response" or d.get("userdata", {}).get("kind") == "push" or \
            "rtt_us" not in e["ot"]
        n += 1 if alone else 2
    return n


S7_WIDTH = {"BIT": 1, "BYTE": 1, "WORD": 2, "INT": 2, "DWORD": 4, "DINT": 4, "TIMER": 2, "COUNTER": 2}


def s7_written_ours(ev):
    """Bytes written, made again from value and type."""
    out = collections.Counter()
    for e in events(ev, "s7comm"):
        d = e["s7comm"]
        if d.get("function") != "write_var" or "value" not in e["ot"]:
            continue
        v = e["ot"]["value"] if isinstance(e["ot"]["value"], list) else [e["ot"]["value"]]
        kind = d["items"][0].get("transport")
        if kind == "REAL":
            out[struct.pack(">%df" % len(v), *v).hex()] += 1
        else:
            out[b"".join((int(x) % 256 ** S7_WIDTH[kind]).to_bytes(S7_WIDTH[kind], "big") for x in v).hex()] += 1
    return out


def s7_written_theirs(p):
    out = collections.Counter()
    flt = "s7comm.header.rosctr==1 and s7comm.param.func==5"
    for row in tshark(p, ["s7comm.header.rosctr", "s7comm.param.func", "s7comm.resp.data"], flt):
        if row[0] != ["1"] * len(row[1]):
            continue
        for x in row[2]:
            out[x] += 1
    return out


def s7_writes(p):
    """Items of write jobs: PDUs of one frame are counted apart."""
    n = 0
    for row in tshark(p, ["s7comm.header.rosctr", "s7comm.param.func", "s7comm.param.itemcount"],
                      "s7comm.header.rosctr==1 and s7comm.param.func==5"):
        n += sum(int(i) for r, f, i in zip(*row) if r == "1" and f in ("5", "0x05"))
    return n


def s7_values(ev):
    """Items written."""
    return sum(1 for e in events(ev, "s7comm") if e["s7comm"].get("function") == "write_var")


def mms_ours(ev):
    n = 0
    for e in events(ev, "mms"):
        d = e.get("mms", {})
        if "cotp" in d or d.get("item", 1) > 1 or d["pdu"].startswith(("release", "abort")):
            continue
        n += 2 if "rtt_us" in e["ot"] else 1
    return n


# name, tshark layer that must be there, how tshark counts, how we count
COUNTS = [
    ("modbus", "modbus", lambda p: total(p, "modbus.func_code", "modbus"),
     lambda ev: messages(ev, "modbus")),
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
    ("sbus", "sbus", lambda p: frames(p, "sbus"),
     lambda ev: sum(("command" in e["sbus"]) + ("answer" in e["sbus"]) for e in events(ev, "sbus"))),
    ("bacnet", "bacapp", bacnet_theirs, bacnet_ours),
    ("mqtt", "mqtt", mqtt_theirs, mqtt_ours),
    ("c1222", "c1222", lambda p: frames(p, "c1222"), lambda ev: messages(ev, "c1222")),
    ("egd", "egd", lambda p: frames(p, "egd"),
     lambda ev: sum(e["egd"].get("packets", 0) for e in events(ev, "egd"))),
    ("tls", "tls", tls_theirs, tls_ours),
    ("enip", "enip", lambda p: total(p, "enip.command", "enip and not cipio"), enip_ours),
    ("cip services", "cip", cip_theirs, cip_ours),
    ("cip errors", "cip", cip_errors_theirs, cip_errors),
    ("cip writes and commands", "cip", cip_deeds_theirs, cip_deeds),
    ("cipio", "cipio", lambda p: frames(p, "cipio"), cipio_ours),
    ("fins", "omron", lambda p: total(p, "omron.command", "omron"), lambda ev: messages(ev, "fins")),
    ("ads", "ams", lambda p: total(p, "ams.cmdid", "ams"), ads_ours),
    ("opcua", "opcua", opcua_theirs, opcua_ours),
    ("opcua_writes", "opcua", opcua_writes_theirs, opcua_writes_ours),
    ("amqp", "amqp", amqp_theirs, amqp_ours),
    ("profinet_dcp", "pn_dcp", lambda p: frames(p, "pn_dcp"), dcp_ours),
    ("profinet_rt", "pn_rt", lambda p: frames(p, "pn_rt and not pn_dcp"), rt_ours),
    ("profinet_cm", "dcerpc", lambda p: frames(p, PN_IFACES), cm_ours),
    ("profinet_cm.write", "dcerpc", cm_writes,
     lambda ev: sum(e["profinet_cm"].get("operation") == "Write" for e in events(ev, "profinet_cm"))),
    ("goose", "goose", lambda p: frames(p, "goose or r-goose"), stream_frames("goose")),
    ("goose.change", "goose", goose_changes, told("goose", "change")),
    ("sv", "sv", lambda p: frames(p, "sv"), stream_frames("sv")),
    ("ethercat", "ecat", lambda p: frames(p, "ecat"), stream_frames("ethercat")),
    ("ethercat.al_control", "ecat", lambda p: total(p, "ecat.reg.alctrl.ctrl", "eth.src.lg==1"),
     told("ethercat", "al_control")),
    ("ethercat.sdo", "ecat", lambda p: total(p, "ecat_mailbox.coe.sdoidx", "eth.src.lg==1"),
     told("ethercat", "sdo_upload", "sdo_download")),
    ("s7comm", "s7comm", lambda p: total(p, "s7comm.header.rosctr", "s7comm"), s7_ours),
    ("s7comm-writes", "s7comm", s7_writes, s7_values),
    # values: how many differ
    ("s7comm-values", "s7comm", lambda p: sum((s7_written_theirs(p) - s7_written_ours(ours(p)[1])).values()),
     lambda ev: 0),
    ("mms", "mms", lambda p: frames(p, "mms"), mms_ours),
    simple("arp"),
    simple("can", "caneth"),
    simple("cdp"),
    ("coap", "coap", coap_theirs, coap_ours),
    simple("dhcp"),
    simple("dhcpv6"),
    simple("dns", flt="dns and not dns.response_to"),
    ("doip", "doip", doip_theirs, exchanges("doip")),
    ("knxip", "kip", lambda p: total(p, "knxip.service", "kip"), knxip_ours),
    simple("lldp"),
    simple("llmnr"),
    simple("lon", "cnip", "cnip"),
    simple("mdns"),
    ("icmp", "icmp", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
    ("icmp", "icmpv6", lambda p: frames(p, "(icmp or icmpv6) and not icmp.resp_to and not icmpv6.resp_to"),
     lambda ev: len(events(ev, "icmp"))),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("bacapp.", "cdp.", "cip.id.", "dhcp.", "doip.", "enip.lir.", "goose.", "hart_ip.", "lldp.", "mms.",
         "modbus.", "omron.", "opcua.", "pn_dcp.", "raw.fox.", "s7comm.", "sv.", "synphasor.")

# ODVA's number of the one maker in the captures
VENDORS = {"0x0001": "Rockwell Automation/Allen-Bradley"}


def as_we_write(field, value):
    if field in ("cip.id.vendor_id", "enip.lir.vendor"):
        return VENDORS.get(value, value)
    if field in ("cip.id.serial_number", "enip.lir.serial"):
        return value[2:]
    if field == "enip.lir.revision":
        return "%d.%d" % (int(value) >> 8, int(value) & 255)
    return value


def strings(node, out):
    if isinstance(node, str):
        out.add(" ".join(node.split()))
    elif isinstance(node, bool):
        pass
    elif isinstance(node, (int, float)):
        out.add(str(node))
    elif isinstance(node, list):
        for x in node:
            strings(x, out)
    elif isinstance(node, dict):
        for x in node.values():
            strings(x, out)


def has_fact(ev, host, value):
    """The value stands in an event that the host sent or answered."""
    want = " ".join(value.replace("\\n", "\n").split())
    # numbers are written as tshark does, in hex, or as numbers
    forms = [want] + ([str(int(want, 16))] if want.startswith("0x") and want[2:] else [])
    for e in ev:
        ether = e.get("ether", {})
        # without IP, a tunnel's outer address is the host tshark names
        if "src_ip" in e and host not in (e["src_ip"], e["dest_ip"], ether.get("src_mac"), ether.get("dest_mac")):
            continue
        found = set()
        strings(e, found)
        if any(w in found or any(w in s for s in found) for w in forms):
            return True
    return False


def main():
    if len(sys.argv) < 2 or not os.path.isdir(sys.argv[1]):
        print("1..0 # SKIP captures not present")
        return 0
    if not shutil.which("tshark"):
        print("1..0 # SKIP tshark not installed")
        return 0
    root = sys.argv[1]
    layers = {}
    with open(os.path.join(root, "expected.tsv")) as f:
        next(f)
        for line in f:
            c = line.rstrip("\n").split("\t")
            layers[c[0]] = {x.split("=")[0] for x in c[6].split(",")}
    facts = collections.defaultdict(list)
    with open(os.path.join(root, "identities.tsv")) as f:
        for line in f:
            c = line.rstrip("\n").split("\t")
            if len(c) > 3 and c[2].startswith(FACTS):
                facts[c[0]].append(c)
    known = {}
    with open(os.path.join(HERE, "known.tsv")) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                c = line.rstrip("\n").split("\t")
                known[(c[0], c[1])] = (c[2], c[3])
    files = sys.argv[2:] or sorted(layers)
    n = failed = 0
    for name in files:
        path = os.path.join(root, name)
        have = layers.get(name, set())
        checks = [c for c in COUNTS if c[1] in have]
        if "icmp" in have:
            checks = [c for c in checks if c[1] != "icmpv6"]
        if not checks and name not in facts:
            continue
        rc, ev = ours(path)
        for proto, _, theirs, mine in checks:
            a, b = theirs(path), mine(ev)
            n += 1
            got = "%d/%d" % (a, b)
            if a == b:
                print("ok %d - %s %s %d" % (n, name, proto, a))
            elif known.get((name, proto), ("", ""))[0] == got:
                print("ok %d - %s %s tshark/ours %s, known: %s" %
                      (n, name, proto, got, known[(name, proto)][1]))
            else:
                failed += 1
                print("not ok %d - %s %s tshark/ours %s" % (n, name, proto, got))
        missing = [c for c in facts[name] if not has_fact(ev, c[1], as_we_write(c[2], c[3]))]
        new = [c for c in missing if (name, c[2] + "=" + c[3]) not in known]
        if facts[name]:
            n += 1
            failed += bool(new)
            print("%sok %d - %s %d identity facts%s" %
                  ("not " if new else "", n, name, len(facts[name]),
                   ", known to differ: %d" % len(missing) if missing and not new else ""))
            for c in new:
                print("#   %s %s %s" % tuple(c[1:4]))
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
