#!/usr/bin/env python3
"""Builds test/golden/sbus/*.pcap: Saia S-Bus over UDP, from the public description
of its telegrams: media, programs, CPU control, refusals, and what is malformed."""
import os
import struct

from frames import Capture, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sbus")


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def crc(b):
    c = 0
    for x in b:
        c ^= x << 8
        for _ in range(8):
            c = (c << 1 ^ 0x1021 if c & 0x8000 else c << 1) & 0xffff
    return struct.pack(">H", c)


def telegram(seq, attr, body, version=0, kind=0, length=None, bad=False):
    b = struct.pack(">IBBHB", length or 11 + len(body), version, kind, seq, attr) + body
    return b + (b"\0\0" if bad else crc(b))


class Line:
    def __init__(self, cap, port=5050, cport=2467):
        self.cap, self.port, self.cport, self.seq = cap, port, cport, 0

    def q(self, cmd, data=b"", station=10, **k):
        self.seq += 1
        self.c(telegram(self.seq, 0, bytes([station, cmd]) + data, version=1, **k))

    def c(self, b):
        self.cap.add(eth(ipv4(17, udp(self.cport, self.port, b))))

    def s(self, b):
        self.cap.add(eth(ipv4(17, udp(self.port, self.cport, b), "10.0.0.2", "10.0.0.1")))

    def a(self, data, attr=1):
        self.s(telegram(self.seq, attr, data))

    def ack(self, code=0):
        self.a(struct.pack(">H", code), 2)


def media():
    cap = Capture()
    t = Line(cap)
    for q, d, a in ((32, b"", b"D2M48020\0"), (29, b"", h("0a")), (27, b"", b"R"), (20, b"", b"S"), (26, b"", b"H"), (21, b"", b"D"),
                    (6, h("00 0064"), h("fffffffe")), (6, h("02 0064"), h("00000001 00000002 7fffffff")), (0, h("00 0007"), h("0000000a")),
                    (7, h("01 0000"), h("00000001 00000000")), (2, h("00 0005"), h("01")), (3, h("09 0010"), h("5501")),
                    (5, h("07 0020"), h("f0")), (4, b"", h("0123123010452233")), (1, b"", h("00000000")),
                    (30, h("01 000000"), h("4d6f6465")), (33, h("00 0001 05"), b"hello"), (150, h("00 0001 0000"), h("00000001"))):
        t.q(q, d)
        t.a(a)
    for q, d in ((14, h("05 0064 00000019")), (14, h("09 0064 00000001 ffffffff")), (10, h("05 0007 00000000")), (15, h("05 0000 00000064")),
                 (11, h("04 0005 00 01")), (13, h("05 0020 09 5501")), (12, h("0123123010452233")), (37, h("00 0001 02 4142"))):
        t.q(q, d)
        t.ack()
    cap.save(os.path.join(OUT, "media.pcap"))


def control():
    cap = Capture()
    t = Line(cap)
    for q in (40, 47, 48, 50, 56, 57, 60, 67, 68, 100, 106, 107, 90, 91, 111, 118, 165, 166, 200):
        t.q(q)
        t.ack()
    t.q(36, h("05 000010 12345678"))
    t.ack()
    t.q(35, h("05 000010 12345678"))
    t.ack(2)
    t.q(174, b"x" * 400)
    t.ack(4)
    t.q(67)
    t.ack(1)
    t.q(67)
    t.ack(9)
    t.q(68, station=255)
    t.q(27)
    t.seq = 900
    t.a(b"R")
    t.ack()
    t = Line(cap, port=15050, cport=40001)
    t.q(27)
    t.a(b"R")
    cap.save(os.path.join(OUT, "control.pcap"))


def malformed():
    cap = Capture()
    t = Line(cap)
    t.q(27)
    t.a(b"R")
    t.q(27, bad=True)
    t.q(27, length=40)
    t.q(27, length=12)
    t.q(27, kind=3)
    t.q(6, b"\0")
    t.a(b"")
    t.q(14, h("00 0064"))
    t.ack()
    t.q(6, h("ff 0064"))
    t.a(h("000000"))
    t.q(32)
    t.a(b"D2")
    t.c(h("0000000d01"))
    t = Line(cap, cport=40001)
    t.c(b"something else")
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_sbus.py from the public description of S-Bus telegrams, no device's own traffic.\n")
media()
control()
malformed()
