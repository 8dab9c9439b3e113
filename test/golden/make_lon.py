#!/usr/bin/env python3
"""Builds test/golden/lon/*.pcap from EN 14908-1 and CEA-852: network variables,
network management, all address formats, and what is malformed."""
import os
import struct

from frames import Capture, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lon")
TPDU, SPDU, AUTH, APDU = range(4)


def cnp(body, kind=1, seq=0, length=None, version=1, extra=b""):
    n = 20 + len(extra) + len(body)
    return struct.pack(">HBBBBHIII", n if length is None else length, version, kind, len(extra) // 4, 0, 0x29, 7, seq, 99) + extra + body


def lon(fmt, address, addr, body, domain=b"\x01", priority=0):
    size = {0: 0, 1: 1, 3: 2, 6: 3}[len(domain)]
    return bytes([priority << 7 | 1, fmt << 4 | address << 2 | size]) + addr + domain + body


def node(s, d):
    return bytes([s[0], 0x80 | s[1], d[0], 0x80 | d[1]])


class Net:
    def __init__(self, name, port=1628):
        self.cap, self.name, self.port = Capture(), name, port

    def send(self, b, back=False):
        a, z = ("192.0.2.20", "192.0.2.10") if back else ("192.0.2.10", "192.0.2.20")
        self.cap.add(eth(ipv4(17, udp(self.port, self.port, b), a, z)))

    def save(self):
        os.makedirs(OUT, exist_ok=True)
        self.cap.save(os.path.join(OUT, self.name + ".pcap"))


def packets():
    n = Net("packets")
    a, b = (1, 42), (1, 41)
    n.send(cnp(lon(TPDU, 2, node(a, b), b"\x03\x81\x0d\x00\xca")))
    n.send(cnp(lon(TPDU, 2, node(b, a), b"\x23"), seq=1), True)
    n.send(cnp(lon(TPDU, 2, node(a, b), b"\x04\x81\x0e\x01", priority=1), seq=2))
    n.send(cnp(lon(TPDU, 2, node(b, a), b"\x24"), seq=3), True)
    n.send(cnp(lon(TPDU, 1, bytes([1, 0x80 | 42, 9]), b"\x15\x81\x0f\x01\x02\x03"), seq=4))
    n.send(cnp(lon(TPDU, 0, bytes([1, 0x80 | 42, 0]), b"\x16\x81\x10\x01", domain=b""), seq=5))
    n.send(cnp(lon(TPDU, 0, bytes([1, 0x80 | 42, 2]), b"\x16\x81\x10\x01", domain=b"\1\2\3"), seq=6))
    n.send(cnp(lon(TPDU, 2, bytes([1, 41, 1, 0x80 | 42, 9, 3]), b"\x25"), seq=7), True)
    n.send(cnp(lon(TPDU, 1, bytes([1, 0x80 | 42, 9]), b"\x56\x01\xff\x81\x0f\x01\x02"), seq=8))
    n.send(cnp(lon(TPDU, 1, bytes([1, 0x80 | 42, 9]), b"\x46\x01\xff"), seq=9))
    # a manager and a node by its neuron id
    neuron = bytes([1, 0x80 | 126, 0]) + bytes.fromhex("0300 4a5b6c7d".replace(" ", ""))
    for i, (code, data) in enumerate(((0x61, b"\1"), (0x51, b""), (0x72, b"\0\0\x10"), (0x6d, b"\0\0\x20\4"), (0x66, b"\0" * 6),
                                      (0x65, b"\1" + b"K" * 6), (0x63, b"\0" + b"D" * 15), (0x6e, b"\0\x40\0\4\1abcd"), (0x6c, b"\3"),
                                      (0x70, b""), (0x6b, b"\0" * 4), (0x7f, b""), (0x52, b"\1"), (0x12, b"own"))):
        n.send(cnp(lon(SPDU, 3, neuron, bytes([i & 15, code]) + data, domain=b"\1\2\3\4\5\6"), seq=20 + i))
        n.send(cnp(lon(SPDU, 2, node((2, 5), (1, 126)), bytes([0x20 | i & 15, code & 0x1f | 0x20]) + b"\1\2", domain=b"\1\2\3\4\5\6"),
                   seq=20 + i), True)
    n.send(cnp(lon(SPDU, 2, node(a, b), b"\x07\xc1\x0d"), seq=50))
    n.send(cnp(lon(SPDU, 2, node(b, a), b"\x27\x81\x0d\x00\xca"), seq=51), True)
    n.send(cnp(lon(SPDU, 1, bytes([1, 0x80 | 42, 9]), b"\x47\x00"), seq=52))
    n.send(cnp(lon(AUTH, 2, node(b, a), b"\x08" + b"R" * 8), seq=53), True)
    n.send(cnp(lon(AUTH, 2, node(a, b), b"\x28" + b"S" * 8), seq=54))
    n.send(cnp(lon(TPDU, 2, node(a, b), b"\x83\x81\x0d\x00\xcb"), seq=55))
    n.send(cnp(lon(APDU, 2, node(a, b), b"\x81\x11\x05"), seq=56))
    for kind in (0x03, 0x04, 0x06, 0x07, 0x08, 0x60, 0x63, 0x64, 0x66, 0x68, 0x70, 0x71, 0x7f):
        n.send(cnp(b"\0" * 12, kind=kind, extra=b"\0" * 4, seq=100 + kind))
    n.save()
    n = Net("other-port", 40016)
    n.send(cnp(lon(TPDU, 2, node((3, 7), (3, 8)), b"\x03\x81\x0d\x00\x01")))
    n.save()


def malformed():
    n = Net("malformed")
    good = lon(TPDU, 2, node((1, 2), (1, 3)), b"\x03\x81\x0d\x00\xca")
    n.send(cnp(good))
    for b in (cnp(b"\x01"), cnp(b"\x01\x09\x01"), cnp(lon(TPDU, 3, b"\1\x82\0\1\2", b"", domain=b"")), cnp(good, kind=0x55),
              cnp(good)[:12], cnp(lon(TPDU, 1, b"\1\x82\x09", b"\x56\x20\xff"))):
        n.send(b)
    n.save()


packets()
malformed()
