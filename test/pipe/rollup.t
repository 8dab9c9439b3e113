#!/usr/bin/python3
"""otdissect --rollup: polling is folded, and nothing else is."""
import collections
import json
import os
import struct
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(TOP, "test"), os.path.join(TOP, "test", "golden")]
from frames import Capture, Talk  # noqa: E402
from schema import check  # noqa: E402
from tap import done, ok  # noqa: E402

BIN = os.environ.get("OTKIT_BIN", ".")
LAB = "examples/lab.pcapng"


def program(name, *args, data=None):
    p = subprocess.run([os.path.join(BIN, name)] + list(args), input=data, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    return p.returncode, p.stdout, p.stderr.decode()


def events(*args):
    return [json.loads(line) for line in program("otdissect", *args)[1].splitlines()]


def key(e):
    return (e["src_ip"], e["dest_ip"], e.get("dest_port"), e["ot"].get("service"), e["ot"].get("object"),
            e["ot"].get("unit_id"), e["ot"].get("count"))


def foldable(e):
    return e.get("ot", {}).get("op") == "read" and e["ot"].get("result") == "ok" and "identity" not in e


def numbers(v):
    return v if isinstance(v, list) else [v]


def polled(path, seconds, fail_at=None):
    """One client that polls a coil and two registers each second; the coil flips once."""
    cap = Capture()
    t = Talk(cap)
    for i in range(seconds):
        coil = b"\x01\x01" + (b"\x01" if i >= 100 else b"\x00")
        regs = b"\x03\x04" + struct.pack(">HH", 200 + i % 7, 65535)
        if i == fail_at:
            regs = b"\x83\x02"
        for n, (q, a) in enumerate(((b"\x01\x00\x04\x00\x01", coil), (b"\x03\x00\x0b\x00\x02", regs))):
            head = lambda pdu: struct.pack(">HHHB", 2 * i + n & 0xffff, 0, len(pdu) + 1, 1)
            t.c(head(q) + q)
            t.s(head(a) + a)
        w = b"\x06\x00\x01\x00\x05"
        if i % 50 == 10:
            t.c(struct.pack(">HHHB", 0xf000 + i, 0, len(w) + 1, 1) + w)
            t.s(struct.pack(">HHHB", 0xf000 + i, 0, len(w) + 1, 1) + w)
        cap.us += 1000000 - cap.us % 1000000
    cap.save(path)


def main():
    plain, rolled = events(LAB), events("--rollup", "60", LAB)
    ok(program("otdissect", "--rollup", "60", LAB)[1] == program("otdissect", "--rollup", "60", LAB)[1],
       "the same bytes twice")
    bad = [(e, check(e)) for e in rolled if check(e)]
    ok(not bad, "records of their schema", *bad[:2])
    summaries = [e for e in rolled if "rollup" in e]
    ok(len(summaries) > 3 and len(rolled) < len(plain), "the sample laboratory's polling is folded", len(summaries))
    rest = lambda es: [e for e in es if "ot" in e and not foldable(e)]
    ok(rest(plain) == rest(rolled), "what is no successful read is untouched")
    want, have = collections.Counter(), collections.Counter()
    for e in filter(foldable, plain):
        want[key(e)] += 1
    for e in filter(foldable, rolled):
        have[key(e)] += e.get("rollup", {}).get("count", 1)
    ok(want == have, "no read is lost, none counted twice", want - have, have - want)
    folded = rolled[-1]["stats"]["app_layer"]["rolled_up"]
    ok(folded == sum(e["rollup"]["count"] for e in summaries), "stats: as many as were folded", folded)

    site = ["--site", "examples/site.json"]
    counts = []
    for es in (plain, rolled):
        inv = program("otinv", "build", *site, data=b"".join(json.dumps(e).encode() + b"\n" for e in es))[1]
        counts.append({(x["link"]["client"]["id"], x["link"]["server"]["id"], x["link"].get("app_proto"),
                        x["link"].get("port")): (x["link"].get("ops"), x["link"].get("events"), x["link"]["last_seen"])
                       for x in map(json.loads, inv.splitlines()) if x["event_type"] == "link"})
    differ = [(k, counts[0].get(k), counts[1].get(k)) for k in counts[0] if counts[0].get(k) != counts[1].get(k)]
    ok(counts[0] and not differ, "otinv counts a folded record as what it stands for", *differ[:3])

    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, "polled.pcap")
        polled(path, 200)
        plain, rolled = events(path), events("--rollup", "60", path)
        summaries = [e for e in rolled if "rollup" in e]
        regs = [e for e in summaries if e["ot"]["object"].startswith("holding")]
        ok(len(regs) == 4, "200 seconds are four windows", [e["rollup"]["count"] for e in regs])
        for e in regs:
            r = e["rollup"]
            window = [x for x in plain if foldable(x) and key(x) == key(e) and r["first"] <= x["timestamp"] <= r["last"]]
            columns = list(zip(*[numbers(x["ot"]["value"]) for x in window]))
            rtts = [x["ot"]["rtt_us"] for x in window]
            ok(len(window) == r["count"] and r["min"] == [min(c) for c in columns] and
               r["max"] == [max(c) for c in columns] and e["ot"]["value"] == window[-1]["ot"]["value"] and
               r["last_pcap_cnt"] == window[-1]["pcap_cnt"] and e["pcap_cnt"] == window[0]["pcap_cnt"],
               "count, least, greatest, last and evidence are those of the window", r)
            ok(r["rtt_us"] == {"min": min(rtts), "mean": sum(rtts) // len(rtts), "max": max(rtts)},
               "round-trip times too", r["rtt_us"], rtts[:3])
        whole = [e for e in rolled if e.get("ot", {}).get("object", "").startswith("coil") and "rollup" not in e]
        ok([e["ot"]["value"] for e in whole] == [[0], [1]], "a coil that changed goes out at once",
           [e["ot"]["value"] for e in whole])
        ok([e for e in rolled if e.get("ot", {}).get("op") == "write"] ==
           [e for e in plain if e.get("ot", {}).get("op") == "write"], "each write is a record")
        polled(path, 30, fail_at=20)
        rolled = events("--rollup", "60", path)
        refused = [e for e in rolled if e.get("ot", {}).get("result", "ok") != "ok"]
        ok(len(refused) == 1 and "rollup" not in refused[0], "a refused read goes out at once")
        ok(sum("rollup" in e for e in rolled) == 2, "what the input's end cuts short is written",
           [e["rollup"] for e in rolled if "rollup" in e])
    for bad in ("0", "-1", "x", "86401", ""):
        status, out, err = program("otdissect", "--rollup", bad, LAB)
        ok(status == 2 and not out and "seconds, from 1 to 86400" in err and err.count("\n") == 1,
           "--rollup %r is refused" % bad, status, err)
    done()


if __name__ == "__main__":
    main()
