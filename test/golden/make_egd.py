#!/usr/bin/env python3
"""Makes test/golden/egd/*.pcap: exchanges that begin, lose packets, change and end; every
command with its answer, refused or unanswered; what is malformed."""
import struct

from frames import eth, ip4, ipv4, udp
from tcp_pcap import Capture

A, B = "10.0.0.1", "10.0.0.2"


def send(cap, side, b, port=18246, cport=None, cut=None):
    cport = cport or port
    (s, sp), (d, dp) = ((A, cport), (B, port)) if side == 0 else ((B, port), (A, cport))
    f = eth(ipv4(17, udp(sp, dp, b), s, d))
    cap.add(f[:cut] if cut else f, len(f))


def data(rid, exch=123, status=0, sig=0, body=b"\0" * 8, producer=A, kind=13, reserved=0):
    return struct.pack("<BBH4sIIIIII", kind, 1, rid, ip4(producer), exch, 946693950, 740000000, status,
                       sig, reserved) + body


def command(kind, rid, body=b"", status=0, length=None):
    return struct.pack("<BBHBBH", kind, 0, rid, 1, status, length if length is not None else 8 + len(body)) + body


def area(cells, count=None, exch=7, options=0):
    return struct.pack("<HBB4sIQI", 0x101, 0, count if count is not None else len(cells), ip4(B), exch, 0,
                       0) + b"".join(cells)


def cell(offset, data=b"", n=None):
    n = len(data) if n is None else n
    return struct.pack("<HH", offset, n) + data + b"\0" * (-len(data) % 4)


def exchanges():
    cap = Capture()
    for i in range(4):
        send(cap, 0, data(65534 + i & 0xffff))
    send(cap, 0, data(5))                                   # three lost
    send(cap, 0, data(6, status=1))
    send(cap, 0, data(7, status=7))
    send(cap, 0, data(8, status=1, sig=2, body=b"\0" * 20))
    send(cap, 1, data(1, exch=9, producer=B))
    send(cap, 0, data(1, exch=124))
    for i in range(14):
        send(cap, 0, data(1, exch=200 + i))
    cap.write("egd", "exchanges")


def commands():
    cap = Capture()
    port = 7937
    ident = struct.pack("<4sIIIHH", ip4(B), 0, 255, 0x1f, 0, 2) + b"SAMPLE CONTROLLER 7 EGD\0"
    pairs = [
        (3, 4, ip4(B) + struct.pack("<I", 7), ip4(B) + struct.pack("<I", 7) + b"\0" * 60),
        (7, 8, b"\0" * 4, b"\0" * 20),
        (9, 10, b"", ident),
        (15, 16, b"", b"\0" * 40),
        (32, 33, area([cell(4, n=2)]), area([cell(4, b"\x12\x34")])),
        (32, 33, area([cell(4, n=2), cell(8, n=1)]), area([cell(4, b"\x12\x34"), cell(8, b"\x05")])),
        (34, 35, area([cell(4, b"\x2a")]), area([])),
        (34, 35, area([cell(4, b"\x01\x02\x03"), cell(100, b"\x09"), cell(200, b"\xff" * 8)]), area([])),
        (36, 37, area([cell(4, b"\x0f\x01")]), area([])),
        (32, 33, area([]), area([])),
    ]
    for i, (q, a, x, y) in enumerate(pairs):
        send(cap, 0, command(q, i, x), port, 40000)
        send(cap, 1, command(a, i, y), port, 40000)
    send(cap, 0, command(34, 90, area([cell(4, b"\x2a")])), port, 40000)
    send(cap, 1, command(18, 90, b"\0" * 4, status=3), port, 40000)
    send(cap, 0, command(3, 91, ip4(B) + b"\1\0\0\0"), port, 40000)
    send(cap, 1, command(4, 91, ip4(B) + b"\1\0\0\0", status=5), port, 40000)
    send(cap, 1, command(18, 92, status=1), port, 40000)
    send(cap, 0, command(34, 93, area([cell(4, b"\x2a")])), port, 40000)
    # an answer first
    send(cap, 1, command(10, 1, ident), port, 40001)
    send(cap, 0, command(9, 2), port, 40001)
    send(cap, 1, command(10, 2, ident[:16]), port, 40001)
    cap.write("egd", "commands")


def malformed():
    cap = Capture()
    send(cap, 0, data(1))
    send(cap, 0, data(2)[:20])
    send(cap, 0, command(77, 1))
    send(cap, 0, data(3), cut=60)
    port = 7937
    send(cap, 0, command(9, 1), port, 40000)
    send(cap, 0, command(9, 2, length=90), port, 40000)
    send(cap, 0, command(77, 3), port, 40000)
    send(cap, 0, command(34, 4, area([cell(4, b"\x2a")])[:10]), port, 40000)
    send(cap, 0, command(34, 5, area([cell(4, b"\x2a"), cell(4, b"ab", n=900)])), port, 40000)
    send(cap, 0, command(34, 6, area([cell(4, b"ab", n=900)])), port, 40000)
    send(cap, 0, data(1, reserved=5), cport=40002)
    send(cap, 0, data(1, status=99), cport=40003)
    cap.write("egd", "malformed")


exchanges()
commands()
malformed()
