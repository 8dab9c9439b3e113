#!/usr/bin/env python3
"""Makes test/golden/{arp,icmp,dhcp,dhcpv6,dns,mdns,llmnr,lldp,cdp}/*.pcap: what
hosts and switches say to find each other, and what can be wrong with it."""
import ipaddress
import struct

from frames import csum, mac, udp
from tcp_pcap import Capture, Conversation


def ip(text):
    return ipaddress.ip_address(text).packed


def u16(*n):
    return struct.pack("!%dH" % len(n), *n)


def u32(*n):
    return struct.pack("!%dI" % len(n), *n)


ANY4, ALL4 = "0.0.0.0", "255.255.255.255"
A, B, ROUTER = "02:00:5e:00:00:0a", "02:00:5e:00:00:0b", "02:00:5e:00:00:01"
ALL = "ff:ff:ff:ff:ff:ff"
LLA, LLB, LLR = "fe80::5eff:fe00:a", "fe80::5eff:fe00:b", "fe80::5eff:fe00:1"


class Net(Capture):
    def frame(self, data, cut=None):
        self.add(data[:cut] if cut else data, len(data))

    def ether(self, src, dst, kind, payload, cut=None):
        self.frame(mac(dst) + mac(src) + u16(kind) + payload, cut)

    def ip(self, src, dst, proto, payload, smac=A, dmac=B, cut=None):
        s, d = ip(src), ip(dst)
        if len(s) == 4:
            h = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0, 64, proto, 0) + s + d
            h = h[:10] + u16(csum(h)) + h[12:]
            self.ether(smac, dmac, 0x0800, h + payload, cut)
        else:
            h = struct.pack("!IHBB", 0x60000000, len(payload), proto, 255) + s + d
            self.ether(smac, dmac, 0x86dd, h + payload, cut)

    def udp(self, src, sport, dst, dport, payload, smac=A, dmac=B, cut=None):
        self.ip(src, dst, 17, udp(sport, dport, payload), smac, dmac, cut)


# ---- ARP

def arp(op, smac, sip, dmac, dip, hw=1, proto=0x0800):
    return u16(hw, proto) + bytes([6, 4]) + u16(op) + mac(smac) + ip(sip) + mac(dmac) + ip(dip)


def make_arp():
    zero = "00:00:00:00:00:00"
    n = Net()
    n.ether(A, ALL, 0x0806, arp(1, A, "192.0.2.10", zero, "192.0.2.1") + bytes(18))
    n.ether(ROUTER, A, 0x0806, arp(2, ROUTER, "192.0.2.1", A, "192.0.2.10"))
    n.ether(B, ALL, 0x0806, arp(1, B, ANY4, zero, "192.0.2.20"))            # probe
    n.ether(B, ALL, 0x0806, arp(1, B, "192.0.2.20", zero, "192.0.2.20"))    # announcement
    n.ether(B, ALL, 0x0806, arp(2, B, "192.0.2.20", B, "192.0.2.20"))
    n.ether(ROUTER, A, 0x0806, arp(2, B, "198.51.100.7", A, "192.0.2.10"))  # speaks for another
    n.ether(A, ALL, 0x8035, arp(3, A, ANY4, A, ANY4))                       # RARP
    n.ether(B, A, 0x8035, arp(4, B, "192.0.2.20", A, "192.0.2.10"))
    n.ether(A, B, 0x0806, arp(8, A, "192.0.2.10", B, ANY4))                 # inverse
    n.ether(A, B, 0x0806, arp(77, A, "192.0.2.10", B, "192.0.2.20"))
    # not an address of a host
    n.ether(A, B, 0x0806, arp(1, A, "224.0.0.1", B, "192.0.2.20"))
    n.ether(A, ALL, 0x0806, u16(7, 0x0800) + bytes([1, 4]) + u16(1) + bytes(10))   # ARCNET
    n.ether(A, ALL, 0x0806, u16(99, 0x86dd) + bytes([6, 16]) + u16(1) + bytes(44))
    n.write("arp", "kinds")
    n = Net()
    whole = arp(1, A, "192.0.2.10", zero, "192.0.2.1")
    n.ether(A, ALL, 0x0806, whole[:5])
    n.ether(A, ALL, 0x0806, whole[:20])
    n.ether(A, ALL, 0x0806, whole[:4] + bytes([8, 4]) + whole[6:])
    n.ether(A, ALL, 0x0806, whole[:4] + bytes([6, 16]) + whole[6:])
    n.ether(A, ALL, 0x0806, u16(7, 0x0800) + bytes([1, 4]) + u16(1) + bytes(5))
    n.ether(A, ALL, 0x0806, whole, cut=30)      # our own snap length
    n.ether(A, ALL, 0x0806, whole, cut=18)
    n.write("arp", "malformed")


# ---- ICMP

def icmp(kind, code, word, body=b""):
    p = struct.pack("!BBHI", kind, code, 0, word) + body
    return p[:2] + u16(csum(p)) + p[4:]


def inner4(proto, src, dst, body, options=b""):
    return (struct.pack("!BBHHHBBH", 0x45 + len(options) // 4, 0, 20 + len(options) + len(body),
                        1, 0, 63, proto, 0) + ip(src) + ip(dst) + options + body)


def inner6(proto, src, dst, body):
    return struct.pack("!IHBB", 0x60000000, len(body), proto, 63) + ip(src) + ip(dst) + body


