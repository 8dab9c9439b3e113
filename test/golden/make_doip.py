#!/usr/bin/env python3
"""Builds test/golden/doip/*.pcap from ISO 13400-2 and ISO 14229-1: search,
routing activation, every UDS service, refusals, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "doip")
TESTER, GATEWAY, UNIT = 0x0e80, 0x1010, 0x1020
VIN = b"TESTV1N0000000042"


def doip(kind, body=b"", version=2, length=None, inverse=None):
    return struct.pack(">BBHI", version, version ^ 0xff if inverse is None else inverse, kind,
                       len(body) if length is None else length) + body


def diag(data, back=False):
    a, b = (UNIT, TESTER) if back else (TESTER, UNIT)
    return doip(0x8001, struct.pack(">HH", a, b) + data)


def ack(code=0):
    return doip(0x8003 if code else 0x8002, struct.pack(">HHB", UNIT, TESTER, code))


def u(cap, b, back=False, port=13400):
    a, z, sp, dp = ("192.0.2.20", "192.0.2.10", port, 50000) if back else ("192.0.2.10", "192.0.2.20", 50000, port)
    cap.add(eth(ipv4(17, udp(sp, dp, b), a, z)))


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


SERVICES = (("10 03", "50 03 0032 01f4"), ("11 01", "51 01"), ("14 ffffff", "54"), ("19 02 ff", "59 02 ff 012345 08"),
            ("23 11 40 08", "63 0102030405060708"), ("24 f190", "64 f190 11"), ("27 01", "67 01 a1b2c3d4"),
            ("27 02 5eed5eed", "67 02"), ("28 03 01", "68 03"), ("29 00", "69 00 00"), ("2a 01 01", "6a"),
            ("2c 01 f301 f190 0111", "6c 01 f301"), ("2e 0102 aabb", "6e 0102"), ("2f 0203 03 ff", "6f 0203 03"),
            ("31 01 0203 00", "71 01 0203 10"), ("34 00 44 00001000 00000100", "74 20 0102"), ("36 01 deadbeef", "76 01"),
            ("36 02 deadbeef", "76 02"), ("37", "77"), ("35 00 44 00001000 00000100", "75 20 0102"),
            ("38 01 0005 2f622e68 00", "78 01"), ("3d 11 40 02 aabb", "7d 11 40 02"), ("85 02", "c5 02"), ("86 00 02", "c6 00"),
            ("87 01 05", "c7 01"), ("84 0102", "c4 03"), ("22 f190", "62 f190 " + VIN.hex()), ("22 f18c", "62 f18c " + b"EC-0042".hex()),
            ("22 f187", "62 f187 " + b"8X0 907 115".hex()), ("22 f18a", "62 f18a " + b"Sample Works".hex()),
            ("22 f189", "62 f189 " + b"0031".hex()), ("22 f191", "62 f191 " + b"H07".hex()), ("22 f197", "62 f197 " + b"Gateway ECU".hex()),
            ("22 f18b", "62 f18b 20251124"), ("22 0100", "62 0100 ff"), ("22 f18c f191", "62 f18c 4543 f191 4830"), ("22 f186", "7f 22 31"), ("2e f190 00", "7f 2e 33"),
            ("27 02 00", "7f 27 35"), ("10 02", "7f 10 99"), ("55 01", "7f 55 11"))


def session():
    cap = Capture()
    u(cap, doip(1, version=255))
    u(cap, doip(4, VIN + struct.pack(">H", GATEWAY) + h("020000000014 020000000014 00 10")), True)
    u(cap, doip(2, h("020000000014")))
    u(cap, doip(3, VIN))
    u(cap, doip(0x4001))
    u(cap, doip(0x4002, h("00 04 01 00001000")), True)
    u(cap, doip(0x4003))
    u(cap, doip(0x4004, h("01")), True)
    u(cap, doip(0x7777))
    u(cap, doip(0, h("01")), True)
    cap.add(eth(ipv4(17, udp(13400, 13400, doip(4, VIN + struct.pack(">H", GATEWAY) + h("020000000014 ffffffffffff 10"))),
                     "192.0.2.20", "192.0.2.255")))
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=13400)
    t.c(doip(5, struct.pack(">HBI", TESTER, 0, 0)))
    t.s(doip(6, struct.pack(">HHBI", TESTER, GATEWAY, 0x10, 0)))
    t.s(doip(7))
    t.c(doip(8, struct.pack(">H", TESTER)))
    for q, a in SERVICES:
        t.c(diag(h(q)))
        t.s(ack())
        r = diag(h(a), True)
        t.s(r[:9])
        t.s(r[9:])
    t.c(diag(h("3e 00")))
    t.s(ack() + diag(h("7e 00"), True))
    # first it is said that the answer will come
    t.c(diag(h("31 01 ff00")))
    t.s(ack() + diag(h("7f 31 78"), True))
    t.s(diag(h("71 01 ff00 00"), True))
    t.c(diag(h("22 f190")))
    t.s(ack(3))
    t.s(diag(h("62 0100 01"), True))
    t.c(diag(h("2e 0102 01")))
    t.s(ack())
    t.c(doip(5, struct.pack(">HBI", 0x0e81, 0xe0, 0)))
    t.s(doip(6, struct.pack(">HHBI", 0x0e81, GATEWAY, 0x04, 0)))
    t.close()
    # from the middle, on another port
    t = Talk(cap, "192.0.2.10", "192.0.2.21", cport=40001, sport=14000, open_=False)
    t.s(diag(h("62 f18c " + b"EC-0043".hex()), True))
    t.c(diag(h("11 01")))
    t.s(ack())
    t.s(diag(h("51 01"), True))
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "session.pcap"))


def malformed():
    cap = Capture()
    u(cap, doip(1))
    for b in (doip(3, VIN[:5]), doip(4, VIN), doip(2, b"\1", length=6), doip(1, b"", length=9), doip(0x8001, b"\0\1\0")):
        u(cap, b)
    for i, b in enumerate((doip(5, b"\1"), doip(1, inverse=0), doip(0x8001, b"\0" * 4), doip(0x9999, b"x"), b"\x07\xf8\0\1\0\0\0\0",
                           doip(1, length=0x7fffffff))):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=41000 + i, sport=13400)
        t.c(doip(5, struct.pack(">HBI", TESTER, 0, 0)))
        t.s(doip(6, struct.pack(">HHBI", TESTER, GATEWAY, 0x10, 0)))
        t.c(b)
        t.c(diag(h("11 01")))
        t.s(diag(h("51 01"), True))
        t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


session()
malformed()
