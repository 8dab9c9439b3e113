#!/usr/bin/env python3
"""Builds test/golden/{s7comm,s7comm-plus,mms}/*.pcap: TPKT and COTP, and what runs on them."""
import os
import struct

from tcp_pcap import Capture, Conversation

PG, PLC = "192.0.2.10", "192.0.2.20"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def tpkt(b):
    return struct.pack(">BBH", 3, 0, len(b) + 4) + b


def dt(b, eot=True):
    return tpkt(bytes([2, 0xf0, 0x80 if eot else 0]) + b)


def connect(kind, src, dst, calling=b"\x01\x00", called=b"\x01\x02", cls=0, size=10):
    p = bytes([0xc0, 1, size, 0xc1, len(calling)]) + calling + bytes([0xc2, len(called)]) + called
    return tpkt(struct.pack(">BBHHB", 6 + len(p), kind, dst, src, cls) + p)


def release(dst, src, reason):
    return tpkt(struct.pack(">BBHHB", 6, 0x80, dst, src, reason))


def opened(cap, port, calling=b"\x01\x00", called=b"\x01\x02", syn=True, **kw):
    t = Conversation(cap, port, 102, PG, PLC, syn=syn, **kw)
    t.c(connect(0xe0, 1, 0, calling, called))
    t.s(connect(0xd0, 0x44, 1, calling, called))
    return t


# ---- S7 -------------------------------------------------------------------

def job(ref, param, data=b""):
    return b"\x32\x01\0\0" + struct.pack(">HHH", ref, len(param), len(data)) + param + data


def ack(ref, param, data=b"", err=0, kind=3):
    return bytes([0x32, kind, 0, 0]) + struct.pack(">HHHH", ref, len(param), len(data), err) + param + data


def any_(transport, count, db, area, byte, bit=0):
    addr = byte * 8 + bit if area not in (0x1c, 0x1d) else byte
    return struct.pack(">BBBBHHB", 0x12, 10, 0x10, transport, count, db, area) + addr.to_bytes(3, "big")


def value(kind, b, bits=None, code=0xff):
    n = bits if bits is not None else len(b) * 8 if kind in (4, 5) else len(b)
    return struct.pack(">BBH", code, kind, n) + b


def padded(values):
    return b"".join(v + b"\0" * (len(v) % 2) for v in values[:-1]) + values[-1]


def read(ref, items):
    return job(ref, bytes([4, len(items)]) + b"".join(items))


def read_ack(ref, values):
    return ack(ref, bytes([4, len(values)]), padded(values))


def write(ref, items, values):
    return job(ref, bytes([5, len(items)]) + b"".join(items), padded(values))


def write_ack(ref, codes):
    return ack(ref, bytes([5, len(codes)]), bytes(codes))


def ud(ref, kind, group, sub, data, seq=0, res=None):
    """kind 4 request, 8 answer, 0 push; res = (unit, more, error)."""
    if res is None and kind == 4:
        param = h("000112 04 11") + bytes([kind << 4 | group, sub, seq])
    else:
        unit, more, err = res or (0, 0, 0)
        param = h("000112 08 12") + bytes([kind << 4 | group, sub, seq]) + struct.pack(">BBH", unit, more, err)
    return b"\x32\x07\0\0" + struct.pack(">HHH", ref, len(param), len(data)) + param + data


def octets(b, code=0xff):
    return struct.pack(">BBH", code, 9, len(b)) + b


NONE = h("0a000000")


def szl(ident, index, size, entries):
    return octets(struct.pack(">HHHH", ident, index, size, len(entries)) + b"".join(entries))


def text(index, s, n):
    return struct.pack(">H", index) + s.encode().ljust(n, b"\0")


class S7:
    def __init__(self, t):
        self.t, self.ref = t, 0

    def ask(self, make, answer):
        self.ref += 1
        self.t.c(dt(make(self.ref)))
        if answer:
            self.t.s(dt(answer(self.ref)))

    def push(self, group, sub, data):
        self.t.s(dt(ud(0, 0, group, sub, data)))

    def ud(self, group, sub, data, answer, seq=0, res=(0, 0, 0), aseq=1):
        self.ask(lambda r: ud(r, 4, group, sub, data, seq, (seq, 0, 0) if seq else None),
                 answer is not None and (lambda r: ud(r, 8, group, sub, answer, aseq, res)))


def setup(s):
    s.ask(lambda r: job(r, h("f000 0001 0001 01e0")), lambda r: ack(r, h("f000 0001 0001 00f0")))