def make_icmp():
    a, b, r = "192.0.2.10", "192.0.2.20", "192.0.2.1"
    n = Net()
    n.ip(a, b, 1, icmp(8, 0, 0x12340001, b"x" * 32))
    n.ip(b, a, 1, icmp(0, 0, 0x12340001, b"x" * 32), B, A)
    n.ip(a, b, 1, icmp(8, 0, 0x12340002, b"x" * 32))
    n.ip(b, a, 1, icmp(0, 0, 0x12340002, b"x" * 16), B, A)      # shorter than asked
    n.ip(a, b, 1, icmp(8, 0, 0x12340003, b"x" * 32))            # never answered
    n.ip(b, a, 1, icmp(0, 0, 0x77770001, b"x" * 8), B, A)       # never asked
    n.ip(a, b, 1, icmp(13, 0, 0x00010001, bytes(12)))
    n.ip(a, b, 1, icmp(17, 0, 0x00010001, bytes(4)))
    n.ip(a, b, 1, icmp(18, 0, 0x00010001, b"\xff\xff\xff\0"))
    n.wait(60)
    n.ip(a, b, 1, icmp(8, 0, 0x12340004))
    n.write("icmp", "echo")
    n = Net()
    n.ip(b, a, 1, icmp(3, 3, 0, inner4(17, a, b, u16(40000, 161, 8, 0))))
    n.ip(b, a, 1, icmp(3, 1, 0, inner4(6, a, b, u16(40001, 502) + bytes(4), b"\1\1\1\0")))
    n.ip(r, a, 1, icmp(3, 4, 1400, inner4(6, a, b, u16(40001, 502) + bytes(4))))
    n.ip(r, a, 1, icmp(5, 1, struct.unpack("!I", ip("192.0.2.2"))[0],
                       inner4(6, a, "198.51.100.1", bytes(8))))
    n.ip(r, a, 1, icmp(11, 0, 0, inner4(1, a, "198.51.100.1", icmp(8, 0, 1)[:8])))
    n.ip(r, a, 1, icmp(4, 0, 0, inner4(50, a, b, bytes(8))))
    n.ip(r, a, 1, icmp(12, 0, 0, b"\x45\0"))                    # the packet inside is cut
    n.ip(r, a, 1, icmp(3, 15, 0, inner4(58, a, b, bytes(8))))
    n.ip(r, ALL4, 1, icmp(9, 0, 0x02020708, ip("192.0.2.1") + u32(0) + ip("192.0.2.2") + u32(9)))
    n.ip(a, ALL4, 1, icmp(10, 0, 0))
    n.ip(a, b, 1, icmp(40, 0, 0))                               # of a type without a name
    n.ip(a, b, 1, icmp(10, 0, 0)[:4])
    n.ip(a, b, 1, icmp(10, 0, 0)[:6])
    n.ip(a, b, 1, b"\x08")
    n.ip(a, b, 1, icmp(8, 0, 0x12340009, b"x" * 32), cut=40)
    n.write("icmp", "errors")


