#!/usr/bin/env python3
"""Builds test/golden/evasion/*.pcap: what hides from a sensor, or looks as if it did.
Modbus writes, so that each case shows which bytes were taken: 100 and more are the
attacker's, less than 100 the client's own."""
import os
import struct

from frames import ACK, FIN, PSH, RST, SYN, Capture, csum, eth, ipv4, ipv6, udp
from make_modbus import h, mbap

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "evasion")
TS = bytes([1, 1, 8, 10]) + struct.pack(">II", 1, 2)


def write(tid, value):
    return mbap(tid, 1, h("06 0001 %04x" % value))


def many(tid, *values):
    return mbap(tid, 1, h("10 0001 %04x %02x" % (len(values), 2 * len(values))) +
                b"".join(struct.pack(">H", v) for v in values))


class Talk:
    """A TCP connection with everything in its headers as it should be, or as it is told."""

    def __init__(self, cap, cport, v6=False, scale=None, window=8192, ttl=(64, 60), sums="right", sport=502):
        self.cap, self.port, self.v6, self.window, self.ttl = cap, (cport, sport), v6, window, ttl
        self.seq, self.sums = [1000, 5000], sums
        mss = h("02 04 05b4") + (b"" if scale is None else bytes([1, 3, 3, scale]))
        self.raw(0, b"", SYN, options=mss)
        self.seq[0] += 1
        self.raw(1, b"", SYN | ACK, options=mss)
        self.seq[1] += 1
        self.raw(0, b"", ACK)

    def raw(self, side, data, flags=PSH | ACK, at=0, ttl=None, sums=None, options=b"", ip_sum=None):
        """A segment `at` bytes from where its side is."""
        sums = sums or self.sums
        a = [b"\xfd" + b"\0" * 14 + b"\1", b"\xfd" + b"\0" * 14 + b"\2"] if self.v6 else ["10.0.0.1", "10.0.0.2"]
        ttl = self.ttl[side] if ttl is None else ttl
        head = 20 + len(options)
        seg = struct.pack(">HHIIBBHHH", self.port[side], self.port[1 - side], (self.seq[side] + at) & 0xffffffff,
                          self.seq[1 - side] if flags & ACK else 0, head // 4 << 4, flags, self.window, 0, 0)
        seg += options + data
        ends = (a[side], a[1 - side]) if self.v6 else tuple(bytes(map(int, x.split("."))) for x in
                                                            (a[side], a[1 - side]))
        pseudo = ends[0] + ends[1] + struct.pack(">II", len(seg), 6)
        v = {"right": csum(pseudo + seg), "wrong": csum(pseudo + seg) ^ 0x5555, "none": 0,
             "pseudo": ~csum(pseudo) & 0xffff}[sums]
        seg = seg[:16] + struct.pack(">H", v) + seg[18:]
        macs = ("02:00:00:00:00:01", "02:00:00:00:00:02")
        if self.v6:
            ip = ipv6(6, seg, a[side], a[1 - side])
            ip = ip[:7] + bytes([ttl]) + ip[8:]
        else:
            ip = ipv4(6, seg, a[side], a[1 - side], ttl=ttl)
            if ip_sum is not None:
                ip = ip[:10] + struct.pack(">H", ip_sum) + ip[12:]
        self.cap.add(eth(ip, 0x86dd if self.v6 else 0x0800, src=macs[side], dst=macs[1 - side]))

    def send(self, side, data, **how):
        self.raw(side, data, **how)
        self.seq[side] += len(data)

    def ask(self, data, **how):
        """A request and its echo."""
        self.send(0, data, **how)
        self.send(1, data[:12] if data[7] == 6 else mbap(data[1], 1, data[7:12]))


def save(cap, name):
    cap.save(os.path.join(OUT, name + ".pcap"))


def overlap():
    cap = Capture()
    for v6 in (False, True):
        t = Talk(cap, 40000, v6)
        t.ask(write(1, 1))
        t.raw(0, write(2, 102))                         # first, and so it counts
        t.ask(write(2, 2))
        t.ask(write(3, 3))
        t.raw(0, write(4, 104))                         # again: counted only
        t.ask(write(4, 4))
        t.raw(0, b"", RST)
    t = Talk(cap, 40001)                                # longer than what is kept of it
    t.raw(0, many(1, *range(100, 110)))
    t.ask(many(1, *range(10)))
    t = Talk(cap, 40002)                                # with options
    t.raw(0, many(1, *range(100, 110)), options=TS)
    t.ask(many(1, *range(10)), options=TS)
    t = Talk(cap, 40003)                                # of those that wait for bytes before them
    t.raw(0, write(2, 2), at=12)
    t.raw(0, write(2, 102), at=12)
    t.ask(write(1, 1))
    t.seq[0] += 12
    t.send(1, write(2, 2))
    t = Talk(cap, 40004)                                # the second half of it, in another cut
    t.send(0, write(1, 1))
    t.raw(0, write(1, 101)[6:] + write(2, 2), at=-6)
    t = Talk(cap, 40005)                                # none: again, with other options; kept alive
    t.send(0, many(1, 1, 2, 3, 4))
    t.raw(0, many(1, 1, 2, 3, 4), at=-21, options=TS)
    t.send(0, write(2, 2))
    t.raw(0, write(2, 2), at=-12, flags=PSH | ACK | FIN)
    t.raw(0, b"\x55", at=-1, flags=ACK)
    save(cap, "overlap")


def checksum():
    cap = Capture()
    for v6 in (False, True):
        t = Talk(cap, 40000, v6)
        t.ask(write(1, 1))
        t.raw(0, write(2, 102), sums="wrong")           # simply what comes next: read, as nothing was odd
        t.ask(write(2, 2))
        t.raw(0, write(3, 103), sums="wrong")           # from then on it is not
        t.ask(write(3, 3))
        t.raw(0, write(4, 104), sums="none")
        t.ask(write(4, 4))
        t.raw(0, b"", RST, sums="wrong")                # ends nothing
        t.raw(0, b"", SYN, at=7000, sums="wrong")       # begins nothing
        t.ask(write(5, 5))
    t = Talk(cap, 40001)
    t.ask(write(1, 1))
    t.raw(0, write(3, 103), at=12, sums="wrong")        # early
    t.ask(write(2, 2))
    t.ask(write(3, 3))
    t = Talk(cap, 40002)
    t.ask(write(1, 1))
    t.raw(0, write(3, 103), at=12, ip_sum=0x1234)       # IP's own
    t.ask(write(2, 2))
    t.ask(write(3, 3))
    for port, sums in ((40003, "none"), (40004, "pseudo"), (40005, "wrong")):
        t = Talk(cap, port, sums=sums)                  # as the machine that sends shows them: nothing is odd
        t.send(0, many(1, *range(8)))
        t.raw(0, many(1, *range(8)), at=-29, sums="right")
        t.raw(0, write(3, 3), at=12)
        t.ask(write(2, 2))
        t.raw(0, b"", RST)
    save(cap, "checksum")


def ttl():
    cap = Capture()
    for v6 in (False, True):
        t = Talk(cap, 40000, v6)
        t.ask(write(1, 1))
        t.raw(0, write(2, 102), ttl=3)                  # does not get there
        t.ask(write(2, 2))
        t.raw(1, b"", RST | ACK, ttl=9)                 # from somebody in between
        t.ask(write(3, 3))
        t.raw(0, write(3, 103), ttl=2)
        t.ask(write(4, 4))
    t = Talk(cap, 40001)
    t.ask(write(1, 1), ttl=58)                          # another route
    t.ask(write(2, 2), ttl=40)
    t.ask(write(3, 3), ttl=31)
    t = Talk(cap, 40003, ttl=(64, 255))                 # a firewall opens, the server has few hops by nature
    t.ttl = (64, 30)
    for i in range(1, 6):
        t.ask(write(i, i))
    t = Talk(cap, 40002, ttl=(255, 255), sport=179)     # BGP's neighbours
    t.ask(write(1, 1), ttl=1)
    save(cap, "ttl")


def window():
    cap = Capture()
    t = Talk(cap, 40000, window=512)
    t.ask(write(1, 1))
    t.raw(0, write(9, 109) * 20, at=3000)               # no room for that
    t.raw(0, write(2, 2), at=12)                        # for this there is
    t.ask(write(2, 2))
    t.raw(0, b"", RST, at=200000)                       # far off
    t.ask(write(3, 3))
    t.raw(0, b"", RST)
    t = Talk(cap, 40001, window=512, scale=7)           # 64 KiB
    t.ask(write(1, 1))
    t.raw(0, write(9, 9) * 20, at=3000)
    t.raw(0, b"", RST, at=100000)
    save(cap, "window")


def fragments():
    cap = Capture()
    good, bad = udp(40000, 502, many(1, *range(1, 17))), udp(40000, 502, many(1, *range(101, 117)))
    for ident, first, second in ((1, good, good), (2, good, bad), (3, bad, good)):
        cap.add(eth(ipv4(17, first[:32], ident=ident, more=True)))
        cap.add(eth(ipv4(17, second[24:], ident=ident, off=24)))
    for ident, first, second in ((1, good, good), (2, good, bad)):
        cap.add(eth(ipv6(44, h("1100 0001") + struct.pack(">I", ident) + first[:32]), 0x86dd))
        cap.add(eth(ipv6(44, h("1100") + struct.pack(">HI", 24, ident) + second[24:]), 0x86dd))
        cap.add(eth(ipv6(44, h("1100") + struct.pack(">HI", 32, ident) + first[32:]), 0x86dd))
    for off in (0, 32, 0, 32):                          # twice, as two mirrored ports show it
        cap.add(eth(ipv6(44, h("1100") + struct.pack(">HI", off | (off == 0), 3) +
                         (good[:32] if off == 0 else good[32:])), 0x86dd))
    # a segment that came in two
    seg = struct.pack(">HHIIBBHHH", 40001, 502, 1001, 5001, 0x50, PSH | ACK, 8192, 0, 0) + write(7, 7)
    cap.add(eth(ipv4(6, seg[:24], ident=9, more=True)))
    cap.add(eth(ipv4(6, seg[24:], ident=9, off=24)))
    save(cap, "fragments")


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    overlap()
    checksum()
    ttl()
    window()
    fragments()