def s7_variables():
    cap = Capture()
    t = opened(cap, 50000)
    s = S7(t)
    setup(s)
    one = [
        (any_(1, 1, 10, 0x84, 4, 3), value(3, b"\1", 1)),
        (any_(2, 1, 10, 0x84, 4), value(4, b"\x7f")),
        (any_(2, 4, 10, 0x84, 4), value(4, h("01020304"))),
        (any_(3, 6, 10, 0x84, 8), value(4, b"PUMP-3")),
        (any_(4, 1, 10, 0x84, 14), value(4, h("1234"))),
        (any_(5, 2, 10, 0x84, 16), value(4, h("fffe 0007"))),
        (any_(6, 1, 0, 0x83, 20), value(4, h("fffffffe"))),
        (any_(7, 1, 0, 0x83, 24), value(4, h("fffffffe"))),
        (any_(8, 1, 10, 0x84, 28), value(7, struct.pack(">f", 21.5))),
        (any_(9, 1, 10, 0x84, 32), value(4, h("3b00"))),
        (any_(0x0a, 1, 10, 0x84, 34), value(4, h("00010000"))),
        (any_(0x0b, 1, 10, 0x84, 38), value(4, h("fffffc18"))),
        (any_(0x0c, 1, 10, 0x84, 42), value(4, h("2127"))),
        (any_(0x0f, 1, 10, 0x84, 44), value(9, h("2611221545301237"))),
        (any_(0x1c, 1, 0, 0x1c, 5), value(9, h("0011"))),
        (any_(0x1d, 1, 0, 0x1d, 7), value(9, h("2050"))),
        (any_(1, 1, 0, 0x81, 0, 7), value(3, b"\0", 1)),
        (any_(4, 1, 0, 0x82, 2), value(4, h("00ff"))),
        (any_(2, 1, 0, 0x80, 256), value(4, h("05"))),
        (any_(6, 1, 7, 0x85, 0), value(4, h("00000001"))),
        (any_(2, 1, 0, 0x86, 1), value(4, h("09"))),
        (any_(2, 1, 1, 0x87, 100), value(4, h("0a"))),
        (any_(2, 1, 0, 0x42, 1), value(4, h("0b"))),
        (any_(1, 9, 10, 0x84, 0), value(3, h("010000010000000001"), 9)),
        (h("1207b0011000 0a 0004"), value(4, h("0102"))),
        (h("1208 82 41 0001 0001 10 01"), value(4, h("41420d0a"))),
        (h("120e b2 ff 0000 00520001 12345678 4000"), value(4, h("0001"))),
        (h("1203 a2 00 00"), value(4, h("0001"))),
    ]
    for item, v in one:
        s.ask(lambda r, i=item: read(r, [i]), lambda r, x=v: read_ack(r, [x]))
    several = [any_(2, 1, 1, 0x84, 0), any_(4, 2, 1, 0x84, 2), any_(8, 1, 1, 0x84, 8), any_(1, 1, 99, 0x84, 0)]
    s.ask(lambda r: read(r, several),
          lambda r: read_ack(r, [value(4, b"\5"), value(4, h("00010002")), value(7, struct.pack(">f", -1.25)),
                                 value(0, b"", code=0x0a)]))
    s.ask(lambda r: read(r, several[:1]), lambda r: ack(r, b"", err=0x8104))
    s.ask(lambda r: read(r, several[:1]), lambda r: ack(r, b"", err=0x8500, kind=2))
    s.ask(lambda r: read(r, several[:1]), lambda r: read_ack(r, [value(0, b"", code=0x05)]))
    s.ask(lambda r: read(r, several[:1]), lambda r: read_ack(r, [value(0, b"", code=0x77)]))
    s.ask(lambda r: write(r, [any_(1, 1, 10, 0x84, 0, 2)], [value(3, b"\1", 1, code=0)]),
          lambda r: write_ack(r, [0xff]))
    s.ask(lambda r: write(r, [any_(4, 1, 10, 0x84, 2), any_(2, 1, 10, 0x84, 5), any_(8, 1, 0, 0x83, 30)],
                          [value(4, h("0102"), code=0), value(4, b"\x2a", code=0),
                           value(7, struct.pack(">f", 80.0), code=0)]),
          lambda r: write_ack(r, [0xff, 0x05, 0x03]))
    s.ask(lambda r: write(r, [any_(4, 1, 10, 0x84, 2)], [value(4, h("0102"), code=0)]),
          lambda r: ack(r, b"\5\1", err=0x8703))
    long = bytes(range(256)) + bytes(250)       # more than what is kept beside the request
    s.ask(lambda r: write(r, [any_(2, 480, 10, 0x84, 0), any_(2, 1, 10, 0x84, 600)],
                          [value(4, long[:480], code=0), value(4, b"\7", code=0)]), lambda r: write_ack(r, [0xff, 0xff]))
    s.ask(lambda r: write(r, [any_(4, 1, 10, 0x84, 2)], [value(4, h("0103"), code=0)]), None)
    s.ask(lambda r: read(r, several[:2]), None)
    t.send(1, release(1, 0x44, 128))
    t.close()
    cap.write("s7comm", "variables")


def module(index, order, a, b):
    return struct.pack(">H20sHHH", index, order.encode().ljust(20), 0xc0, a, b)


IDENT = [module(1, "6ES7 315-2EH14-0AB0", 5, 1), module(6, "6ES7 315-2EH14-0AB0", 5, 1),
         module(7, "", 0x5603, 0x0207), module(0x81, "Boot Loader", 0x4120, 0x0909)]
NAMES = [text(1, "Cleanroom 2", 32), text(2, "CPU 315-2 PN/DP", 32), text(3, "B-WING", 32),
         text(4, "Original Siemens Equipment", 32), text(5, "S C-X0TEST000001", 32),
         text(7, "CPU 315-2 PN/DP", 32), text(8, "MMC 00000001", 32),
         struct.pack(">HHH", 9, 42, 0xf600) + bytes(28 + 2), text(10, "", 32), text(11, "Hall 4", 32)]


def s7_lists():
    cap = Capture()
    t = opened(cap, 50001, called=b"\x03\x00")
    s = S7(t)
    setup(s)

    def ask(ident, index, answer, **kw):
        s.ud(4, 1, octets(struct.pack(">HH", ident, index)), answer, **kw)
    ask(0x0011, 0, szl(0x0011, 0, 28, IDENT))
    ask(0x0111, 6, szl(0x0111, 6, 28, IDENT[1:2]))
    whole = szl(0x001c, 0, 34, NAMES)[4:]
    ask(0x001c, 0, octets(whole[:200]), aseq=5, res=(0xd5, 1, 0))
    s.ud(4, 1, NONE, octets(whole[200:]), seq=5, aseq=5)
    s.ud(4, 1, NONE, octets(whole[200:]), seq=9, aseq=9)        # of a list nobody saw begin
    ask(0x001c, 0, szl(0x001c, 0, 34, [text(1, "SIMATIC 300(1)", 32), text(2, "MIXER-1", 32), text(7, "CPU 312", 32)]))
    ask(0x001c, 0, szl(0x001c, 0, 34, NAMES[:2] + [text(0x0101, "other half", 32), text(40, "x", 32)] + NAMES[:2]))
    ask(0x0424, 0, szl(0x0424, 0, 20, [h("5144 ff 08 00000000 00000000 1602 0814 51375692")]))
    ask(0x0424, 0, szl(0x0424, 0, 20, [h("4303 ff 84 00000000 00000000 1602 0814 51375692")]))
    ask(0x0131, 1, szl(0x0131, 1, 40, [h("0001").ljust(40, b"\0")]))
    ask(0x0132, 4, szl(0x0132, 4, 40, [h("0004 0001 0002 0002 0003 0001").ljust(40, b"\0")]))
    ask(0x00a0, 0, szl(0x00a0, 0, 20, [bytes(20)] * 3))
    ask(0x0091, 0, NONE, res=(0, 0, 0xd401))
    ask(0x00fe, 0, NONE, res=(0, 0, 0x1234))
    ask(0x0f1c, 0, octets(struct.pack(">HHHH", 0xf1c, 0, 34, 10)))
    ask(0x0011, 0, None)
    t.close()
    cap.write("s7comm", "lists")


def blockname(kind, n, fs="A"):
    return ("%s%05d%s" % (kind, n, fs)).encode()


def file_(name):
    return bytes([len(name) + 1]) + b"_" + name


INFO = h("0100 004a 2200 7070 0101 01 0a 0031 00000bbc 00000003 023954df2d70 0330d48e2d62 03d6 0000 0000 079e"
         ) + b"SECRETNMFAMILY  MIXDATA " + h("21 00 b743") + bytes(8)


