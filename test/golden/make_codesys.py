#!/usr/bin/env python3
"""Builds test/golden/codesys/*.pcap and codesys_v2/*.pcap by hand: no real recording was at hand. The
layouts are those that public discovery and forensic tools agree on."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "codesys")


def u8(v): return struct.pack("<B", v)
def u16(v): return struct.pack("<H", v)
def u32(v): return struct.pack("<I", v)


def datagram(service, body, receiver=b"", sender=b"\0\x07", words=3, extra=b"", magic=0xc5):
    b = u8(magic) + u8(13 << 3 | words) + b"\x40" + u8(service) + u8(0) + \
        u8((len(sender) // 2) << 4 | len(receiver) // 2) + extra + receiver + sender
    return b + bytes(len(b) % 4) + body


def wide(t):
    return t.encode("utf-16-le") + b"\0\0"


def device(node, name, vendor, version=0x050f0400, serial=b"SN-12", parent=b"", kind=0xc280):
    return u16(kind) + u16(0x400) + u32(0x1234) + u16(4) + u8(1) + u8(0) + u16(len(parent)) + \
        b"".join(u16(len(t)) for t in (node, name, vendor)) + u32(0x1000) + u32(0x10061204) + u32(version) + u32(0) + \
        u8(len(serial)) + bytes(11) + parent + wide(node) + wide(name) + wide(vendor) + serial + b"\0"


def udp_frame(src, sport, dst, dport, b):
    return eth(ipv4(17, udp(sport, dport, b), src, dst))


def discovery():
    cap = Capture()
    query = datagram(3, u16(0xc202) + u16(0x400) + u32(0x1234), words=4, extra=b"\x12\x34")
    cap.add(udp_frame("10.0.0.1", 1740, "10.0.0.255", 1740, query))
    cap.add(udp_frame("10.0.0.2", 1740, "10.0.0.1", 1740, datagram(4, device(
        "LINE-7", "Sample PLC 200", "Sample Works AB"), b"\0\x01")))
    cap.add(udp_frame("10.0.0.3", 1741, "10.0.0.1", 1740, datagram(4, device(
        "Prüfstand 茶", "Other", "Mätteknik", serial=b"", parent=b"\0\1\0\2"), b"\0\x01", b"\0\x07\0\x08")))
    cap.add(udp_frame("10.0.0.1", 1740, "10.0.0.3", 1741, datagram(3, u16(0xc201) + u16(0x400) + u32(9))))
    cap.add(udp_frame("10.0.0.3", 1741, "10.0.0.1", 1740, datagram(4, u16(0xc299) + u16(0x400) + u32(9))))
    cap.add(udp_frame("10.0.0.3", 1741, "10.0.0.1", 1740, datagram(1, u16(1))))
    cap.add(udp_frame("10.0.0.4", 1740, "10.0.0.1", 1740, datagram(4, device("A", "B", "C")[:40], b"\0\x01")))
    cap.add(udp_frame("10.0.0.5", 1740, "10.0.0.1", 1740, datagram(4, device("A" * 9, "B", "C")[:52], b"\0\x01")))
    cap.add(udp_frame("10.0.0.5", 1740, "10.0.0.1", 1740, datagram(4, b"\x80")))
    cap.add(udp_frame("10.0.0.5", 1740, "10.0.0.1", 1740, datagram(4, b"", words=2)))
    cap.add(udp_frame("10.0.0.6", 1740, "10.0.0.1", 1740, datagram(4, b"other", magic=0xc6)))
    cap.add(udp_frame("10.0.0.7", 1740, "10.0.0.1", 1740, datagram(2, b"notice")))
    cap.add(udp_frame("10.0.0.8", 5000, "10.0.0.1", 5001, datagram(64, b"\1\0")))
    cap.save(os.path.join(OUT, "discovery.pcap"))


class Channel:
    def __init__(self, cap, cport, tcp=True, open_=True):
        self.t, self.blk = Talk(cap, cport=cport, sport=11740, open_=open_), 1

    def send(self, side, body, service=64, length=None):
        d = datagram(service, body, b"\x2d\xdc\x0a\0\0\2", b"\x9c\x40\x0a\0\0\1")
        b = b"\x00\x01\x17\xe8" + u32(8 + len(d) if length is None else length) + d
        (self.t.s if side else self.t.c)(b)

    def open(self, reason=0):
        self.send(0, u8(0xc3) + u8(0) + u16(0x101) + u32(0) + u32(7) + u32(0x1f4000) + u32(5))
        self.send(1, u8(0x83) + u8(0) + u16(0x101) + u32(0) + u32(7) + u16(reason) + u16(33) + u32(0x1f4000) + u32(4))

    def block(self, side, group, command, body=b"", proto=0xcd55, first=1):
        svc = u16(proto) + u16(12) + u8(group | (0x80 if side else 0)) + u8(0) + u16(command) + u32(0xabcd) + \
            u32(len(body)) + body
        head = u8(1) + u8(first | (0 if side else 0x80)) + u16(33) + u32(self.blk) + u32(self.blk - 1)
        self.send(side, head + (u32(len(svc)) + u32(0) + svc if first else body))
        self.blk += 1

    def ask(self, group, command, body=b"", answer=b""):
        self.block(0, group, command, body)
        self.block(1, group, command, answer)


def channels():
    cap = Capture()
    p = Channel(cap, 40000)
    p.send(0, u16(0xc202) + u16(0x400) + u32(5), 3)
    p.send(1, device("LINE-7", "Sample PLC 200", "Sample Works AB"), 4)
    p.open()
    for group, command in ((1, 1), (1, 2), (1, 4), (1, 99), (2, 1), (2, 5), (2, 6), (2, 0x10), (2, 0x11), (2, 0x12),
                           (2, 0x14), (2, 0x23), (5, 1), (8, 1), (9, 1), (0x0c, 2), (0x11, 1), (0x13, 1), (0x7e, 3)):
        p.ask(group, command, b"\1\2", b"\3")
    p.block(0, 0, 0, b"rest of a message", first=0)
    p.send(1, u8(2) + u8(0x80) + u16(33) + u32(9))
    p.send(0, u8(3) + u8(0) + u16(33))
    p.send(0, u8(0xc2) + u8(0) + u16(0x101))
    p.block(1, 2, 0x14)                         # nobody asked
    p.block(0, 2, 0x11)                         # never answered
    p.send(0, u8(0xc4) + u8(0) + u16(0x101) + u32(0) + u16(33) + u16(0))
    p.t.close()
    p = Channel(cap, 40001)
    p.open(reason=2)
    p.block(0, 0, 0, bytes(40), proto=0x7557)
    p.block(1, 0, 0, bytes(40), proto=0x7557)
    p.block(0, 0, 0, bytes(40), proto=0x1234)
    p.t.close()
    p = Channel(cap, 40002, open_=False)        # an answer first
    p.send(1, u8(0x83) + u8(0) + u16(0x101) + u32(0) + u32(7) + u16(0) + u16(33) + u32(0x1f4000) + u32(4))
    p.ask(2, 0x11)
    for n, (body, service, length) in enumerate(((b"\1\1\0", 64, None), (b"\x83\0\1\1", 64, None), (b"", 64, None),
                                                 (b"\1\1" + bytes(20), 64, None), (b"\1\0", 3, None), (b"\3\0", 64, 9))):
        x = Channel(cap, 41000 + n)
        x.open()
        x.send(0, body, service, length)
        x.t.close()
    cap.save(os.path.join(OUT, "channels.pcap"))


def version2():
    """CoDeSys V2: another protocol under the same name."""
    def bb(body, order="<"):
        return b"\xbb\xbb" + struct.pack(order + "I", len(body)) + body

    def cc(body, magic=b"\xcc\xcc"):
        inner = u8(0x23) + u16(len(body)) + u8(0) if magic[0] == 0xcc else b"\x06\0\0\0"
        return magic + u16(1) + u32(len(body)) + bytes(8) + u32(1) + inner + body

    def ident(os_name, kind, product):
        b = bytearray(154)
        for at, t in ((58, os_name), (90, kind), (122, product)):
            b[at:at + len(t)] = t
        return bytes(b)

    out = os.path.join(os.path.dirname(OUT), "codesys_v2")
    os.makedirs(out, exist_ok=True)
    cap = Capture()
    t = Talk(cap, sport=1200)
    t.c(bb(u8(1)))
    t.s(bb(ident(b"Nucleus PLUS", b"Nucleus PLUS version unknown", b"Sample Controller 750-000")))
    t.c(bb(b"\x51\x10"))
    t.s(bb(b"\0\0"))
    t.c(bb(u8(0x2f) + b"\1\0\0\x0c\0DEFAULT.PRG\0\xcd" + b"logic" * 20))
    t.s(bb(b"\0"))
    t.c(bb(u8(0x30) + u8(0) + u16(4) + b"more"))
    t.s(bb(b"\0"))
    t.c(cc(b"\x31\0" + u16(12) + b"DEFAULT.CHK\0"))
    t.s(cc(b"\0\0\0\0" + b"1234"))
    t.c(cc(b"", b"\x66\x66"))
    for line in (b"pinf", b"stopprg", b"resetprgorg", b"startprg", b"setpwd HEMLIGT 0"):
        t.c(cc(b"\x92\0\0\0\0" + line + b"\0"))
        t.s(cc(b"\x92\0\1\4\0\0text"))
        t.c(cc(b"\x92\1\0\1\0\0"))
    t.c(cc(b"\x92\0\0\0\0stopprg\0"))                   # no answer
    t.close()
    t = Talk(cap, cport=40001, sport=2455)                  # the other order
    t.c(bytes.fromhex("bbbb0100000101"))
    t.s(bb(ident(b"VxWorks", b"", b"Sample 2"), ">"))
    t.close()
    t = Talk(cap, cport=40002, sport=2455, open_=False)     # from the middle
    t.c(cc(b"\x92\0\0\0\0reload\0"))
    t.s(cc(b"\x92\0\1\4\0\0"))
    cap.save(os.path.join(out, "runtime.pcap"))
    cap = Capture()
    for n, b in enumerate((b"\xbb\xbb\0\0\0\0\1", b"\xcc\xcc\2\0" + bytes(30), b"\xbb\xbb\1\0")):
        t = Talk(cap, cport=40000 + n, sport=1200)
        t.c(b)
        t.s(bb(b"\0"))
        t.close()
    t = Talk(cap, cport=40009, sport=1200)
    t.c(bb(u8(1)))
    t.s(bb(b"\1"))
    t.c(cc(b"\x31"))
    t.c(b"\xbb\xbb\xff\xff\xff\xff")
    t.close()
    cap.save(os.path.join(out, "malformed.pcap"))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    discovery()
    channels()
    version2()
