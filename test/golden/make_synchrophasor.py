#!/usr/bin/env python3
"""Builds test/golden/synchrophasor/*.pcap from IEEE C37.118-2005 and C37.118.2-2011:
commands, configurations 1 to 3, headers, streams of data, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "synchrophasor")
DATA, HEADER, CFG1, CFG2, COMMAND, CFG3 = range(6)
SOC = 1764000000


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x << 8
        for _ in range(8):
            c = (c << 1 ^ 0x1021 if c & 0x8000 else c << 1) & 0xffff
    return struct.pack(">H", c)


def frame(kind, ident, body, version=2, size=None, bad=False):
    b = struct.pack(">BBHHII", 0xaa, kind << 4 | version, size or 16 + len(body), ident, SOC, 0x0f000000) + body
    return b + (b"\0\0" if bad else crc(b))


def cmd(ident, n, more=b""):
    return frame(COMMAND, ident, struct.pack(">H", n) + more)


def name(s):
    return s.encode().ljust(16)


def short(s):
    return bytes([len(s)]) + s.encode()


def station(n, ident, phasors, analogs=(), digitals=0, fmt=3, nominal=1, changes=4, cfg3=None):
    put = short if cfg3 else name
    names = list(phasors) + list(analogs) + ["D%d" % i for i in range(16 * digitals)]
    b = put(n) + struct.pack(">H", ident) + (b"G" * 16 if cfg3 else b"")
    b += struct.pack(">HHHH", fmt, len(phasors), len(analogs), digitals) + b"".join(put(x) for x in names)
    b += b"\0" * ((12 if cfg3 else 4) * len(phasors) + (8 if cfg3 else 4) * len(analogs) + 4 * digitals)
    if cfg3:
        b += struct.pack(">fff", *cfg3) + b"M" + struct.pack(">II", 20000, 0)
    return b + struct.pack(">HH", nominal, changes)


def config(kind, ident, *stations, rate=50, count=None, cont=b"\0\0"):
    return frame(kind, ident, (cont if kind == CFG3 else b"") + struct.pack(">IH", 1000000, count if count is not None else len(stations)) +
                 b"".join(stations) + struct.pack(">h", rate))


def data(ident, stat, n=1):
    return frame(DATA, ident, struct.pack(">H", stat) + struct.pack(">ff", 230.0, 0.5) * n + struct.pack(">ff", 50.0, 0.0))


ONE = station("Feeder 7", 7, ("VA", "VB", "VC", "I1"), ("P",), 1)
TWO = (station("North", 21, ("VA",), fmt=0, nominal=0), station("South", 22, ("VA", "IA"), ("Q", "F"), 2))


def talk():
    cap = Capture()
    t = Talk(cap, sport=4712)
    t.c(cmd(7, 1))
    t.c(cmd(7, 3))
    t.s(frame(HEADER, 7, b"PMU of feeder 7, relay REL-9 firmware 3.1"))
    t.c(cmd(7, 4))
    t.s(config(CFG1, 7, ONE))
    t.c(cmd(7, 5))
    a = config(CFG2, 7, ONE)
    t.s(a[:100])
    t.s(a[100:])
    t.c(cmd(7, 6))
    t.s(config(CFG3, 7, station("Feeder 7, long name of it", 7, ("Voltage A",), ("Power",), 1, cfg3=(59.3293, 18.0686, 20.0))))
    t.c(cmd(7, 2))
    for i, stat in enumerate((0, 0, 0x2000, 0x2000, 0, 0x0801, 0x0801, 0x8000, 0x0400, 0, 0x0010)):
        t.s(data(7, stat))
    t.c(cmd(7, 8, b"\1\2\3\4"))
    t.c(cmd(7, 99))
    t.c(cmd(7, 1))
    t.c(cmd(7, 6))                                                      # not answered
    t.close()
    cap.save(os.path.join(OUT, "talk.pcap"))


def concentrator():
    """UDP: configuration sent by itself, two stations behind one sender."""
    cap = Capture()

    def u(b, port=4713):
        cap.add(eth(ipv4(17, udp(4713, port, b), "10.0.0.2", "10.0.0.1")))

    u(config(CFG2, 20, *TWO, rate=-2))
    for i in range(5):
        u(data(20, 0, 2))
        u(data(30, 0x4000))
    u(config(CFG3, 20, station("Nowhere", 23, (), cfg3=(float("inf"), float("inf"), 0.0)), cont=b"\0\1"))
    u(frame(HEADER, 20, b"Concentrator"))
    for i in range(31, 38):
        u(data(i, 0))
    cap.save(os.path.join(OUT, "concentrator.pcap"))


def midstream():
    cap = Capture()
    t = Talk(cap, sport=14712)
    t.c(cmd(7, 5))
    t.s(config(CFG2, 7, ONE))
    t = Talk(cap, sport=14713, cport=40001, open_=False)                # the unit's word first
    t.s(data(7, 0))
    t.s(data(7, 0))
    t.c(cmd(7, 1))
    t = Talk(cap, sport=4712, cport=40002)                              # a configuration longer than a segment
    big = config(CFG2, 9, station("Big", 9, ["CH %d" % i for i in range(90)]))
    t.c(cmd(9, 5))
    for i in range(0, len(big), 700):
        t.s(big[i:i + 700])
    cap.save(os.path.join(OUT, "midstream.pcap"))


def malformed():
    cap = Capture()
    t = Talk(cap, sport=4712)
    t.c(cmd(7, 5))
    t.s(frame(CFG2, 7, b"", bad=True))                                  # check
    t.s(config(CFG2, 7, ONE, count=3))                                  # a station is missing
    t.s(config(CFG2, 7, ONE, ONE, count=1))                             # one too many
    t.s(frame(CFG2, 7, b"\0\0"))
    t.s(frame(CFG2, 7, struct.pack(">IH", 1, 1) + name("X") + struct.pack(">HHHHH", 1, 0, 0xffff, 0xffff, 0xffff) + b"\0\0"))
    t.c(frame(COMMAND, 7, b""))
    t.s(frame(DATA, 7, b""))
    t.s(frame(HEADER, 7, b""))
    t.s(b"\xaa\x72\x00\x10" + b"\0" * 12)                               # no such frame
    t.s(data(7, 0))
    t = Talk(cap, cport=40001, sport=4712)
    t.c(cmd(7, 1)[:-1] + b"\0")
    t = Talk(cap, cport=40002, sport=9000)
    t.c(b"\xaa\x01plain text that is no frame")
    cap.add(eth(ipv4(17, udp(40000, 4713, cmd(7, 1)))))
    cap.add(eth(ipv4(17, udp(40000, 4713, cmd(7, 1)[:12]))))
    cap.add(eth(ipv4(17, udp(40000, 4713, cmd(7, 1)[:16]))))
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_synchrophasor.py from IEEE C37.118-2005 and C37.118.2-2011, no device's own traffic.\n")
talk()
concentrator()
midstream()
malformed()