def option(kind, body):
    assert (len(body) + 2) % 8 == 0
    return bytes([kind, (len(body) + 2) // 8]) + body


def make_icmp6():
    every, nodes = "ff02::1", "ff02::1:ff00:b"
    m = "33:33:00:00:00:01"
    ll = option(1, mac(A))
    n = Net()
    n.ip(LLA, LLB, 58, icmp(128, 0, 0x00050001, b"y" * 8))
    n.ip(LLB, LLA, 58, icmp(129, 0, 0x00050001, b"y" * 8), B, A)
    n.ip(LLA, nodes, 58, icmp(135, 0, 0, ip(LLB) + ll), A, "33:33:ff:00:00:0b")
    n.ip(LLB, LLA, 58, icmp(136, 0, 0x60000000, ip(LLB) + option(2, mac(B))), B, A)
    n.ip("::", nodes, 58, icmp(135, 0, 0, ip(LLB)), B, "33:33:ff:00:00:0b")     # is it free?
    n.ip(LLA, "ff02::2", 58, icmp(133, 0, 0, ll), A, "33:33:00:00:00:02")
    ra = u32(0, 0) + option(1, mac(ROUTER)) + option(5, u16(0) + u32(1480))
    ra += option(3, bytes([64, 0xc0]) + u32(86400, 14400, 0) + ip("2001:db8:1::"))
    ra += option(25, u16(0) + u32(600) + ip("2001:db8:1::53") + ip("2001:db8:1::54"))
    ra += option(31, u16(0) + u32(600) + b"\3lab\0" + bytes(3))                 # passed over
    n.ip(LLR, every, 58, icmp(134, 0, 0x40c00708, ra), ROUTER, m)
    n.ip(LLR, every, 58, icmp(134, 0, 0x40000000, u32(0, 0)), ROUTER, m)        # leaves
    n.ip("fe80::2", every, 58, icmp(134, 0, 0x40000708, u32(0, 0)), ROUTER, m)
    n.ip(LLR, LLA, 58, icmp(136, 0, 0xa0000000, ip(LLR)), ROUTER, A)            # a router, no MAC
    n.ip(LLR, LLA, 58, icmp(137, 0, 0, ip(LLB) + ip("2001:db8:2::5") + option(2, mac(B))))
    n.ip(LLA, every, 58, icmp(136, 0, 0, ip(LLA) + option(2, mac("33:33:00:00:00:09"))))
    n.ip(LLR, every, 58, icmp(130, 0, 0x27100000, ip("::")), ROUTER, m)
    n.ip(LLR, "ff02::fb", 58, icmp(130, 0, 0x03e80000, ip("ff02::fb")), ROUTER, m)
    n.ip(LLA, "ff02::fb", 58, icmp(131, 0, 0, ip("ff02::fb")))
    n.ip(LLA, "ff02::2", 58, icmp(132, 0, 0, ip("ff02::fb")))
    rec = bytes([4, 0]) + u16(0) + ip("ff02::fb") + bytes([1, 1]) + u16(1) + ip("ff02::114")
    n.ip(LLA, "ff02::16", 58, icmp(143, 0, 2, rec + ip(LLB) + bytes(4)))
    n.ip(LLR, LLA, 58, icmp(2, 0, 1280, inner6(6, LLA, "2001:db8:2::5", u16(40000, 443) +
                                               bytes(8))))
    n.ip(LLR, LLA, 58, icmp(1, 4, 0, inner6(17, LLA, LLB, u16(40000, 47808) + bytes(8))))
    n.ip(LLR, LLA, 58, icmp(3, 0, 0, inner6(58, LLA, LLB, icmp(128, 0, 1))))
    n.ip(LLR, LLA, 58, icmp(4, 1, 40, inner6(6, LLA, LLB, b"")[:30]))
    n.ip(LLA, LLB, 58, icmp(139, 0, 0, bytes(8)))
    n.write("icmp", "neighbours")
    n = Net()
    # option of length 0
    n.ip(LLA, nodes, 58, icmp(135, 0, 0, ip(LLB) + b"\1\0" + bytes(6)))
    n.ip(LLA, nodes, 58, icmp(135, 0, 0, ip(LLB) + b"\1\4" + bytes(6)))         # past the end
    n.ip(LLA, nodes, 58, icmp(135, 0, 0, ip(LLB)[:9]))
    n.ip(LLR, every, 58, icmp(134, 0, 0x40000708, bytes(5)), ROUTER, m)
    n.ip(LLR, every, 58, icmp(134, 0, 0x40000708, ra[:-4]), ROUTER, m)
    n.ip(LLR, every, 58, icmp(134, 0, 0x40000708, u32(0, 0) + option(3, bytes(6)) +
                              option(25, bytes(6)) + option(5, bytes(6)) + option(1, bytes(14))),
                              ROUTER, m)
    n.ip(LLA, "ff02::16", 58, icmp(143, 0, 60000, rec))                         # claims more
    n.ip(LLR, every, 58, icmp(134, 0, 0x40c00708, ra), ROUTER, m, cut=80)
    n.write("icmp", "neighbours-malformed")


# ---- DHCP

COOKIE = bytes.fromhex("63825363")


def opt4(*pairs):
    return b"".join(bytes([c, len(v)]) + v for c, v in pairs)


def bootp(op, options=b"", xid=0x11223344, hw=A, hlen=6, hops=0, c=ANY4, y=ANY4, s=ANY4, g=ANY4,
          sname=b"", bfile=b"", cookie=COOKIE, end=b"\xff"):
    return (bytes([op, 1, hlen, hops]) + u32(xid) + bytes(4) + ip(c) + ip(y) + ip(s) + ip(g) +
            mac(hw) + bytes(10) + sname.ljust(64, b"\0") + bfile.ljust(128, b"\0") + cookie +
            options + end)


def make_dhcp():
    srv = "192.0.2.1"
    ask = opt4((61, b"\1" + mac(A)), (12, b"hplc-4"), (60, b"ACME HPLC 3000"),
               (55, bytes([1, 3, 6, 12, 15, 28, 42, 119, 121, 200])), (57, u16(1500)))
    give = opt4((54, ip(srv)), (51, u32(86400)), (58, u32(43200)), (59, u32(75600)),
                (1, ip("255.255.255.0")), (28, ip("192.0.2.255")),
                (3, ip(srv) + ip("192.0.2.2") + ip("192.0.2.3")), (6, ip("192.0.2.53") + ip(srv)),
                (7, ip("192.0.2.9")), (42, ip("192.0.2.123")), (15, b"lab.example"),
                (26, u16(1500)), (66, b"boot.lab.example"), (67, b"image.bin"))
    n = Net()

    def client(p, src=ANY4, dst=ALL4, **k):
        n.udp(src, 68, dst, 67, p, A, ALL if dst == ALL4 else B, **k)

    def server(p, dst=ALL4, **k):
        n.udp(srv, 67, dst, 68, p, ROUTER, ALL if dst == ALL4 else A, **k)

    client(bootp(1, b"\0\0" + opt4((53, b"\1")) + ask + opt4((50, ip("192.0.2.30")))))
    server(bootp(2, opt4((53, b"\2")) + give, y="192.0.2.30", s=srv))
    client(bootp(1, opt4((53, b"\3"), (50, ip("192.0.2.30")), (54, ip(srv))) + ask))
    server(bootp(2, opt4((53, b"\5")) + give, y="192.0.2.30", s=srv, sname=b"boot",
                 bfile=b"x.img"))
    client(bootp(1, opt4((53, b"\3")), c="192.0.2.30", xid=2), "192.0.2.30", srv)   # renews
    server(bootp(2, opt4((53, b"\6"), (54, ip(srv)), (56, b"not here")), xid=2), "192.0.2.30")
    client(bootp(1, opt4((53, b"\x08"), (60, b"MSFT 5.0"), (77, b"iPXE"),
                         (81, b"\0\0\0pc7.lab.example")), c="192.0.2.40", xid=3), "192.0.2.40")
    server(bootp(2, opt4((53, b"\5")), c="192.0.2.40", xid=3, hw=A), "192.0.2.40")
    client(bootp(1, opt4((53, b"\4"), (50, ip("192.0.2.30")), (77, b"\4iPXE"),
                         (81, b"\4\0\0\3pc7\3lab\0")), xid=4))
    client(bootp(1, opt4((53, b"\7"), (61, b"\0serial-17")), c="192.0.2.30", xid=5), "192.0.2.30")
    # a type without a name
    client(bootp(1, opt4((53, b"\xc8"), (81, b"\4\0\0\xff")), xid=6))
    n.write("dhcp", "lease")
    n = Net()
    rel = "198.51.100.1"
    n.udp(rel, 67, srv, 67, bootp(1, opt4((53, b"\1"), (82, b"\1\5Gi0/3\2\6" + mac(B))), g=rel,
                                  hops=1),
          ROUTER, B)
    n.udp(srv, 67, rel, 67, bootp(2, opt4((53, b"\2"), (54, ip(srv)), (82, b"\1\2\0\3")), g=rel,
                                  y="198.51.100.30"), B, ROUTER)
    n.udp("192.0.2.77", 4011, srv, 40011, bootp(1, opt4((53, b"\1"))))       # a port of its own
    n.udp(ANY4, 68, ALL4, 67, bootp(1, cookie=b"", end=b"", xid=8))          # BOOTP
    n.udp(srv, 67, ALL4, 68, bootp(2, cookie=b"\1\2\3\4", y="192.0.2.31", bfile=b"kernel", xid=8))
    n.udp(ANY4, 68, ALL4, 67, bootp(1, opt4((53, b"\1")), hw="00:00:00:00:00:00", hlen=0))
    n.udp(srv, 67, ALL4, 68, bootp(2, opt4((53, b"\2"), (52, b"\1")),
                                   bfile=opt4((15, b"in.file")) + b"\xff"))
    n.udp(srv, 67, ALL4, 68, bootp(2, opt4((53, b"\2"), (52, b"\2")),
                                   sname=opt4((15, b"in.sname")) + b"\xff"))
    n.udp(srv, 67, ALL4, 68, bootp(2, opt4((53, b"\2"), (52, b"\3")),
                                   bfile=opt4((15, b"in.both")), sname=opt4((12, b"name"))))
    n.write("dhcp", "relay-overload")
    n = Net()
    bad = lambda p, **k: n.udp(ANY4, 68, ALL4, 67, p, **k)
    bad(bootp(1, opt4((53, b"\1")) + b"\x0c\x40abc", end=b""))               # past the end
    bad(bootp(1, opt4((53, b"\1")) + b"\x0c", end=b""))
    bad(bootp(1, opt4((53, b""), (51, b"\0\1"))))                            # values too short
    bad(bootp(1, opt4((53, b"\1"), (52, b"\7"))))                            # overload of what?
    bad(bootp(1, opt4((53, b"\1"), (52, b"\1")), bfile=b"\x0c\xf0" + b"a" * 126))
    bad(bootp(1, opt4((53, b"\1"), (82, b"\1\x20ab"))))
    bad(bootp(1, opt4((53, b"\1")), hlen=20))
    bad(bootp(1)[:100])
    bad(bootp(1, opt4((53, b"\1"))), cut=200)
    bad(bootp(1, opt4((53, b"\1"), (12, b"a" * 40))), cut=300)
    n.udp(ANY4, 69, ALL4, 68, b"\5nonsense")
    n.write("dhcp", "malformed")


# ---- DHCPv6

def opt6(*pairs):
    return b"".join(u16(c, len(v)) + v for c, v in pairs)


def labels(name):
    out = b""
    for part in name.split("."):
        b = part.encode()
        out += bytes([len(b)]) + b
    return out + b"\0"


def relay6(kind, hops, link, peer, *options):
    return bytes([kind, hops]) + ip(link) + ip(peer) + opt6(*options)


def make_dhcpv6():
    group, m = "ff02::1:2", "33:33:00:01:00:02"
    llt = u16(1, 1) + u32(0x2a000000) + mac(A)
    ll = u16(3, 1) + mac(B)
    iaaddr = opt6((5, ip("2001:db8:1::30") + u32(3600, 7200)))
    n = Net()
    client = lambda p, **k: n.udp(LLA, 546, group, 547, p, A, m, **k)
    server = lambda p, **k: n.udp(LLR, 547, LLA, 546, p, ROUTER, A, **k)
    client(b"\1\0\0\7" + opt6((1, llt), (8, u16(12)), (14, b""), (6, u16(23, 24, 39, 56, 999)),
                              (16, u32(311) + u16(8) + b"MSFT 5.0"), (15, u16(4) + b"iPXE"),
                              (39, b"\1" + labels("hplc-4.lab.example")), (3, u32(1, 0, 0))))
    server(b"\2\0\0\7" + opt6((1, llt), (2, ll), (3, u32(1, 0, 0) + iaaddr), (7, b"\xff")))
    client(b"\3\0\0\x08" + opt6((1, llt), (2, ll), (3, u32(1, 0, 0) + iaaddr),
                                (39, b"\1\x06hplc-4")))                      # a partial name
    server(b"\7\0\0\x08" + opt6(
        (1, llt), (2, ll), (3, u32(1, 0, 0) + iaaddr), (4, u32(2) +
                                                        opt6((13, u16(2) + b"none left"))),
        (25, u32(3, 0, 0) + opt6((26, u32(3600, 7200) + b"\x38" + ip("2001:db8:2::")))),
        (13, u16(0) + b"fine"), (23, ip("2001:db8:1::53")), (24, labels("lab.example")),
        (56, opt6((1, ip("2001:db8:1::123")), (3, labels("ntp.lab.example"))))))
    server(b"\7\0\0\x09" + opt6((1, llt), (2, ll), (3, u32(1, 0, 0) + opt6(
        (5, ip("2001:db8:1::31") + u32(0, 0)))), (13, u16(4))))
    client(b"\x0b\0\0\x0a" + opt6((16, u32(9) + u16(5) + b"AHU-2"), (1, u16(2) + u32(9) + b"x")))
    client(b"\x08\0\0\x0b" + opt6((1, llt), (2, ll), (3, u32(1, 0, 0) + iaaddr)))
    server(b"\x0a\0\0\x0c" + opt6((1, llt), (2, ll)))
    n.write("dhcpv6", "lease")
    n = Net()
    solicit = b"\1\0\0\x20" + opt6((1, u16(3, 1) + mac(A)), (39, b"\0" + labels("ph.lab.example")))
    one = relay6(12, 0, "2001:db8:1::1", LLA, (18, b"Gi0/3"), (37, u32(9) + b"\0\3"),
                 (79, u16(1) + mac(A)), (9, solicit))
    two = relay6(12, 1, "::", "2001:db8:1::1", (9, one))
    n.udp("2001:db8:1::1", 547, "2001:db8:9::1", 547, two, ROUTER, B)
    reply = b"\7\0\0\x20" + opt6((1, u16(3, 1) + mac(A)), (2, ll), (3, u32(1, 0, 0) + iaaddr))
    n.udp("2001:db8:9::1", 547, "2001:db8:1::1", 547,
          relay6(13, 0, "2001:db8:1::1", LLA, (18, b"Gi0/3"), (9, reply)), B, ROUTER)
    n.udp("2001:db8:1::1", 547, "2001:db8:9::1", 547, relay6(12, 0, "::", LLA, (18, b"\0\1")))
    for _ in range(12):
        one = relay6(12, 0, "::", LLA, (9, one))
    n.udp("2001:db8:1::1", 547, "2001:db8:9::1", 547, one)                   # without end
    n.write("dhcpv6", "relay")
    n = Net()
    client(b"\1\0\0\7" + opt6((1, llt)) + u16(8, 200) + b"\0")               # past the end
    client(b"\1\0\0\7" + opt6((1, llt), (8, b"\0"), (3, b"\0\0"), (16, b"\0")))
    client(b"\1\0\0\7" + opt6((1, llt), (3, u32(1, 0, 0) + opt6((5, b"\0")) + opt6((26, b"\0")))))
    # a type without a name
    client(b"\x1f\0\0\7" + opt6((1, llt)))
    client(b"\1\0\0\7" + opt6((1, llt), (39, b"\0\x3fabc"), (24, b"\xc0\x0c")))
    client(b"\x0c\0" + bytes(20))
    client(b"\1\0")
    client(b"\1\0\0\7" + opt6((1, llt), (39, b"\1" + labels("hplc-4.lab.example"))), cut=80)
    n.udp(LLB, 40000, LLR, 547, b"\xff\0\0\0nonsense")
    n.write("dhcpv6", "malformed")


# ---- DNS

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "HINFO": 13, "MX": 15, "TXT": 16,
         "AAAA": 28, "SRV": 33, "OPT": 41, "NSEC": 47, "AXFR": 252, "ANY": 255}


def question(name, kind="A", cls=1):
    name = name if isinstance(name, bytes) else labels(name)
    return name + u16(TYPES.get(kind, kind), cls)


def record(name, kind, data, ttl=300, cls=1):
    name = name if isinstance(name, bytes) else labels(name)
    return name + u16(TYPES.get(kind, kind), cls) + u32(ttl) + u16(len(data)) + data


def dns(ident, flags, qd=(), an=(), ns=(), ar=()):
    return (u16(ident, flags, len(qd), len(an), len(ns), len(ar)) +
            b"".join(qd) + b"".join(an) + b"".join(ns) + b"".join(ar))


def texts(*parts):
    return b"".join(bytes([len(p)]) + p for p in (x.encode() for x in parts))


Q = b"\xc0\x0c"         # the question's name


def of_every_kind():
    """A record of every type that is looked into."""
    soa = labels("ns.lab.example") + labels("admin.lab.example") + u32(7, 3600, 600, 86400, 300)
    top = 0x8001
    return [record("a.local", "A", ip("192.0.2.10"), cls=top),
            record("_x._tcp.local", "PTR", labels("a._x._tcp.local")),
            record("a._x._tcp.local", "SRV", u16(1, 2, 3) + labels("a.local")),
            record("a._x._tcp.local", "TXT", texts("k=v")), record("a.local", "SOA", soa),
            record("a.local", "HINFO", texts("ARM", "Linux")), record("a.local", "NSEC", b"\0")]


def make_dns():
    c, s = "192.0.2.10", "192.0.2.53"
    n = Net()
    port = [40000]

    def ask(p):
        n.udp(c, port[0], s, 53, p)

    def answer(p):
        n.udp(s, 53, c, port[0], p, B, A)

    def both(ident, q, flags=0x8180, **sections):
        port[0] += 1
        ask(dns(ident, 0x0100, [q]))
        answer(dns(ident, flags, [q], **sections))

    both(1, question("ntp.lab.example"), an=[record(Q, "CNAME", b"\3srv" + b"\xc0\x10"),
                                             record("srv.lab.example", "A", ip("192.0.2.123"))])
    both(2, question("NTP.lab.example", "AAAA"), an=[record(Q, "AAAA", ip("2001:db8::123"))])
    soa = labels("ns.lab.example") + labels("admin.lab.example") + u32(7, 3600, 600, 86400, 300)
    both(3, question("none.lab.example"), 0x8583, ns=[record("lab.example", "SOA", soa)])
    both(4, question("10.2.0.192.in-addr.arpa", "PTR"), an=[record(Q, "PTR",
        labels("hplc-4.lab.example"))])
    both(5, question("lab.example", "MX"), an=[record(Q, "MX", u16(10) +
                                                      labels("mail.lab.example"))])
    both(6, question("lab.example", "NS"), an=[record(Q, "NS", b"\2ns" + Q)],
         ar=[record("ns.lab.example", "A", ip(s))])
    both(7, question("lab.example", "TXT"), an=[record(Q, "TXT", texts("v=spf1", "", "-all"))])
    both(8, question("_opcua._tcp.lab.example", "SRV"), an=[record(Q, "SRV", u16(0, 5, 4840) +
        labels("ua.lab.example"))])
    both(9, question("ua.lab.example", "HINFO"), an=[record(Q, "HINFO", texts("ARM", "Linux"))])
    both(10, question("lab.example", 65), an=[record(Q, 65, b"\0\1\0"), record(Q, 4711, b"x")])
    both(11, question(b"\0", "NS"), 0x8185)
    both(12, question("a.lab.example"), 0x8180, ar=[record(b"\0", "OPT", b"", ttl=0x01000000,
                                                           cls=1232)])
    both(13, question("a.lab.example"), 0x818c)                     # a code without a name
    both(14, question(b"\5a.b\\c\3\1\x7f \0"))                      # dots and controls in labels
    both(15, question("a.lab.example"), an=[record(Q, "A", b"\1\2"), record(Q, "AAAA", b""),
                                            record(Q, "PTR", b"")])  # odd data
    both(48, question("a.lab.example", 4711))
    both(49, question("a.lab.example"), an=[record(Q, 10, b"")], ar=[record(Q, 10, b"")] * 3)
    ask(dns(50, 0x0100, [question("b", 1)] * 70))
    answer(dns(50, 0x8180, [question("b", 1)] * 70))
    answer(dns(51, 0x8180))
    port[0] += 1
    ask(dns(16, 0x0100, [question("slow.lab.example")]))            # sent twice, answered once
    ask(dns(16, 0x0100, [question("slow.lab.example")]))
    answer(dns(16, 0x8180, [question("slow.lab.example")], [record(Q, "A", ip("192.0.2.9"))]))
    ask(dns(17, 0x0100, [question("lost.lab.example")]))            # never answered
    ask(dns(18, 0x0100, [question("x.lab.example")]))
    answer(dns(18, 0x8001))                                         # answered without its question
    ask(dns(19, 0x0100, [question("y.lab.example")]))
    answer(dns(19, 0x8180, [question("evil.example")], [record(Q, "A", ip("203.0.113.66"))]))
    answer(dns(20, 0x8182, [question("late.lab.example")]))         # never asked
    answer(dns(21, 0x8182))
    port[0] += 1
    ask(dns(22, 0x2800, [question("lab.example", "SOA")], (),       # update
            [record("hplc-4.lab.example", "A", ip("192.0.2.30")),
             record("old.lab.example", "ANY", b"", 0, 255)]))
    answer(dns(22, 0xa805, [question("lab.example", "SOA")]))
    ask(dns(23, 0x2000, [question("lab.example", "SOA")]))          # notify
    answer(dns(23, 0xa000, [question("lab.example", "SOA")]))
    ask(dns(24, 0x0100, [question("a.example"), question("b.example")]))
    answer(dns(24, 0x8380, [question("a.example"), question("b.example")]))
    e = of_every_kind()
    answer(dns(25, 0x87b0, [question("a.example", "ANY")], e, e, e))
    n.write("dns", "udp")
    n = Net()
    many = [record(Q, "A", bytes([192, 0, 2, i])) for i in range(80)]
    t = Conversation(n, 41000, 53, c, s)
    frame = lambda m: u16(len(m)) + m
    t.c(frame(dns(1, 0, [question("lab.example", "AXFR")])) +
        frame(dns(2, 0x0100, [question("b.example")])))
    t.s(frame(dns(2, 0x8180, [question("b.example")], [record(Q, "A", ip("192.0.2.7"))])))
    t.s(frame(dns(1, 0x8400, [question("lab.example", "AXFR")], many)))
    t.c(u16(5) + b"abcde")
    t = Conversation(n, 41001, 5301, c, s)                          # known by its shape
    t.c(frame(dns(3, 0x0100, [question("c.example")])))
    t.s(frame(dns(3, 0x8180, [question("c.example")], [record(Q, "A", ip("192.0.2.8"))])))
    t = Conversation(n, 41002, 53, c, s)
    t.c(b"\0")
    t.c(frame(dns(4, 0x0100, [question("d.example")]))[1:])
    t.s(u16(4) + b"\0\0\0\0")
    n.udp(c, 41000, s, 5300, dns(5, 0x0100, [question("e.example")]))
    n.udp(s, 5300, c, 41000, dns(5, 0x8180, [question("e.example")],
                                 [record(Q, "A", ip("192.0.2.8"))]))
    n.udp(c, 41000, s, 5300, dns(6, 0x0100, [question("f.example")]))
    n.udp(s, 5300, c, 41000, dns(6, 0x8180, [question("f.example")]))
    n.udp(c, 137, s, 137, dns(7, 0x0110, [question(b"\x20" + b"CK" + b"A" * 30 + b"\0", 32)]))
    n.write("dns", "tcp-and-ports")
    n = Net()
    n.udp(c, 42000, s, 53, b"\0" * 30)
    n.udp(c, 42001, s, 53, b"short")
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\xc0\x0c")]))          # points at itself
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\1a\xc0\x0c")]))       # a loop of two
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\xc0\x40")]))          # forwards
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\xc0\x02")]))          # into the header
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\x40a\0")]))
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question(b"\x3f" + b"b" * 63)]))
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question((b"\x3f" + b"c" * 63) * 5 + b"\0")]))
    n.udp(c, 42002, s, 53, dns(1, 0x0100, [question("a.example"), b"\3abc"]))
    hops = u16(3, 0x8180, 0, 2, 0, 0) + b"\0" + u16(10, 1) + u32(0) + u16(161) + b"\0"
    first = len(hops) - 1
    for i in range(80):
        hops += u16(0xc000 | (first if i == 0 else first + 1 + 2 * (i - 1)))
    hops += u16(0xc000 | (first + 1 + 2 * 79)) + u16(1, 1) + u32(0) + u16(4) + bytes(4)
    n.udp(s, 53, c, 42003, hops)                                             # pointers without end
    n.udp(s, 53, c, 42004, dns(4, 0x8180, [question("a.example")], [record(Q, "A", ip(c))[:-2]]))
    n.udp(s, 53, c, 42004, dns(5, 0x8180, [question("a.example")],
                               [record(Q, "CNAME", b"\xc0\xff")]))
    n.udp(s, 53, c, 42004, dns(6, 0x8180, [question("a.example")], [record(Q, "SOA", b"\0\0\1")]))
    n.udp(s, 53, c, 42004, dns(7, 0x8180, [question("a.example")], [record(Q, "SRV", b"\0\0"),
                                                                   record(Q, "HINFO", b"\5ab"),
                                                                   record(Q, "TXT", b"\7ab")]))
    n.udp(s, 53, c, 42004, b"\0\1")
    n.udp(c, 42005, s, 53, dns(9, 0x0100, [question("cut.lab.example")]), cut=70)
    n.udp(s, 53, c, 42005, dns(9, 0x8180, [question("cut.lab.example")],
                               [record(Q, "A", ip(c))] * 3), cut=110)
    n.udp(c, 42006, s, 53, dns(9, 0x0100, [question("cut.lab.example")]), cut=50)
    n.udp(c, 42007, s, 53, dns(1, 0x0100, [question("a.example")]))
    n.udp(s, 53, c, 42007, dns(1, 0x8180, [question("a.example")],
                               [record(b"\xc0\x1b", "A", ip(c))]))
    n.write("dns", "malformed")


