#!/usr/bin/python3
"""What must never be written is planted in the goldens' captures as the word HEMLIGT:
no record of any of them holds it, plain or in base64, rolled up or not. Output is TAP."""
import base64
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
WORD = b"HEMLIGT"
# the word itself, and what base64 makes of it at each of the three places in a triple
SHAPES = [WORD] + [base64.b64encode(b"\0" * i + WORD)[(0, 2, 3)[i]:-4] for i in range(3)]


def main():
    n = failed = 0
    for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcap*"))):
        data = open(path, "rb").read()
        if not any(s in data for s in SHAPES):
            continue
        n += 1
        found = []
        for options in ([], ["--rollup", "60"]):
            out = subprocess.run(["./otdissect"] + options + [path], stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, cwd=TOP).stdout
            found += [line for line in out.splitlines() if any(s in line for s in SHAPES)]
        failed += bool(found)
        print("%sok %d - %s holds a secret, its events do not" %
              ("not " if found else "", n, os.path.relpath(path, HERE)))
        for line in found[:3]:
            print("#   " + line.decode("utf-8", "replace")[:300])
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
