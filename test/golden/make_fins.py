#!/usr/bin/env python3
"""Builds test/golden/fins/*.pcap: every command with its answer, errors, FINS/TCP,
other networks, and what is malformed."""
import os
import struct

from frames import ACK, PSH, Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fins")


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def frame(cmd, data=b"", sid=1, answer=False, end=0, icf=None, dest=(0, 2, 0), src=(0, 1, 0)):
    if answer:
        dest, src = src, dest
    f = bytes([(0xc0 if answer else 0x80) if icf is None else icf, 0, 2, *dest, *src, sid]) + struct.pack(">H", cmd)
    return f + (struct.pack(">H", end) if answer else b"") + data


def tcp(cmd, data=b"", error=0):
    return b"FINS" + struct.pack(">III", 8 + len(data), cmd, error) + data


def text(s, n):
    return s.encode().ljust(n, b"\0")


CONTROLLER = text("CJ2M-CPU31", 20) + text("02.10", 20) + bytes(52)
UNITS = b"\x02" + b"\x10" + text("CJ1W-ETN21", 20) + b"\x20" + text("CJ1W-AD041", 20)

# command, request, answer, end code
COMMANDS = [
    (0x0101, h("82 0064 00 0003"), h("0001 0002 ffff"), 0),
    (0x0101, h("82 0064 00 0001"), h("1234"), 0),
    (0x0101, h("30 000c 05 0002"), h("01 00"), 0),
    (0x0101, h("b1 0001 00 0001"), h("0007"), 0),
    (0x0101, h("a2 012c 00 0001"), h("0009"), 0),
    (0x0101, h("22 012c 03 0001"), h("01"), 0),
    (0x0101, h("89 0005 00 0001"), h("0064"), 0),
    (0x0101, h("89 8005 00 0001"), h("0065"), 0),
    (0x0101, h("dc 0102 00 0001"), h("00000100"), 0),
    (0x0101, h("bc 0201 00 0001"), h("0003"), 0),
    (0x0101, h("bc 0f00 00 0001"), h("0001"), 0),
    (0x0101, h("77 0001 00 0001"), b"", 0x1101),
    (0x0101, h("82 ffff 00 0002"), b"", 0x1103),
    (0x0102, h("82 0064 00 0002 0011 0022"), b"", 0),
    (0x0102, h("32 0005 01 0001 01"), b"", 0x2102),
    (0x0103, h("b2 0000 00 0064 0000"), b"", 0),
    (0x0104, h("82 0064 00 b0 0001 00 30 0002 03"), h("82 0001 b0 0002 30 01"), 0),
    (0x0104, h("82 0000 00") * 10, h("82 0001") * 10, 0),
    (0x0105, h("82 0064 00 b1 000a 00 0002"), b"", 0),
    (0x0201, h("8010 0000 0010"), h("8010 0000 0002 01020304"), 0),
    (0x0202, h("8010 0000 8002 01020304"), b"", 0),
    (0x0203, h("8010 0000 0010 0000"), b"", 0),
    (0x0304, h("0000 00 00000000 ffffffff") + b"SECRET77", b"", 0),
    (0x0305, h("0000 00 00000000 ffffffff") + b"SECRET77", b"", 0x2602),
    (0x0306, h("ffff 00000000 0020"), h("ffff 00000000 8020") + bytes(32), 0),
    (0x0307, h("ffff 00000000 8020") + bytes(32), h("ffff 00000000 8020"), 0),
    (0x0308, h("ffff 00"), b"", 0x2201),
    (0x0401, h("ffff 04"), b"", 0), (0x0401, h("ffff"), b"", 0), (0x0402, b"", b"", 0), (0x0403, b"", b"", 0x3001),
    (0x0501, b"", CONTROLLER, 0), (0x0502, h("00 02"), UNITS, 0),
    (0x0601, b"", h("01 04 0000 0010 0000 0000"), 0x0040),
    (0x0620, h("01"), h("00000010 00000020 00000005"), 0),
    (0x0701, b"", h("25 11 24 16 00 01 01"), 0), (0x0702, h("25 11 24 16 00"), b"", 0),
    (0x0801, b"ping", b"ping", 0), (0x0920, h("00ff"), b"", 0), (0x0c02, h("0000"), b"", 0),
    (0x2101, h("ffff"), b"", 0), (0x2102, h("0000 0005"), h("0014 0001 0001") + bytes(10), 0), (0x2103, b"", b"", 0),
    (0x2203, h("8000 0004") + bytes(20), b"", 0), (0x220c, bytes(10), b"", 0x8205),
    (0x2301, h("0003 0001 30 000a 00 0000 30 000a 01 ffff b0 0001 00"), b"", 0),
    (0x2301, h("0001 8001 31 0001 0f"), b"", 0), (0x2302, b"", b"", 0), (0x2601, b"NAME", b"", 0),
    (0x7777, b"\1", b"", 0x0401), (0x0101, h("82 0000 00 0001"), b"", 0x7e3e),
]