def s7_programs():
    cap = Capture()
    t = opened(cap, 50002)
    s = S7(t)
    setup(s)
    s.ask(lambda r: job(r, h("1d 00 0000 00000000") + file_(blockname("0A", 10))),
          lambda r: ack(r, h("1d 00 0100 00000007 07") + b"0000300"))
    part = h("00fb") + bytes(200)
    s.ask(lambda r: job(r, h("1e 00 0000 00000007")), lambda r: ack(r, h("1e 01"), h("00c8") + part))
    s.ask(lambda r: job(r, h("1e 00 0000 00000007")), lambda r: ack(r, h("1e 00"), h("0064") + part[:102]))
    s.ask(lambda r: job(r, h("1f 00 0000 00000007")), lambda r: ack(r, h("1f")))
    s.ask(lambda r: job(r, h("1d 00 0000 00000000") + file_(blockname("08", 1))), lambda r: ack(r, b"\x1d", err=0xd241))
    s.ask(lambda r: job(r, h("1d 00 0000 00000000 08") + b"/NC/MPF1"), lambda r: ack(r, b"", err=0x8104))
    # down: the controller asks for it
    s.ask(lambda r: job(r, h("1a 00 0100 00000000") + file_(blockname("0C", 3, "P")) + b"\x0d1000216000088"),
          lambda r: ack(r, b"\x1a"))
    t.s(dt(job(0x65, h("1b 00 0000 00000000") + file_(blockname("0C", 3, "P")))))
    t.c(dt(ack(0x65, h("1b 00"), h("00d8 00fb") + bytes(0xd8))))
    t.s(dt(job(0x66, h("1c 00 0000 00000000") + file_(blockname("0C", 3, "P")))))
    t.c(dt(ack(0x66, b"\x1c")))

    def pi(name, arg, err=0):
        s.ask(lambda r: job(r, h("28 000000000000 fd") + struct.pack(">H", len(arg)) + arg + bytes([len(name)]) + name),
              lambda r: ack(r, b"\x28", err=err))
    pi(b"_INSE", b"\2\0" + blockname("0C", 3, "P") + blockname("08", 1, "P"))
    pi(b"_DELE", b"\1\0" + blockname("0A", 99, "B"), 0xd209)
    pi(b"P_PROGRAM", b"")
    pi(b"P_PROGRAM", b"C ")
    pi(b"_MODU", b"EP")
    pi(b"_GARB", b"")
    pi(b"_N_LOGIN", b"\6SESAME")
    pi(b"_N_SELECT", b"\1\0")
    s.ask(lambda r: job(r, h("29 0000000000 09") + b"P_PROGRAM"), lambda r: ack(r, b"\x29"))
    s.ask(lambda r: job(r, h("29 0000000000 09") + b"P_PROGRAM"), lambda r: ack(r, b"\x29", err=0x8402))
    s.ask(lambda r: job(r, h("29 0000000000 09") + b"P_PROGRAM"), None)
    s.ask(lambda r: job(r, h("00 01")), lambda r: ack(r, h("00")))
    s.ask(lambda r: job(r, h("77")), lambda r: ack(r, h("77"), err=0x8104))
    # blocks there are
    s.ud(3, 1, NONE, octets(h("3038 0002 3041 0005 3046 000f 3939 0001")))
    s.ud(3, 2, octets(b"0A"), octets(h("0001 2205 0031 221d")))
    s.ud(3, 2, octets(b"0A"), octets(h("0001 2205") * 10), aseq=3, res=(9, 1, 0))
    s.ud(3, 2, NONE, octets(h("0002 2205")), seq=3, aseq=3)
    s.ud(3, 3, octets(blockname("0A", 49)), octets(INFO))
    s.ud(3, 3, octets(blockname("0A", 50)), NONE, res=(0, 0, 0xd209))
    t.close()
    cap.write("s7comm", "programs")


def s7_userdata():
    cap = Capture()
    t = opened(cap, 50003)
    s = S7(t)
    setup(s)
    s.ud(5, 1, octets(h("213a1b1d6e681b1d")), NONE)
    s.ud(5, 1, octets(h("213a1b1d6e681b1d")), NONE, res=(0, 0, 0xd602))
    s.ud(5, 2, NONE, NONE)
    clock = h("00 19 26 11 22 15 45 30 12 37")
    s.ud(7, 1, NONE, octets(clock))
    s.ud(7, 2, octets(h("00 19 26 11 22 15 46 00 00 07")), NONE)
    s.ud(7, 2, octets(h("00 19 ff 11 22 15 46 00 00 07")), NONE, res=(0, 0, 0xdc01))
    s.ud(7, 3, NONE, octets(clock))
    s.ud(4, 2, octets(h("8f00") + b"OPERATOR" + h("0000")), octets(h("0200")))
    s.push(4, 3, octets(h("4303 ff 84 00000000 00000000 2611221545301237")))
    s.push(4, 3, octets(h("113a ff 84 00000000 00000000 2611221545301237")))
    alarm = h("2611221545301237 0001") + h("120a 1601 60000001 00 01 0000")
    for sub in (5, 6, 9, 0x0c, 0x0d, 0x0e, 0x11, 0x12, 0x16):
        s.push(4, sub, octets(alarm))
    s.push(4, 0x12, octets(h("2611221545301237 0002") + h("1208 1600 60000002 00 00 1208 1600 60000003 00 01")))
    s.ud(4, 0x0b, octets(h("0901 1208 1900 60000001 0000")), octets(h("0901 ff")))
    s.ud(4, 0x13, octets(h("0001 1208 1a00 0000 0000 0000")), octets(h("00 00 00 00")))
    s.ud(4, 7, octets(h("0001")), NONE)
    for mode in (0, 1, 2, 3, 4, 6, 9, 5):
        s.push(0, mode, NONE)
    s.push(6, 0x0d, octets(bytes(60)))
    s.ud(2, 1, octets(h("0002 0105") + any_(2, 2, 10, 0x84, 0) + any_(4, 1, 0, 0x83, 4)),
         octets(h("0002") + padded([value(4, h("0102")), value(4, h("0304"))])))
    s.push(2, 1, octets(h("0002") + padded([value(4, h("0102")), value(0, b"", code=0x0a)])))
    s.ud(2, 4, octets(h("0501")), NONE)
    for sub in (1, 2, 8, 9, 0x0a, 0x0b, 0x0c, 0x0e, 0x0f, 0x10, 0x13, 0x16, 0x77):
        s.ud(1, sub, octets(h("0014 0004 000000000001")), octets(h("0004 0004 01000001")))
    s.push(1, 0x13, octets(h("0004 002e 01000001")))
    s.ud(15, 1, octets(b"\0"), NONE)
    s.ud(9, 1, octets(b"\0"), NONE)
    t.close()
    cap.write("s7comm", "userdata")


