#!/usr/bin/python3
"""What goldens have planted as a secret is in no event: patients' names, results, passwords hold the
word HEMLIGT. It is looked for as it is, in hex, in base64 and without regard to case, in all that
otdissect writes. Output is TAP."""
import base64
import glob
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
WORD = b"HEMLIGT"
# base64 of the word at each of the three places it may have among bytes
FORMS = [WORD.lower(), WORD.hex().encode()] + \
    [base64.b64encode(b"x" * i + WORD)[4 if i else 0:8].lower() for i in range(3)]
# what only some protocols have planted
ALSO = {"mtsics": [b"47.11"]}


def main():
    n = failed = 0
    for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcap")) + glob.glob(os.path.join(HERE, "*", "*.pcapng"))):
        if WORD not in open(path, "rb").read():
            continue
        rel = os.path.relpath(path, TOP)
        p = subprocess.run(["./otdissect", "-v", rel], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TOP)
        out = (p.stdout + p.stderr).lower()
        found = [f.decode() for f in FORMS + ALSO.get(rel.split("/")[2], []) if f in out]
        n += 1
        failed += bool(found) or p.returncode != 0
        print("%sok %d - %s%s" % ("not " if found or p.returncode else "", n, rel, ": " + " ".join(found) if found else ""))
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
