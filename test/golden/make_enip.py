#!/usr/bin/env python3
"""Builds test/golden/enip/*.pcap and test/golden/cipio/*.pcap: sessions, discovery,
CIP objects and tags, connections and routes, packets of several services, PCCC,
implicit I/O, and what is malformed."""
import os
import struct

from frames import ACK, PSH, Capture, Talk, eth, ipv4, udp

HERE = os.path.dirname(os.path.abspath(__file__))
SESSION = 0x00010203


def le16(*v):
    return struct.pack("<%dH" % len(v), *v)


def le32(*v):
    return struct.pack("<%dI" % len(v), *v)


def encap(cmd, data=b"", session=SESSION, status=0, context=1, options=0, length=None):
    return struct.pack("<HHIIQI", cmd, len(data) if length is None else length, session, status, context,
                       options) + data


def items(*pairs):
    return le32(0) + le16(0, len(pairs)) + b"".join(le16(t, len(d)) + d for t, d in pairs)


def rr(cip, context=1, **kw):
    return encap(0x6f, items((0, b""), (0xb2, cip)), context=context, **kw)


def unit(conn, seq, cip, **kw):
    return encap(0x70, items((0xa1, le32(conn)), (0xb1, le16(seq) + cip)), context=0, **kw)


def logical(kind, v):
    if v < 256:
        return bytes([0x20 | kind << 2, v])
    if v < 65536:
        return bytes([0x21 | kind << 2, 0]) + le16(v)
    return bytes([0x22 | kind << 2, 0]) + le32(v)


def path(cls=None, inst=None, attr=None, member=None, point=None):
    out = b""
    for kind, v in ((0, cls), (1, inst), (4, attr), (2, member), (3, point)):
        if v is not None:
            out += logical(kind, v)
    return out


def symbol(name):
    """Program:Main.Tag[3,4] as segments."""
    out = b""
    for part in name.split("."):
        part, _, index = part.partition("[")
        b = part.encode()
        out += bytes([0x91, len(b)]) + b + (b"\0" if len(b) & 1 else b"")
        for i in index.rstrip("]").split(",") if index else []:
            out += logical(2, int(i))
    return out


