#!/usr/bin/env python3
"""Builds test/golden/ethercat/*.pcap: states, addresses, EEPROMs, mailboxes, process data.

Hand-made from ETG.1000 and ETG.2010; no captured bytes."""
import os
import struct

from frames import Capture, eth, ipv4, mac, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ethercat")
MASTER, BACK, ALL = "00:00:5e:00:53:01", "02:00:5e:00:53:01", "ff:ff:ff:ff:ff:ff"
APRD, APWR, FPRD, FPWR, BRD, BWR, LRD, LWR, LRW = 1, 2, 4, 5, 7, 8, 10, 11, 12


class Ring:
    """A master and its slaves: what goes out comes back, positions counted up."""

    def __init__(self, cap, slaves=3, src=MASTER, back=BACK):
        self.cap, self.slaves, self.src, self.back, self.idx = cap, slaves, src, back, 0

    def frame(self, datagrams, src, wait=1000, extra=b"", kind=1, size=None):
        b = b""
        for i, (cmd, idx, adr, data, wkc) in enumerate(datagrams):
            more = 0x8000 if i + 1 < len(datagrams) else 0
            b += struct.pack("<BB", cmd, idx) + adr + struct.pack("<HH", len(data) | more, 0) + data + struct.pack("<H", wkc)
        body = struct.pack("<H", (len(b) if size is None else size) | kind << 12) + b + extra
        self.cap.add(eth(body, 0x88a4, src, ALL), wait_us=wait)

    @staticmethod
    def adr(cmd, adp, ado):
        return struct.pack("<I", ado) if cmd in (LRD, LWR, LRW) else struct.pack("<HH", adp & 0xffff, ado)

    def do(self, *commands, out=True, back=True, wait=1000):
        """Each command: cmd, adp, ado, data out, data back, working counter."""
        first, second = [], []
        for cmd, adp, ado, a, b, wkc in commands:
            self.idx = (self.idx + 1) & 0xff
            moved = adp + self.slaves if cmd in (APRD, APWR, BRD, BWR) else adp
            first.append((cmd, self.idx, self.adr(cmd, adp, ado), a, 0))
            second.append((cmd, self.idx, self.adr(cmd, moved, ado), b, wkc))
        if out:
            self.frame(first, self.src, wait)
        if back:
            self.frame(second, self.back, 10 if out else wait)


def h16(v):
    return struct.pack("<H", v)


def write(adp, ado, data, wkc=1, cmd=FPWR):
    return cmd, adp, ado, data, data, wkc


def read(adp, ado, data, wkc=1, cmd=FPRD):
    return cmd, adp, ado, b"\0" * len(data), data, wkc


def save(cap, name):
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, name + ".pcap"))


