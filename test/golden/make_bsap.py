#!/usr/bin/env python3
"""Makes test/golden/bsap/*.pcap: reads by name, writes by address with the names known and
not, several messages in a datagram, serial frames, errors, what is malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture

A, B = "10.0.0.1", "10.0.0.2"


def send(cap, side, b, port=1234, cut=None):
    s, d = (A, B) if side == 0 else (B, A)
    f = eth(ipv4(17, udp(port, port, b), s, d))
    cap.add(f[:cut] if cut else f, len(f))


def dgram(kind, seq, *msgs, count=None):
    return struct.pack("<HHHII", 14, len(msgs) if count is None else count, kind, seq, seq - 1) + b"".join(msgs)


def req(seq, func, data=b"", app=0xa0):
    b = struct.pack("<BIBB", 12, seq, app, 0) + (bytes([func]) if app != 0xa1 else struct.pack("<H", func)) + data
    return struct.pack("<I", 4 + len(b)) + b


def ans(seq, status, *elements):
    b = struct.pack("<BIBB", 12, seq, status, len(elements)) + b"".join(elements)
    return struct.pack("<I", 4 + len(b)) + b


def names(*n, fss=b"\x03\xd0\x01\x0f"):
    return fss + bytes([len(n)]) + b"".join(x.encode() + b"\0" for x in n)


def logical(on, addr):
    return struct.pack("<BBHH", 0, on, addr, 0x7724)


def analog(v, addr):
    return struct.pack("<BfHH", 2, v, addr, 0x7724)


def write(*w):
    return struct.pack("<HBB", 0x7724, 15, len(w)) + b"".join(w)


def wr(addr, field, data=b""):
    return struct.pack("<HB", addr, field) + data


def datagrams():
    cap = Capture()
    send(cap, 0, dgram(6, 1, req(1, 4, names("@GV.PUMP", "@GV.LEVEL", "@GV.AUTO"))))
    send(cap, 1, dgram(5, 1, ans(1, 0, logical(1, 17), analog(42.5, 18), logical(0, 19))))
    send(cap, 0, dgram(0, 2))
    send(cap, 0, dgram(6, 2, req(2, 0x80, write(wr(17, 10)))))
    send(cap, 1, dgram(5, 2, ans(2, 0)))
    send(cap, 0, dgram(6, 3, req(3, 0x80, write(wr(18, 11, struct.pack("<f", 7.25)), wr(17, 9), wr(99, 5), wr(5, 40, b"abc")))))
    send(cap, 1, dgram(1, 3, ans(3, 0x81)))
    send(cap, 0, dgram(6, 4, req(4, 4, names("@GV.LEVEL")), req(5, 4, names("@GV.X", fss=b"\x01\x80\x00\x0f"))))
    send(cap, 1, dgram(5, 4, ans(4, 0, analog(43, 18)), ans(5, 0, b"\x02")))
    for i, f in enumerate((0, 2, 6, 0x0c, 0x0d, 0x0e, 0x0f, 0x84, 0x8c, 0x8d, 0x33)):
        send(cap, 0, dgram(6, 10 + i, req(10 + i, f, names("@GV.LEVEL"))))
        send(cap, 1, dgram(5, 10 + i, ans(10 + i, 0)))
    for i, f in enumerate((0x101, 0x102, 0x201, 0x202, 0x203, 0x281, 0x400, 0x999)):
        send(cap, 0, dgram(6, 30 + i, req(30 + i, f, app=0xa1)))
        send(cap, 1, dgram(5, 30 + i, ans(30 + i, 0)))
    send(cap, 0, dgram(0x84, 50, req(50, 1, app=0x70)))
    send(cap, 1, dgram(5, 51, ans(51, 0)))
    # the other end asks
    send(cap, 1, dgram(6, 60, req(60, 4, names("@GV.LEVEL"))))
    send(cap, 0, dgram(5, 60, ans(60, 4)))
    # a string signal, and more names than values
    send(cap, 0, dgram(6, 61, req(61, 4, names("@GV.TEXT", "@GV.LEVEL"))))
    send(cap, 1, dgram(5, 61, ans(61, 0, b"\x03abc")))
    for i in range(16):
        send(cap, 0, dgram(6, 70 + i, req(70 + i, 4, names("@GV.SIGNAL%d" % i))))
        send(cap, 1, dgram(5, 70 + i, ans(70 + i, 0, logical(1, 100 + i))))
    send(cap, 0, dgram(6, 90, req(90, 0x80, write(wr(115, 9)))))
    cap.write("bsap", "datagrams")


def frame(addr, body, glob=None):
    b = bytes([addr | (0x80 if glob else 0), 7]) + (struct.pack("<HHB", *glob) if glob else b"") + body
    return b"\x10\x02" + b.replace(b"\x10", b"\x10\x10") + b"\x10\x03\x12\x34"


def serial():
    cap = Capture()
    rq = struct.pack("<BHBB", 0xa0, 5, 3, 0)
    an = struct.pack("<BHBB", 3, 5, 0xa0, 0)
    send(cap, 0, frame(4, rq + b"\x04\x03\xd0\x01\x01@GV.LEVEL\0"), 1235)
    send(cap, 1, frame(4, an + b"\0\1" + analog(1.5, 16)), 1235)
    send(cap, 0, frame(4, struct.pack("<BHBB", 0xa0, 6, 3, 0) + b"\x80\x24\x77\x0f\x01\x11\x00\x0a", (0x104, 1, 0)), 1235)
    send(cap, 1, frame(0, struct.pack("<BHBB", 3, 6, 0xa0, 0) + b"\0\0", (1, 0x104, 0)), 1235)
    send(cap, 0, frame(4, struct.pack("<BHBB", 0xa1, 7, 3, 0) + b"\x01\x01"), 1235)
    send(cap, 0, frame(4, struct.pack("<BHBB", 0x85, 8, 0, 0)), 1235)
    send(cap, 0, frame(4, b"\xa0"), 1235)
    send(cap, 0, frame(4, rq)[:9], 1235)
    send(cap, 0, b"\x10\x02\x04\x10\x99\x10\x03\0\0", 1235)
    cap.write("bsap", "serial")


def malformed():
    cap = Capture()
    send(cap, 1, dgram(5, 1, ans(1, 0, logical(1, 17))))
    send(cap, 0, dgram(6, 2, req(2, 4, names("@GV.LEVEL"))[:-3]))
    send(cap, 0, dgram(6, 3, b"\x01\0\0\0"))
    send(cap, 0, dgram(6, 4, count=3))
    send(cap, 0, dgram(9, 5))
    send(cap, 0, b"\x0f\0\1\0\6\0\0\0\0\0\0\0\0\0")
    send(cap, 0, dgram(6, 6, struct.pack("<I", 8) + b"\x0c\1\2\3"))
    send(cap, 0, dgram(6, 7, req(7, 4, names("@GV.LEVEL"))), cut=66)
    send(cap, 0, dgram(6, 8, req(8, 0x80, b"\x24")))
    send(cap, 0, dgram(6, 9, req(9, 4)))
    send(cap, 0, b"not bsap at all", 1236)
    cap.write("bsap", "malformed")


datagrams()
serial()
malformed()