def s7_transport():
    """Refused, broken off, in parts, not seen from the beginning, on another port."""
    cap = Capture()
    t = Conversation(cap, 50010, 102, PG, PLC)                  # refused: the selector says what it was
    t.c(connect(0xe0, 1, 0, called=b"\x01\x1f"))
    t.s(release(1, 0x44, 136))
    t.close()
    t = Conversation(cap, 50014, 102, PG, PLC)                  # refused: nothing does
    t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1"))
    t.s(release(1, 0x44, 3))
    t.close()
    t = Conversation(cap, 50015, 102, PG, PLC)
    t.c(connect(0xe0, 1, 0, b"\6\0", b"SIMATIC-ROOT-ES"))
    t.s(release(1, 0x44, 2))
    t.close()
    t = opened(cap, 50011, b"\x10\x00", b"SIMATIC-ROOT-HMI")
    s = S7(t)
    q = read(1, [any_(2, 1, 10, 0x84, 0)])
    a = read_ack(1, [value(4, bytes(range(60)))])
    t.c(dt(q))
    t.s(dt(a[:20], False) + dt(a[20:50], False))
    t.c(tpkt(h("02f000")))                                      # an empty DT is an acknowledgement
    t.s(dt(a[50:]))
    s.ref = 1
    s.ask(lambda r: read(r, [any_(2, 1, 10, 0x84, 2)]), lambda r: read_ack(r, [value(4, b"\1")]))
    t.c(dt(read(3, [any_(2, 1, 10, 0x84, 3)])) + dt(read(4, [any_(2, 1, 10, 0x84, 4)])))
    t.s(dt(read_ack(4, [value(4, b"\4")])) + dt(read_ack(3, [value(4, b"\3")])))
    b = dt(read(5, [any_(2, 1, 10, 0x84, 5)]))
    t.pieces(0, b, 9)
    b = dt(read_ack(5, [value(4, b"\5")]))
    t.pieces(1, b, 5)
    t.send(1, tpkt(h("04 70 0001 01")))
    t.send(0, release(0x44, 1, 0))
    t.close()
    t = Conversation(cap, 50012, 102, PG, PLC, syn=False)       # from the middle, an answer first
    t.s(dt(read_ack(9, [value(4, h("0102"))])))
    t.c(dt(read(10, [any_(4, 1, 10, 0x84, 8)])))
    t.s(dt(read_ack(10, [value(4, h("0102"))])))
    t.s(dt(write_ack(11, [0xff, 0x05])))
    t = Conversation(cap, 40001, 10102, PG, PLC)                # elsewhere
    s = S7(t)
    setup(s)
    t = opened(cap, 50013)                                      # no request was ever sent
    t.s(dt(ack(7, b"")))
    t.close()
    cap.write("s7comm", "transport")


def s7_malformed():
    cap = Capture()
    t = opened(cap, 50020)
    s = S7(t)
    setup(s)
    item = any_(2, 1, 10, 0x84, 0)
    t.c(dt(job(10, h("0402") + item)))                          # two items said, one there
    t.s(dt(ack(10, h("0402"), value(4, b"\1"))))
    t.c(dt(job(11, h("0401 120b10") + item[3:])))               # item longer than the parameters
    t.c(dt(job(12, h("0401") + item)[:-2]))                     # parameters longer than the PDU
    t.c(dt(h("32 05 0000 000d 0002 0000 0000")))                # no such kind
    t.c(dt(h("71 00 00")))                                      # not S7
    t.c(dt(h("32 01")))
    t.c(dt(ud(14, 4, 4, 1, h("ff 09 00ff 0011"))))              # data longer than the PDU
    t.s(dt(ud(14, 8, 4, 1, szl(0x11, 0, 28, IDENT)[:40])))
    t.c(dt(job(15, h("0501") + item, h("00 04 00ff 01"))))      # value longer than the data
    t.s(dt(write_ack(15, [0xff])))
    t.c(dt(job(16, h("0500"))))                                 # nothing to write
    t.s(dt(write_ack(16, [])))
    t.c(dt(job(17, h("1a 00 0100 00000000 ff 5f"))))            # name longer than the rest
    t.c(dt(job(18, h("28 000000000000 fd 00ff 01"))))
    t.s(dt(ack(17, h("1b"))))                                   # an answer to something else
    t.s(dt(ud(18, 8, 4, 1, NONE)))
    t.c(tpkt(h("11e0 0000 0001 00 c0ff 0a c1 02 0100")))        # COTP parameter too long
    t.c(tpkt(h("02 30 80")))                                    # no such TPDU
    t.c(tpkt(h("ff f0 80 3201")))                               # header longer than the TPKT
    t.c(b"\3\0\0\3")                                            # shorter than its header
    t.c(dt(read(20, [item])))                                   # and in step again
    t.s(dt(read_ack(20, [value(4, b"\1")])))
    t.close()
    t = Conversation(cap, 50021, 102, PG, PLC)                  # TPKT, but not S7
    t.c(connect(0xe0, 1, 0, b"", b""))
    t.s(connect(0xd0, 1, 1, b"", b""))
    t.c(dt(h("7f65 8201")))
    t.close()
    cap.write("s7comm", "malformed")


# ---- S7-plus ----------------------------------------------------------------

def vlq(n):
    b = [n & 0x7f]
    while n > 0x7f:
        n >>= 7
        b.append(n & 0x7f | 0x80)
    return bytes(reversed(b))


def frame(version, body, last=True):
    if version == 3:
        body = b"\x20" + bytes(range(32)) + body
    return dt(struct.pack(">BBH", 0x72, version, len(body)) + body + (bytes([0x72, version, 0, 0]) if last else b""))


def request(fn, seq, session, body, flags=0x34):
    return struct.pack(">BHHHHIB", 0x31, 0, fn, 0, seq, session, flags) + body


def response(fn, seq, body, code=b"\0", flags=0x34):
    return struct.pack(">BHHHHB", 0x32, 0, fn, 0, seq, flags) + code + body


TAIL = h("00 0004e8 896900120000000 0 896a001300 896b000400 00 8135 00000000".replace(" ", ""))
OWN = 0x70000e4d
DEVICE = b"1;6ES7 214-1AG40-0XB0 ;V4.2"


def address(area, *ids):
    return vlq(0) + vlq(area) + vlq(len(ids)) + b"".join(vlq(i) for i in ids)


def multi(items, values=b""):
    fields = sum(4 + len(i) - 2 for i in items)
    return bytes(4) + vlq(len(items)) + vlq(fields) + b"".join(address(*i) for i in items) + values + TAIL


def string(s):
    return h("0015") + vlq(len(s)) + s


