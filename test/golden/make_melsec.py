#!/usr/bin/env python3
"""Builds test/golden/melsec, test/golden/melsec1e and
test/golden/melsoft: 3E and 4E, binary and ASCII, every command with
its answer, errors, and what is malformed."""
import os
import struct

from frames import ACK, PSH, Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "melsec")
CODES = {"D": 0xa8, "M": 0x90, "X": 0x9c, "Y": 0x9d, "W": 0xb4, "B": 0xa0, "TN": 0xc2, "SM": 0x91, "ZR": 0xb0,
         "LTN": 0x52}
HEX = "X Y W B".split()


class Code:
    """Numbers in either code."""

    def __init__(self, ascii_):
        self.ascii = ascii_

    def n(self, size, *v):
        if self.ascii:
            return b"".join(b"%0*X" % (size * 2, x) for x in v)
        return b"".join(x.to_bytes(size, "little") for x in v)

    def device(self, name, number, wide=False):
        if self.ascii:
            letters = name.ljust(4 if wide else 2, "*").encode()
            form = "%0*X" if name in HEX else "%0*d"
            return letters + (form % (8 if wide else 6, number)).encode()
        code = CODES.get(name, 0x77)
        return struct.pack("<IH", number, code) if wide else struct.pack("<I", number)[:3] + bytes([code])

    def bits(self, *v):
        if self.ascii:
            return "".join(map(str, v)).encode()
        v = list(v) + [0] * (len(v) & 1)
        return bytes(v[i] << 4 | v[i + 1] for i in range(0, len(v), 2))

    def label(self, name):
        return self.n(2, len(name), *map(ord, name))

    def head(self, answer, serial, network, pc, io, station):
        first = (0xd0 if answer else 0x50) | (4 if serial is not None else 0)
        out = b"%02X00" % first if self.ascii else bytes([first, 0])
        if serial is not None:
            out += self.n(2, serial, 0)
        return out + self.n(1, network, pc) + self.n(2, io) + self.n(1, station)

    def request(self, cmd, sub=0, data=b"", serial=None, network=0, pc=255, io=0x3ff, station=0, length=None):
        body = self.n(2, 16, cmd, sub) + data
        return self.head(False, serial, network, pc, io, station) + \
            self.n(2, len(body) if length is None else length) + body

    def answer(self, data=b"", end=0, serial=None, network=0, pc=255, io=0x3ff, station=0):
        body = self.n(2, end) + data
        return self.head(True, serial, network, pc, io, station) + self.n(2, len(body)) + body

    def error(self, cmd, end, sub=0, **kw):
        return self.answer(self.n(1, 0, 255) + self.n(2, 0x3ff) + self.n(1, 0) + self.n(2, cmd, sub), end, **kw)


