#!/usr/bin/env python3
"""Builds test/golden/ads/*.pcap from the TwinCAT ADS/AMS specification: every
command, symbols by handle, sum commands, notifications, discovery and routes
over UDP, errors, captures that begin in the middle, and what is malformed."""
import os
import struct

from frames import T0, Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ads")
PC, PLC = bytes([10, 0, 0, 1, 1, 1]), bytes([5, 18, 52, 86, 1, 1])
EPOCH = (T0 + 11644473600) * 10000000


def u8(v): return struct.pack("<B", v)
def u16(v): return struct.pack("<H", v)
def u32(v): return struct.pack("<I", v)
def u64(v): return struct.pack("<Q", v)


class Ams:
    def __init__(self, cap, cport, port=851, open_=True, sport=48898):
        self.t, self.port, self.id = Talk(cap, cport=cport, sport=sport, open_=open_), port, 1

    def packet(self, target, tport, source, sport, cmd, flags, body, error=0, length=None, inner=None):
        n = len(body) if inner is None else inner
        h = target + u16(tport) + source + u16(sport) + u16(cmd) + u16(flags) + u32(n) + u32(error) + u32(self.id)
        return u16(0) + u32(len(h) + len(body) if length is None else length) + h + body

    def q(self, cmd, body=b"", flags=4, port=None):
        self.t.c(self.packet(PLC, port or self.port, PC, 32905, cmd, flags, body))

    def a(self, cmd, body=b"", error=0, port=None):
        self.t.s(self.packet(PC, 32905, PLC, port or self.port, cmd, 5, body, error))

    def ask(self, cmd, body=b"", answer=None, error=0, port=None):
        self.q(cmd, body, port=port)
        if answer is not None:
            self.a(cmd, answer, error, port)
        self.id += 1

    def read(self, group, offset, n, data, port=None, result=0):
        self.ask(2, u32(group) + u32(offset) + u32(n), u32(result) + u32(len(data)) + data, port=port)

    def write(self, group, offset, data, result=0, port=None):
        self.ask(3, u32(group) + u32(offset) + u32(len(data)) + data, u32(result), port=port)

    def rw(self, group, offset, n, out, data, result=0, port=None):
        self.ask(9, u32(group) + u32(offset) + u32(n) + u32(len(out)) + out, u32(result) + u32(len(data)) + data,
                 port=port)

    def note(self, *stamps, length=None):
        b = b"".join(u64(t) + u32(len(ss)) + b"".join(u32(h) + u32(len(d)) + d for h, d in ss) for t, ss in stamps)
        b = u32(len(stamps)) + b
        self.t.s(self.packet(PC, 32905, PLC, self.port, 8, 4, u32(len(b) if length is None else length) + b))


def info(name, major=3, minor=1, build=2104):
    return u32(0) + u8(major) + u8(minor) + u16(build) + name.ljust(16, b"\0")


TARGET = b"<TcTargetDesc><TargetType>CX9999-X</TargetType><TargetVersion><Version>3</Version><Revision>1</Revision>" \
    b"<Build>4024</Build></TargetVersion><Hardware><Model>9999</Model><SerialNo>12345</SerialNo><CPUVersion>1.2" \
    b"</CPUVersion></Hardware><OsImage><ImageVersion>4.5</ImageVersion><OsName>Windows CE</OsName><OsVersion>7.0" \
    b"</OsVersion></OsImage></TcTargetDesc>\0"


