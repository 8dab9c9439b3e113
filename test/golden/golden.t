#!/usr/bin/python3
"""Goldens: test/golden/<what>/<case>.pcap and the events that come of it.

For each case: the events are those of <case>.ndjson, byte for byte, twice; they
are the same through packet records, pcap and pcapng; and every record passes
its JSON Schema. With --renew [CASE] the .ndjson files are written anew and the
difference is shown. Output is TAP.
"""
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "test"))
from schema import check  # noqa: E402


def run(args, data=None):
    p = subprocess.run(args, input=data, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TOP)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace").strip()


def without_file(text):
    return re.sub(rb',"pcap_filename":"[^"]*"', b"", text)


def main():
    os.environ["LC_ALL"] = "C"
    renew = "--renew" in sys.argv
    only = [a for a in sys.argv[1:] if not a.startswith("-")]
    cases = sorted(glob.glob(os.path.join(HERE, "*", "*.pcap")) + glob.glob(os.path.join(HERE, "*", "*.pcapng")))
    failed = n = 0
    seen = set()
    for path in cases:
        case = os.path.relpath(path, HERE).rsplit(".", 1)[0]
        rel = os.path.relpath(path, TOP)
        if only and case not in only:
            continue
        golden = path.rsplit(".", 1)[0] + ".ndjson"
        rc, out, err = run(["./otdissect", rel])
        why = []
        if rc or err:
            why.append("exit %d, %s" % (rc, err or "nothing on stderr"))
        if renew:
            old = golden + ".old"
            if os.path.exists(golden):
                os.rename(golden, old)
            with open(golden, "wb") as f:
                f.write(out)
            if os.path.exists(old):
                subprocess.run(["diff", "-u", old, golden])
                os.remove(old)
            continue
        if not os.path.exists(golden):
            why.append("no golden; make golden CASE=%s" % case)
        elif open(golden, "rb").read() != out:
            why.append("differs from the golden; make golden CASE=%s shows it" % case)
        # planted passwords, codes and names have this word in them
        if b"HEMLIGT" in out.upper():
            why.append("a secret is in the output")
        if run(["./otdissect", rel])[1] != out:
            why.append("a second run gave other bytes")
        for line in out.splitlines():
            try:
                record = json.loads(line)
            except ValueError as e:
                why.append("not JSON: %s" % e)
                break
            seen.add(record["event_type"])
            bad = check(record)
            if bad:
                why.append("%s: %s" % (record["event_type"], bad))
                break
        rc, packets, err = run(["./otcap", "-r", rel])
        if rc:
            why.append("otcap: exit %d, %s" % (rc, err))
        if run(["./otdissect"], packets)[1] != out:
            why.append("other events through packet records")
        for form in ("pcap", "pcapng"):
            rc, data, err = run(["./otcap", "-r", rel, "--format", form])
            if rc:
                why.append("otcap --format %s: exit %d, %s" % (form, rc, err))
            elif without_file(run(["./otdissect"], data)[1]) != without_file(out):
                why.append("other events through %s" % form)
        n += 1
        failed += bool(why)
        print("%sok %d - %s" % ("not " if why else "", n, case))
        for w in why:
            print("#   " + w)
    if renew:
        return 0
    # every protocol has a golden
    rc, fields, _ = run(["./otdissect", "--list-fields"])
    want = {line.split(".")[0] for line in fields.decode().splitlines() if "." in line.split("\t")[0]}
    missing = sorted(want - seen) if not only else []
    n += 1
    failed += bool(missing)
    print("%sok %d - every event type has a golden%s" %
          ("not " if missing else "", n, ": not " + " ".join(missing) if missing else ""))
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