# ---- mDNS and LLMNR

def dnssd(inst, kind, host, port, txt, ttl=4500):
    full = bytes([len(inst.encode())]) + inst.encode() + labels(kind + ".local")
    return [record(kind + ".local", "PTR", full, ttl),
            record(full, "SRV", u16(0, 0, port) + labels(host), ttl, 0x8001),
            record(full, "TXT", texts(*txt) or b"\0", ttl, 0x8001)]


def make_mdns():
    g4, m4 = "224.0.0.251", "01:00:5e:00:00:fb"
    n = Net()
    say = lambda p, src="192.0.2.10", smac=A, **k: n.udp(src, 5353, g4, 5353, p, smac, m4, **k)
    say(dns(0, 0, [question("_lxi._tcp.local", "PTR", 0x8001)]))
    say(dns(0, 0, [question("_ipp._tcp.local", "PTR")], [record("_ipp._tcp.local", "PTR",
        labels("Other._ipp._tcp.local"))]))
    say(dns(0, 0, [question("bench3.local", "ANY", 0x8001)], (),
            [record("bench3.local", "A", ip("192.0.2.10"))]))
    lxi = dnssd("Bench 3", "_lxi._tcp", "bench3.local", 80,
                ["txtvers=1", "Manufacturer=ACME", "Model=DMM6500", "SerialNumber=0438",
                 "FirmwareVersion=1.7.12b"])
    say(dns(0, 0x8400, (), lxi, (), [record("bench3.local", "A", ip("192.0.2.10"), 120, 0x8001),
                                     record("bench3.local", "AAAA", ip(LLA), 120, 0x8001),
                                     record("bench3.local", "NSEC", b"\0", 120, 0x8001)]))
    ipp = dnssd("Étiquettes", "_ipp._tcp", "print.local", 631,
                ["ty=ACME Label 9", "product=(ACME Label)", "usb_MFG=ACME", "usb_MDL=L9",
                 "note=Room 4", "flag", "="])
    say(dns(0, 0x8400, (), ipp, (), [record("print.local", "A", ip("192.0.2.44"), 120, 0x8001)]),
        "192.0.2.44", B)
    sila = dnssd("25597b36-e9bf-4ae8-8a7c-0f9a3a2d3b1c", "_sila._tcp", "pump.local", 50051,
                 ["version=1.1.0", "server_name=Pump 1", "description=A pump",
                  "ca0=-----BEGIN CERTIFICATE-----"])
    say(dns(0, 0x8400, (), sila), "192.0.2.45", B)                           # no address with it
    say(dns(0, 0x8400, (), lxi, (), [record("bench3.local", "A", ip("192.0.2.10"), 120)]),
        "192.0.2.1", ROUTER)
    say(dns(0, 0x8400, (), lxi, (), [record("gw.local", "A", ip("192.0.2.1"), 120)]), "192.0.2.1",
        ROUTER)
    say(dns(0, 0x8400, (), dnssd("mac", "_device-info._tcp", "mac.local", 0,
                                 ["model=Mac9,1", "osxvers=23"])[2:] +
            [record("pc.local", "HINFO", texts("X86_64", "LINUX")),
             record("pc.local", "HINFO", b"")]), "192.0.2.46", B)
    say(dns(0, 0x8400, (), [record("pc.local", "HINFO", texts("X86_64", "LINUX")),
                            record("pc.local", "A", ip("192.0.2.47"))]), "192.0.2.47", B)
    # goodbye
    say(dns(0, 0x8400, (), dnssd("Bench 3", "_lxi._tcp", "bench3.local", 80, [], 0)))
    say(dns(0, 0x8400, (), [record("_services._dns-sd._udp.local", "PTR",
                                   labels("_lxi._tcp.local")),
                            record("10.2.0.192.in-addr.arpa", "PTR", labels("bench3.local"))]))
    lots = []
    for i in range(30):
        lots += dnssd("S%d" % i, "_http._tcp", "host%d.local" % (i % 12), 80,
                      ["fw_id=%d" % i, "vendor=V", "sn=7", "hw_version=2"])
    say(dns(0, 0x8400, (), lots, (), [record("host%d.local" % i, "A",
                                             bytes([192, 0, 2, 60 + i])) for i in range(12)]),
                                             "192.0.2.60", B)
    # a plain resolver
    n.udp("192.0.2.10", 40100, g4, 5353, dns(77, 0, [question("bench3.local")]), A, m4)
    n.udp("192.0.2.10", 5353, "192.0.2.30", 40100, dns(77, 0x8400, [question("bench3.local")],
                                                       [record(Q, "A", ip("192.0.2.10"))]))
    n.udp(LLA, 5353, "ff02::fb", 5353, dns(0, 0x8403, (),
                                           [record("bench3.local", "AAAA", ip(LLA))]), A,
                                           "33:33:00:00:00:fb")
    e = of_every_kind()
    say(dns(0, 0x8780, [question("a.local", "ANY", 0x8001)], e, e, e))
    n.write("mdns", "services")
    n = Net()
    say(dns(0, 0x8400, (), [record("a.local", "A", ip("192.0.2.10")), b"\xc0\xff"]))
    say(dns(0, 0, [question(b"\xc0\x0c")]))
    say(dns(0, 0x8400, (), [record("_x._tcp.local", "PTR", b"\xc0\xf0"),
                            record("a._x._tcp.local", "SRV", b"\0")]))
    say(b"\0\0\x84\0\0\0")
    say(dns(0, 0x8400, (), lxi), cut=90)
    n.udp("192.0.2.10", 5353, "192.0.2.99", 5353, b"\0" * 12)
    n.write("mdns", "malformed")
    n = Net()
    n.udp(LLA, 50000, "ff02::1:3", 5355, dns(5, 0, [question("hplc-4", "ANY")]), A,
          "33:33:00:01:00:03")
    n.udp(LLB, 5355, LLA, 50000, dns(5, 0x8000, [question("hplc-4", "ANY")],
                                     [record(Q, "AAAA", ip(LLB)),
                                      record(Q, "A", ip("192.0.2.20"))]), B, A)
    n.udp("192.0.2.10", 50001, "224.0.0.252", 5355, dns(6, 0, [question("wpad")]))
    n.udp("192.0.2.10", 50001, "224.0.0.252", 5355, dns(6, 0, [question(b"\xc0\x0c")]))
    n.udp(LLB, 5355, LLA, 50000, dns(7, 0x8783, [question("a", "ANY", 0x8001)], e, e, e), B, A)
    n.write("llmnr", "names")