def commands():
    cap = Capture()
    p = Ams(cap, 40000)
    p.ask(1, b"", info(b"Plc30 App"))
    p.ask(1, b"", info(b"TwinCAT System"), port=10000)
    p.ask(1, b"", b"", error=6, port=500)
    p.ask(1, b"", u32(0x701), port=300)
    p.ask(4, b"", u32(0) + u16(5) + u16(1))
    p.ask(4, b"", u32(0) + u16(77) + u16(1))
    for state in (6, 5, 2, 99):
        p.ask(5, u16(state) + u16(0) + u32(0), u32(0))
    p.ask(5, u16(16) + u16(0) + u32(3) + b"abc", u32(0), port=10000)
    p.ask(5, u16(15) + u16(0) + u32(0), u32(0x723), port=10000)
    p.ask(5, u16(6) + u16(0) + u32(0))
    p.read(0x4020, 0x10, 2, u16(513))
    p.read(0x4020, 0, 1, b"\1")
    p.read(0x4020, 0x20, 4, b"\0\0\xc8\x41")
    p.read(0xf030, 0, 100, bytes(100))
    p.read(0x4020, 0, 4, b"", result=0x702)
    p.ask(2, u32(0x4020) + u32(1) + u32(4), u32(0x703))
    p.ask(2, u32(0x4020) + u32(1) + u32(4), u32(0xdead) + u32(0))
    p.write(0x4020, 0x10, u16(7))
    p.write(0x4020, 0x14, struct.pack("<f", 21.5))
    p.write(0x4021, 81, b"\1", result=0x704)
    p.write(0x4020, 0, bytes(range(200)))
    p.write(0x4020, 0, bytes(2000))
    p.q(3, u32(0x4020) + u32(0x30) + u32(1) + b"\1", flags=6)      # nobody answers
    p.rw(0xf003, 0, 4, b"MAIN.fTemperature\0", u32(0x1a))
    p.rw(0xf003, 0, 4, b"MAIN.bValve\0", u32(0x1b))
    p.rw(0xf003, 0, 4, b"MAIN.fbPump#Start\0", u32(0x1c))
    p.rw(0xf003, 0, 4, b"MAIN.nothing\0", b"", 0x710)
    p.read(0xf005, 0x1a, 4, b"\0\0\xc8\x41")
    p.write(0xf005, 0x1b, b"\1")
    p.write(0xf005, 0x77, b"\1")
    p.rw(0xf005, 0x1c, 2, b"\1\0", b"\1\0")
    p.rw(0xf005, 0x1a, 2, b"\1\0", b"\1\0")
    p.write(0xf006, 0, u32(0x1b))
    p.write(0xf006, 0, u32(0x99))
    p.rw(0xf004, 0, 4, b"MAIN.nCount\0", u32(12))
    p.rw(0xf009, 0, 500, b"MAIN.nCount\0", bytes(60))
    p.rw(0x4020, 0, 4, b"\1", u32(12))
    p.read(0xf00c, 0, 8, u32(120) + u32(4800))
    p.write(0xf00a, 0, bytes(64))
    p.read(700, 1, 4, u32(len(TARGET)), port=10000)
    p.read(700, 1, len(TARGET), TARGET, port=10000)
    p.read(700, 1, 9, b"<TcTarget", port=10000)
    p.read(702, 0, 100, b"CX-123456\0", port=10000)
    p.rw(200, 0, 1000, b"Software\\Beckhoff\0Version\0", b"3.1\0", port=10000)
    p.rw(200, 0, 1000, b"Software\\None\0", b"", 2, port=10000)
    p.write(200, 0, b"Software\\Beckhoff\0Value\0x\0", port=10000)
    p.rw(120, 0x102, 4, b"c:\\boot\\Port_851.app\0", u32(9), port=10000)
    p.rw(123, 9, 0, bytes(100), b"", port=10000)
    p.rw(122, 9, 100, b"\0", bytes(100), port=10000)
    p.rw(131, 0x104, 0, b"c:\\boot\\Port_852.app\0", b"", port=10000)
    p.write(500, 0, u32(9) + u32(0) + b"calc.exe\0", port=10000)
    p.write(400, 1, bytes(16), port=10000)
    p.write(802, 0, b"PC-7\0", port=10000)
    p.write(123, 9, bytes(40), port=10000)
    p.ask(0, b"xy", b"z")
    p.t.close()
    cap.save(os.path.join(OUT, "commands.pcap"))


def notifications():
    cap = Capture()
    p = Ams(cap, 40000)
    p.rw(0xf003, 0, 4, b"MAIN.fTemperature\0", u32(0x1a))
    attr = u32(4) + u32(4) + u32(10000) + u32(1000000) + bytes(16)
    p.ask(6, u32(0xf005) + u32(0x1a) + attr, u32(0) + u32(501))
    p.ask(6, u32(0x4020) + u32(8) + attr, u32(0) + u32(502))
    p.ask(6, u32(0x4020) + u32(9) + attr, u32(0x716))
    p.ask(6, u32(0x4020) + u32(9) + attr, u32(0x716) + u32(0))
    p.note((EPOCH, [(501, b"\0\0\xc8\x41")]))
    p.note((EPOCH, [(501, b"\0\0\xc8\x41"), (502, b"\1")]), (EPOCH + 10000, [(777, bytes(30))]))
    p.note((0, [(1000 + i, b"\1") for i in range(140)]))
    p.note()
    p.ask(7, u32(501), u32(0))
    p.ask(7, u32(999), u32(0x714))
    p.t.close()
    cap.save(os.path.join(OUT, "notifications.pcap"))


