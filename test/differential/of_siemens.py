"""otdissect beside tshark: S7, PROFINET, IEC 61850."""
import collections
import struct

from both import events, frames, ours, stream_frames, told, total, tshark

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


def goose_changes(p):
    """Where a publisher's stNum differs from the frame before."""
    last, n = {}, 0
    for src, ref, st in tshark(p, ["eth.src", "goose.gocbRef", "goose.stNum"],
                                "goose or r-goose"):
        key = (tuple(src), tuple(ref))
        n += key in last and last[key] != st
        last[key] = st
    return n


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


COUNTS = [
    ("profinet_dcp", "pn_dcp", lambda p: frames(p, "pn_dcp"), dcp_ours),
    ("profinet_rt", "pn_rt", lambda p: frames(p, "pn_rt and not pn_dcp"), rt_ours),
    ("profinet_cm", "dcerpc", lambda p: frames(p, PN_IFACES), cm_ours),
    ("profinet_cm.write", "dcerpc", cm_writes,
     lambda ev: sum(e["profinet_cm"].get("operation") == "Write" for e in events(ev, "profinet_cm"))),
    ("goose", "goose", lambda p: frames(p, "goose or r-goose"), stream_frames("goose")),
    ("goose.change", "goose", goose_changes, told("goose", "change")),
    ("sv", "sv", lambda p: frames(p, "sv"), stream_frames("sv")),
    ("s7comm", "s7comm", lambda p: total(p, "s7comm.header.rosctr", "s7comm"), s7_ours),
    ("s7comm-writes", "s7comm", s7_writes, s7_values),
    # values: how many differ
    ("s7comm-values", "s7comm", lambda p: sum((s7_written_theirs(p) - s7_written_ours(ours(p)[1])).values()),
     lambda ev: 0),
    ("mms", "mms", lambda p: frames(p, "mms"), mms_ours),
]

# Facts of identities.tsv that our dissectors are to find, by the field's prefix
FACTS = ("goose.", "mms.", "pn_dcp.", "s7comm.", "sv.")
