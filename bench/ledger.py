#!/usr/bin/python3
"""Measures calchain beside openssl and sqlite3.

    bench/ledger.py [--ndjson] [--gate] [--bin FOLDER]

RECORDS (1000000), SIGNED (100000) and RUNS (3) may be set in the environment.
Files go to out/bench/ledger/.

Calibration records of some 600 bytes, in one batch: SIGNED of them each signed
by its author, RECORDS with a signed head each 1,000. What signatures cost alone
is what `openssl speed` makes of Ed25519, before and after, the better of the two.
sqlite3 writes the same lines into a table in one transaction, synchronous=FULL.
Seconds are user+system, medians; programs take turns.
--gate: exit 1 when a mark is missed (70 % of the signatures' speed in appending and
verifying; a million records a second and core with heads alone signed)."""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys

import run

MARK_SHARE, MARK_RATE = 0.7, 1000000
DIR = os.path.join(run.OUT, "ledger")


def records(n):
    """A file of n calibration records, as calchain append takes them."""
    path = os.path.join(DIR, "records-%d.ndjson" % n)
    if os.path.exists(path):
        return path
    with open(path + ".part", "w") as f:
        for i in range(n):
            f.write(json.dumps({"event_type": "calibration", "calibration": {
                "instrument": "BAL-%03d" % (i % 400), "certificate": "K-2026-%06d" % i,
                "performed": "2026-%02d-%02d" % (i % 12 + 1, i % 28 + 1),
                "laboratory": {"name": "Own laboratory"},
                "standards": [{"instrument": "W-E2-SET", "certificate": "RISE-M-24-0312"}],
                "results": [{"quantity": "mass", "point": 100, "unit": "g", "reference": 100.000021,
                             "as_left": 100 + i % 97 / 1e6, "expanded_uncertainty": 0.00012, "k": 2,
                             "lower": 99.9995, "upper": 100.0005, "verdict": "pass"}],
                "verdict": "pass", "person": "Anna Ek"}}, separators=(",", ":")) + "\n")
    os.rename(path + ".part", path)
    return path


def openssl():
    """Ed25519 signatures made and checked in a second of one core."""
    out = subprocess.run(["openssl", "speed", "-seconds", "2", "ed25519"], capture_output=True,
                         text=True, check=True).stdout
    sign, verify = re.search(r"EdDSA \(Ed25519\)\s+\S+\s+\S+\s+(\S+)\s+(\S+)", out).groups()
    return float(sign), float(verify)


def main():
    ap = argparse.ArgumentParser(usage=__doc__, add_help=True)
    ap.add_argument("--ndjson", action="store_true")
    ap.add_argument("--gate", action="store_true")
    ap.add_argument("--bin", default=run.TOP)
    a = ap.parse_args()
    calchain = os.path.join(os.path.abspath(a.bin), "calchain")
    many, signed, runs = (int(os.environ.get(k, v)) for k, v in (
        ("RECORDS", "1000000"), ("SIGNED", "100000"), ("RUNS", "3")))
    if not os.path.exists(calchain):
        sys.exit("bench: %s: not there: run make first" % calchain)
    os.makedirs(DIR, exist_ok=True)
    key = os.path.join(DIR, "key.pem")
    subprocess.run([calchain, "keygen", "--force", "--no-passphrase", "-n", "bench", key], check=True,
                   stdout=subprocess.DEVNULL)
    few_file, many_file = records(signed), records(many)
    times, rss, count = {}, {}, {}
    rates = [openssl()]

    def measure(name, n, argv):
        t, kib = run.measure(argv)
        times.setdefault(name, []).append(t)
        rss[name] = max(rss.get(name, 0), kib)
        count[name] = n

    for _ in range(runs):
        for what, n, path, more in (("each signed", signed, few_file, ["-k", key]),
                                    ("heads signed", many, many_file,
                                     ["-l", key, "-a", "bench", "--every", "1000"])):
            ledger = os.path.join(DIR, what.split()[0])
            shutil.rmtree(ledger, ignore_errors=True)
            subprocess.run([calchain, "init", "-k", key, "-n", "bench", "-o", "bench.example", "--sign",
                            "record" if what[0] == "e" else "checkpoint", ledger], check=True,
                           stdout=subprocess.DEVNULL)
            measure("append, " + what, n, [calchain, "append"] + more + [ledger, path])
            measure("verify, " + what, n, [calchain, "verify", "-j1", "-q", ledger])
        if shutil.which("sqlite3"):
            db = os.path.join(DIR, "sqlite")
            for f in (db, db + "-journal"):
                if os.path.exists(f):
                    os.remove(f)
            # a separator that no line has: each line is one column
            measure("sqlite3, rows alone", many, [
                "sqlite3", db, "pragma synchronous=FULL", "create table r(line text)", ".mode ascii",
                ".separator \\001 \\n", ".import %s r" % many_file])
        else:
            print("sqlite3 is not installed: left out", file=sys.stderr)
    rates.append(openssl())
    sign, verify = (max(x) for x in zip(*rates))
    res = {}
    for name, ts in times.items():
        t = max(statistics.median(ts), 0.001)
        res[name] = {"program": name, "records": count[name], "seconds": round(t, 3),
                     "records_per_s": round(count[name] / t), "peak_mib": round(rss[name] / 1024, 1),
                     "runs": [round(x, 3) for x in ts]}
    share = {"append": res["append, each signed"]["records_per_s"] / sign,
             "verify": res["verify, each signed"]["records_per_s"] / verify}
    rate = res["verify, heads signed"]["records_per_s"]
    marks = [("append: at least %d %% of the signatures' speed" % (MARK_SHARE * 100),
              "%.0f %%" % (share["append"] * 100), share["append"] >= MARK_SHARE),
             ("verify: at least %d %% of the signatures' speed" % (MARK_SHARE * 100),
              "%.0f %%" % (share["verify"] * 100), share["verify"] >= MARK_SHARE),
             ("heads signed: %s records verified a second and core" % format(MARK_RATE, ","),
              format(rate, ","), rate >= MARK_RATE)]
    if a.ndjson:
        for r in res.values():
            print(json.dumps({"event_type": "bench", "bench": r}))
        print(json.dumps({"event_type": "bench", "bench": {"program": "openssl speed ed25519",
                                                           "sign_per_s": sign, "verify_per_s": verify}}))
        for text, value, met in marks:
            print(json.dumps({"event_type": "bench", "mark": {"text": text, "value": value, "met": met}}))
    else:
        print("Ledger: %s records each signed, %s with a signed head each 1,000; median of %d runs, "
              "user+sys of one core\n" % (format(signed, ","), format(many, ","), runs))
        print("%-24s %10s %9s %11s %8s" % ("PROGRAM", "RECORDS", "SECONDS", "RECORDS/S", "MIB"))
        for r in res.values():
            print("%-24s %10s %9.2f %11s %8.1f" % (r["program"], format(r["records"], ","), r["seconds"],
                                                   format(r["records_per_s"], ","), r["peak_mib"]))
        print("%-24s %10s %9s %11s" % ("openssl speed, sign", "", "", format(round(sign), ",")))
        print("%-24s %10s %9s %11s" % ("openssl speed, verify", "", "", format(round(verify), ",")))
        print()
        for text, value, met in marks:
            print("%-6s %s: %s" % ("met" if met else "MISSED", text, value))
    return 1 if a.gate and not all(m[2] for m in marks) else 0


if __name__ == "__main__":
    sys.exit(main())