def commands(c):
    """command, subcommand, request data, answer data or an end code."""
    d, n = c.device, c.n
    return [
        (0x0101, 0, b"", b"FX5U-32MT/ES    " + n(2, 0x4a29)),
        (0x0401, 0, d("D", 100) + n(2, 3), n(2, 1, 2, 65535)),
        (0x0401, 0, d("W", 0x1f) + n(2, 1), n(2, 7)),
        (0x0401, 1, d("M", 0) + n(2, 5), c.bits(1, 0, 1, 1, 0)),
        (0x0401, 1, d("X", 0x1a) + n(2, 1), c.bits(1)),
        (0x0401, 0, d("TN", 5) + n(2, 1), n(2, 9)),
        (0x0401, 2, d("D", 100000, True) + n(2, 1), n(2, 5)),
        (0x0401, 0x80, bytes(8), n(2, 5)),
        (0x0401, 0, d("D", 999999) + n(2, 1), 0x4031),
        (0x0401, 0, d("D", 0) + n(2, 2000), 0xc051),
        (0x1401, 0, d("D", 100) + n(2, 2) + n(2, 11, 12), b""),
        (0x1401, 1, d("Y", 0x20) + n(2, 3) + c.bits(1, 1, 0), b""),
        (0x1401, 1, d("M", 7) + n(2, 1) + c.bits(1), 0x0055),
        (0x0403, 0, n(1, 2, 1) + d("D", 1) + d("W", 0x10) + d("D", 20), n(2, 4, 5) + n(4, 70000)),
        (0x0403, 0, n(1, 10, 0) + d("D", 1) * 10, n(2, *range(10))),
        (0x1402, 0, n(1, 2, 1) + d("D", 1) + n(2, 5) + d("D", 2) + n(2, 6) + d("D", 4) + n(4, 100000), b""),
        (0x1402, 1, n(1, 2) + d("M", 1) + n(1, 1) + d("Y", 0x1f) + n(1, 0), b""),
        (0x1402, 3, n(1, 1) + d("M", 1, True) + n(2, 1), b""),
        (0x0406, 0, n(1, 1, 1) + d("D", 0) + n(2, 2) + d("M", 16) + n(2, 1), n(2, 1, 2, 3)),
        (0x1406, 0, n(1, 1, 1) + d("D", 0) + n(2, 2) + n(2, 8, 9) + d("M", 16) + n(2, 1) + n(2, 3), b""),
        (0x0801, 0, n(1, 1, 0) + d("D", 5), b""), (0x0802, 0, b"", n(2, 5)),
        (0x1001, 0, n(2, 1) + n(1, 0, 0), b""), (0x1001, 0, n(2, 3) + n(1, 2, 0), 0x4010),
        (0x1002, 0, n(2, 1), b""), (0x1003, 0, n(2, 3), b""), (0x1005, 0, n(2, 1), b""), (0x1006, 0, n(2, 1), b""),
        (0x1630, 0, n(2, 4) + b"PASS", 0xc200), (0x1631, 0, n(2, 4) + b"PASS", b""),
        (0x0619, 0, n(2, 4) + b"ABCD", n(2, 4) + b"ABCD"), (0x1617, 1, b"", b""),
        (0x0613, 0, n(4, 100) + n(2, 1), n(2, 3)), (0x1613, 0, n(4, 100) + n(2, 1) + n(2, 3), b""),
        (0x1829, 0, bytes(20) if not c.ascii else b"0" * 40, b""),
        (0x041c, 0, n(2, 2, 1) + c.label("Typ1") + c.label("%1.Level") + c.label("Pump"), n(2, 2) + bytes(4) * 2),
        (0x141b, 0, n(2, 2, 0) + c.label("Level") + n(2, 2, 77) + c.label("Sp\u00e4r") + n(2, 4, 1, 2), b""),
        (0x141b, 0, n(2, 9, 0) + c.label("Torn") + n(2, 99), 0xc061),
        (0x1234, 0, b"", 0xc059), (0x0401, 0, d("D", 0) + n(2, 1), 0xbeef),
    ]


def talk(t, c, four):
    for i, (cmd, sub, data, answer) in enumerate(commands(c)):
        s = 0x100 + i if four else None
        t.c(c.request(cmd, sub, data, serial=s))
        t.s(c.error(cmd, answer, sub, serial=s) if isinstance(answer, int) else c.answer(answer, serial=s))


def save(cap, name):
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, name + ".pcap"))


def both():
    for name, ascii_, four in (("3e-binary", False, False), ("4e-ascii", True, True)):
        cap = Capture()
        talk(Talk(cap, sport=5007), Code(ascii_), four)
        save(cap, name)


def datagram(cap, data, back=False, sport=50000, dport=5007):
    a, b = ("10.0.0.1", sport, "02:00:00:00:00:01"), ("10.0.0.2", dport, "02:00:00:00:00:02")
    if back:
        a, b = b, a
    cap.add(eth(ipv4(17, udp(a[1], b[1], data), a[0], b[0]), src=a[2], dst=b[2]))


