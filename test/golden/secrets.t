#!/usr/bin/python3
"""Secrets planted in the captures: user names, passwords, shared words, file names, texts.
Each holds HEMLIGT; no event may, neither as it is nor in base64 or hex."""
import base64
import glob
import os

HERE = os.path.dirname(os.path.abspath(__file__))
WORD = b"HEMLIGT"
# base64 depends on where in three bytes the word begins
FORMS = {WORD.lower(), WORD.hex().encode()} | {
    base64.b64encode(b"x" * i + WORD)[(4 if i else 0):-4].lower() for i in range(3)}


def main():
    planted = found = 0
    for path in sorted(glob.glob(os.path.join(HERE, "*", "*.pcap*"))):
        case = os.path.relpath(path, HERE).rsplit(".", 1)[0]
        data = open(path, "rb").read()
        events = path.rsplit(".", 1)[0] + ".ndjson"
        if WORD not in data or not os.path.exists(events):
            continue
        planted += 1
        text = open(events, "rb").read().lower()
        bad = sorted(f.decode() for f in FORMS if f in text)
        found += bool(bad)
        print("%sok %d - %s%s" % ("not " if bad else "", planted, case, ": " + " ".join(bad) if bad else ""))
    print("%sok %d - secrets are planted" % ("" if planted else "not ", planted + 1))
    print("1..%d" % (planted + 1))
    return 1 if found or not planted else 0


raise SystemExit(main())