def datagram(cap, data, back=False, sport=9600):
    a, b = ("10.0.0.1", sport, "02:00:00:00:00:01"), ("10.0.0.2", 9600, "02:00:00:00:00:02")
    if back:
        a, b = b, a
    cap.add(eth(ipv4(17, udp(a[1], b[1], data), a[0], b[0]), src=a[2], dst=b[2]))


def save(cap, name):
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, name + ".pcap"))


def commands():
    cap = Capture()
    for i, (cmd, q, a, end) in enumerate(COMMANDS):
        datagram(cap, frame(cmd, q, sid=i), sport=50000)
        datagram(cap, frame(cmd, a, sid=i, answer=True, end=end), True, sport=50000)
    # a whole block, longer than one entry holds, and one that nobody answers
    big = h("82 0000 00 01f4") + struct.pack(">500H", *range(500))
    datagram(cap, frame(0x0102, big, sid=200), sport=50000)
    datagram(cap, frame(0x0102, sid=200, answer=True), True, sport=50000)
    datagram(cap, frame(0x0402, icf=0x81, sid=201), sport=50000)
    datagram(cap, frame(0x0401, h("ffff 02"), sid=202), sport=50000)
    datagram(cap, frame(0x0102, big, sid=203), sport=50000)
    # beyond a gateway
    for cmd, data in ((0x0501, CONTROLLER), (0x0502, UNITS)):
        datagram(cap, frame(cmd, sid=210, dest=(3, 7, 0)), sport=50000)
        datagram(cap, frame(cmd, data, sid=210, answer=True, dest=(3, 7, 0)), True, sport=50000)
    save(cap, "commands")


def stream():
    cap = Capture()
    t = Talk(cap, sport=9600)
    t.c(tcp(0, struct.pack(">I", 0)))
    t.s(tcp(1, struct.pack(">II", 5, 2)))
    m = tcp(2, frame(0x0501, sid=1))
    t.c(m[:7])
    t.c(m[7:] + tcp(2, frame(0x0101, h("82 0000 00 0001"), sid=2)))
    t.s(tcp(2, frame(0x0501, CONTROLLER, sid=1, answer=True)))
    t.s(tcp(2, frame(0x0101, h("0005"), sid=2, answer=True)))
    t.c(tcp(6))
    t.s(tcp(3, error=0x03))
    t.s(tcp(3, error=0x99))
    t.c(tcp(9))
    t.c(tcp(2, b"\x80\0\2"))
    t.close()
    u = Talk(cap, cport=40001, sport=12345, open_=False)
    a = tcp(2, frame(0x0101, h("0005"), sid=2, answer=True))
    u.raw(1, PSH | ACK, a)
    u.sseq += len(a)
    u.c(tcp(2, frame(0x0402, sid=3)))
    u.s(tcp(2, frame(0x0402, sid=3, answer=True)))
    u.close()
    save(cap, "stream")


def malformed():
    cap = Capture()
    datagram(cap, frame(0x0101, h("82 0000 00 0001"), sid=1))
    datagram(cap, frame(0x0101, sid=1, answer=True)[:13], True)
    datagram(cap, frame(0x0101, h("82 00"), sid=2))
    datagram(cap, frame(0x0101, h("00"), sid=2, answer=True), True)
    datagram(cap, frame(0x2301, h("ffff 0001 30 000a 00"), sid=3))
    datagram(cap, frame(0x0502, b"\x7f\1", sid=4, answer=True), True)
    datagram(cap, b"\x80\0\2", False)
    save(cap, "malformed")


commands()
stream()
malformed()