# ---- LLDP

def tlv(kind, body):
    return u16(kind << 9 | len(body)) + body


def org(oui, sub, body=b""):
    return tlv(127, bytes.fromhex(oui) + bytes([sub]) + body)


def make_lldp():
    group = "01:80:c2:00:00:0e"
    cid = lambda sub, v: tlv(1, bytes([sub]) + v)
    pid = lambda sub, v: tlv(2, bytes([sub]) + v)
    ttl = lambda s=120: tlv(3, u16(s))
    mgmt = lambda a, i=7: tlv(8, bytes([len(ip(a)) + 1, 1 if len(ip(a)) == 4 else 2]) + ip(a) +
                              b"\2" + u32(i) + b"\0")
    end = tlv(0, b"")
    n = Net()
    say = lambda p, src=A, **k: n.ether(src, group, 0x88cc, p, **k)
    say(cid(4, mac(A)) + pid(5, b"Gi0/1") + ttl() + end)
    say(cid(4, mac(B)) + pid(3, mac(A)) + ttl() + tlv(4, b"uplink") + tlv(5, b"sw-lab-1") +
        tlv(6, b"Siemens, SIMATIC NET, SCALANCE XB208, 6GK5 208-0BA00-2AB2, HW: Version 2, " +
            b"FW: Version V04.03.00") +
        tlv(7, u16(0x0014, 0x0004)) + mgmt("192.0.2.2") + mgmt("2001:db8::2") + mgmt("0.0.0.0") +
        org("0080c2", 1, u16(10)) + org("0080c2", 3, u16(10) + b"\3lab") +
        org("0080c2", 3, u16(20) + b"\0") +
        org("0080c2", 4, b"\2\x88\x8e") + org("00120f", 1, b"\3" + u16(0x6c01, 30)) +
        org("00120f", 2, b"\7\1\0") +
        org("00120f", 2, b"\0\1\0\x51" + u16(130, 130)) + org("00120f", 3, b"\3" + u32(5)) +
        org("00120f", 4, u16(1522)) +
        org("00120f", 9) + org("aabbcc", 1, b"?") + tlv(9, b"reserved") + end)
    med = b"".join(org("0012bb", i, v) for i, v in ((1, u16(0x3f) + b"\3"),
                                                    (2, b"\1\x40\x65\xae"), (5, b"rev 3"),
                                                    (6, b"boot 1.2"),
                                                     (7, b"5.6.1"), (8, b"SN0042"), (9, b"ACME"),
                                                     (10, b"Phone 7"), (11, b"A-17"),
                                                     (4, b"\1\0\x41")))
    say(cid(5, b"\1" + ip("192.0.2.60")) + pid(7, b"1") + ttl(180) + tlv(5, b"phone-3") +
        tlv(7, u16(0x24, 0x24)) + med + end, B)
    pn = lambda m: org("000ecf", 2, u16(0, 0)) + org("000ecf", 5, mac(m)) + org("000ecf", 1,
        bytes(20))
    say(cid(7, b"io-island-1") + pid(7, b"port-001") + ttl(20) + pn(B) +
        org("00120f", 1, b"\3" + u16(0x6c01, 16)) + mgmt("192.0.2.70") + end)
    say(cid(7, b"io-island-2") + pid(7, b"port-002.io-island-2") + ttl(20) + pn(B) + end)
    say(cid(5, b"\2" + ip("2001:db8::5")) + pid(4, b"\1" + ip("192.0.2.5")) + ttl() +
        tlv(7, u16(0x18, 0x18)) + end)
    say(cid(5, b"\6" + mac(A)) + pid(6, b"\0\1\xff\2") + ttl() + tlv(7, u16(0x10, 0x10)) + end)
    # leaves
    say(cid(1, b"chassis 1") + pid(2, b"slot 2") + ttl(0) + end)
    for text in (b"Cisco IOS Software, C3560 (C3560-X), Version 12.2(44)SE, RELEASE\r\nCopy",
                 b"ProCurve J8762A Switch 2600-8-PWR, revision H.08.89, ROM H.08.5X",
                 b"Debian GNU/Linux 12 Linux 6.1.0-18",
                 b"Cisco NX-OS(tm) n5000, Software (n5000-uk9), Version 5.2(1)N1(4)",
                 b"Hardware: Intel; Software: Windows Version 10.0",
                 b"Cisco IOS-XE software, Version 17.3", b"a firmware of nothing, reversion x",
                 b"\n"):
        say(cid(4, mac(A)) + pid(7, b"1") + ttl() + tlv(6, text) + end)
    say(cid(4, mac(A)) + pid(7, b"1") + ttl() + b"".join(mgmt("192.0.2.%d" % i) for i in range(1,
        12)) +
        b"".join(org("0080c2", 3, u16(i) + b"\1x") for i in range(1, 40)) +
        b"".join(org("0012bb", 2, b"\1\0\0\0") for _ in range(10)))
    n.write("lldp", "kinds")
    n = Net()
    say(end)
    say(b"")
    say(b"\2")
    say(pid(7, b"1") + cid(7, b"x") + ttl() + end)
    say(cid(7, b"x") + ttl() + end)
    say(cid(7, b"x") + pid(7, b"1"))
    say(cid(7, b"x") + pid(7, b"1") + end)
    # past the end
    say(cid(7, b"x") + pid(7, b"1") + ttl() + u16(5 << 9 | 200) + b"sw")
    say(cid(7, b"x") + pid(7, b"1") + tlv(3, b"\0") + tlv(7, b"\0\4") + tlv(8, b"\x09\1") +
        org("0080c2", 1, b"\1") +
        org("0080c2", 3, u16(1) + b"\x20x") + org("00120f", 1, b"\3") + org("0012bb", 2, b"\1") +
        org("000ecf", 5, b"\0") + tlv(127, b"\0") + end)
    say(tlv(1, b"") + tlv(2, b"") + ttl() + end)
    say(cid(7, b"x") + pid(7, b"1") + ttl() + tlv(5, b"name") + end, cut=30)
    say(cid(7, b"x") + pid(7, b"1") + ttl() + tlv(5, b"name") + end, cut=16)
    say(cid(7, b"x") + pid(7, b"1") + ttl() + tlv(7, u16(0x8000, 0x8000)) + org("0012bb", 12) +
        end)   # bits without names
    n.write("lldp", "malformed")


