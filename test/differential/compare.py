#!/usr/bin/env python3
"""Compares otdissect with tshark, capture by capture.

usage: compare.py CAPTURES-DIR [FILE ...]

For every capture: how many messages of each protocol both see, which hosts and
MAC addresses, and the identity strings of identities.tsv. A difference is
either in known.tsv beside this file, with its reason, or a failure.
Output is TAP. tshark and the captures are needed; without them everything is
skipped, and said so.
What is compared stands in of_*.py, a file a family of protocols: COUNTS, a list
of (name, layer of expected.tsv, f(path) by tshark, f(events) by us), and FACTS,
prefixes of identities.tsv's fields.
"""
import collections
import glob
import importlib
import os
import shutil
import sys

from both import ours

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = [importlib.import_module(os.path.basename(f)[:-3])
            for f in sorted(glob.glob(os.path.join(HERE, "of_*.py")))]
COUNTS = [c for f in FAMILIES for c in f.COUNTS]
FACTS = tuple(p for f in FAMILIES for p in f.FACTS)

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
        ends = (e.get("src_ip"), e.get("dest_ip"), ether.get("src_mac"), ether.get("dest_mac"))
        if "src_ip" in e and host not in ends:
            continue
        found = set()
        strings(e, found)
        # a number within another one is none
        if any(w in found or not w.isdigit() and any(w in s for s in found) for w in forms):
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