def streams():
    b, a = Code(False), Code(True)
    cap = Capture()
    t = Talk(cap, sport=5007)
    # several at once, in pieces, a long one, one that is not answered
    big = b.request(0x1401, 0, b.device("D", 0) + b.n(2, 900) + b.n(2, *range(900)))
    one, two = b.request(0x0401, 0, b.device("D", 1) + b.n(2, 1)), b.request(0x1002, 0, b.n(2, 1))
    t.c(one[:5])
    t.c(one[5:] + two)
    t.c(big)
    t.s(b.answer(b.n(2, 1)) + b.answer())
    t.s(b.answer())
    t.c(b.request(0x1006, 0, b.n(2, 1), network=2, pc=3))
    # another station
    t.c(b.request(0x0101, 0, serial=5, network=2, pc=3))
    t.s(b.answer(b"R04CPU          " + b.n(2, 0x4800), serial=5, network=2, pc=3))
    t.close()
    # from the middle, and on another port, in ASCII
    u = Talk(cap, cport=40001, sport=6000, open_=False)
    m = a.answer(a.n(2, 5))
    u.raw(1, PSH | ACK, m)
    u.sseq += len(m)
    u.c(a.request(0x0401, 0, a.device("M", 3) + a.n(2, 1)))
    u.s(a.answer(a.n(2, 5)))
    u.close()
    datagram(cap, b.request(0x0101, 0))
    datagram(cap, b.answer(b"Q03UDECPU       " + b.n(2, 0x268)), True)
    datagram(cap, b.request(0x0401, 0, b.device("D", 1) + b.n(2, 1)))
    datagram(cap, b.request(0x0401, 0, b.device("D", 2) + b.n(2, 1)))
    for _ in range(3):
        datagram(cap, b.request(0x0e70, 0, bytes(40)), sport=50001, dport=61450)
        datagram(cap, b.answer(bytes(40)), True, sport=50001, dport=61450)
    save(cap, "streams")


def malformed():
    b, a = Code(False), Code(True)
    cap = Capture()
    t = Talk(cap, sport=5007)
    t.c(b.request(0x0401, 0, b.device("D", 1)))                 # no points
    t.s(b.error(0x0401, 0xc061))
    t.c(b.request(0x1402, 0, b.n(1, 200, 200) + b.device("D", 1) + b.n(2, 1)))
    t.s(b.error(0x1402, 0xc061))
    t.c(b.request(0x1406, 0, b.n(1, 2, 0) + b.device("D", 1) + b.n(2, 60000) + b.n(2, 1)))
    t.s(b.answer())
    t.c(b.request(0x0403, 0, b.n(1, 9, 9) + b.device("?", 1)))
    t.s(b.answer(b"\1"))
    t.s(b"\x99\x99\x99\x99")
    t.close()
    u = Talk(cap, cport=40001, sport=5007)
    u.c(a.request(0x0401, 0, b"D*ZZZZZZ" + a.n(2, 1)))
    u.s(a.answer(b"00G1"))
    u.c(b"50000")
    u.c(b"0FFxx")
    u.close()
    datagram(cap, b.request(0x0101))
    datagram(cap, b.request(0x0101, length=99))
    save(cap, "malformed")


def melsoft():
    def q(cmd, seq, data=b""):
        body = b"\x1c\x02\x16\x14" + bytes(20) + struct.pack(">H", cmd) + struct.pack("<H", seq) + data
        return b"\x57\x01\0\0\0\x11\x11\x07\0\0\xff\xff\3\0\0\xfe\3\0\0" + struct.pack("<H", len(body)) + body

    def a(cmd, seq, data=b"", end=0):
        body = b"\x9c\x02\x18\x14" + struct.pack("<H", end) + bytes(20) + struct.pack(">H", cmd) + \
            struct.pack("<H", seq) + data
        return b"\xd7\x01\0\0\0\x11\x11\x7f\0\0\0\xa8\3\0\xff\xff\3\0\0" + struct.pack("<H", len(body)) + body

    cap = Capture()
    t = Talk(cap, sport=5562)
    t.c(q(0x0121, 1, b"\0\0\0\1"))
    t.s(a(0x0121, 1, b"\0\0FX5U-32MT/ES\0\0\0\0\x29\x4a\0\x08"))
    t.c(q(0x0410, 2) + q(0x1867, 3, b"x" * 40))
    t.s((a(0x0410, 2, bytes(50)) + a(0x1867, 3, end=0x4080))[:60])
    t.s((a(0x0410, 2, bytes(50)) + a(0x1867, 3, end=0x4080))[60:])
    t.c(q(0x1002, 4))
    t.s(a(0x0410, 77, end=0x9999))
    t.s(b"\xd8bad")
    t.close()
    u = Talk(cap, cport=40001, sport=7777, open_=False)
    u.raw(1, PSH | ACK, a(0x0410, 9))
    u.sseq += len(a(0x0410, 9))
    u.c(q(0x0410, 10))
    u.s(a(0x0410, 10))
    datagram(cap, q(0x0121, 5), dport=5560)
    datagram(cap, a(0x0121, 5, b"\0\0\1\2\3" + bytes(13)), True, dport=5560)
    datagram(cap, q(0x0121, 6)[:30], dport=5560)
    for data, src, ports in ((q(0x0121, 1), "10.0.0.1", (50001, 5560)),
                             (a(0x0121, 1, b"\0\0FX5U-32MT/ES\0\0\0\0"), "10.0.0.2", (5560, 50001))):
        cap.add(eth(ipv4(17, udp(*ports, data), src, "255.255.255.255"), dst="ff:ff:ff:ff:ff:ff"))
    cap.save(os.path.join(os.path.dirname(OUT), "melsoft", "tool.pcap"))