def sums():
    cap = Capture()
    p = Ams(cap, 40000)
    p.rw(0xf003, 0, 4, b"MAIN.bValve\0", u32(0x1b))
    entries = [(0x4020, 0, 2), (0xf005, 0x1b, 1), (0x4020, 99, 4)]
    table = b"".join(u32(g) + u32(o) + u32(n) for g, o, n in entries)
    p.rw(0xf080, 3, 19, table, u32(0) + u32(0) + u32(0x703) + u16(5) + b"\1" + bytes(4))
    p.rw(0xf083, 3, 31, table, u32(0) + u32(2) + u32(0) + u32(1) + u32(0x703) + u32(0) + u16(5) + b"\1")
    p.rw(0xf084, 3, 31, table, u32(0x703) + u32(0) + u32(0x703) + u32(0) + u32(0xbeef) + u32(0))
    p.rw(0xf081, 3, 12, table + u16(7) + b"\1" + struct.pack("<f", 1.5), u32(0) + u32(0) + u32(0x704))
    p.rw(0xf081, 3, 12, table + u16(7) + b"\1" + struct.pack("<f", 1.5), b"", 0x701)
    p.ask(9, u32(0xf081) + u32(3) + u32(12) + u32(43) + table + u16(7) + b"\1" + struct.pack("<f", 1.5))
    rwt = b"".join(u32(g) + u32(o) + u32(r) + u32(w) for g, o, r, w in (
        (0xf003, 0, 4, 8), (0xf003, 0, 4, 8), (0x4020, 4, 0, 2), (0x4020, 4, 2, 0)))
    p.rw(0xf082, 4, 42, rwt + b"MAIN.a1\0" + b"MAIN.a2\0" + u16(9),
         u32(0) + u32(4) + u32(0x710) + u32(0) + u32(0) + u32(0) + u32(0) + u32(2) + u32(0x51) + u16(9))
    p.read(0xf005, 0x51, 1, b"\1")
    attr = u32(1) + u32(4) + bytes(8) + bytes(16)
    p.rw(0xf085, 2, 16, u32(0xf005) + u32(0x51) + attr + u32(0x4020) + u32(3) + attr,
         u32(0) + u32(601) + u32(0x716) + u32(0))
    p.note((EPOCH, [(601, b"\1")]))
    p.rw(0xf086, 2, 8, u32(601) + u32(602), u32(0) + u32(0x714))
    # more than is kept of a request in one piece
    many = 100
    p.rw(0xf081, many, 4 * many, b"".join(u32(0x4020) + u32(i) + u32(1) for i in range(many)) + bytes(range(many)),
         u32(0) * many)
    big = b"".join(u32(0x4020) + u32(i) + u32(1) for i in range(150))
    p.rw(0xf080, 150, 750, big, u32(0) * 150 + bytes(range(150)))
    p.ask(9, u32(0xf081) + u32(many) + u32(4 * many) + u32(13 * many) +
          b"".join(u32(0x4020) + u32(i) + u32(1) for i in range(many)) + bytes(range(many)))
    p.t.close()
    cap.save(os.path.join(OUT, "sum.pcap"))


def tag(kind, data):
    return u16(kind) + u16(len(data)) + data


def datagram(invoke, service, net, *tags, magic=0x71146603, count=None):
    return u32(magic) + u32(invoke) + u32(service) + net + u16(10000) + \
        u32(len(tags) if count is None else count) + b"".join(tags)