def req(svc, p, data=b""):
    return bytes([svc, len(p) // 2]) + p + data


def resp(svc, data=b"", status=0, ext=b""):
    return bytes([svc | 0x80, 0, status, len(ext) // 2]) + ext + data


def several(*messages):
    at, offsets = 2 + 2 * len(messages), []
    for m in messages:
        offsets.append(at)
        at += len(m)
    return le16(len(messages), *offsets) + b"".join(messages)


def via(message, route):
    pad = b"\0" if len(message) & 1 else b""
    return req(0x52, path(6, 1), b"\x07\xe8" + le16(len(message)) + message + pad +
               bytes([len(route) // 2, 0]) + route)


IDENT = (le16(1, 14, 54) + bytes([16, 20]) + le16(0x3160) + le32(0x0051823f) +
         bytes([16]) + b"1756-L61 SAMPLE1")
LISTED = le16(1) + struct.pack(">HH4s8x", 2, 44818, bytes([10, 0, 0, 2])) + IDENT + b"\x03"


class Enip(Capture):
    def write(self, proto, name):
        os.makedirs(os.path.join(HERE, proto), exist_ok=True)
        self.save(os.path.join(HERE, proto, name + ".pcap"))


def datagram(cap, sport, dport, data, src="10.0.0.1", dst="10.0.0.2", smac="02:00:00:00:00:01",
             dmac="02:00:00:00:00:02"):
    cap.add(eth(ipv4(17, udp(sport, dport, data), src, dst), src=smac, dst=dmac))


def session():
    cap = Enip()
    t = Talk(cap, sport=44818)
    t.c(encap(0x00))
    t.c(encap(0x65, le16(1, 0), session=0))
    t.s(encap(0x65, le16(1, 0)))
    t.c(encap(0x65, le16(9, 0), session=0))
    t.s(encap(0x65, le16(1, 0), session=0, status=0x69))
    for cmd, data in ((0x63, le16(1, 0x0c, len(LISTED)) + LISTED),
                      (0x04, le16(1, 0x100, 20, 1, 0x120) + b"Communications\0\0"), (0x64, le16(0))):
        t.c(encap(cmd))
        t.s(encap(cmd, data))
    t.c(encap(0x6f, b"", session=99))
    t.s(encap(0x6f, b"", session=99, status=0x64))
    t.c(encap(0x66))
    t.close()
    # discovery: a question to all, an answer, and one nobody asked for in sight
    datagram(cap, 50000, 44818, encap(0x63, session=0), dst="255.255.255.255", dmac="ff:ff:ff:ff:ff:ff")
    datagram(cap, 44818, 50000, encap(0x63, le16(1, 0x0c, len(LISTED)) + LISTED, session=0), src="10.0.0.2",
             dst="10.0.0.1", smac="02:00:00:00:00:02", dmac="02:00:00:00:00:01")
    datagram(cap, 50001, 44818, encap(0x63, session=0))
    datagram(cap, 44818, 50001, encap(0x63, le16(1, 0x0c, len(LISTED)) + LISTED, session=0), src="10.0.0.2",
             dst="10.0.0.1", smac="02:00:00:00:00:02", dmac="02:00:00:00:00:01")
    datagram(cap, 50002, 44818, encap(0x04, session=0), dst="10.0.0.9")
    cap.write("enip", "session")


def exchange(t, pairs, wrap=None):
    for i, (q, a) in enumerate(pairs):
        t.c(rr(wrap(q) if wrap else q, context=100 + i))
        if a is not None:
            t.s(rr(a, context=100 + i))


def objects():
    cap = Enip()
    t = Talk(cap, sport=44818)
    name = b"\x06PUMP-3"
    exchange(t, [
        (req(0x01, path(1, 1)), resp(0x01, IDENT)),
        (req(0x0e, path(1, 1, 7)), resp(0x0e, name)),
        (req(0x0e, path(1, 1, 6)), resp(0x0e, le32(0x01020304))),
        (req(0x0e, path(1, 1, 5)), resp(0x0e, le16(0x30))),
        (req(0x03, path(1, 1), le16(6, 1, 2, 3, 4, 6, 7)),
         resp(0x03, le16(6, 1, 0, 1, 2, 0, 12, 3, 0, 58, 4, 0) + b"\x04\x03" + le16(6, 0) + le32(7) +
              le16(7, 0) + name)),
        (req(0x03, path(1, 1), le16(2, 8, 99)), resp(0x03, le16(2, 8, 0) + b"\x03" + le16(99, 0x14), 0x0a)),
        (req(0x01, path(0xf5, 1)), resp(0x01, le32(1, 4, 0) + le16(2) + path(0xf6, 1) + bytes(20) + le16(3) +
                                        b"lab\0" + le16(7) + b"MIXER-1\0")),
        (req(0x0e, path(0xf5, 1, 6)), resp(0x0e, le16(7) + b"MIXER-1\0")),
        (req(0x10, path(0xf5, 1, 5), bytes([2, 0, 0, 10]) + bytes(18)), resp(0x10)),
        (req(0x0e, path(0xf6, 1, 3)), resp(0x0e, bytes.fromhex("020000000002"))),
        (req(0x04, path(0x8b, 1), le16(1, 6) + struct.pack("<Q", 1764000000000000)), resp(0x04, le16(1, 6, 0))),
        (req(0x04, path(0x6b, 5), le16(2, 1, 3)), resp(0x04)),
        (req(0x10, path(0x61, 1, 2), b"\x08SECRET77"), resp(0x10)),
        (req(0x0e, path(0x61, 1, 2)), resp(0x0e, b"\x08SECRET77")),
        (req(0x04, path(0x6b, 5), le16(1, 1) + b"\x09\0BoolTag01" + bytes(9)), resp(0x04)),
        (req(0x05, path(1, 1), b"\x01"), resp(0x05)),
        (req(0x05, path(1, 1)), resp(0x05, status=0x0f)),
        (req(0x06, path(0x8e, 1)), resp(0x06)),
        (req(0x07, path(0x8e, 1)), resp(0x07, status=0x10, ext=le16(0x1234))),
        (req(0x08, path(0x6a, 9)), resp(0x08)),
        (req(0x4b, path(0x8e, 1) + path(0x74, 1), b"\0"), resp(0x4b)),
        (req(0x4c, path(0x37, 200), b"\x08prog.l5k"), resp(0x4c, bytes(8))),
        (req(0x50, path(0x37, 200), b"\0\1data"), resp(0x50, b"\0")),
        (req(0x4f, path(0x44, 1), le16(0, 1) + b"\1"), resp(0x4f, le16(0, 1))),
        (req(0x0e, path(4, 100, 3)), resp(0x0e, bytes(range(12)))),
        (req(0x10, path(4, 150, 3), b"\1\2\3\4"), resp(0x10, status=0x0e)),
        (req(0x0e, path(0x4321, 0x12345, 300)), resp(0x0e, status=0x05, ext=le16(0))),
        (req(0x5f, path(0x310, 1)), resp(0x5f, status=0x77)),
        (req(0x5f, path(0x99, 1, member=3)), resp(0x5f)),
        (req(0x4b, path(0x40, 1), b"\1"), resp(0x4b)),
        (req(0x10, path(0x34, 1, 4), struct.pack("<f", 1.5)), resp(0x10)),
        (req(0x0e, path(0x40, 1, 3)), resp(0x0e, le16(7))),
        (req(0x17, b""), resp(0x17)),
        (req(0x0e, path(1, 1, 1)), None),
    ])
    t.close()
    cap.write("enip", "objects")


def tags():
    cap = Enip()
    t = Talk(cap, sport=44818)
    values = [(0xc1, b"\xff"), (0xc2, b"\xfe"), (0xc3, le16(0xfff0)), (0xc4, le32(123456)),
              (0xc5, struct.pack("<q", -5)), (0xc6, b"\x80"), (0xc7, le16(65535)), (0xc8, le32(0xffffffff)),
              (0xc9, struct.pack("<Q", 1 << 60)), (0xca, struct.pack("<f", 21.5)), (0xcb, struct.pack("<d", -0.25)),
              (0xca, struct.pack("<ff", float("nan"), float("inf"))), (0xca, struct.pack("<f", float("-inf"))),
              (0xd0, le16(5) + b"hello"), (0xda, b"\x05world"), (0xd2, le16(1, 2, 3)), (0xd3, le32(7)),
              (0xc1, b"\1\0\1"), (0x99, b"\1\2")]
    pairs = []
    for i, (ty, v) in enumerate(values):
        n = "Program:Main.Tag%d" % i
        pairs.append((req(0x4c, symbol(n), le16(1)), resp(0x4c, le16(ty) + v)))
        pairs.append((req(0x4d, symbol(n), le16(ty, 1) + v), resp(0x4d)))
    text = le16(0x02a0, 0x0fce) + le32(4) + b"abcd" + bytes(78)
    pairs += [
        (req(0x4c, symbol("Recipe.Name"), le16(1)), resp(0x4c, text)),
        (req(0x4d, symbol("Recipe.Name"), text[:4] + le16(1) + text[4:]), resp(0x4d)),
        (req(0x4c, symbol("Udt[2]"), le16(1)), resp(0x4c, le16(0x02a0, 0x1234) + bytes(range(80)))),
        (req(0x52, symbol("Array[3,4].Level"), le16(500) + le32(0)), resp(0x52, le16(0xc4) + le32(1, 2), 6)),
        (req(0x52, symbol("Array[3,4].Level"), le16(500) + le32(8)), resp(0x52, le16(0xc4) + le32(3, 4))),
        (req(0x53, symbol("Array[0]"), le16(0xc4, 500) + le32(8) + le32(9, 10)), resp(0x53)),
        (req(0x4e, symbol("Flags"), le16(4) + le32(0x10, 0xffffffff)), resp(0x4e)),
        (req(0x4e, symbol("Flags"), le16(1) + b"\0\xef"), resp(0x4e)),
        (req(0x4c, path(0x6b, 77), le16(1)), resp(0x4c, le16(0xc3, 12))),
        (req(0x4c, path(0x6b, 77, member=3), le16(2)), resp(0x4c, le16(0xc3, 12, 13))),
        (req(0x55, symbol("Program:Main") + path(0x6b, 0), le16(2, 1, 2)),
         resp(0x55, le32(1) + le16(3) + b"Abc" + le16(0xc4), 6)),
        (req(0x4d, symbol("Locked"), le16(0xc4, 1) + le32(1)), resp(0x4d, status=0x0f)),
        (req(0x4c, symbol("Missing"), le16(1)), resp(0x4c, status=0x04, ext=le16(0))),
        (req(0x4c, b"\x63abc" + symbol("x"), le16(1)), resp(0x4c, status=0xff, ext=le16(0x2105))),
        (req(0x4c, path(0x6c, 4), le32(0) + le16(60)), resp(0x4c, bytes(60))),
    ]
    exchange(t, pairs)
    t.close()
    cap.write("enip", "tags")


KEY = bytes([0x34, 4]) + le16(1, 14, 54) + bytes([0x90, 20])


def open_data(serial, route, trigger=0xa3, large=False, ot=0, to=0x80000001):
    params = (lambda v: le32(v)) if large else (lambda v: le16(v))
    a, b = (0x42000fa2, 0x42000fa2) if large else (0x43f4, 0x43f4)
    return (b"\x0a\x0e" + le32(ot, to) + le16(serial, 1) + le32(0x11223344) + b"\x03\0\0\0" + le32(2000000) +
            params(a) + le32(2000000) + params(b) + bytes([trigger, len(route) // 2]) + route)


def opened(serial, ot, to):
    return le32(ot, to) + le16(serial, 1) + le32(0x11223344, 2000000, 2000000) + b"\0\0"


def connections():
    cap = Enip()
    t = Talk(cap, sport=44818)
    slot0 = b"\x01\x00" + KEY + path(2, 1)
    t.c(rr(req(0x54, path(6, 1), open_data(5, slot0)), context=1))
    t.s(rr(resp(0x54, opened(5, 0x00351309, 0x80000001)), context=1))
    t.c(unit(0x00351309, 1, req(0x01, path(1, 1))))
    t.s(unit(0x80000001, 1, resp(0x01, IDENT)))
    t.c(unit(0x00351309, 2, req(0x4c, symbol("Level"), le16(1))))
    t.s(unit(0x80000001, 2, resp(0x4c, le16(0xca) + struct.pack("<f", 1.5))))
    t.c(unit(0x00351309, 2, req(0x4c, symbol("Level"), le16(1))))  # sent again, not answered
    t.c(rr(req(0x4e, path(6, 1), b"\x0a\x0e" + le16(5, 1) + le32(0x11223344) + bytes([len(slot0) // 2, 0]) + slot0),
           context=2))
    t.s(rr(resp(0x4e, le16(5, 1) + le32(0x11223344) + b"\0\0"), context=2))
    # two connections whose counts are the same at the same time
    for serial, ot, to, slot in ((8, 0x801, 0x802, b"\x01\x01"), (9, 0x901, 0x902, b"\x01\x02")):
        t.c(rr(req(0x54, path(6, 1), open_data(serial, slot + path(2, 1))), context=serial))
        t.s(rr(resp(0x54, opened(serial, ot, to)), context=serial))
    t.c(unit(0x801, 7, req(0x4c, symbol("One"), le16(1))))
    t.c(unit(0x901, 7, req(0x4c, symbol("Two"), le16(1))))
    t.s(unit(0x902, 7, resp(0x4c, le16(0xc3, 2))))
    t.s(unit(0x802, 7, resp(0x4c, le16(0xc3, 1))))
    io = path(4, 102) + logical(3, 101) + logical(3, 100)
    t.c(rr(req(0x5b, path(6, 1), open_data(6, io, trigger=0x01, large=True)), context=3))
    t.s(rr(resp(0x5b, le16(6, 1) + le32(0x11223344) + b"\x03\0", 1, le16(0x106)), context=3))
    t.c(rr(req(0x54, path(6, 1), open_data(7, io, trigger=0x10)), context=4))
    t.s(rr(resp(0x54, opened(7, 0x1111, 0x2222)), context=4))
    # passed on: to a slot, through a second chassis, and one that gets nowhere
    far = b"\x01\x03" + b"\x12\x0810.0.0.5" + b"\x01\x02"
    exchange(t, [(req(0x01, path(1, 1)), resp(0x01, IDENT))], lambda q: via(q, b"\x01\x00"))
    exchange(t, [(req(0x0e, path(1, 1, 7)), resp(0x0e, b"\x08PUMP 3/A"))], lambda q: via(q, far))
    exchange(t, [(req(0x4d, symbol("Set"), le16(0xc1, 1) + b"\1"), resp(0x52, b"\x02", 1, le16(0x204)))],
             lambda q: via(q, b"\x02\x09"))
    t.close()
    cap.write("enip", "connections")


def multiple():
    cap = Enip()
    t = Talk(cap, sport=44818)
    read = [req(0x4c, symbol("T%d" % i), le16(1)) for i in range(12)]
    t.c(unit(9, 1, req(0x0a, path(2, 1), several(*read))))
    t.s(unit(8, 1, resp(0x0a, several(*[resp(0x4c, le16(0xc3, i)) for i in range(12)]))))
    mixed = [read[0], req(0x4d, symbol("A"), le16(0xc4, 1) + le32(7)), req(0x07, path(0x8e, 1)),
             req(0x4d, symbol("B"), le16(0xc4, 1) + le32(8)), req(0x01, path(1, 1))]
    answers = [resp(0x4c, le16(0xca) + struct.pack("<f", 2.5)), resp(0x4d), resp(0x07, status=0x0f),
               resp(0x4d, status=4, ext=le16(0)), resp(0x01, IDENT)]
    t.c(unit(9, 2, req(0x0a, path(2, 1), several(*mixed))))
    t.s(unit(8, 2, resp(0x0a, several(*answers), 0x1e)))
    t.c(unit(9, 3, req(0x0a, path(2, 1), several(*mixed))))
    t.s(unit(8, 3, resp(0x0a, status=0x08)))
    t.c(unit(9, 4, req(0x0a, path(2, 1), several(mixed[1]))))  # never answered
    big = [req(0x4d, symbol("Block%02d" % i), le16(0xc4, 20) + le32(*range(20))) for i in range(12)]
    t.c(unit(9, 5, req(0x0a, path(2, 1), several(*big))))
    t.s(unit(8, 5, resp(0x0a, several(*[resp(0x4d)] * 12))))
    t.c(unit(9, 6, req(0x0a, path(2, 1), le16(3, 8, 6, 4) + read[0])))  # offsets that go back
    t.s(unit(8, 6, resp(0x0a, le16(60000, 4) + b"\xcc")))
    t.close()
    cap.write("enip", "multiple")


def pccc():
    cap = Enip()
    t = Talk(cap, sport=44818)
    ident = b"\x07" + le16(0x1234) + le32(0xaabbccdd)
    n = [0]
    pairs = []

    def q(cmd, fnc, data=b"", answer=b"", sts=0, ext=None):
        n[0] += 1
        m = ident + bytes([cmd, 0]) + le16(n[0]) + (bytes([fnc]) if fnc is not None else b"") + data
        a = ident + bytes([cmd | 0x40, sts]) + le16(n[0]) + (bytes([ext]) if ext is not None else b"") + answer
        pairs.append((req(0x4b, path(0x67, 1), m), resp(0x4b, a)))

    q(0x06, 0x03, b"", b"\x00\xee\x31\x5b\x23" + b"5/04       " + bytes(9))
    q(0x06, 0x00, b"hi", b"hi")
    q(0x0f, 0xa2, b"\x04\x07\x89\x00\x00", le16(11, 0xfffe))
    q(0x0f, 0xa2, b"\x02\xff\x01\x01\x89\xff\x2c\x01\x00", le16(5))
    q(0x0f, 0xa2, b"\x04\x08\x8a\x02\x00", struct.pack("<f", 3.25))
    q(0x0f, 0xaa, b"\x02\x04\x86\x01\x01" + le16(250))
    q(0x0f, 0xab, b"\x02\x03\x85\x00\x00" + le16(0x20, 0x20))
    q(0x0f, 0xaa, b"\x06\x06\x88\x03\x02" + le16(1))
    q(0x0f, 0xaa, b"\x02\x02\x84\x01\x03" + le16(1), sts=0xf0, ext=0x0b)
    q(0x0f, 0xa1, b"\x02\x00\x99\x00", sts=0x10)
    q(0x0f, 0x80, b"\x01")
    q(0x0f, 0x80, b"\x06", sts=0xf0, ext=0x77)
    q(0x0f, 0x3a, b"\x02")
    q(0x0f, 0x50)
    q(0x0f, 0x52)
    q(0x0f, 0x57)
    q(0x0f, 0x68, le16(0, 1) + b"\0$N7:0\0" + le16(1), b"\x42" + le16(7))
    q(0x0f, 0x67, le16(0, 1) + b"\x06\x07\x05" + b"\x42" + le16(7))
    q(0x07, 0x04)
    q(0x08, None, le16(10, 1))
    q(0x0f, 0xee, b"\1\2")
    exchange(t, pairs)
    t.close()
    cap.write("enip", "pccc")


def malformed():
    cap = Enip()
    t = Talk(cap, sport=44818)
    t.c(encap(0x65, le16(1, 0), session=0))
    t.s(encap(0x65, le16(1, 0)))
    t.c(encap(0x6f, le32(0) + le16(0, 2, 0, 0, 0xb2, 99) + b"\x01\x02\x20\x01\x24\x01"))
    t.c(rr(b"\x0e\x20\x20\x01", context=7))
    t.c(rr(req(0x0e, b"\x3f\x01\x24\x01"), context=8))
    t.s(rr(resp(0x0e, b"\1"), context=8))
    t.c(rr(req(0x0e, path(1, 1, 1)), context=9))
    t.s(rr(b"\x8e\0\0\x20", context=9))
    t.c(rr(req(0x54, path(6, 1), b"\1\2\3"), context=10))
    t.s(rr(resp(0x54, b"\1\2"), context=10))
    t.c(rr(req(0x52, path(6, 1), b"\1\2\xff\xff\1"), context=11))
    t.s(rr(resp(0x52, b"\0", 1, le16(0x205)), context=11))
    t.c(rr(req(0x4b, path(0x67, 1), b"\x40\1"), context=12))
    t.s(rr(resp(0x4b, b"\x07\1"), context=12))
    t.c(encap(0x77))
    t.c(encap(0x63))
    t.s(encap(0x63, le16(9, 0x0c, 30) + LISTED[:30]))
    t.close()
    datagram(cap, 50000, 44818, encap(0x63, length=20))
    cap.write("enip", "malformed")


def midstream():
    cap = Enip()
    t = Talk(cap, sport=44818, open_=False)
    t.raw(1, PSH | ACK, unit(8, 1, resp(0x4c, le16(0xc3, 5))))
    t.sseq += len(unit(8, 1, resp(0x4c, le16(0xc3, 5))))
    t.c(unit(9, 2, req(0x4c, symbol("Level"), le16(1))))
    t.s(unit(8, 2, resp(0x4c, le16(0xc3, 6))))
    # in pieces, two in one segment
    m = unit(9, 3, req(0x4d, symbol("Level"), le16(0xc3, 1, 7)))
    t.c(m[:10])
    t.c(m[10:30])
    t.c(m[30:] + unit(9, 4, req(0x0e, path(1, 1, 7))))
    t.s(unit(8, 3, resp(0x4d)) + unit(8, 4, resp(0x0e, b"\x03abc")))
    # another port, by its shape
    u = Talk(cap, cport=40001, sport=9999)
    u.c(encap(0x65, le16(1, 0), session=0))
    u.s(encap(0x65, le16(1, 0)))
    u.close()
    cap.write("enip", "midstream")


def implicit():
    cap = Enip()

    def io(conn, seq, data, back=False, count=True, n=2):
        p = le16(n, 0x8002, 8) + le32(conn, seq) + le16(0xb1, len(data) + 2) + le16(seq & 0xffff) + data
        a, b, ma, mb = "10.0.0.1", "10.0.0.2", "02:00:00:00:00:01", "02:00:00:00:00:02"
        if back:
            a, b, ma, mb = b, a, mb, ma
        datagram(cap, 2222, 2222, p, a, b, ma, mb)

    for i in range(1, 7):
        io(0x100, i, le32(1) + b"\1\2")
        io(0x200, i, bytes([i, 200, 3, 4, 5]), back=True)
    for i in range(9, 13):          # two lost, then idle
        io(0x100, i, le32(0) + b"\1\2")
    io(0x100, 12, le32(0) + b"\1\2")
    io(0x100, 13, le32(1) + b"\1\2")
    for i in range(40):             # more than are followed
        io(0x1000 + i, 1, b"\1\2\3\4\5\6")
    datagram(cap, 2222, 2222, le16(2, 0x8002, 8) + le32(1, 1) + le16(0xb1, 99) + b"\1")
    datagram(cap, 2222, 2222, le16(2, 0x8002, 8) + le32(1, 1))
    cap.write("cipio", "implicit")


session()
objects()
tags()
connections()
multiple()
pccc()
malformed()
midstream()
implicit()