# ---- CDP

def make_cdp():
    def frame(body, pad=b""):
        llc = bytes.fromhex("aaaa0300000c2000") + body
        return mac("01:00:0c:cc:cc:cc") + mac(A) + u16(len(llc)) + llc + pad

    def cdp(*tlvs, version=2, ttl=180):
        return bytes([version, ttl, 0, 0]) + b"".join(u16(t, 4 + len(v)) + v for t, v in tlvs)

    v4 = lambda a: b"\1\1\xcc" + u16(4) + ip(a)
    v6 = lambda a: b"\2\x08\xaa\xaa\3\0\0\0\x86\xdd" + u16(16) + ip(a)
    ios = b"Cisco IOS Software, C3560 Software (C3560-X), Version 12.2(25)SEB4, RELEASE (fc1)\nCopy"
    n = Net()
    n.frame(frame(cdp((1, b"sw-lab-1.lab.example"), (2, u32(3) + v4("192.0.2.2") + v6("fe80::2") +
                                                     b"\1\1\x81" + u16(1) + b"x"),
                      (3, b"GigabitEthernet0/5"), (4, u32(0x28)), (5, ios),
                      (6, b"cisco WS-C3560G-24PS"), (9, b"Lab"),
                      (10, u16(1)), (11, b"\1"), (0x16, u32(1) + v4("192.0.2.2")), (0x12, b"\0"),
                      (0x17, b"\0Room 4"), (0x1a, bytes(12)))))
    n.frame(frame(cdp((1, b"SEP001122334455"), (2, u32(1) + v4("192.0.2.60")), (3, b"Port 1"),
                      (4, u32(0x490)), (5, b"P003-08-8-00"),
                      (6, b"Cisco IP Phone 7960"), (0x0e, b"\0" + u16(110)), (0x10, u16(6300)),
                      (11, b"\0"))))
    n.frame(frame(cdp((1, b"nexus1(SSI1234ABCD)"), (4, u32(0x9)),
                      (5, b"Cisco Nexus Operating System (NX-OS) Software, Version 5.2(1)N1(4)"),
                      (6, b"N5K-C5548UP"), (0x14, b"nexus1"), (3, b"mgmt0"),
                      (0x16, u32(1) + v4("0.0.0.0")))))
    n.frame(frame(cdp((1, b"r1"), (4, u32(0x1)), (6, b"cisco 2500"), version=1, ttl=60),
                  b"\0" * 10))
    n.frame(frame(cdp((1, b"host"), (4, u32(0x10)), (6, b"Linux")) + b"\0\0"))
    n.frame(frame(cdp((1, b"()"), (2, u32(12) + b"".join(v4("192.0.2.%d" % i) for i in range(1,
        13))))))
    n.write("cdp", "kinds")
    n = Net()
    n.frame(frame(cdp((1, b"x")) + u16(3, 2)))                      # shorter than its own head
    n.frame(frame(cdp((1, b"x")) + u16(3, 40) + b"Gi"))             # past the end
    n.frame(frame(cdp((1, b"x"), (4, b"\0"), (2, u32(5) + b"\1\1\xcc" + u16(40)), (10, b"\0"))))
    n.frame(frame(cdp((1, b"x"), version=9)))
    n.frame(frame(cdp((1, b"x"), (4, u32(0x80000000)))))
    n.frame(frame(b"\2\xb4\0"))
    n.frame(frame(cdp((1, b"sw-lab-1"), (5, ios))), cut=60)
    n.frame(frame(cdp((1, b"sw-lab-1"))), cut=22)
    n.write("cdp", "malformed")


make_arp()
make_icmp()
make_icmp6()
make_dhcp()
make_dhcpv6()
make_dns()
make_mdns()
make_lldp()
make_cdp()