def s7plus_session():
    cap = Capture()
    t = opened(cap, 51000, b"\x06\x00", b"SIMATIC-ROOT-HMI")
    new = struct.pack(">I", 0x11f) + h("000400") + bytes(4) + h("a1 000000d3") + vlq(287) + h("0000") + \
        h("a3") + vlq(233) + string(b"1:::6.0::TCP/IP -> Some Network Card") + h("a2 00000000 72")[:1] + h("0000")
    t.c(frame(1, request(0x04ca, 1, 0x120, new, 0x36)))
    made = bytes([2]) + vlq(OWN) + vlq(0x70000e4e) + h("a1 00000120 8225 0000 a3") + vlq(233) + string(b"Server") + \
        h("a3") + vlq(306) + h("0017 0000013a") + vlq(315) + string(b"1:::" + DEVICE[2:]) + h("00 a2 0000")
    t.s(frame(1, response(0x04ca, 1, made, flags=0x36)))
    # the challenge and its answer: a password, not to be written
    t.c(frame(2, request(0x0586, 2, OWN, struct.pack(">I", OWN) + h("2004 01 822f 0000") + TAIL)))
    t.s(frame(2, response(0x0586, 2, h("00 1002 14 0102030405060708090a0b0c0d0e0f1011121314 00"))))
    t.c(frame(2, request(0x0542, 3, OWN, struct.pack(">I", OWN) + b"\1\1" + vlq(304) + b"\1" +
                         h("0014 00 08 5345534f4d453132") + TAIL)))
    t.s(frame(2, response(0x0542, 3, h("00 00"))))
    t.c(frame(2, request(0x04f2, 4, OWN, struct.pack(">I", OWN) + b"\1" + vlq(1846) + h("0014 00 04 41424344") + TAIL)))
    t.s(frame(2, response(0x04f2, 4, b"", code=h("90 a0 d0 80 80 ff ff a0 ed"))))
    # reads and writes
    items = [(0x8a0e0005, 2550, 9), (0x52, 3736, 12), (0x50, 3736, 1), (0x51, 2), (0x1234, 7)]
    t.c(frame(3, request(0x054c, 5, OWN, multi(items))))
    t.s(frame(3, response(0x054c, 5, b"\1" + h("000e 41aa70aa") + b"\2" + h("0001 01") + b"\3" + h("100303 000100020003") +
                          b"\4" + string(b"MIX") + b"\0" + b"\5" + vlq(0x8021) + b"\0")))
    t.c(frame(3, request(0x054c, 6, OWN, multi(items[:1]))))
    t.s(frame(3, response(0x054c, 6, b"\1" + h("000e 41aa70aa") + h("0000"))))
    kinds = [h("0002 7f"), h("0003 1234"), h("0004 8100"), h("0005 ff ff ff ff ff ff ff ff ff"), h("0006 ff"),
             h("0007 fffe"), h("0008 7f"), h("0009 3f"), h("000a 11"), h("000b 1122"), h("000c 11223344"),
             h("000d 1122334455667788"), h("000f 4035800000000000"), h("0010 15f0000000000000"), h("0011 8f00"),
             h("0012 8a0e0001"), h("0013 05"), h("0014 00 03 010203"), h("0000"), h("4008 01 05 02 06 00"),
             h("0017 00000901 01 0008 05 02 0017 00000902 03 0001 01 00 04 1002 02 0102 00"), h("2013 02 05 06")]
    t.c(frame(3, request(0x054c, 7, OWN, multi([(0x8a0e0006, 2550, i + 1) for i in range(len(kinds))]))))
    t.s(frame(3, response(0x054c, 7, b"".join(vlq(i + 1) + v for i, v in enumerate(kinds)) + h("0000"))))
    t.c(frame(3, request(0x0542, 8, OWN, multi(items[:3], b"\1" + h("000e 41a00000") + b"\2" + h("0001 00") +
                                               b"\3" + h("0003 0007")))))
    t.s(frame(3, response(0x0542, 8, b"\2" + vlq(0x8011) + b"\0")))
    t.c(frame(3, request(0x0542, 9, OWN, struct.pack(">I", 0x1234) + b"\2\2" + vlq(40) + vlq(41) + b"\1" + h("0004 05") +
                         b"\2" + h("0004 06") + TAIL)))
    t.s(frame(3, response(0x0542, 9, h("00"))))
    for mode in (1, 3, 2):
        t.c(frame(3, request(0x04f2, 10 + mode, OWN, struct.pack(">I", 0x34) + b"\1" + vlq(2167) + b"\0\x08" + vlq(mode) + TAIL)))
        t.s(frame(3, response(0x04f2, 10 + mode, b"", code=b"\0" if mode < 3 else h("8e 80 ff 6d"))))
    t.c(frame(3, request(0x04f2, 20, OWN, struct.pack(">I", 0x70000e51) + b"\1" + vlq(1053) + h("0007 00ce") + TAIL, 0x74)))
    t.c(frame(3, request(0x04ca, 21, OWN, struct.pack(">I", OWN) + h("000400") + h("00000000 a1 7fffc001") + vlq(1001) + h("0000"))))
    t.s(frame(3, response(0x04ca, 21, bytes([1]) + vlq(0x70000e51) + h("00"))))
    t.c(frame(3, request(0x04ca, 22, OWN, struct.pack(">I", 3) + h("000400") + h("00000000 a1 8a0e0007") + vlq(2574) + h("0000"))))
    t.s(frame(3, response(0x04ca, 22, bytes([1]) + vlq(0x8a0e0007) + h("00"))))
    for fn, obj in ((0x04bb, 3), (0x04fc, 0x34), (0x0506, 3), (0x0524, 3), (0x0556, 3), (0x0560, 3), (0x056b, 0x34),
                    (0x057c, 0x8a0e0007), (0x0590, 3), (0x059a, 3), (0x7777, 3)):
        t.c(frame(3, request(fn, fn, OWN, struct.pack(">I", obj) + TAIL)))
        t.s(frame(3, response(fn, fn, h("00"))))
    note = struct.pack(">BIHHHB", 0x33, 0x70000e51, 0x400, 0, 0, 0xc9) + vlq(237768) + b"\1"
    t.s(frame(3, note + h("92 00000005 000e 41aa70aa 92 00000019 0001 01 9b 07 0007 fffe 00 00000000")))
    t.s(frame(3, note + h("83 00000005 00")))
    t.s(dt(h("72 ff 00 04 00000000")))
    t.s(dt(h("72 fe 00 02 0102 72fe0000")))
    for obj in (0x70000e51, 0x8a0e0007, OWN):
        t.c(frame(3, request(0x04d4, obj & 0xffff, OWN, struct.pack(">I", obj) + TAIL)))
        t.s(frame(3, response(0x04d4, obj & 0xffff, struct.pack(">I", obj))))
    t.c(frame(3, request(0x04bb, 99, OWN, struct.pack(">I", 3) + TAIL)))
    t.close()
    cap.write("s7comm-plus", "session")


