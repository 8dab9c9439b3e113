#!/usr/bin/python3
"""Measures otinv beside jq and mlr.

    bench/inventory.py [--ndjson] [--gate] [--bin FOLDER]

SIZE_MB (500) and RUNS (3) may be set in the environment. Files go to out/bench/.

Events: what otdissect makes of the mixed capture of a tenth of SIZE_MB. otinv
makes its inventory of them; jq and mlr only count hosts. Then the same events
twenty times over, for the peak of memory must be the same. Wide: 10,000 assets
and 100,000 links. Seconds are user+system, medians; programs take turns.
--gate: exit 1 when a mark is missed (400 MB/s, 20 times jq, memory flat)."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys

import run

MARK_MBS, MARK_JQ, AGAIN = 400, 20, 20
ASSETS, LINKS = 10000, 100000


def events(folder, megabytes):
    """The events of the mixed capture, and how many they are."""
    capture = run.generate("mixed", megabytes)
    path = os.path.join(run.OUT, "mixed-%g.ndjson" % megabytes)
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(capture):
        with open(path + ".part", "wb") as f:
            subprocess.run([os.path.join(folder, "otdissect"), capture], stdout=f, check=True)
        os.rename(path + ".part", path)
    with open(path, "rb") as f:
        return path, sum(1 for _ in f)


def wide():
    """A flow of each link, and an identity of each asset."""
    path = os.path.join(run.OUT, "wide.ndjson")
    if os.path.exists(path):
        return path, ASSETS + LINKS
    mac = lambda i: "00:1b:1b:%02x:%02x:%02x" % (i >> 16, i >> 8 & 255, i & 255)
    ip = lambda i: "10.%d.%d.%d" % (i // 62500, i // 250 % 250, i % 250 + 1)
    with open(path + ".part", "w") as f:
        for n in range(ASSETS + LINKS):
            a, b = n % ASSETS, (n * 7919 + n // ASSETS + 1) % ASSETS
            e = {"timestamp": "2026-11-22T%02d:%02d:%02d.%06d+0000" % (
                n // 36000 % 24, n // 600 % 60, n // 10 % 60, n % 10 * 100000),
                "event_type": "flow", "ether": {"src_mac": mac(a), "dest_mac": mac(b)},
                "src_ip": ip(a), "src_port": 40000, "dest_ip": ip(b), "dest_port": 502, "proto": "TCP",
                "app_proto": "modbus", "flow": {"pkts_toserver": 9, "pkts_toclient": 9,
                                                "bytes_toserver": 900, "bytes_toclient": 900}}
            if n >= LINKS:
                e["event_type"] = "modbus"
                e["modbus"] = e.pop("flow")
                e["identity"] = [{"of": "src", "vendor": "Acme AB", "model": "M-%d" % (n % 50),
                                  "serial": "SN-%06d" % a, "firmware": "1.%d" % (n % 9),
                                  "source": "modbus.mei"}]
            f.write(json.dumps(e, separators=(",", ":")) + "\n")
    os.rename(path + ".part", path)
    return path, ASSETS + LINKS


def main():
    ap = argparse.ArgumentParser(usage=__doc__, add_help=True)
    ap.add_argument("--ndjson", action="store_true")
    ap.add_argument("--gate", action="store_true")
    ap.add_argument("--bin", default=run.TOP)
    a = ap.parse_args()
    otinv = os.path.join(a.bin, "otinv")
    runs = int(os.environ.get("RUNS", "3"))
    if not os.path.exists(otinv):
        sys.exit("bench: %s: not there: run make first" % otinv)
    run.build()
    path, n = events(a.bin, float(os.environ.get("SIZE_MB", "500")) / 10)
    wide_path, wide_n = wide()
    run.warm(path)
    rows = [("otinv build", [otinv, "build", path], path, n, 1),
            ("the same, %d times over" % AGAIN, [otinv, "build"] + [path] * AGAIN, path, n, AGAIN),
            ("otinv build, wide", [otinv, "build", wide_path], wide_path, wide_n, 1)]
    for tool, argv in (("jq", ["-r", ".src_ip // empty"]),
                       ("mlr", ["--ijsonl", "--ojson", "count-distinct", "-f", "src_ip"])):
        if shutil.which(tool):
            rows.append(("%s, hosts only" % tool, [tool] + argv + [path], path, n, 1))
        else:
            print("%s is not installed (Debian: %s): left out" % (
                tool, {"mlr": "miller"}.get(tool, tool)), file=sys.stderr)
    times, rss = {r[0]: [] for r in rows}, {r[0]: 0 for r in rows}
    for _ in range(runs):
        for name, argv, _f, _n, _k in rows:
            t, kib = run.measure(argv)
            times[name].append(t)
            rss[name] = max(rss[name], kib)
    res = {}
    for name, _argv, f, records, k in rows:
        t = max(statistics.median(times[name]), 0.001)
        res[name] = {"program": name, "records": records * k, "seconds": round(t, 3),
                     "mb_per_s": round(os.path.getsize(f) * k / 1e6 / t, 1),
                     "records_per_s": round(records * k / t),
                     "peak_mib": round(rss[name] / 1024, 1), "runs": [round(x, 3) for x in times[name]]}
    long_run, ours, jq = res[rows[1][0]], res["otinv build"], res.get("jq, hosts only")
    for r in res.values():
        r["otinv_is"] = round(long_run["mb_per_s"] / r["mb_per_s"], 2)
    marks = [("at least %d MB/s" % MARK_MBS, long_run["mb_per_s"], long_run["mb_per_s"] >= MARK_MBS),
             ("as much memory for %d times as for once (10 %% room)" % AGAIN, long_run["peak_mib"],
              long_run["peak_mib"] <= ours["peak_mib"] * 1.1)]
    if jq:
        marks.append(("at least %d times jq" % MARK_JQ, jq["otinv_is"], jq["otinv_is"] >= MARK_JQ))
    if a.ndjson:
        for r in res.values():
            print(json.dumps({"event_type": "bench", "bench": r}))
        for text, value, met in marks:
            print(json.dumps({"event_type": "bench", "mark": {"text": text, "value": value, "met": met}}))
    else:
        print("Inventory: %.0f MB of events, %s records; wide: %s assets, %s links; median of %d runs, user+sys\n" %
              (os.path.getsize(path) / 1e6, format(n, ","), format(ASSETS, ","), format(LINKS, ","), runs))
        print("%-26s %8s %8s %11s %8s %8s" % ("PROGRAM", "SECONDS", "MB/S", "RECORDS/S", "MIB", "OURS IS"))
        for r in res.values():
            print("%-26s %8.2f %8.1f %11s %8.1f %7.2fx" % (
                r["program"], r["seconds"], r["mb_per_s"], format(r["records_per_s"], ","), r["peak_mib"],
                r["otinv_is"]))
        print()
        for text, value, met in marks:
            print("%-6s %s: %s" % ("met" if met else "MISSED", text, value))
    return 1 if a.gate and not all(m[2] for m in marks) else 0


if __name__ == "__main__":
    sys.exit(main())