def sii(vendor, product, revision, serial, order, name):
    words = {}

    def put(at, data):
        for i in range(0, len(data), 2):
            words[at + i // 2] = data[i:i + 2].ljust(2, b"\0")

    put(8, struct.pack("<IIII", vendor, product, revision, serial))
    texts = bytes([2, len(order)]) + order + bytes([len(name)]) + name
    texts += b"\0" * (len(texts) % 2)
    general = bytes([0, 0, 1, 2]) + b"\0" * 12
    put(0x40, struct.pack("<HH", 10, len(texts) // 2) + texts + struct.pack("<HH", 30, len(general) // 2) + general +
        struct.pack("<H", 0xffff))
    return words


def read_sii(r, station, words, step=2):
    for at in sorted(w for w in words if w % step == 0):
        r.do(write(station, 0x0502, struct.pack("<HI", 0x0100, at)))
        data = b"".join(words.get(at + i, b"\xff\xff") for i in range(step))
        if step == 2:
            r.do(read(station, 0x0502, struct.pack("<HI", 0x0000, at) + data))
        else:
            r.do(read(station, 0x0502, struct.pack("<HI", 0x0040, at)))
            r.do(read(station, 0x0508, data))


def startup():
    cap = Capture()
    r = Ring(cap)
    r.do(read(0, 0x0130, h16(1), 3, BRD))
    r.do(write(0, 0x0120, h16(0x11), 3, BWR))
    for i in range(3):
        r.do(write(-i, 0x0010, h16(0x1001 + i), 1, APWR))
    r.do(write(-7, 0x0010, h16(0x1008), 0, APWR))
    for i in range(3):
        r.do(read(-i, 0x0130, h16(0x01), 1, APRD))
    read_sii(r, 0x1001, sii(2, 0x044c2c52, 0x00110000, 0, b"EK0000", b"EK0000 Koppler \xb5"))
    read_sii(r, 0x1002, sii(0x9999, 0x0badcafe, 7, 4711, b"", b""), 4)
    r.do(write(0x1003, 0x0502, struct.pack("<HI", 0x0100, 8)))
    r.do(read(0x1003, 0x0502, struct.pack("<HIHH", 0x8100, 8, 0xffff, 0xffff)))
    r.do(read(0x1003, 0x0502, struct.pack("<HIHH", 0, 8, 0x001d, 0)))
    r.do(read(0x1003, 0x0502, struct.pack("<HIHH", 0, 10, 0x0001, 0)))
    for state in (2, 4, 8):
        for s in (0x1001, 0x1002):
            r.do(write(s, 0x0120, h16(state)))
            r.do(read(s, 0x0130, struct.pack("<HHH", state, 0, 0)))
    # refused, acknowledged, a state without a name
    r.do(write(0x1003, 0x0120, h16(8)))
    r.do(read(0x1003, 0x0130, struct.pack("<HHH", 0x12, 0, 0x001b)))
    r.do(read(0x1003, 0x0130, struct.pack("<HHH", 0x14, 0, 0x7777)))
    r.do(write(0x1003, 0x0120, h16(0x12)))
    r.do(read(0x1003, 0x0130, struct.pack("<HHH", 0x06, 0, 0)))
    # nobody there, never back, seen at two ports of a mirror, only the way back seen
    r.do(write(0x1009, 0x0120, h16(8), 0))
    r.do(write(0x1001, 0x0120, h16(1)), back=False)
    r.do(write(0x1001, 0x0120, h16(3)))
    cap.frames.append((cap.us + 1, cap.frames[-1][1], cap.frames[-1][2]))
    r.do(write(0x1001, 0x0120, h16(8)), out=False)
    # reset, an EEPROM written and loaded anew
    r.do(write(0x1001, 0x0040, b"R"), write(0x1001, 0x0502, struct.pack("<HIH", 0x0201, 4, 0xbeef)),
         write(0x1001, 0x0502, h16(0x0400)))
    save(cap, "startup")


def logical():
    cap = Capture()
    r = Ring(cap)
    for wkc in (6, 6, 6, 4, 6, 6):
        r.do((LRW, 0, 0x01000000, b"\1\2\3\4", b"\5\6\7\x08", wkc), (BRD, 0, 0x0130, b"\0\0", b"\x08\0", 3), wait=2000)
    r.do((BRD, 0, 0x0130, b"\0\0", b"\x0c\0", 3))
    for i in range(10):
        r.do((LRD, 0, 0x02000000 + i, b"\0", b"\1", 1), (LWR, 0, 0x03000000, b"\1", b"\1", i))
    for i in range(80):
        r.do((LRW, 0, 0x01000000, b"\0", b"\0", i % 2))
    # a master whose own address has the bit: told by the counters
    r = Ring(cap, 1, "02:00:5e:00:53:77", "02:00:5e:00:53:77")
    r.do((BRD, 0, 0x0130, b"\0\0", b"\x08\0", 1), write(0x1001, 0x0120, h16(8)))
    # the first that is seen comes back
    r = Ring(cap, 2, "00:00:5e:00:53:33", "02:00:5e:00:53:33")
    r.do(read(0, 0x0130, h16(8), 1, APRD), out=False)
    r.do((BRD, 0, 0x0130, b"\0\0", b"\x08\0", 2))
    # only what comes back is seen
    r = Ring(cap, 2, "00:00:5e:00:53:44", "02:00:5e:00:53:44")
    for _ in range(3):
        r.do((LRW, 0, 0x01000000, b"\0", b"\0", 2), out=False)
    # gone for long, then again; positions before any broadcast came back
    r = Ring(cap)
    r.do((LRW, 0, 0x01000000, b"\1", b"\1", 6), read(0, 0x0130, h16(8), 1, APRD), wait=400000000)
    save(cap, "cyclic")


def mbx(kind, body, station=0, count=1, length=None):
    return struct.pack("<HHBB", len(body) if length is None else length, station, 0, kind | count << 4) + body


def coe(service, body):
    return struct.pack("<H", service << 12) + body


def sdo(cmd, index, sub, data=b""):
    return struct.pack("<BHB", cmd, index, sub) + data


def mailboxes():
    cap = Capture()
    r = Ring(cap)
    station, out, back = 0x1001, 0x1800, 0x1c00

    def ask(body, kind=3, **k):
        r.do(write(station, out, mbx(kind, body).ljust(64, b"\0")), **k)

    def answer(body, kind=3, wkc=1, **k):
        r.do(read(station, back, mbx(kind, body).ljust(64, b"\0"), wkc), **k)

    def exchange(req, *res):
        ask(coe(2, req))
        answer(coe(3, sdo(0, 0, 0)), wkc=0)     # not ready
        for x in res:
            answer(coe(3, x))

    # not told where the mailboxes lie: by their structure
    exchange(sdo(0x40, 0x1018, 1, b"\0" * 4), sdo(0x43, 0x1018, 1, struct.pack("<I", 0x1d)))
    sm = struct.pack("<HHBBBBHHBBBB", out, 64, 0x26, 0, 1, 0, back, 64, 0x22, 0, 1, 0)
    r.do(write(station, 0x0800, sm))
    for sub, v in ((2, 0x1234), (3, 0x00020001), (4, 99)):
        exchange(sdo(0x40, 0x1018, sub, b"\0" * 4), sdo(0x43, 0x1018, sub, struct.pack("<I", v)))
    exchange(sdo(0x40, 0x1008, 0, b"\0" * 4), sdo(0x41, 0x1008, 0, struct.pack("<I", 8) + b"Pump 300"))
    exchange(sdo(0x40, 0x1009, 0, b"\0" * 4), sdo(0x4f, 0x1009, 0, b"B\0\0\0"))
    exchange(sdo(0x40, 0x100a, 0, b"\0" * 4), sdo(0x41, 0x100a, 0, struct.pack("<I", 20) + b"2.1.0 "), )
    ask(coe(2, sdo(0x60, 0, 0, b"\0" * 4)))
    answer(coe(3, bytes([0x00]) + b"build 12"))
    ask(coe(2, sdo(0x70, 0, 0, b"\0" * 4)))
    answer(coe(3, bytes([0x13]) + b"345\0\0\0" + b"\0"))
    exchange(sdo(0x40, 0x6000, 1, b"\0" * 4), sdo(0x80, 0x6000, 1, struct.pack("<I", 0x06020000)))
    exchange(sdo(0x2f, 0x1c12, 0, b"\1\0\0\0"), sdo(0x60, 0x1c12, 0))
    exchange(sdo(0x23, 0x8000, 1, struct.pack("<I", 70000)), sdo(0x80, 0x8000, 1, struct.pack("<I", 0x06090030)))
    exchange(sdo(0x31, 0x8001, 0, struct.pack("<I", 6) + b"\1\2\3\4\5\6"), sdo(0x60, 0x8001, 0, b"\0" * 4))
    # a download in segments
    ask(coe(2, sdo(0x21, 0x8002, 0, struct.pack("<I", 12) + b"first")))
    answer(coe(3, sdo(0x60, 0x8002, 0, b"\0" * 4)))
    ask(coe(2, b"\x01second!"))
    answer(coe(3, b"\x20" + b"\0" * 7))
    # refused with a code without a name; given up by the master; never answered; an answer alone
    exchange(sdo(0x40, 0x7000, 1, b"\0" * 4), sdo(0x80, 0x7000, 1, struct.pack("<I", 0x12345678)))
    exchange(sdo(0x40, 0x7001, 1, b"\0" * 4), sdo(0x80, 0x7001, 1, struct.pack("<I", 0)))
    ask(coe(2, sdo(0x40, 0x7002, 1, b"\0" * 4)))
    ask(coe(2, sdo(0x80, 0x7002, 1, struct.pack("<I", 0x05040000))))
    ask(coe(2, sdo(0x40, 0x7003, 1, b"\0" * 4)))
    ask(coe(2, sdo(0x40, 0x7004, 1, b"\0" * 4)))
    answer(coe(3, sdo(0x4f, 0x7005, 1, b"\7\0\0\0")))
    answer(coe(3, sdo(0x4f, 0x7004, 1, b"\7\0\0\0")))
    answer(coe(3, sdo(0x4f, 0x7004, 1, b"\7\0\0\0")))
    # an emergency, a description, other mailboxes
    answer(coe(1, struct.pack("<HB5s", 0x8130, 0x11, b"maker")))
    ask(coe(8, b"\3\0\0\0\0\x10"))
    ask(b"\0" * 12, 2)
    answer(b"\0" * 8, 5)
    # files: written with a password, refused, read, never answered
    def file(op, word, name=b""):
        return struct.pack("<BBI", op, 0, word) + name
    ask(file(2, 0x12345678, b"firmware.efw"), 4)
    answer(file(4, 0), 4)
    ask(file(3, 1, b"\0" * 20), 4)
    ask(file(2, 0, b"other.efw"), 4)
    answer(file(5, 0x8002, b"no"), 4)
    ask(file(2, 0, b"third.efw"), 4)
    answer(file(5, 0x8099, b"no"), 4)
    ask(file(1, 0, b"log.txt"), 4)
    answer(file(3, 1, b"some lines"), 4)
    ask(file(1, 0, b"gone.txt"), 4)
    # elsewhere in its memory: no mailbox
    r.do(write(station, 0x1900, mbx(3, coe(2, sdo(0x40, 0x1018, 1, b"\0" * 4))).ljust(64, b"\0")))
    save(cap, "mailboxes")


def over_udp():
    cap = Capture()

    def datagram(cmd, idx, adp, ado, data, wkc):
        b = struct.pack("<BBHHHH", cmd, idx, adp, ado, len(data), 0) + data + struct.pack("<H", wkc)
        return struct.pack("<H", len(b) | 0x1000) + b

    for src, wkc, adp in ((MASTER, 0, 0), (BACK, 2, 2)):
        cap.add(eth(ipv4(17, udp(34980, 34980, datagram(BRD, 1, adp, 0x0130, b"\x08\0" if wkc else b"\0\0", wkc)),
                         "192.0.2.71", "192.0.2.255"), src=src, dst=ALL))
    for src, wkc in ((MASTER, 0), (BACK, 1)):
        cap.add(eth(ipv4(17, udp(34980, 34980, datagram(FPWR, 2, 0x1001, 0x0120, b"\x08\0", wkc)),
                         "192.0.2.71", "192.0.2.255"), src=src, dst=ALL))
    cap.add(eth(ipv4(17, udp(40000, 34980, b"\x10\x20 not this"), "192.0.2.72", "192.0.2.71")))
    cap.add(eth(ipv4(17, udp(34980, 34980, b"\1\x40"), "192.0.2.71", "192.0.2.255"), src=MASTER, dst=ALL))
    save(cap, "udp")


def malformed():
    cap = Capture()
    r = Ring(cap)
    one = (FPWR, 1, Ring.adr(FPWR, 0x1001, 0x0120), h16(2), 0)
    cap.add(eth(b"\1", 0x88a4, MASTER, ALL))
    r.frame([one], MASTER, kind=7)
    r.frame([one], MASTER, kind=4)
    r.frame([one], MASTER, size=300)
    r.frame([one], MASTER, size=10)
    r.frame([(0x33, 1, b"\0" * 4, b"", 0)], MASTER)
    r.frame([(0, 1, b"\0" * 4, b"", 0)], MASTER)
    r.frame([(0, 1, b"\0" * 4, b"", 0)] * 110, MASTER)
    r.frame([(FPRD, 1, Ring.adr(FPRD, 0x1001, 0x1c00), mbx(3, b"\0\x30", length=999), 1)], BACK)
    r.frame([(FPRD, 1, Ring.adr(FPRD, 0x1001, 0x1c00), mbx(3, coe(3, b"\x43")), 1)], BACK)
    r.frame([(BRD, 1, Ring.adr(BRD, 3, 0x0130), b"", 1)], BACK)
    cap.add(eth(struct.pack("<H", 12 * 140 | 0x1000)[:2] + struct.pack("<BBIHHH", 0, 0, 0, 0x8000, 0, 0) * 140, 0x88a4, MASTER, ALL))
    b = struct.pack("<H", 30 | 0x1000) + struct.pack("<BB", FPWR, 9) + Ring.adr(FPWR, 0x1001, 0x0120) + struct.pack("<HH", 18, 0) + h16(2) + b"\0" * 18
    f = eth(b, 0x88a4, MASTER, ALL)
    for n in (15, 20, 28, 29, 40):
        cap.add(f[:n], len(f))
    save(cap, "malformed")


startup()
logical()
mailboxes()
over_udp()
malformed()
