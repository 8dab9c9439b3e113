#!/usr/bin/env python3
"""Builds test/golden/dnp3/*.pcap from IEEE 1815-2012: every function code, the
object groups, controls with their answers, files, device attributes, secure
authentication, fragments, link messages, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dnp3")
PORT = 20000


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def crc(b):
    c = 0
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa6bc if c & 1 else c >> 1
    return struct.pack("<H", ~c & 0xffff)


def link(control, dst, src, user=b""):
    head = h("0564") + bytes([5 + len(user), control]) + struct.pack("<HH", dst, src)
    out = head + crc(head)
    for i in range(0, len(user), 16):
        out += user[i:i + 16] + crc(user[i:i + 16])
    return out


class Pair:
    """A master (1) and an outstation (10): frames of either, transport counted."""

    def __init__(self, master=1, outstation=10):
        self.m, self.o, self.t = master, outstation, [0, 0]

    def frames(self, side, apdu, size=249):
        out, parts = [], [apdu[i:i + size] for i in range(0, len(apdu), size)] or [b""]
        for i, p in enumerate(parts):
            th = (0x40 if i == 0 else 0) | (0x80 if i == len(parts) - 1 else 0) | self.t[side]
            self.t[side] = self.t[side] + 1 & 63
            out.append(link(0xc4 if side == 0 else 0x44, *((self.o, self.m) if side == 0 else (self.m, self.o)),
                            bytes([th]) + p))
        return out

    def q(self, seq, fc, objects=b"", control=0xc0):
        return b"".join(self.frames(0, bytes([control | seq, fc]) + objects))

    def a(self, seq, objects=b"", iin=0, control=0xc0, fc=129):
        return b"".join(self.frames(1, bytes([control | seq, fc]) + struct.pack(">H", iin) + objects))


def crob(code, count=1, on=100, off=100, status=0):
    return struct.pack("<BBIIB", code, count, on, off, status)


def f32(x):
    return struct.pack("<f", x)


def f64(x):
    return struct.pack("<d", x)


def time48(ms):
    return struct.pack("<Q", ms)[:6]


T = time48(1764000000000)


def free(group, var, *bodies):
    return bytes([group, var, 0x5b, len(bodies)]) + b"".join(struct.pack("<H", len(b)) + b for b in bodies)


def obj(group, var, start, body, n=1):
    """One-octet start and stop."""
    return bytes([group, var, 0, start, start + n - 1]) + body


def idx(group, var, *points):
    return bytes([group, var, 0x17, len(points)]) + b"".join(bytes([i]) + b for i, b in points)


def save(cap, name):
    cap.save(os.path.join(OUT, name + ".pcap"))


def reads():
    """A static value of every group, then events of every group."""
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    static = (obj(1, 1, 0, h("b501"), 9) + obj(1, 2, 0, h("8101"), 2) + obj(3, 1, 0, h("e4"), 4) +
              obj(3, 2, 0, h("41")) + obj(10, 1, 0, h("03"), 3) + obj(10, 2, 4, h("81")) +
              obj(20, 1, 0, h("01 40420f00")) + obj(20, 2, 0, h("21 1027")) + obj(20, 5, 0, h("01000000")) +
              obj(20, 6, 0, h("0100")) + obj(21, 1, 0, h("41 05000000")) + obj(21, 5, 0, h("01 05000000") + T) +
              obj(21, 9, 0, h("05000000")) + obj(30, 1, 0, h("01 ffffffff")) + obj(30, 2, 0, h("61 ff7f")) +
              obj(30, 3, 0, h("feffffff")) + obj(30, 4, 7, h("fdff")) + obj(30, 5, 8, h("01") + f32(21.5)) +
              obj(30, 6, 9, h("01") + f64(1e10)) + obj(31, 1, 0, h("01 01000000")) +
              obj(34, 1, 0, h("0500")) + obj(34, 3, 1, f32(0.5)) + obj(40, 1, 0, h("01 64000000")) +
              obj(40, 3, 1, h("01") + f32(2.25)) + obj(110, 5, 0, b"hello") + obj(80, 1, 4, h("01")) +
              bytes([50, 1, 7, 1]) + T + obj(121, 1, 3, h("01 0100 0a000000")) + obj(102, 1, 0, h("63")))
    t.c(p.q(0, 1, h("3c0206 3c0306 3c0406 3c0106")))
    t.s(p.a(0, static, 0x8e00))
    events = (idx(2, 1, (3, h("81"))) + bytes([51, 1, 7, 1]) + T + idx(2, 3, (3, h("01 6400"))) +
              idx(2, 2, (4, h("81") + T)) + idx(4, 2, (1, h("81") + T)) + idx(11, 2, (1, h("81") + T)) +
              idx(13, 1, (1, h("80"))) + idx(13, 2, (1, h("04") + T)) + idx(22, 1, (0, h("01 07000000"))) +
              idx(22, 5, (0, h("01 07000000") + T)) + idx(23, 5, (0, h("01 07000000") + T)) +
              idx(32, 1, (2, h("01 10000000"))) + idx(32, 3, (2, h("01 10000000") + T)) +
              idx(32, 7, (2, h("01") + f32(-3.5) + T)) + idx(33, 4, (2, h("01 1000") + T)) +
              idx(42, 5, (2, h("01") + f32(1.0))) + idx(43, 1, (2, h("00 05000000"))) +
              idx(43, 8, (2, h("02") + f64(0.1) + T)) + idx(111, 3, (0, b"abc")) +
              idx(122, 2, (5, h("01 0100 0b000000") + T)))
    t.c(p.q(1, 1, h("3c0206")))
    t.s(p.a(1, events, 0x1000, 0xe0))
    t.c(p.q(1, 0))
    t.c(p.q(2, 1, h("1e0100 0003 1402 06 0100 17 02 05 09")))
    t.s(p.a(2, obj(30, 1, 0, h("01 05000000"), 1), 0x0002))
    t.c(p.q(3, 1, h("0102 01 0000 0f00")))
    t.s(p.a(3, h("0102 01 0000 0100 81 01")))
    t.c(p.q(4, 1, h("1e05 02 00000000 01000000 1e05 08 0200 1e00 09 05000000")))
    t.s(p.a(4, h("1e05 02 00000000 01000000 01 00000000 01 0000c07f")))
    # the answer comes in three fragments of the application layer
    t.c(p.q(5, 1, h("3c0106")))
    t.s(p.a(5, obj(1, 2, 0, h("81") * 40, 40), 0, 0xa0))
    t.c(p.q(5, 0))
    t.s(p.a(6, obj(30, 2, 0, h("01 0500") * 100, 100), 0, 0x20))
    t.c(p.q(6, 0))
    t.s(p.a(7, obj(40, 2, 0, h("01 0500")), 0, 0x60))
    t.c(p.q(7, 0))
    t.close()
    save(cap, "reads")


def controls():
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    one = lambda code, i=1, **k: idx(12, 1, (i, crob(code, **k)))
    for seq, fc in ((0, 3), (1, 4), (2, 5)):
        t.c(p.q(seq, fc, one(0x03)))
        t.s(p.a(seq, one(0x03)))
    t.c(p.q(3, 6, one(0x41, 7, count=2, on=250, off=0)))                     # no answer asked for
    # three in one message: each with its own status
    t.c(p.q(4, 5, idx(12, 1, (1, crob(0x41)), (2, crob(0x81)), (9, crob(0x33))) +
            idx(41, 2, (5, h("e803 00")))))
    t.s(p.a(4, idx(12, 1, (1, crob(0x41)), (2, crob(0x81, status=7)), (9, crob(0x33, status=12))) +
            idx(41, 2, (5, h("e803 63")))))
    for seq, (v, b) in enumerate(((1, h("10270000")), (2, h("18fc")), (3, f32(48.5)), (4, f64(-0.25))), 5):
        t.c(p.q(seq, 5, idx(41, v, (3, b + b"\0"))))
        t.s(p.a(seq, idx(41, v, (3, b + b"\0"))))
    t.c(p.q(9, 4, one(0x03)))                                              # not selected before
    t.s(p.a(9, one(0x03, status=2)))
    t.c(p.q(10, 3, one(0x07)))                                             # no such operation
    t.s(p.a(10, one(0x07, status=4)))
    t.c(p.q(11, 5, idx(12, 1, (200, crob(3)))))
    t.s(p.a(11, b"", 0x0004))
    t.c(p.q(12, 5, h("0c02 07 01") + crob(0x01) + h("0c03 00 00 07 05")))    # a pattern
    t.s(p.a(12, h("0c02 07 01") + crob(0x01) + h("0c03 00 00 07 05")))
    t.c(p.q(13, 5, one(0x04)))                                             # never answered
    # a master that does not wait, and its answers in order; then one sent twice
    t.c(p.q(14, 5, one(1, 1)) + p.q(14, 5, one(1, 2)))
    t.s(p.a(14, one(1, 1)) + p.a(14, one(1, 2)))
    t.c(p.q(15, 5, one(1, 3)))
    t.c(p.q(15, 5, one(1, 3)))
    t.s(p.a(15, one(1, 3)))
    # more than is kept of a request
    many = idx(12, 1, *((i, crob(0x03)) for i in range(40)))
    t.c(p.q(0, 5, many))
    t.s(p.a(0, many))
    t.s(p.a(5, one(0x03)))                                                 # an answer alone
    # everybody at once: nobody answers
    b = Pair(1, 0xffff)
    t.c(b.q(1, 5, one(0x04)))
    t.close()
    save(cap, "controls")


def functions():
    """Everything else that is asked of an outstation."""
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    asked = [
        (2, h("3201 07 01") + T, b"", 0),
        (2, h("5001 00 07 07 00"), b"", 0),
        (2, idx(34, 1, (0, h("0a00")), (4, h("1400"))), b"", 0),
        (2, h("2202 00 00 01 05000000 06000000") + obj(110, 4, 2, b"text"), b"", 0),
        (2, h("3303 07 01") + T, b"", 2),
        (7, h("1400 06"), b"", 0), (8, h("1400 06"), None, 0), (9, h("1400 00 00 03"), b"", 0),
        (10, h("1400 06"), None, 0),
        (11, h("3202 07 01") + T + h("e8030000 1400 06"), b"", 0), (12, h("3202 07 01") + T + h("00000000 1400 06"), None, 0),
        (13, b"", h("3401 07 01 0500"), 0), (14, b"", h("3402 07 01 f401"), 0x8000), (15, h("1e00 06"), b"", 1),
        (16, free(90, 1, b"app"), b"", 0), (17, free(90, 1, b"app"), b"", 0), (18, free(90, 1, b"app"), b"", 0x10),
        (19, b"", b"", 0x20), (20, h("3c0206 3c0306"), b"", 0), (21, h("3c0406"), b"", 0),
        (22, h("3c0206 1e00 00 00 05 3c0306 0100 06"), b"", 0),
        (23, b"", h("3402 07 01 0c00"), 0), (24, b"", b"", 0), (31, free(70, 8, b"config.xml"), b"", 0),
        (77, b"", b"", 1),
    ]
    for seq, (fc, q, a, iin) in enumerate(asked):
        t.c(p.q(seq & 15, fc, q))
        if a is not None:
            t.s(p.a(seq & 15, a, iin))
    # unsolicited: after a restart, events, in trouble; the last is not confirmed
    for seq, (o, iin) in enumerate(((b"", 0x8000), (idx(2, 1, (3, h("81"))), 0), (idx(32, 2, (1, h("01 0500"))), 0x4000))):
        t.s(p.a(seq, o, iin, 0xf0, 130))
        if seq < 2:
            t.c(p.q(seq, 0, control=0xd0))
    t.close()
    save(cap, "functions")


def files():
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)

    def command(name, mode, key=0, size=0, rid=1):
        return free(70, 3, struct.pack("<HH", 26, len(name)) + T + struct.pack("<HIIHHH", 0x1ff, key, size, mode, 1024, rid) + name)

    def status(handle, size, code=0, text=b"", rid=1):
        return free(70, 4, struct.pack("<IIHHB", handle, size, 1024, rid, code) + text)

    auth = free(70, 2, struct.pack("<HHHHI", 12, 4, 16, 6, 0) + b"userSECRET")
    steps = [
        (29, auth, free(70, 2, struct.pack("<HHHHI", 12, 0, 12, 0, 0x11223344))),
        (25, command(b"/config.dat", 1, 0x11223344), status(0x1234, 400)),
        (1, free(70, 5, struct.pack("<II", 0x1234, 0)), free(70, 5, struct.pack("<II", 0x1234, 0x80000000) + b"x" * 400)),
        (26, status(0x1234, 0), status(0x1234, 0)),
        (25, command(b"/fw.bin", 2, 0, 9000), status(0x1235, 9000)),
        (2, free(70, 5, struct.pack("<II", 0x1235, 0) + b"y" * 600), free(70, 6, struct.pack("<IIB", 0x1235, 0, 0))),
        (2, free(70, 5, struct.pack("<II", 0x1235, 0x80000001) + b"y" * 60), free(70, 6, struct.pack("<IIB", 0x1235, 1, 20) + b"again")),
        (30, status(0x1235, 0), status(0x1235, 0, 9)),
        (27, command(b"/old.log", 0), status(0, 0, 1)),
        (25, command(b"/none", 1), status(0, 0, 3, b"no such file")),
        (28, free(70, 7, struct.pack("<HHHI", 20, 5, 0, 0) + T + struct.pack("<HH", 0, 7) + b"/none"),
         free(70, 7, struct.pack("<HHHI", 20, 5, 1, 12) + T + struct.pack("<HH", 0, 7) + b"/none")),
    ]
    for seq, (fc, q, a) in enumerate(steps):
        t.c(p.q(seq, fc, q))
        t.s(p.a(seq, a))
    t.close()
    save(cap, "files")


def device():
    """Group 0, two outstations on one connection, then one over UDP."""
    def attr(var, kind, value):
        return bytes([0, var, 0, 0, 0, kind, len(value)]) + value

    attrs = (attr(252, 1, b"Example Relays AB") + attr(250, 1, b"RTU-7") + attr(248, 1, b"SN-0042 ") +
             attr(247, 1, b"Feeder 3") + attr(245, 1, b"Station 12") + attr(243, 1, b"B2") + attr(242, 1, b"4.2.1") +
             attr(246, 1, b"X1") + attr(240, 2, h("0008")) + attr(219, 3, h("ff")) + attr(205, 4, f32(59.5)) +
             attr(204, 4, f64(18.25)) + attr(198, 7, T) + attr(255, 254, h("f200")) + attr(100, 1, b"own"))
    cap = Capture()
    t = Talk(cap, sport=PORT)
    for out in (10, 11):
        p = Pair(1, out)
        t.c(p.q(0, 1, h("00fe 00 00 00")))
        t.s(p.a(0, attrs if out == 10 else attr(250, 1, b"RTU-8")))
        t.c(p.q(1, 1, h("00f2 06")))
        t.s(p.a(1, b"", 0x0002))
    p = Pair(1, 10)
    t.c(p.q(2, 2, attr(245, 1, b"Station 13")))
    t.s(p.a(2))
    t.close()
    p = Pair(3, 4)

    def u(side, b):
        ends = ("10.0.0.1", "10.0.0.2") if side == 0 else ("10.0.0.2", "10.0.0.1")
        cap.add(eth(ipv4(17, udp(*((40000, PORT) if side == 0 else (PORT, 40000)), b), *ends)))

    u(0, p.q(0, 1, h("3c0106")))
    u(1, p.a(0, obj(30, 2, 0, h("01 0500") * 200, 200)))                   # several link frames in it
    u(0, p.q(1, 1, h("3c0106"))[:9])
    u(0, p.q(1, 1, h("3c0106")) + b"\x05\x64\x01")
    save(cap, "device")


def authentication():
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    operate = idx(12, 1, (1, crob(0x03)))
    challenge = free(120, 1, struct.pack("<IHBB", 7, 0, 4, 1) + h("01020304"))
    reply = free(120, 2, struct.pack("<IH", 7, 5) + h("aa" * 16))
    t.c(p.q(0, 5, operate))
    t.s(p.a(0, challenge, fc=131))
    t.c(p.q(0, 32, reply))
    t.s(p.a(0, operate))
    t.c(p.q(1, 13))
    t.s(p.a(1, challenge, fc=131))
    t.c(p.q(1, 32, reply))
    t.s(p.a(1, free(120, 7, struct.pack("<IHHB", 7, 5, 1, 1) + T + b"no"), fc=131))
    t.c(p.q(2, 32, h("7804 07 01 0500")))
    t.s(p.a(2, free(120, 5, struct.pack("<IHBBBH", 9, 5, 1, 2, 4, 4) + h("01020304")), fc=131))
    t.c(p.q(3, 32, free(120, 6, struct.pack("<IH", 9, 5) + h("bb" * 32))))
    t.s(p.a(3, free(120, 5, struct.pack("<IHBBBH", 10, 5, 1, 1, 4, 4) + h("01020304") + h("cc" * 16)), fc=131))
    t.c(p.q(4, 5, h("7803 07 01 08000000 0500") + operate + free(120, 9, h("dd" * 16))))    # aggressive mode
    t.s(p.a(4, operate))
    t.c(p.q(5, 33, free(120, 7, struct.pack("<IHHB", 7, 5, 1, 99) + T)))
    t.c(p.q(6, 32, free(120, 10, struct.pack("<BBIHHHHH", 1, 1, 1, 1, 1, 4, 0, 0) + b"NAME")))
    t.s(p.a(6, b""))
    t.close()
    save(cap, "authentication")


def links():
    """Link messages, user data that is confirmed, an outstation that calls first."""
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    for q, a in ((0xc0, 0x00), (0xc9, 0x0b), (0xd2, 0x00), (0xc1, 0x0f), (0xc0, 0x01)):
        t.c(link(q, 10, 1))
        t.s(link(a, 1, 10))
    t.c(link(0xd3, 10, 1, h("c0 c0 17")))
    t.s(link(0x00, 1, 10))
    t.s(p.a(0, h("3402 07 01 0c00")))
    t.c(link(0xc9, 10, 1))                                                # not answered
    t.c(link(0xc7, 10, 1))                                                # no such function
    t.close()
    t = Talk(cap, client="10.0.0.2", server="10.0.0.1", cport=40001, sport=PORT, cmac="02:00:00:00:00:02",
             smac="02:00:00:00:00:01")
    t.c(p.a(0, b"", 0x8000, 0xf0, 130))
    t.s(p.q(0, 0, control=0xd0))
    t.s(p.q(1, 1, h("3c0106")))
    t.c(p.a(1, obj(1, 2, 0, h("81"))))
    # on another port; and from the middle, an answer first
    t = Talk(cap, cport=40002, sport=10502)
    t.c(p.q(2, 1, h("3c0106")))
    t.s(p.a(2, obj(1, 2, 0, h("81"))))
    t = Talk(cap, cport=40003, sport=10503, open_=False)
    t.s(p.frames(1, bytes([0xc3, 129, 0, 0]) + obj(30, 2, 0, h("01 0500") * 100, 100))[1])
    t.s(p.a(4, obj(1, 2, 0, h("01"))))
    t.c(p.q(5, 1, h("3c0106")))
    t.s(p.a(5, obj(1, 2, 0, h("01"))))
    save(cap, "links")


def malformed():
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    good = p.q(0, 1, h("3c0106"))
    t.c(good)
    t.c(good[:8] + b"\0\0" + good[10:])                                    # CRC of the header
    t.c(good[:-1] + b"\0")                                                 # CRC of a block
    t.c(link(0xc4, 10, 1))                                                # user data without any
    t.c(link(0xc4, 10, 1, h("c0 c0")))                                    # half a fragment header
    t.s(link(0x44, 1, 10, h("c0 c1 81 00")))
    for o in (h("1e0100 05 02"), h("1e01 04"), h("fe01 06"), h("1e63 00 00 00 01"), h("1e01 0a 00"), h("0c01 17 02 01") + crob(3),
              h("7001 00 00 00"), h("4603 5b 01 ffff 00"), h("0001 70 01 01")):
        t.c(p.q(1, 2, o))
    t.c(p.q(2, 5, h("0c01 28 ffff") + h("0100") + crob(3)))
    t.s(p.a(2, h("6e00 00 00 ff")))
    t.s(p.a(2, h("0101 02 00000000 ffffffff ff")))
    t.s(p.a(2, h("0002 00 00 00 01")))
    t.c(b"garbage!")
    t.c(p.q(7, 23))
    t.s(p.a(7, h("3402 07 01 0c00")))
    # a first frame with a wrong CRC says little, on any other port nothing
    t = Talk(cap, cport=40001, sport=PORT)
    t.c(good[:8] + b"\0\0" + good[10:])
    t.c(good)
    t = Talk(cap, cport=40002, sport=9999)
    t.c(h("0564") + b"something else")
    t = Talk(cap, cport=40003, sport=PORT)
    t.c(h("0564 00"))
    save(cap, "malformed")


def segments():
    cap, p = Capture(), Pair()
    t = Talk(cap, sport=PORT)
    # segments: a number is missing; one comes twice; the beginning is not there
    f = p.frames(1, bytes([0xc3, 129, 0, 0]) + obj(30, 2, 0, h("01 0500") * 250, 250))
    t.s(f[0] + f[2])
    t.s(f[0] + f[1] + f[1] + f[2] + f[3])
    t.s(f[3])
    # a message without an end
    for k in range(0, 270, 10):
        t.s(b"".join(link(0x44, 1, 10, bytes([0x40 if i == 0 else i & 63]) + b"\0" * 249) for i in range(k, k + 10)))
    t.close()
    save(cap, "segments")


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_dnp3.py from IEEE 1815-2012, no device's own traffic.\n")
reads()
controls()
functions()
files()
device()
authentication()
links()
malformed()
segments()