def s7plus_parts():
    """Messages in several frames, TLS, from the middle, malformed."""
    cap = Capture()
    t = opened(cap, 51001, b"\x06\x00", b"SIMATIC-ROOT-ES")
    long = response(0x04bb, 1, bytes(3000))
    t.c(frame(2, request(0x04bb, 1, OWN, struct.pack(">I", 3) + TAIL)))
    t.s(frame(2, long[:1000], False))
    t.s(frame(2, long[1000:2000], False))
    t.s(frame(2, long[2000:]))
    values = b"".join(vlq(i + 1) + h("000e 41aa70aa") for i in range(40))
    whole = request(0x0542, 2, OWN, multi([(0x8a0e0005, 2550, 200 + i) for i in range(40)], values))
    t.c(frame(3, whole[:300], False))
    t.c(frame(3, whole[300:]))
    t.s(frame(3, response(0x0542, 2, b"\0")))
    t.close()
    t = opened(cap, 51002, b"\x06\x00", b"SIMATIC-ROOT-ES")
    t.c(frame(1, request(0x05b3, 1, 0, bytes(4), 0x30)))
    t.s(frame(1, response(0x05b3, 1, bytes(4), flags=0x30)))
    t.c(dt(h("16 0301 0005 01 000001 00")))
    t.s(dt(h("16 0303 0005 02 000001 00")))
    t.close()
    t = Conversation(cap, 51003, 102, PG, PLC, syn=False)
    t.s(frame(3, response(0x054c, 9, b"\1" + h("000e 41aa70aa") + h("0000"))))
    t.c(frame(3, request(0x054c, 10, OWN, multi([(0x8a0e0005, 2550, 9)]))))
    t.s(frame(3, response(0x054c, 10, b"\1" + h("000e 41aa70aa") + h("0000"))))
    t = Conversation(cap, 51005, 102, PG, PLC, syn=False)
    t.c(frame(3, request(0x054c, 11, OWN, multi([(0x8a0e0005, 2550, 9)]))))
    t.c(dt(h("72 03 00ff 20")))                                 # longer than the frame
    t.c(dt(h("72 02 0004 44 000000 72020000")))                 # no such opcode
    t.c(dt(h("72 02 0004 31 0000 04 72020000")))                # cut in its head
    t.c(dt(h("72 02 0004 31 0000 04 99020000")))                # no trailer
    t.c(dt(h("55 02 0004")))
    t.c(frame(3, request(0x0542, 12, OWN, bytes(4) + b"\x7f\x7f" + address(0x8a0e0005, 9))))
    t.s(frame(3, response(0x04f2, 12, b"\0")))
    t.s(frame(3, response(0x054c, 11, b"\1" + h("0017 00000001 01 0099"))))
    cap.write("s7comm-plus", "parts")


# ---- MMS ------------------------------------------------------------------------

def ber(tag, *parts):
    b = b"".join(parts)
    t = bytes([tag]) if isinstance(tag, int) else tag
    n = len(b)
    return t + (bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else struct.pack(">BH", 0x82, n)) + b


