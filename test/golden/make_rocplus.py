#!/usr/bin/env python3
"""Builds test/golden/rocplus/*.pcap from the public description of the ROC Plus
protocol: its opcodes, errors, a login, reports, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rocplus")
HOST, ROC = b"\x01\x00", b"\x02\x03"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa001 if c & 1 else c >> 1
    return struct.pack("<H", c)


def msg(to, frm, op, data=b"", length=None, bad=False):
    b = to + frm + bytes([op, length if length is not None else len(data)]) + data
    return b + (b"\0\0" if bad else crc(b))


def ask(op, data=b"", roc=ROC):
    return msg(roc, HOST, op, data)


def answer(op, data=b"", roc=ROC):
    return msg(HOST, roc, op, data)


def opcodes():
    cap = Capture()
    t = Talk(cap, sport=4000)
    for op, q, a in ((6, b"", b"\x01" + b"\0" * 18 + b"\x04" + b"\0" * 20), (7, b"", h("1e2d0c0f0307e803")), (8, h("1e2d0c0f0307e8"), b""),
                     (10, h("000100"), h("0001000000000042")), (11, h("000100 42"), b""), (17, b"LOI\x12\x34", b""),
                     (17, b"OPERATOR1".ljust(30) + b"PASSWORD1".ljust(30), b""),
                     (24, h("01020304"), b""), (50, b"\0", b"\x01" * 20), (100, h("0100"), h("010000")), (105, h("0102"), b"\0" * 50),
                     (108, h("0101"), h("010100")), (118, h("0a0000"), h("000000")), (119, h("0a0000"), h("000000")), (135, h("00010000"), b"\0" * 9),
                     (136, h("0000000101"), b"\0" * 14), (137, h("000101"), b"\0" * 9), (138, h("00010101"), b"\0" * 16), (139, h("0000"), b"\0" * 4),
                     (166, h("67 00 01 07") + struct.pack("<f", 2.5), b""), (166, h("67 00 03 07") + b"\0" * 12, b""), (167, h("67 00 01 07"), h("67000107 00002041")),
                     (167, h("67 00 03 07"), b"\0" * 16), (180, h("01 67 00 07"), h("01 67 00 07 00002041")), (180, h("02 67 00 07 67 00 08"), b"\0" * 15),
                     (181, h("01 67 00 07 00002041"), b""), (181, h("02 67 00 07 01 67 00 08 02"), b""), (203, b"\x01/flash/" + b"\0" * 20, b"\x01"),
                     (205, h("0101"), b"\0" * 8), (206, h("01000000"), b"\0" * 21)):
        t.c(ask(op, q))
        t.s(answer(op, a))
    for code in (1, 2, 20, 99):
        t.c(ask(167, h("67 00 01 07")))
        t.s(answer(255, bytes([code, 0])))
    t.s(answer(224, h("45")))
    t.c(ask(225, h("45")))
    t.s(answer(225))
    t.c(ask(181, h("01 67 00 07 01"), b"\x04\x04") + ask(7))                 # two at once; another unit, not answered
    t.s(answer(7, h("1e2d0c0f0307e803")))
    t.s(answer(119, h("000000")))
    t.close()
    cap.save(os.path.join(OUT, "opcodes.pcap"))


def elsewhere():
    """UDP; another port; from the middle; what might be Modbus."""
    cap = Capture()
    cap.add(eth(ipv4(17, udp(32107, 4000, ask(7)))))
    cap.add(eth(ipv4(17, udp(4000, 32107, answer(7, h("1e2d0c0f0307e803"))), "10.0.0.2", "10.0.0.1")))
    cap.add(eth(ipv4(17, udp(32107, 4000, ask(7) + b"x"))))
    t = Talk(cap, sport=14000)
    t.c(ask(7))
    t.s(answer(7, h("1e2d0c0f0307e803")))
    t.c(ask(8, h("1e2d0c0f0307e8")))
    t.s(answer(8))
    t = Talk(cap, sport=4000, cport=40001, open_=False)
    t.s(answer(7, h("1e2d0c0f0307e803")))
    t.c(ask(7))
    t = Talk(cap, sport=14001, cport=40002)
    b = h("01 06 0001 0600")                                             # writes a register
    t.c(b + crc(b))
    t.s(b + crc(b))
    cap.save(os.path.join(OUT, "elsewhere.pcap"))


def malformed():
    cap = Capture()
    t = Talk(cap, sport=4000)
    t.c(ask(7))
    t.s(answer(7, h("1e2d0c0f0307e803")))
    t.c(msg(ROC, HOST, 7, bad=True))
    t.c(ask(180))
    t.s(answer(180))
    t.c(ask(166, b"\x01"))
    t.s(answer(255))
    t.c(ask(99))
    t.c(ask(7)[:5])
    t.c(ask(7)[5:])
    t = Talk(cap, sport=4000, cport=40001)
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_rocplus.py from the public description of the protocol, no device's own traffic.\n")
opcodes()
elsewhere()
malformed()
