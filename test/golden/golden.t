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

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
SCHEMA = os.path.join(TOP, "lib", "schema")


def inlined(node, root):
    """The schema with its own "#/$defs/..." put in their places: this version of
    the validator resolves them only under the schemes that urljoin() knows."""
    if isinstance(node, list):
        return [inlined(x, root) for x in node]
    if not isinstance(node, dict):
        return node
    ref = node.get("$ref", "")
    if ref.startswith("#/$defs/"):
        return dict(inlined(root["$defs"][ref[8:]], root), **{k: inlined(v, root) for k, v in node.items() if k != "$ref"})
    return {k: inlined(v, root) for k, v in node.items()}


def schemas():
    out = {}
    for path in glob.glob(os.path.join(SCHEMA, "*.json")):
        with open(path) as f:
            s = json.load(f)
        out[s["$id"]] = inlined(s, s)
    return out


ALL = schemas()
CHECKED = {}


def check(record):
    """None, or what is wrong with it."""
    kind = record.get("event_type")
    if kind not in CHECKED:
        s = ALL.get("otkit:%s" % kind)
        if s is None:
            return "no schema for event_type %r" % kind
        jsonschema.Draft202012Validator.check_schema(s)
        resolver = jsonschema.RefResolver(s["$id"], s, store=ALL)
        CHECKED[kind] = jsonschema.Draft202012Validator(s, resolver=resolver)
    for e in CHECKED[kind].iter_errors(record):
        return "%s: %s" % ("/".join(str(p) for p in e.absolute_path), e.message[:200])
    # additionalProperties cannot see through $ref: the top level is closed here
    allowed = set(ALL["otkit:envelope"]["properties"]) | set(CHECKED[kind].schema["properties"])
    extra = set(record) - allowed
    return "unknown member %s" % sorted(extra) if extra else None


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