def num(tag, n):
    return ber(tag, n.to_bytes(max(1, n.bit_length() // 8 + 1), "big", signed=True))


def vis(tag, s):
    return ber(tag, s.encode())


def session(kind, user):
    p = h("0506 130100 160102 14020002 33020001 34020001")
    n = len(user)
    p += bytes([0xc1]) + (bytes([n]) if n < 255 else struct.pack(">BH", 255, n)) + user
    return bytes([kind]) + (bytes([len(p)]) if len(p) < 255 else struct.pack(">BH", 255, len(p))) + p


def associate(kind, acse_tag, inner, extra=b""):
    acse_ = ber(acse_tag, ber(0xa1, h("060528ca220203")), extra,
                ber(0xbe, ber(0x28, h("020103"), ber(0xa0, inner))) if inner else b"")
    pres = ber(0x31, h("a003800101"), ber(0xa2, h("81040000000182 0400000001".replace(" ", "")),
               ber(0xa4, ber(0x30, h("020103"), h("060528ca220201"), ber(0x30, h("06025101")))),
               ber(0x61, ber(0x30, h("020101"), ber(0xa0, acse_)))))
    return dt(session(kind, pres))


def data(pdu, ctx=3):
    return dt(h("01000100") + ber(0x61, ber(0x30, num(0x02, ctx), ber(0xa0, pdu))))


INITIATE = ber(0xa8, num(0x80, 65000), num(0x81, 5), num(0x82, 5), num(0x83, 10),
               ber(0xa4, num(0x80, 1), h("810305f100"), h("820c03ee1c00000408000079ef18")))
INITIATED = ber(0xa9, num(0x80, 32000), num(0x81, 4), num(0x82, 3), num(0x83, 8),
                ber(0xa4, num(0x80, 1), h("810305f100"), h("820c03ee1c00000408000079ef18")))


def service(n, *parts, primitive=False):
    if n < 31:
        return ber((0x80 if primitive else 0xa0) | n, *parts)
    return ber(bytes([0x9f if primitive else 0xbf, n]), *parts)


class MMS:
    def __init__(self, cap, port, syn=True):
        self.t = Conversation(cap, port, 102, PG, PLC, syn=syn)
        self.id = 0
        if syn:
            self.t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1"))
            self.t.s(connect(0xd0, 2, 1, b"\0\1", b"\0\1"))
            self.t.c(associate(0x0d, 0x60, INITIATE))
            self.t.s(associate(0x0e, 0x61, INITIATED, h("a203020100a305a103020100")))

    def ask(self, q, a, side=0, tag=0xa1, mods=b""):
        self.id += 1
        self.t.send(side, data(ber(0xa0, num(2, self.id), mods, q)))
        if a is not None:
            self.t.send(1 - side, data(ber(tag, num(2 if tag == 0xa1 else 0x80, self.id), a)))

    def tell(self, n, *parts):
        self.t.s(data(ber(0xa3, service(n, *parts))))


def obj(domain, item):
    if domain == "@":
        return vis(0x82, item)
    return ber(0xa1, vis(0x1a, domain), vis(0x1a, item)) if domain else vis(0x80, item)


def varlist(*names):
    return ber(0xa0, *[ber(0x30, ber(0xa0, obj(*n))) for n in names])


def mms_services():
    cap = Capture()
    m = MMS(cap, 52000)
    one = ("IED1LD0", "MMXU1$MX$TotW$mag$f")
    m.ask(service(2, primitive=True), service(2, vis(0x80, "Sample Works AB"), vis(0x81, "Relay 7"), vis(0x82, "V4.10")))
    m.ask(service(2, primitive=True), service(2, vis(0x80, "Twice"), vis(0x80, "Twice"), vis(0x81, "x"), vis(0x81, "x")))
    m.ask(service(0, b"\0", primitive=True), service(0, num(0x80, 0), num(0x81, 0), h("82020500")))
    m.ask(service(0, b"\xff", primitive=True), service(0, num(0x80, 2), num(0x81, 3)))
    m.ask(service(1, ber(0xa0, num(0x80, 9)), ber(0xa1, h("8000"))),
          service(1, ber(0xa0, vis(0x1a, "IED1LD0"), vis(0x1a, "IED1PROT")), h("810100")))
    m.ask(service(1, ber(0xa0, num(0x80, 0)), ber(0xa1, vis(0x81, "IED1LD0")), vis(0x82, "LLN0$ST")),
          service(1, ber(0xa0, *[vis(0x1a, "MMXU1$MX$x%d" % i) for i in range(70)]), h("8101ff")))
    m.ask(service(1, ber(0xa0, num(0x80, 8)), ber(0xa1, h("8200"))), service(1, ber(0xa0), h("810100")))
    leaves = [h("8301ff"), h("840303fff8"), num(0x85, -5), num(0x86, 70000), h("87050841ac0000"), h("87090b4035800000000000"),
              h("8903010203"), vis(0x8a, "text"), h("8c06 02932e00 3c75"), h("8c04 02932e00"), vis(0x90, "MMS string"),
              h("9108 6921a1d0 800000 0a"), h("8e0100"), h("8b00")]
    for v in leaves:
        m.ask(service(4, ber(0xa1, varlist(one))), service(4, ber(0xa1, v)))
    nest = leaves[0]
    for i in range(24):
        nest = ber(0xa2, num(0x85, i), nest)
    m.ask(service(4, h("8001ff"), ber(0xa1, varlist(one, ("", "vmdVar"), ("@", "mine"), ("IED1LD0", "none")))),
          service(4, ber(0xa0, varlist(one)), ber(0xa1, leaves[4], ber(0xa2, leaves[0], leaves[11]), nest, num(0x80, 10))))
    m.ask(service(4, ber(0xa1, ber(0xa1, obj("IED1LD0", "LLN0$dsMeas")))), service(4, ber(0xa1, leaves[2], leaves[3])))
    m.ask(service(4, ber(0xa1, varlist(one))), service(4, ber(0xa1, num(0x80, 99))), mods=ber(0x30, ber(0xa0, num(0x80, 1))))
    m.ask(service(5, varlist(("IED1LD0", "CSWI1$CO$Pos$Oper")), ber(0xa0, ber(0xa2, h("8301ff"), num(0x85, 3)))), service(5, h("8100")))
    m.ask(service(5, varlist(("IED1LD0", "LLN0$RP$urcb01$RptEna"), ("IED1LD0", "PTOC1$SP$StrVal$setMag$f"), ("IED1LD0", "GGIO1$ST$x")),
                  ber(0xa0, h("8301ff"), h("87050841200000"), num(0x86, 1))), service(5, h("8100"), num(0x80, 3), num(0x80, 11)))
    m.ask(service(5, ber(0xa1, obj("IED1LD0", "list")), ber(0xa0, num(0x85, 1), num(0x85, 2))), service(5, h("8100"), h("8100")))
    m.ask(service(5, varlist(*[("IED1LD0", "GGIO1$SV$longenoughtofillupwhatiskept%02d" % i) for i in range(20)]),
                  ber(0xa0, *[num(0x85, i) for i in range(20)])), service(5, *[h("8100")] * 20))
    m.ask(service(6, ber(0xa0, obj(*one))), service(6, h("800100"), ber(0xa2, ber(0xa7, num(2, 32), num(2, 8)))))
    m.ask(service(11, obj("IED1LD0", "mylist"), varlist(one, one)), service(11, primitive=True))
    m.ask(service(12, obj("IED1LD0", "LLN0$dsMeas")), service(12, h("800100"), ber(0xa1, ber(0x30, ber(0xa0, obj(*one))))))
    m.ask(service(13, num(0x80, 0), ber(0xa1, obj("IED1LD0", "mylist"))), service(13, num(0x80, 1), num(0x81, 1)))
    m.ask(service(72, ber(0xa0, vis(0x19, "COMTRADE/1.DAT")), num(0x81, 0)),
          service(72, num(0x80, 5), ber(0xa1, num(0x80, 4096), vis(0x81, "20261122044500Z"))))
    m.ask(service(73, b"\5", primitive=True), service(73, ber(0x80, bytes(300)), h("8101ff")))
    m.ask(service(74, b"\5", primitive=True), service(74, primitive=True))
    m.ask(service(75, ber(0xa0, vis(0x19, "a.txt")), ber(0xa1, vis(0x19, "b.txt"))), service(75, primitive=True))
    m.ask(service(76, vis(0x19, "b.txt")), service(76, primitive=True))
    entry = ber(0x30, ber(0xa0, vis(0x19, "1.DAT")), ber(0xa1, num(0x80, 10)))
    m.ask(service(77, ber(0xa0, vis(0x19, "COMTRADE"))), service(77, ber(0xa0, entry, entry), h("810100")))
    m.ask(service(77), service(77, ber(0xa0, ber(0x30, entry, entry)), h("8101ff")))
    m.ask(service(46, ber(0xa1, vis(0x19, "new.cid")), ber(0xa2, vis(0x19, "ied.cid"))), service(46, primitive=True))
    m.ask(service(26, vis(0x80, "PROG1"), ber(0xa1), h("8201ff")), service(26, primitive=True))
    m.ask(service(27, b"PROG1", primitive=True), service(27, h("80010081010 0".replace(" ", ""))))
    m.ask(service(36, b"PROG1", primitive=True), service(36, primitive=True))
    for n in (40, 41, 42, 43, 44):
        m.ask(service(n, vis(0x80, "PI1")), service(n, primitive=True))
    m.ask(service(62, vis(0x80, "x")), None)
    m.ask(service(65, vis(0x80, "x")), service(65))
    for cls, code in ((7, 2), (7, 0), (11, 7), (2, 5), (12, 99)):
        m.ask(service(6, ber(0xa0, obj(*one))), ber(0xa2, ber(0xa0, num(0x80 | cls, code))), tag=0xa2)
    m.id += 1
    m.t.c(data(ber(0xa0, num(2, m.id), service(30, b""))))
    m.t.s(data(ber(0xa4, num(0x80, m.id), num(0x81, 1))))
    m.ask(service(2, primitive=True), service(2, vis(0x80, "Control Room AB"), vis(0x81, "Client"), vis(0x82, "1")), side=1)
    m.t.c(data(ber(0x85, b"\x63")))
    m.t.s(data(ber(0xa7, num(0x80, 0x63), ber(0xa1, ber(0xa0, num(0x8a, 1))))))
    m.t.c(data(ber(0x85, b"\x64")))
    m.t.s(data(ber(0x86, b"\x64")))
    report = [vis(0x8a, "IED1LD0/LLN0$RP$urcb01"), h("8403065800"), num(0x86, 7), h("840201f0"), ber(0xa2, h("8301ff"), leaves[11])]
    m.tell(0, ber(0xa1, vis(0x80, "RPT")), ber(0xa0, *report))
    m.tell(0, varlist(one, ("IED1LD0", "b")), ber(0xa0, leaves[4], num(0x80, 2)))
    m.tell(0, ber(0xa1, obj("IED1LD0", "ds")), ber(0xa0, *[num(0x85, i) for i in range(80)]))
    m.tell(1, num(0x80, 0), num(0x81, 1))
    m.tell(2, ber(0xa0, vis(0x80, "e")))
    m.t.c(data(h("8b00")))
    m.t.s(data(h("8c00")))
    for side, kind, acse_ in ((0, 9, "6203800100"), (1, 10, "6303800100")):
        user = ber(0x61, ber(0x30, h("020101"), ber(0xa0, h(acse_))))
        m.t.send(side, dt(bytes([kind, len(user) + 2, 0xc1, len(user)]) + user))
    m.t.close()
    cap.write("mms", "services")


def mms_sessions():
    """Refused, with a password, aborted, from the middle, in parts, malformed."""
    cap = Capture()
    t = Conversation(cap, 52010, 102, PG, PLC)
    t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1") + associate(0x0d, 0x60, INITIATE, h("8a020780 8b0352 0301 ac 08 8006 534553414d45")))
    t.s(connect(0xd0, 2, 1, b"\0\1", b"\0\1") + associate(0x0e, 0x61, b"", h("a203020101a305a103020101")))
    t.close()
    t = Conversation(cap, 52011, 102, PG, PLC)
    t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1") + associate(0x0d, 0x60, INITIATE))
    t.s(connect(0xd0, 2, 1, b"\0\1", b"\0\1") + associate(0x0e, 0x61, ber(0xaa, ber(0xa0, num(0x88, 1)))))
    t.close()
    t = Conversation(cap, 52012, 102, PG, PLC)
    t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1") + associate(0x0d, 0x60, INITIATE))
    t.s(connect(0xd0, 2, 1, b"\0\1", b"\0\1") + dt(h("0c 03 32 01 02")))
    t.close()
    m = MMS(cap, 52013, syn=False)
    one = ("IED1LD0", "MMXU1$MX$TotW$mag$f")
    m.t.s(data(ber(0xa1, num(2, 9), service(4, ber(0xa1, num(0x85, 3))))))
    m.ask(service(4, ber(0xa1, varlist(one))), service(4, ber(0xa1, num(0x85, 4))))
    long = service(4, ber(0xa1, varlist(*[("IED1LD0", "MMXU1$MX$variable%03d" % i) for i in range(40)])))
    m.id += 1
    q = h("01000100") + ber(0x61, ber(0x30, h("020103"), ber(0xa0, ber(0xa0, num(2, m.id), long))))
    m.t.c(dt(q[:500], False) + dt(q[500:900], False))
    m.t.c(dt(q[900:]))
    m.t.s(data(ber(0xa1, num(2, m.id), service(4, ber(0xa1, *[num(0x85, i) for i in range(40)])))))
    m.t.c(dt(h("19 03 110103")))
    m.t.s(data(ber(0xa1, num(2, 77), service(5, h("8100"), num(0x80, 3)))))
    m.t.s(data(ber(0xa2, num(0x80, 78), ber(0xa2, ber(0xa0, num(0x87, 3))))))
    bad = MMS(cap, 52014)
    bad.t.c(data(ber(0xa0, num(3, 1))))                         # no invoke id
    bad.t.c(data(h("bf7f00")))                                  # no such PDU
    bad.t.c(dt(h("01000100 61 7f 30 05")))                      # longer than what there is
    bad.t.c(dt(h("77 00")))                                     # no such session PDU
    bad.t.c(dt(h("0d ff ffff 05")))
    bad.t.c(dt(h("01000100 61 85 01020304 05")))                # a length of five bytes
    bad.t.c(data(ber(0xa0, num(2, 5), h("a4 05 a1 7f"))))       # inside the service
    bad.t.s(data(ber(0xa1, num(2, 5), service(5, h("8100")))))
    bad.t.c(data(ber(0xa0, num(2, 6))))                         # no service
    bad.t.s(data(ber(0xa1, num(2, 6), h("3000"))))
    bad.ask(service(5, varlist(one), h("a0 30 80")), service(5))
    bad.t.close()
    t = Conversation(cap, 52015, 102, PG, PLC)                  # OSI, but not MMS
    t.c(connect(0xe0, 1, 0, b"\0\1", b"\0\1"))
    t.s(connect(0xd0, 2, 1, b"\0\1", b"\0\1"))
    t.c(dt(session(0x0d, h("310180"))))
    t.close()
    cap.write("mms", "sessions")


def mms_middle():
    """A capture that began amid a PDU, of stacks that send a header and what follows
    it in segments of their own: no segment begins with a whole PDU."""
    cap = Capture()
    for port, at in ((52020, 4), (52021, 7)):
        m = MMS(cap, port, syn=False)

        def parts(side, b, at=at):
            m.t.send(side, b[:at])
            m.t.send(side, b[at:])

        def report(i):
            return data(ber(0xa3, service(0, ber(0xa1, vis(0x80, "RPT")), ber(0xa0, vis(0x8a, "IED1LD0/LLN0$RP$urcb01"), num(0x86, i)))))

        m.t.s(report(1)[20:])
        parts(1, report(2))
        parts(0, data(ber(0xa0, num(2, 9), service(5, varlist(("IED1LD0", "CSWI1$CO$Pos$Oper")), ber(0xa0, h("8301ff"))))))
        parts(1, data(ber(0xa1, num(2, 9), service(5, h("8100")))))
        parts(1, report(3))
    cap.write("mms", "middle")


s7_variables()
s7_lists()
s7_programs()
s7_userdata()
s7_transport()
s7_malformed()
s7plus_session()
s7plus_parts()
mms_services()
mms_sessions()
mms_middle()
