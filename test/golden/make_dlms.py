#!/usr/bin/env python3
"""Makes test/golden/dlms/*.pcap: associations, get, set and action of one and several
objects and in blocks, every type of data, ciphered messages, HDLC with segments and
physical addresses, the wrapper over TCP and UDP, what is malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

CMD, RSP = b"\xe6\xe6\x00", b"\xe6\xe7\x00"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def x25(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0x8408 if c & 1 else c >> 1
    return struct.pack("<H", c ^ 0xffff)


def hdlc(to, frm, control, info=b"", more=False, bad=False):
    body = to + frm + bytes([control])
    n = 2 + len(body) + 2 + (len(info) + 2 if info else 0)
    b = struct.pack(">H", 0xa000 | (0x800 if more else 0) | n) + body
    b += x25(b)
    if info:
        b += info
        b += x25(b)
    if bad:
        b = b[:-1] + bytes([b[-1] ^ 1])
    return b"\x7e" + b + b"\x7e"


def wrap(src, dst, apdu, n=None):
    return struct.pack(">HHHH", 1, src, dst, len(apdu) if n is None else n) + apdu


def obj(cls, obis, index):
    return struct.pack(">H", cls) + bytes(obis) + struct.pack("b", index)


NAME, CLOCK = (0, 0, 42, 0, 0, 255), (0, 0, 1, 0, 0, 255)
ENERGY, FW, SERIAL = (1, 0, 1, 8, 0, 255), (1, 0, 0, 2, 0, 255), (0, 0, 96, 1, 0, 255)
AARQ = h("60 36 a109 060760857405080101 8a020780 8b0760857405080201 ac0a8008") + b"SECRETPW" + h("be10 040e 01000000065f1f0400007e1f0080")
AARE = h("61 29 a109 060760857405080101 a203020100 a305a103020100 be10 040e 0800065f1f040000181d007d0007")
AARE_NO = h("61 1f a109 060760857405080101 a203020101 a305a10302010d be06 0404 0e010601")
AARE_TITLE = h("61 23 a109 060760857405080103 a40a 0408") + b"ABC\0\0\x01\x02\x03" + h("a203020100 a305a10302010e")
AARQ_HLS = h("60 28 a109 060760857405080103 a60a 0408") + b"XYZ\0\0\0\0\x09" + h("8b0760857405080205 ac068004aabbccdd")


def get(i, o, access=b"\0"):
    return bytes([0xc0, 1, 0xc0 | i]) + o + access


def got(i, data):
    return bytes([0xc4, 1, 0xc0 | i, 0]) + data


def set_(i, o, data):
    return bytes([0xc1, 1, 0xc0 | i]) + o + b"\0" + data


def act(i, o, data=None):
    return bytes([0xc3, 1, 0xc0 | i]) + o + (b"\1" + data if data is not None else b"\0")


PAIRS = [
    (AARQ, AARE), (AARQ, AARE_NO), (AARQ_HLS, AARE_TITLE),
    (get(1, obj(1, NAME, 2)), got(1, b"\x09\x10ABC1234567890123")),
    (get(2, obj(1, FW, 2)), got(2, b"\x0a\x06V1.2.3")),
    (get(3, obj(1, SERIAL, 2)), got(3, b"\x09\x0812345678")),
    (get(4, obj(3, ENERGY, 2)), got(4, h("06 0001e240"))),
    (get(5, obj(8, CLOCK, 2)), got(5, h("09 0c 07e90b18010c000000800000"))),
    (get(6, obj(15, (0, 0, 40, 0, 0, 255), 7)), got(6, b"\x09\x08SECRETPW")),
    (get(7, obj(7, (1, 0, 99, 1, 0, 255), 2), h("01 01 0204 0204 12 0008 09 06 0000010000ff 0f 02 12 0000 06 00000001 06 00000002 0100")),
     got(7, h("01 02 02 02 12 0001 06 00000002 02 02 12 0003 06 00000004"))),
    (get(8, obj(3, ENERGY, 2)), h("c4 01 c8 01 03")),
    (get(8, obj(3, ENERGY, 2)), h("c4 01 c8 01 63")),
    (get(9, obj(3, ENERGY, 2)), h("c4 02 c9 00 00000001 00 03 010203")),
    (h("c0 02 c9 00000001"), h("c4 02 c9 01 00000002 00 03 010203")),
    (h("c0 02 c9 00000002"), h("c4 02 c9 01 00000002 01 0f")),
    (h("c0 03 ca 03") + obj(3, ENERGY, 2) + b"\0" + obj(1, NAME, 2) + b"\0" + obj(3, ENERGY, 3) + b"\0",
     h("c4 03 ca 03 00 06 00000007 01 04 00 02 02 0f fd 16 1e")),
    (set_(1, obj(1, (1, 1, 0, 0, 0, 255), 2), h("12 0102")), h("c5 01 c1 00")),
    (set_(2, obj(8, CLOCK, 3), h("10 ffc4")), h("c5 01 c2 03")),
    (set_(3, obj(15, (0, 0, 40, 0, 0, 255), 7), b"\x09\x08NEWSECRT"), h("c5 01 c3 00")),
    (h("c1 02 c4") + obj(1, NAME, 2) + h("00 00 00000001 03 090102"), h("c5 02 c4 00000001")),
    (h("c1 03 c4 01 00000002 03 090102"), h("c5 03 c4 00 00000002")),
    (h("c1 04 c5 02") + obj(1, NAME, 2) + b"\0" + obj(3, ENERGY, 2) + b"\0" + h("02 0a 02 4142 06 00000005"),
     h("c5 05 c5 02 00 0c")),
    (act(1, obj(70, (0, 0, 96, 3, 10, 255), 1), h("0f 00")), h("c7 01 c1 00 00")),
    (act(2, obj(70, (0, 0, 96, 3, 10, 255), 2), h("0f 00")), h("c7 01 c2 03 00")),
    (act(3, obj(9, (0, 0, 10, 0, 0, 255), 1), h("12 0001")), h("c7 01 c3 00 01 00 00")),
    (act(4, obj(15, (0, 0, 40, 0, 0, 255), 1), b"\x09\x04\xde\xad\xbe\xef"), h("c7 01 c4 00 01 00 09 04 cafebabe")),
    (act(5, obj(18, (0, 0, 44, 0, 0, 255), 2), h("02 02 06 00000000 09 04 01020304")), h("c7 01 c5 00 00")),
    (act(6, obj(64, (0, 0, 43, 0, 0, 255), 2), h("01 01 02 02 16 00 09 03 010203")), h("c7 01 c6 00 00")),
    (act(7, obj(3, ENERGY, 1)), h("d8 01 02")),
    (h("c3 02 c8 00000001"), h("c7 04 c8 00000001")),
    (h("c3 03 c9 02") + obj(3, ENERGY, 1) + obj(3, FW, 1) + h("02 0f 00 0f 01"), h("c7 03 c9 02 00 00 00 00")),
    (h("c8 0c 30 00000007 0102030405 0607"), h("cc 0a 30 00000008 0102030405")),
    (h("cb 81 0c 30 00000009 01020304050607"), h("cf 0a 30 00000008 0102030405")),
    (h("d1 0c 30 0000000a 01020304050607"), h("d5 0a 30 00000008 0102030405")),
    (h("db 08 5859 5a00 0000 0009 0c 30 0000000b 0102030405060708"), h("db 08 4142 4300 0001 0203 0c 30 0000000c 01")),
    (h("05 01 02 0008"), h("0c 01 00 06 00000001")), (h("06 01 02 0008 01 0f 05"), h("0d 01 00")),
    (h("01 00000006 5f1f0400 001e1d ffff"), h("0e 01 06 01")),
    (h("62 03 800100"), h("63 03 800100")),
]

TYPES = [h(x) for x in (
    "00", "03 01", "03 00", "04 09 ff80", "05 fffffff0", "06 fffffff0", "09 02 0001", "0a 03 414243",
    "0c 03 414243", "0d 12", "0f ff", "10 ffff", "11 ff", "12 ffff", "14 ffffffffffffffff",
    "15 00000000ffffffff", "16 05", "17 3fc00000", "18 3ff8000000000000", "19 07e90b18010c000000800000",
    "1a 07e90b1801", "1b 0c000000", "13 02 01 02", "ff", "09 81 03 414243", "09 82 0003 414243", "02 00",
    "01 84 ffffffff", "09 85")]


def wrapper():
    cap = Capture()
    t = Conversation(cap, 40000, 4059)
    for q, a in PAIRS:
        t.c(wrap(16, 1, q))
        t.s(wrap(1, 16, a))
    for i, d in enumerate(TYPES):
        t.c(wrap(16, 1, get(i & 15, obj(1, NAME, 3))))
        t.s(wrap(1, 16, got(i & 15, d)))
    t.s(wrap(1, 102, h("c2 00") + obj(1, FW, 2) + h("12 0005")))
    t.s(wrap(1, 102, h("c2 01 0c 07e90b18010c000000800000") + obj(1, FW, 2) + h("12 0005")))
    t.s(wrap(1, 102, h("0f 00000001 00 02 01 06 00000001")))
    t.s(wrap(1, 16, got(9, h("06 00000001"))))
    t.c(wrap(16, 1, get(1, obj(3, ENERGY, 2))) + wrap(16, 1, get(2, obj(3, ENERGY, 2)))[:11])
    t.c(wrap(16, 1, get(2, obj(3, ENERGY, 2)))[11:])
    t.close()
    cap.write("dlms", "wrapper")


def datagrams():
    cap = Capture()
    cap.add(eth(ipv4(17, udp(40000, 4059, wrap(16, 1, get(1, obj(1, NAME, 2)))))))
    cap.add(eth(ipv4(17, udp(4059, 40000, wrap(1, 16, PAIRS[3][1])), "10.0.0.2", "10.0.0.1")))
    cap.add(eth(ipv4(17, udp(4059, 40001, wrap(1, 16, AARE)), "10.0.0.2", "10.0.0.1")))
    cap.add(eth(ipv4(17, udp(40000, 4059, wrap(16, 1, get(1, obj(1, NAME, 2)), n=90)))))
    cap.write("dlms", "udp")


def frames_():
    cap = Capture()
    t = Conversation(cap, 40002, 4060)
    c, s, phys = b"\x21", b"\x03", b"\x02\x23"
    for srv in (s, phys, b"\x00\x02\x04\x23"):
        t.c(hdlc(srv, c, 0x93))
        t.s(hdlc(c, srv, 0x73, h("8180120501800601800704 00000001 0804 00000001")))
        for q, a in PAIRS[:1] + PAIRS[3:7] + PAIRS[16:17]:
            t.c(hdlc(srv, c, 0x10, CMD + q))
            t.s(hdlc(c, srv, 0x30, RSP + a))
    a = RSP + got(1, b"\x09\x81\x80" + b"\xaa" * 128)
    t.c(hdlc(s, c, 0x32, CMD + get(1, obj(1, NAME, 2))))
    t.s(hdlc(c, s, 0x30, a[:50], more=True))
    t.c(hdlc(s, c, 0x31))
    t.s(hdlc(c, s, 0x32, a[50:100], more=True))
    t.s(hdlc(c, s, 0x34, a[100:]))
    t.s(hdlc(c, s, 0x13, RSP + h("c2 00") + obj(1, FW, 2) + h("12 0005")))
    t.c(hdlc(s, c, 0x53))
    t.s(hdlc(c, s, 0x1f))
    # frames that share a flag, frames side by side
    t.c(hdlc(s, c, 0x10, CMD + get(2, obj(1, NAME, 2)))[:-1] + hdlc(s, c, 0x12, CMD + get(3, obj(1, FW, 2))))
    t.close()
    # an answer first
    t = Conversation(cap, 40003, 14060, syn=False)
    t.s(hdlc(c, s, 0x30, RSP + PAIRS[3][1]))
    t.c(hdlc(s, c, 0x10, CMD + get(2, obj(1, NAME, 2))))
    cap.write("dlms", "hdlc")


def malformed():
    cap = Capture()
    t = Conversation(cap, 40004, 4059)
    for q, a in PAIRS:
        t.c(wrap(16, 1, q[:5]))
        t.s(wrap(1, 16, a[:4]))
    t.c(wrap(16, 1, b"\x99\x01\x02"))
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    t = Conversation(cap, 40005, 4060)
    t.c(hdlc(b"\x03", b"\x21", 0x93))
    t.c(hdlc(b"\x03", b"\x21", 0x10, CMD + get(1, obj(1, NAME, 2)), bad=True))
    t.c(hdlc(b"\x03", b"\x21", 0x10, CMD + b"\x99"))
    t.c(hdlc(b"\x03", b"\x21", 0x10, CMD + h("60 40 a109")))
    t.c(hdlc(b"\x02\x02\x02\x02", b"\x02\x02", 0x10))
    t.c(h("7e a001 7e"))
    t.c(hdlc(b"\x03", b"\x21", 0x53))
    cap.write("dlms", "malformed")


wrapper()
datagrams()
frames_()
malformed()