def frames_1e():
    def dev(name, n):
        return struct.pack("<I", n) + name.ljust(2).encode()[::-1]

    def q(cmd, data=b""):
        return bytes([cmd, 255, 10, 0]) + data

    def a(cmd, data=b"", end=0):
        return bytes([cmd | 0x80, end]) + data

    pairs = [
        (q(1, dev("D", 100) + b"\3\0"), a(1, struct.pack("<3H", 1, 2, 65535))),
        (q(0, dev("M", 8) + b"\5\0"), a(0, b"\x10\x11\x00")),
        (q(0, dev("X", 0x1a) + b"\1\0"), a(0, b"\x10")),
        (q(1, dev("TN", 5) + b"\1\0"), a(1, b"\7\0")),
        (q(1, dev("D", 0) + b"\0\0"), a(1, bytes(512))),
        (q(3, dev("D", 7) + b"\2\0" + b"\1\0\2\0"), a(3)),
        (q(2, dev("Y", 0x20) + b"\3\0" + b"\x11\x00"), a(2)),
        (q(3, dev("D", 0) + b"\0\0" + struct.pack("<256H", *range(256))), a(3)),
        (q(3, dev("D", 9000) + b"\1\0\1\0"), a(3, b"\x10\0", 0x5b)),
        (q(4, b"\2\0" + dev("M", 1) + b"\1" + dev("Y", 2) + b"\0"), a(4)),
        (q(5, b"\2\0" + dev("D", 1) + b"\5\0" + dev("W", 0x1f) + b"\6\0"), a(5)),
        (q(7, b"\2\0" + dev("D", 1) + dev("D", 5)), a(7)), (q(9), a(9, b"\1\0\2\0")),
        (q(6, b"\1\0" + dev("M", 1)), a(6)), (q(8), a(8, b"\x10")),
        (q(0x13), a(0x13)), (q(0x14), a(0x14, end=0x58)), (q(0x15), a(0x15, b"\xf3\0")),
        (q(0x16, b"\4ABCD"), a(0x16, b"\4ABCD")),
    ]
    cap = Capture()
    t = Talk(cap, sport=5551)
    for x, y in pairs:
        t.c(x)
        t.s(y)
    t.c(pairs[0][0][:6])
    t.c(pairs[0][0][6:])
    t.s(pairs[0][1][:3])
    t.s(pairs[0][1][3:])
    t.c(q(0x14))
    t.s(b"\x93\0")
    t.s(b"\x55\0")
    t.c(b"\x77\xff")
    t.close()
    datagram(cap, pairs[0][0], dport=5551)
    datagram(cap, pairs[0][1], True, dport=5551)
    datagram(cap, pairs[5][0], dport=5551)
    datagram(cap, pairs[5][0][:9], dport=5551)
    cap.save(os.path.join(os.path.dirname(OUT), "melsec1e", "frames.pcap"))


both()
streams()
malformed()
for folder in ("melsoft", "melsec1e"):
    os.makedirs(os.path.join(os.path.dirname(OUT), folder), exist_ok=True)
melsoft()
frames_1e()
