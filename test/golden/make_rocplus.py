#!/usr/bin/env python3
"""Makes test/golden/rocplus/*.pcap: every opcode with and without its answer, several
parameters in one message, files, errors, both transports, and what is malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa001 if c & 1 else c >> 1
    return struct.pack("<H", c)


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def q(op, data=b"", bad=0):
    b = bytes([10, 2, 1, 3, op, len(data)]) + data
    return b + struct.pack("<H", struct.unpack("<H", crc(b))[0] ^ bad)


def a(op, data=b"", bad=0):
    b = bytes([1, 3, 10, 2, op, len(data)]) + data
    return b + struct.pack("<H", struct.unpack("<H", crc(b))[0] ^ bad)


def path(s, n=100):
    return s.encode().ljust(n, b"\0")


PAIRS = [
    (6, b"", h("01 0001 02 00 01 00") + b"\0" * 11 + b"\x06" + b"\x01" * 20),
    (7, b"", h("1e 2d 0c 0f 03 e907 02")),
    (8, h("1e 2d 0c 0f 03 e907"), b""),
    (10, h("01 00 02"), h("01 00 02 0000003f 4142")),
    (11, h("01 00 01 0000803f"), b""),
    (17, b"LOI" + h("03e8 05"), b""),
    (17, b"LOI" + h("03e8") + b"LOGOUT", b""),
    (17, b"SESSIONKEY_13", b"K" * 24),
    (17, path("OPERATOR1", 30) + path("SECRET1", 40) + b"\x05", b""),
    (24, h("0b02 0000 0000 0000 0103 b5 05 01 01020355"), b""),
    (24, h("0b02"), b""),
    (50, h("00"), h("01 02 03")),
    (100, h("0b 00 01"), h("0b 00 01 05")),
    (105, h("00 01"), h("00 01") + b"\0" * 48),
    (108, h("00 01 05"), h("00 01 05 d204")),
    (118, h("01 0000"), h("00 0000 0000")),
    (119, h("01 0000"), h("00 0000 0000")),
    (135, h("00 00 0000 01"), h("00 0000 0000 01020304")),
    (136, h("00 0000 01 01 00"), h("00 0000 01 01 01020304")),
    (137, h("00 01 01"), h("00 01 01 e803 6000 f401")),
    (138, h("00 00 01 01 0000"), h("00 00 01 01")),
    (139, h("00 00"), h("00 00 00 00")),
    (166, h("5b 00 01 03 05"), b""),
    (167, h("5b 00 01 02"), h("5b 00 01 02") + path("METER RUN 7", 20)),
    (167, h("01 01 02 00"), h("01 01 02 00 4142")),
    (180, h("01 5b0002"), h("01 5b0002") + path("METER RUN 7", 20)),
    (180, h("03 010101 020202 030303"), h("03 01010141 02020242 03030343")),
    (180, h("02 010101 020202"), h("02 010101 0000803f 020202 01")),
    (181, h("01 670004 0000c841"), b""),
    (181, h("03 01010141 02020242 03030343"), b""),
    (181, h("02 010101 0000803f 020202 01"), b""),
    (203, b"\x01\x01" + path("/flash/data/") + path("main.cfg", 25), h("01 0a000000")),
    (203, h("02 0a000000 00000000"), h("02 0a000000 04000000 00000000 04") + b"data"),
    (203, h("03 0a000000 04000000 10000000 04") + b"data", h("03 0a000000 14000000")),
    (203, h("04 0a000000"), h("04")),
    (203, b"\x05" + path("/flash/data/") + path("main.cfg", 25), h("05")),
    (203, b"\x06" + path("/flash/") + b"\x00", h("06 00 01") + b"main.cfg\0"),
    (203, b"\x40" + path("/flash/") + b"\x00\x00", h("40 00 0100") + b"main.cfg\0"),
    (203, h("09"), h("09")),
    (205, h("01 01 01"), h("01 01 01")),
    (206, h("01 01 0000"), h("01 01 00")),
]


def operations():
    cap = Capture()
    t = Conversation(cap, 40000, 4000)
    for op, x, y in PAIRS:
        t.c(q(op, x))
        t.s(a(op, y))
    t.s(a(224, h("0102")))
    t.c(q(225, h("0102")))
    t.c(q(181, h("01 670004 05")))
    t.s(a(255, h("14 07")))
    t.c(q(180, h("01 670004")))
    t.s(a(255, h("63 07")))
    t.s(a(255, h("01 00")))
    t.s(a(255))
    t.c(q(7) + q(6) + q(180, h("01 010101"))[:5])
    t.c(q(180, h("01 010101"))[5:])
    t.close()
    cap.write("rocplus", "operations")


def datagrams():
    cap = Capture()

    def send(side, b):
        ends = (("10.0.0.1", 40000), ("10.0.0.2", 4000))
        (s, sp), (d, dp) = ends if side == 0 else ends[::-1]
        cap.add(eth(ipv4(17, udp(sp, dp, b), s, d)))
    send(0, q(6))
    send(1, a(6, PAIRS[0][2]))
    send(0, q(166, h("01 01 01 00 07")))
    send(1, a(166))
    send(0, q(7) + b"x")
    send(0, q(7, bad=1))
    cap.write("rocplus", "udp")


def midstream():
    cap = Capture()
    t = Conversation(cap, 40001, 20001, syn=False)
    t.s(a(180, h("02 01010141 02020242")))
    t.s(a(167, h("01 01 01 00 41")))
    t.c(q(180, h("01 010101")))
    t.s(a(180, h("01 010101 0000803f")))
    t.s(a(10, h("01 00 01 0000003f 41")))
    t.s(a(7, h("1e 2d 0c 0f 03 07e9 02")))
    cap.write("rocplus", "midstream")


def malformed():
    cap = Capture()
    t = Conversation(cap, 40002, 4000)
    for op in (6, 7, 8, 10, 11, 17, 24, 50, 118, 166, 167, 180, 181, 203, 205):
        t.c(q(op))
        t.s(a(op))
    for op in (10, 166, 167, 180, 181, 203):
        t.c(q(op, h("01")))
        t.s(a(op, h("01")))
    for data in (h("ff 010101 41"), h("03 01010141"), h("00 010101")):
        t.c(q(181, data))
        t.s(a(180, data))
    t.c(q(7, bad=0xff))
    t.c(q(99))
    t = Conversation(cap, 40003, 4000)
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    t.s(b"HTTP/1.0 400 Bad\r\n\r\n")
    cap.write("rocplus", "malformed")


operations()
datagrams()
midstream()
malformed()
