#!/usr/bin/env python3
"""Builds test/golden/genisys/*.pcap from the public description of Genisys: polls,
recalls, controls with checkback and execution, and what is malformed."""
import os
import struct

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "genisys")


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa001 if c & 1 else c >> 1
    return struct.pack("<H", c)


def msg(header, station, *pairs, check=True, bad=False, odd=b""):
    b = bytes([header, station]) + b"".join(bytes(p) for p in pairs) + odd
    if check:
        b += b"\x01\x02" if bad else crc(b)
    out = b[:1]
    for x in b[1:]:
        out += bytes([0xf0, x & 15]) if x >= 0xf0 else bytes([x])
    return out + b"\xf6"


def save(cap, name):
    cap.save(os.path.join(OUT, name + ".pcap"))


def office():
    cap = Capture()
    t = Talk(cap, sport=10001)
    for q, a in ((msg(0xfb, 1), msg(0xf1, 1, check=False)), (msg(0xfb, 1, check=False), msg(0xf1, 1, check=False)),
                 (msg(0xfd, 1), msg(0xf2, 1, (0, 5), (1, 0xf4), (2, 0xff))), (msg(0xfa, 1), msg(0xf2, 1, (7, 1))),
                 (msg(0xfc, 1, (3, 0x10)), msg(0xf3, 1, (3, 0x10))), (msg(0xfe, 1), msg(0xf1, 1, check=False)),
                 (msg(0xfc, 1, (3, 1), (4, 2), (0xe0, 3)), msg(0xf3, 1, (3, 1), (4, 2), (0xe0, 3))),
                 (msg(0xf9, 0, (1, 1)), msg(0xf1, 1, check=False)), (msg(0xfb, 2), None), (msg(0xfe, 1), None)):
        t.c(q)
        if a:
            t.s(a)
    t.s(msg(0xf2, 1, (9, 9)))
    t.s(msg(0xf2, 1, (9, 8), (10, 1)))
    t.s(msg(0xf1, 1, check=False))
    t.close()
    t = Talk(cap, sport=12001, cport=40001)                             # another port, in two segments
    b = msg(0xfd, 1)
    t.c(b[:3])
    t.c(b[3:])
    t.s(msg(0xf2, 1, (0, 5)))
    t = Talk(cap, sport=12002, cport=40002, open_=False)                # from the middle, an answer first
    t.s(msg(0xf2, 3, (0, 5)))
    t.c(msg(0xfb, 3))
    t.s(msg(0xf1, 3, check=False))
    save(cap, "office")


def malformed():
    cap = Capture()
    t = Talk(cap, sport=10001)
    t.c(msg(0xfb, 1))
    t.s(msg(0xf1, 1, check=False))
    t.c(msg(0xfd, 1, bad=True))
    t.c(msg(0xfc, 1, (1, 2), odd=b"\x05"))
    t.s(msg(0xf2, 1, odd=b"\x05"))
    t.c(b"\xfb\xf6")
    t.c(b"\xfb\xf8\xf6")
    t.c(b"junk")
    t.c(msg(0xfb, 1))
    t.s(msg(0xf1, 1, check=False))
    t.c(b"\xfc\x01" + b"\x05" * 600)
    t = Talk(cap, sport=10001, cport=40001)
    t.c(b"\x01I20100\r\n")
    save(cap, "malformed")


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_genisys.py from the public description of the protocol, no device's own traffic.\n")
office()
malformed()
