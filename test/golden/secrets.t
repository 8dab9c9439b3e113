#!/usr/bin/python3
"""Nothing that is secret or personal leaves otdissect. Goldens in which passwords,
communities, names of people and of their files are planted have HEMLIGT in all of
them; no output has it, not in clear, nor as UTF-16, hex, base64 or arcs. Output is TAP."""
import base64
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
WORD = "HEMLIGT"


def forms():
    yield re.compile(WORD.encode(), re.I)
    yield re.compile(rb"\.".join(b"%d" % x for x in WORD.encode()))      # arcs of an object id
    for enc in ("ascii", "utf-16-le"):
        for w in (WORD, WORD.lower()):
            b = w.encode(enc)
            yield re.compile(b.hex().encode(), re.I)
            for pad in range(3):        # wherever in a group of three it begins
                t = base64.b64encode(b"\0" * pad + b)[4 if pad else 0:-4]
                yield re.compile(re.escape(t))


def main():
    wanted = list(forms())
    planted = []
    for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcap*"))):
        data = open(path, "rb").read()
        if re.search(WORD.encode(), data, re.I) or WORD.encode("utf-16-le") in data:
            planted.append(path)
    bad = 0
    for n, path in enumerate(planted, 1):
        rel = os.path.relpath(path, TOP)
        p = subprocess.run(["./otdissect", rel], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=TOP)
        hits = [w.pattern for w in wanted if w.search(p.stdout)]
        bad += bool(hits)
        print("%sok %d - %s" % ("not " if hits else "", n, os.path.relpath(path, HERE)))
        for h in hits:
            print("#   %r is in the output" % h)
    ok = len(planted) >= 12
    print("%sok %d - %d captures have planted secrets" % ("" if ok else "not ", len(planted) + 1, len(planted)))
    print("1..%d" % (len(planted) + 1))
    return 1 if bad or not ok else 0


if __name__ == "__main__":
    sys.exit(main())