def discovery():
    cap = Capture()

    def c(b, port=40000):
        cap.add(eth(ipv4(17, udp(port, 48899, b))))

    def s(b, port=40000):
        cap.add(eth(ipv4(17, udp(48899, port, b), "10.0.0.2", "10.0.0.1"), src="02:00:00:00:00:02",
                    dst="02:00:00:00:00:01"))

    os_ce = u32(276) + u32(7) + u32(0) + u32(0) + u32(3) + bytes(256)
    os_nt = u32(276) + u32(10) + u32(0) + u32(17763) + u32(2) + bytes(256)
    version = u8(3) + u8(1) + u16(4024)
    c(datagram(0, 1, PC))
    s(datagram(0, 0x80000001, PLC, tag(5, b"CX-123456\0"), tag(4, os_ce), tag(3, version), tag(18, b"ab" * 32)))
    c(datagram(0, 1, PC))
    s(datagram(0, 0x80000001, PLC, tag(5, b"IPC-7\0"), tag(4, os_nt), tag(3, version)))
    s(datagram(0, 0x80000001, PLC, tag(5, b"IPC-7\0"), tag(4, u32(20) + bytes(12) + u32(9))))
    route = (tag(12, b"ENG-PC\0"), tag(7, PC), tag(13, b"Administrator\0"), tag(2, b"secret\0"), tag(5, b"10.0.0.1\0"))
    c(datagram(1, 6, PC, *route))
    s(datagram(1, 0x80000006, PLC, tag(1, u32(0))))
    c(datagram(2, 6, PC, *route))
    s(datagram(2, 0x80000006, PLC, tag(1, u32(0x704))))
    c(datagram(3, 6, PC, tag(12, b"OPEN\0"), tag(7, PC), tag(2, b"\0")))
    s(datagram(3, 0x80000006, PLC, tag(1, u32(0xabcd))))
    c(datagram(4, 9, PC))
    s(datagram(4, 0x80000009, PLC))
    c(datagram(5, 6, PC, *route))                               # never answered
    s(datagram(0, 0x80000001, PLC, tag(5, b"CX-123456\0")), 40001)      # the answer first
    c(datagram(7, 1, PC, count=3), 40002)
    c(datagram(7, 1, PC, tag(5, b"abc")[:-1]), 40003)
    c(datagram(7, 1, PC, magic=0x12345678), 40004)
    c(datagram(7, 1, PC), 40005)
    c(b"\x03\x66\x14\x71" + bytes(4), 40005)
    cap.save(os.path.join(OUT, "discovery.pcap"))


def odd():
    cap = Capture()
    p = Ams(cap, 40000, open_=False)            # the answer first
    p.a(2, u32(0) + u32(2) + u16(5))
    p.id += 1
    p.read(0x4020, 0, 2, u16(5))
    p = Ams(cap, 40001, open_=False, sport=50001)
    p.note((EPOCH, [(5, b"\1")]))
    p = Ams(cap, 40002, sport=50002)
    b = p.packet(PLC, 851, PC, 32905, 4, 4, b"")
    p.t.c(b[:3])
    p.t.c(b[3:20])
    p.t.c(b[20:])
    p.a(4, u32(0) + u16(5) + u16(0))
    p = Ams(cap, 40003)                         # answers that are not to the question
    p.q(4)
    p.a(2, u32(0) + u32(2) + u16(5))
    p.a(3, u32(0x705))
    p.t.close()
    p = Ams(cap, 40004)                         # the server asks, too
    p.q(4)
    p.t.s(p.packet(PC, 32905, PLC, 851, 4, 4, b""))
    p.a(4, u32(0) + u16(5) + u16(0))
    p.t.c(p.packet(PLC, 851, PC, 32905, 4, 5, u32(0) + u16(5) + u16(0)))
    p.t.close()
    for n, b in enumerate((
            p.packet(PLC, 851, PC, 32905, 3, 4, u32(0x4020) + u32(0) + u32(50) + b"\1"),
            p.packet(PLC, 851, PC, 32905, 9, 4, u32(0xf081) + u32(500) + u32(4) + u32(13) + u32(0x4020) + u32(0) + u32(1) + b"\1"),
            p.packet(PLC, 851, PC, 32905, 9, 4, u32(0xf081) + u32(1) + u32(4) + u32(12) +
                     u32(0x4020) + u32(0) + u32(9)),
            p.packet(PLC, 851, PC, 32905, 2, 4, u32(1)),
            p.packet(PLC, 851, PC, 32905, 8, 4, u32(4) + u32(1 << 30) + u64(0) + u32(1) + u32(5) + u32(99)),
            p.packet(PLC, 851, PC, 32905, 2, 5, u32(0) + u32(99) + b"\1"),
            p.packet(PLC, 851, PC, 32905, 2, 5, b"\0"),
            p.packet(PLC, 851, PC, 32905, 4, 4, b"", inner=7), p.packet(PLC, 851, PC, 32905, 12, 4, b""),
            p.packet(PLC, 851, PC, 32905, 4, 0, b""), u16(0) + u32(5) + bytes(40), u16(1) + u32(32) + bytes(40))):
        x = Ams(cap, 41000 + n)
        x.ask(4, b"", u32(0) + u16(5) + u16(0))
        x.t.c(b)
        x.t.close()
    cap.save(os.path.join(OUT, "odd.pcap"))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for build in (commands, notifications, sums, discovery, odd):
        build()
