#!/usr/bin/env python3
"""Builds test/golden/hartip/*.pcap from HCF SPEC-085, -081, -127 and -151: sessions,
universal and common practice commands passed through and direct, devices behind
a gateway, what is published, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hartip")
PORT = 5094
REQ, RSP, PUB, NAK = 0, 1, 2, 15
INIT, CLOSE, ALIVE, TOKEN, DIRECT, AUDIT = range(6)
OWN = b"\x26\x4e\x01\x02\x03"                   # type 0x264e, device 010203
SUB = b"\x11\x0b\x0a\x0b\x0c"                   # behind it


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def msg(kind, ident, seq, body=b"", status=0, version=1, length=None):
    return struct.pack(">BBBBHH", version, kind, ident, status, seq, length if length is not None else 8 + len(body)) + body


def pdu(frame, cmd, data=b"", addr=b"\x80", primary=True, burst=False, bad=0, extra=b""):
    """frame 2: STX, 6: ACK, 1: BACK. Short address of one octet, or long of five."""
    a = bytes([addr[0] & 0x3f | (0x80 if primary else 0) | (0x40 if burst else 0)]) + addr[1:]
    b = bytes([frame | (0x80 if len(addr) == 5 else 0) | len(extra) << 5]) + a + extra + bytes([cmd, len(data)]) + data
    c = bad
    for x in b:
        c ^= x
    return b + bytes([c])


def f32(*v):
    return b"".join(struct.pack(">f", x) for x in v)


def packed(text, n):
    bits = 0
    for c in text.ljust(n // 3 * 4):
        bits = bits << 6 | ord(c) & 63
    return bits.to_bytes(n, "big")


def ident(kind, dev, vendor=None, rev=7):
    b = b"\xfe" + kind + bytes([5, rev, 3, 12, 0x21, 0]) + dev
    return b + (h("05 08 0007 00") + struct.pack(">HHB", vendor, vendor, 1) if rev >= 6 else b"")


class Host(Talk):
    def __init__(self, cap, **k):
        super().__init__(cap, sport=k.pop("sport", PORT), **k)
        self.seq = 0

    def ask(self, ident_, body=b"", answer=b"", status=0, kind=RSP, version=1):
        self.seq += 1
        self.c(msg(REQ, ident_, self.seq, body, version=version))
        if answer is not None:
            self.s(msg(kind, ident_, self.seq, answer, status, version))

    def cmd(self, number, data=b"", answer=b"", addr=OWN, code=0, status=0, primary=True):
        q = pdu(2, number, data, addr, primary)
        a = None if answer is None else pdu(6, number, bytes([code, status]) + answer, addr, primary)
        self.ask(TOKEN, q, a)

    def open(self):
        self.ask(INIT, h("01 00007530"), h("01 00007530"))


def commands():
    cap = Capture()
    t = Host(cap)
    t.open()
    t.cmd(0, b"", ident(b"\x26\x4e", OWN[2:], 38), addr=b"\x00")
    t.cmd(1, b"", b"\x20" + f32(21.5))
    t.cmd(2, b"", f32(12.0, 50.0))
    t.cmd(3, b"", f32(4.0) + b"\x20" + f32(21.5) + b"\x06" + f32(14.7) + b"\xfa" + f32(float("nan")))
    t.cmd(6, b"\x05\x01", b"\x05\x01")
    t.cmd(7, b"", h("0001"))
    t.cmd(8, b"", h("40 00 00 00"))
    t.cmd(9, b"\x00\x01", b"\x00" + b"\x00\x40\x20" + f32(21.5) + b"\xc0" + b"\x01\x00\xfb" + f32(1.0) + b"\x00" + h("00000001"))
    t.cmd(11, packed("TI-101", 6), ident(b"\x26\x4e", OWN[2:], 38))
    t.cmd(12, b"", packed("CHECKED IN MAY", 24))
    t.cmd(13, b"", packed("TI-101", 6) + packed("REACTOR 2 TOP", 12) + bytes([24, 11, 125]))
    t.cmd(14, b"", h("000001 20") + f32(850, -200, 10))
    t.cmd(16, b"", h("00007b"))
    t.cmd(17, packed("NEW", 24), packed("NEW", 24))
    t.cmd(18, packed("TI-102", 6) + packed("SPARE", 12) + bytes([1, 1, 126]), packed("TI-102", 6) + packed("SPARE", 12) + bytes([1, 1, 126]))
    t.cmd(19, h("000200"), h("000200"))
    t.cmd(20, b"", "Ångpanna 3".encode("latin-1").ljust(32, b"\0"))
    t.cmd(21, b"Reactor 2".ljust(32, b"\0"), ident(b"\x26\x4e", OWN[2:], 38))
    t.cmd(22, b"Reactor 2 top".ljust(32, b"\0"), b"Reactor 2 top".ljust(32, b"\0"))
    t.cmd(31, h("0215 01"), h("0215 01"))
    t.cmd(31, h("0300") + b"K" * 16, h("0300"))
    t.cmd(33, h("00 02"), b"\x00\x20" + f32(21.5) + b"\x02\x27" + f32(4))
    t.cmd(34, f32(0.5), f32(0.5))
    t.cmd(35, b"\x20" + f32(100, 0), b"\x20" + f32(100, 0))
    t.cmd(36)
    t.cmd(38)
    t.cmd(40, f32(4.0), f32(4.0), status=0x08)
    t.cmd(41)
    t.cmd(42)
    t.cmd(43, code=9)
    t.cmd(44, b"\x21", b"\x21")
    t.cmd(45, f32(3.98), f32(3.98))
    t.cmd(48, b"", h("00 00 00 00 00 00 00 00 00"))
    t.cmd(55, b"\x01" + f32(2), b"\x01" + f32(2))
    # calibration
    t.cmd(46, f32(20.02), f32(20.02))
    t.cmd(52, b"\x02", b"\x02")
    t.cmd(67, b"\x01\x27" + f32(3.99), b"\x01\x27" + f32(3.99))
    t.cmd(68, b"\x01\x27" + f32(20.1), b"\x01\x27" + f32(20.1))
    t.cmd(80, b"\x00", b"\x00\x20" + f32(0, 100))
    t.cmd(82, b"\x00\x01\x20" + f32(100), b"\x00\x01\x20" + f32(100))
    t.cmd(83, b"\x00", b"\x00")
    t.cmd(71, b"\x01", b"", code=16)
    t.cmd(79, b"\x00\x01\x20" + f32(99) + b"\x00", b"\x00\x01\x20" + f32(99) + b"\x00", code=8)
    t.cmd(108, h("03 00"), h("03 00"))
    t.cmd(109, h("01 00"), h("01 00"), primary=False)
    t.cmd(200, b"\x01", b"\x02")
    t.cmd(1, b"", b"", code=64, status=0xff)
    t.cmd(2, b"", b"", code=0x88)
    t.cmd(3, b"", None)
    # behind the gateway: another unique address; a polling address; an older device
    t.cmd(0, b"", ident(b"\x11\x0b", SUB[2:], None, 5), addr=b"\x07")
    t.cmd(0, b"", ident(b"\x11\x0b", SUB[2:], None, 5), addr=SUB)
    t.cmd(13, b"", packed("LI-7", 6) + packed("TANK", 12) + bytes([24, 11, 125]), addr=SUB)
    t.cmd(20, b"", b"Tank 7 level".ljust(32, b"\0"), addr=SUB)
    t.cmd(1, b"", b"\x2d" + f32(1.25), addr=SUB)
    t.ask(ALIVE)
    t.ask(CLOSE)
    t.close()
    cap.save(os.path.join(OUT, "commands.pcap"))


def direct():
    """Commands that are not passed on, several in one PDU; the audit log; version 2."""
    def d(*parts, status=h("0000")):
        return status + b"".join(struct.pack(">HB", n, len(b)) + b for n, b in parts)

    cap = Capture()
    t = Host(cap)
    t.ask(INIT, h("00 00007530"), h("00 00007530"), version=2)
    t.ask(DIRECT, d((0, b"")), d((0, b"\0" + ident(b"\x26\x4e", OWN[2:], 249))))
    t.ask(DIRECT, d((1, b""), (20, b""), (42, b"")), d((1, b"\0\x20" + f32(3)), (20, b"\0" + b"Gateway".ljust(32, b"\0")), (42, b"\x10")))
    t.ask(DIRECT, d((19, h("000001")), (6, h("03 00"))), None)
    t.ask(DIRECT, d(), d())
    t.s(msg(PUB, DIRECT, 900, d((48, b"\0" + h("00 00")), (1, b"\0\x20" + f32(4)))))
    t.ask(AUDIT, h("00 ff"), h("00 01 00") + b"\0" * 40, status=8)
    t.ask(INIT, h("01 00007530"), h("01 00007530"), status=15)
    t.ask(INIT, h("01 00007530"), b"", status=14, kind=NAK)
    t.ask(ALIVE, b"", b"", kind=NAK)
    t.ask(CLOSE, b"", None)
    t.close()
    cap.save(os.path.join(OUT, "direct.pcap"))


def published():
    """UDP: what devices send by themselves, of the gateway and behind it."""
    cap = Capture()

    def u(side, b):
        ends = ("10.0.0.1", "10.0.0.2") if side == 0 else ("10.0.0.2", "10.0.0.1")
        cap.add(eth(ipv4(17, udp(*((40000, PORT) if side == 0 else (PORT, 40000)), b), *ends)))

    u(0, msg(REQ, INIT, 0, h("01 00007530")))
    u(1, msg(RSP, INIT, 0, h("01 00007530")))
    u(0, msg(REQ, TOKEN, 1, pdu(2, 0, b"", b"\x00")))
    u(1, msg(RSP, TOKEN, 1, pdu(6, 0, b"\0\0" + ident(b"\x26\x4e", OWN[2:], 38), b"\x00")))
    u(1, msg(PUB, TOKEN, 10, pdu(1, 1, b"\0\0\x20" + f32(5), OWN, burst=True)))
    u(1, msg(PUB, TOKEN, 11, pdu(1, 3, b"\0\0" + f32(4) + b"\x2d" + f32(1.5), SUB, burst=True, primary=False)))
    u(1, msg(PUB, TOKEN, 12, pdu(1, 48, b"\0\x80" + h("010000000000"), SUB, burst=True)))
    u(1, msg(PUB, TOKEN, 13, pdu(1, 119, b"\0\0" + h("00 00000001 0001 00 10"), SUB, burst=True)))
    u(1, msg(PUB, ALIVE, 14))
    cap.save(os.path.join(OUT, "published.pcap"))


def midstream():
    cap = Capture()
    t = Host(cap, sport=15094)                                          # another port
    t.open()
    t.cmd(1, b"", b"\x20" + f32(21.5))
    t = Host(cap, sport=15095, cport=40001, open_=False)                # from the middle, an answer first
    t.s(msg(RSP, TOKEN, 7, pdu(6, 1, b"\0\0\x20" + f32(1), OWN)))
    t.cmd(20, b"", b"Tank 1".ljust(32, b"\0"))
    t = Host(cap, cport=40002, open_=False)
    t.s(msg(RSP, ALIVE, 7))
    t.s(msg(RSP, INIT, 8))
    t.s(msg(RSP, DIRECT, 9, h("0000 0001 06 00 20 3f800000")))
    # a PDU with preambles and expansion octets, in two segments
    b = msg(REQ, TOKEN, 8, b"\xff\xff" + pdu(2, 1, b"", OWN, extra=b"\x01"))
    t.c(b[:9])
    t.c(b[9:])
    cap.save(os.path.join(OUT, "midstream.pcap"))


def malformed():
    cap = Capture()
    t = Host(cap)
    t.open()
    t.c(msg(REQ, TOKEN, 20, pdu(2, 1, b"", OWN, bad=1)))                # checksum
    t.c(msg(REQ, TOKEN, 21, pdu(3, 1, b"", OWN)))                       # no such frame
    t.c(msg(REQ, TOKEN, 22, pdu(2, 1, b"", OWN)[:-2]))                  # cut short
    t.c(msg(REQ, TOKEN, 23))
    t.c(msg(REQ, DIRECT, 24, h("0000 0001 09 00")))                     # longer than the PDU
    t.c(msg(REQ, DIRECT, 25, h("00")))
    t.s(msg(RSP, TOKEN, 20, pdu(6, 1, b"\0", OWN)))                     # no status
    t.s(msg(RSP, TOKEN, 21, pdu(6, 0, b"\0\0\xfe\x26", OWN)))
    t.s(msg(RSP, TOKEN, 22, pdu(6, 13, b"\0\0\x01", OWN)))
    t.c(msg(REQ, INIT, 26, b"\x01"))
    t.s(msg(RSP, INIT, 26, b"\x01"))
    t.c(msg(REQ, DIRECT, 27, h("0000") + h("0112 ff") + b"x" * 255 + h("0113 ff") + b"y" * 255 + h("002a 00")))
    t.c(msg(7, TOKEN, 30))
    t.c(msg(REQ, ALIVE, 31))
    t.s(msg(RSP, ALIVE, 31))
    t = Host(cap, cport=40001, sport=9000)
    t.c(msg(REQ, TOKEN, 1, b"not HART"))
    cap.add(eth(ipv4(17, udp(40000, PORT, msg(REQ, ALIVE, 1)))))
    cap.add(eth(ipv4(17, udp(40000, PORT, msg(REQ, ALIVE, 2, length=20)))))
    cap.add(eth(ipv4(17, udp(40000, PORT, msg(9, ALIVE, 3)))))
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_hartip.py from HCF SPEC-085, -081, -127 and -151, no device's own traffic.\n")
commands()
direct()
published()
midstream()
malformed()
