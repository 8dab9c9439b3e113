#!/usr/bin/env python3
"""Builds test/golden/net/*.pcap: link layers, tunnels, fragments, TCP in all
its disorder, and broken headers. The payload is Modbus, so that each case
shows what reaches a dissector."""
import os
import struct

from frames import ACK, PSH, RST, SYN, Capture, Talk, eth, ipv4, ipv6, mac, tcp, udp, vlan
from make_modbus import h, mbap

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "net")
ASK = mbap(1, 1, h("03 0000 0001"))
ANSWER = mbap(1, 1, h("03 02 002a"))


def datagram(cport):
    """An IPv4 packet with a Modbus request in UDP."""
    return ipv4(17, udp(cport, 502, ASK))


def save(cap, name):
    cap.save(os.path.join(OUT, name + ".pcap"))


def links():
    for name, link, head in [
        ("null", 0, b"\x02\0\0\0"), ("loop", 108, b"\0\0\0\x02"), ("raw", 101, b""), ("ipv4", 228, b""),
        ("ppp", 9, b"\xff\x03\x00\x21"), ("ppp-hdlc", 50, b"\xff\x03\x21"),
        ("chdlc", 104, b"\x0f\0\x08\0"),
        ("sll", 113, b"\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0"),
        ("sll2", 276, b"\x08\0\0\0\0\0\0\2\0\1\0\6" b"\2\0\0\0\0\1\0\0"),
        ("wlan", 105, b"\x88\x01\0\0" + mac("02:00:00:00:00:09") + mac("02:00:00:00:00:01") +
         mac("02:00:00:00:00:02") + b"\0\0" + b"\0\0" + h("aaaa03 000000 0800")),
        ("radiotap", 127, h("0000 0900 02000000 00") + b"\x08\x02\0\0" + mac("02:00:00:00:00:02") +
         mac("02:00:00:00:00:09") + mac("02:00:00:00:00:01") + b"\0\0" + h("aaaa03 000000 0800")),
    ]:
        cap = Capture(link)
        cap.add(head + datagram(40000))
        cap.add(head[:2])
        save(cap, "link-" + name)


def ethernet():
    cap = Capture()
    ip = datagram(40000)
    cap.add(eth(vlan(0x6014, 0x0800, datagram(40001)), 0x8100))
    cap.add(eth(vlan(0x0064, 0x8100, vlan(0x0014, 0x0800, datagram(40002))), 0x88a8))
    cap.add(eth(vlan(0x6000, 0x0800, datagram(40003)), 0x8100))             # priority only
    cap.add(eth(struct.pack(">II", 0x00064040, 0x00065140) + datagram(40004), 0x8847))
    cap.add(eth(struct.pack(">I", 0x00064140) + b"\0\0\0\0" + eth(datagram(40005)), 0x8847))
    ppp = b"\x00\x21" + datagram(40006)
    cap.add(eth(b"\x11\0\0\1" + struct.pack(">H", len(ppp)) + ppp, 0x8864))
    snap = h("aaaa03 000000 0800") + datagram(40007)
    cap.add(eth(snap, len(snap)) + b"\0" * 6)                               # padded
    cap.add(eth(ipv4(47, h("2000 0800 0000002a") + datagram(40008), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(47, h("0000 6558") + eth(datagram(40009)), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(47, h("1000 88be 00000001") + b"\0" * 8 + eth(datagram(40010)), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(47, h("1000 22eb 00000001") + b"\0" * 11 + b"\1" + b"\0" * 8 + eth(datagram(40011)),
                     "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(17, udp(50000, 4789, h("08000000 00002a00") + eth(datagram(40012))), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(17, udp(50000, 6081, h("00006558 00002a00") + eth(datagram(40013))), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(4, datagram(40014), "10.1.0.1", "10.1.0.2")))
    cap.add(eth(ipv4(41, ipv6(17, udp(40015, 502, ASK)), "10.1.0.1", "10.1.0.2")))
    v6 = udp(40016, 502, ASK)
    cap.add(eth(ipv6(0, h("3c00 0104 00000000") + h("1100 0104 00000000") + v6), 0x86dd))
    cap.add(eth(ipv4(132, struct.pack(">HHII", 40017, 2905, 1, 2))))
    cap.add(eth(ipv4(89, b"\x02\x01\0\x2c")))
    cap.add(eth(b"unknown", 0x1234))
    save(cap, "ethernet")


def fragments():
    cap = Capture()
    whole = udp(40000, 502, mbap(1, 1, b"\x10\0\0\0\x40\x80" + bytes(range(128))))
    for off, size in [(0, 64), (64, 48), (112, 200)]:
        part = whole[off:off + size]
        cap.add(eth(ipv4(17, part, ident=7, off=off, more=off + size < len(whole))))
    order = [(112, 200), (0, 64), (64, 48)]
    for off, size in order:                                                 # out of order, overlapping
        part = whole[max(0, off - 8):off + size]
        cap.add(eth(ipv4(17, part, ident=8, off=max(0, off - 8), more=off + size < len(whole))))
    v6 = udp(40001, 502, ASK)
    cap.add(eth(ipv6(44, h("1100 0001 00000009") + v6[:16]), 0x86dd))
    cap.add(eth(ipv6(44, h("1100 0010 00000009") + v6[16:]), 0x86dd))
    cap.add(eth(ipv6(44, h("1100 0000 0000000a") + udp(40002, 502, ASK)), 0x86dd))   # atomic
    cap.add(eth(ipv4(17, b"x" * 9, ident=9, off=0, more=True)))             # not a multiple of 8
    cap.add(eth(ipv4(17, b"x" * 64, ident=10, off=65528)))                  # beyond 64 KiB
    cap.add(eth(ipv4(17, b"y" * 8, ident=11, off=8)))                       # never completed
    save(cap, "fragments")


def disorder():
    cap = Capture()
    t = Talk(cap)
    a, b, c = (mbap(i, 1, h("03 000%d 0001" % i)) for i in (1, 2, 3))
    base = t.cseq
    t.raw(0, PSH | ACK, b, base + 12)                   # early
    t.raw(0, PSH | ACK, c[:6], base + 24)
    t.raw(0, PSH | ACK, a, base)
    t.raw(0, PSH | ACK, a, base)                        # again
    t.raw(0, PSH | ACK, a[6:] + b + c, base + 6)        # overlapping
    t.cseq = base + 36
    for i in (1, 2, 3):
        t.s(mbap(i, 1, h("03 02 000%d" % i)))
    t.cseq += 12                                        # lost before the capture
    t.c(mbap(5, 1, h("03 0005 0001")))
    t.raw(1, ACK)                                       # acknowledged: will not come
    t.s(mbap(5, 1, h("03 02 0005")))
    t.raw(0, RST)
    t = Talk(cap)                                       # the same ports again
    t.c(ASK)
    t.s(ANSWER)
    t = Talk(cap, cport=40001, open_=False)             # amid a connection, mid-PDU
    t.c(ASK[5:])
    t.c(ASK)
    t.s(ANSWER)
    t = Talk(cap, cport=40002)
    t.cseq = 0xfffffffa                                 # the sequence number wraps
    t = Talk(cap, cport=40003, open_=False)
    t.cseq = 0xfffffffa
    t.c(ASK)
    t.s(ANSWER)
    t.c(mbap(2, 1, h("03 0000 0001")))
    t.s(mbap(2, 1, h("03 02 002a")))
    # never completed
    t = Talk(cap, cport=40004)
    t.raw(0, PSH | ACK, b, t.cseq + 100)
    save(cap, "tcp-disorder")


def again():
    cap = Capture()
    t = Talk(cap)
    t.c(ASK)
    t.s(ANSWER)
    t = Talk(cap, open_=False)                          # the client lost its power: no FIN
    t.cseq, t.sseq = 500, 300
    t.raw(0, SYN)
    t.raw(0, SYN)                                       # the same SYN again: the same connection
    t.cseq += 1
    t.raw(1, SYN | ACK)
    t.sseq += 1
    t.c(mbap(2, 1, h("03 0000 0001")))
    t.s(mbap(2, 1, h("03 02 002a")))
    t.raw(0, SYN, seq=0x70000000)                       # a SYN from elsewhere hides nothing
    t.c(mbap(3, 1, h("03 0000 0001")))
    t.s(mbap(3, 1, h("03 02 002a")))
    t = Talk(cap, cport=40001)
    t.c(mbap(1, 1, h("03 02 0001")))                    # a request shaped as an answer: no server for that
    t.c(ASK)
    t.s(ANSWER)
    # amid a connection between two known ports: only the answers say who serves,
    # while some of them wait for the first
    t = Talk(cap, client="10.0.0.9", server="10.0.0.1", cport=502, open_=False)
    part = [mbap(i, 1, h("03 02 %04x" % i)) for i in range(4)]
    t.raw(0, PSH | ACK, b"\0\1", t.cseq - 2)
    t.raw(0, PSH | ACK, part[1], t.cseq + 11)
    t.raw(0, PSH | ACK, part[0], t.cseq)
    t.raw(0, PSH | ACK, part[2], t.cseq + 22)
    t.raw(0, PSH | ACK, part[3], t.cseq + 33)
    t = Talk(cap, cport=40002)
    t.c(ASK)
    t.s(ANSWER)
    t.cseq += 12                                        # never comes
    t.c(mbap(3, 1, h("03 0000 0001")))
    cap.us += 4000 * 1000000                            # its time ends the flow, and is not its evidence
    cap.add(eth(ipv4(17, udp(40003, 502, ASK))))
    save(cap, "tcp-again")


def tunnel():
    """A fragmented tunnel with fragments in it."""
    cap = Capture()
    inner = udp(40000, 502, mbap(1, 1, b"\x10\0\0\0\x40\x80" + bytes(range(128))))
    outer = ipv4(17, inner[:96], ident=5, more=True)
    cap.add(eth(ipv4(4, outer[:24], "10.1.0.1", "10.1.0.2", ident=9, more=True)))
    cap.add(eth(ipv4(4, outer[24:], "10.1.0.1", "10.1.0.2", ident=9, off=24)))
    cap.add(eth(vlan(7, 0x0800, ipv4(17, inner[96:], ident=5, off=96)), 0x8100))    # another site's
    cap.add(eth(ipv4(17, inner[96:], ident=5, off=96)))
    save(cap, "fragments-tunnel")


def headers():
    cap = Capture()
    cap.add(eth(b"\x45\0\0\x14"))
    cap.add(eth(b"\x55" + datagram(1)[1:]))
    cap.add(eth(b"\x43" + datagram(1)[1:]))
    cap.add(eth(ipv4(17, udp(40000, 502, ASK), total=10)))
    cap.add(eth(ipv4(17, udp(40001, 502, ASK), total=400)))
    cap.add(eth(ipv4(17, b"\0\1\2")))
    cap.add(eth(ipv4(17, udp(40002, 502, ASK)[:4] + b"\0\4\0\0")))
    cap.add(eth(ipv4(17, udp(40003, 502, ASK)[:4] + b"\1\0\0\0" + ASK)))
    cap.add(eth(ipv4(6, tcp(1, 2, 3, 4, SYN)[:12] + b"\x10" + tcp(1, 2, 3, 4, SYN)[13:])))
    cap.add(eth(ipv4(6, tcp(1, 2, 3, 4, SYN)[:12] + b"\xf0" + tcp(1, 2, 3, 4, SYN)[13:])))
    cap.add(eth(ipv4(6, b"\0\1\0\2\0")))
    cap.add(eth(ipv4(1, b"\x08")))
    cap.add(eth(ipv6(0, b"\x11\xff"), 0x86dd))
    cap.add(eth(b"\x50" + ipv6(17, udp(1, 2, b""))[1:], 0x86dd))
    cap.add(eth(b"\x60\0\0", 0x86dd))
    cap.add(eth(b"\0", 0x8100))
    cap.add(eth(b"\0\0", 0x8847))
    cap.add(eth(b"\x11\0\0\1\0\xff", 0x8864))
    cap.add(eth(ipv4(47, b"\x80\0\x08")))
    cap.add(eth(vlan(1, 0x8100, b"") * 30, 0x8100))
    inner = datagram(40004)
    for i in range(6):
        inner = ipv4(4, inner, "10.2.0.%d" % i, "10.2.1.%d" % i)
    cap.add(eth(inner))
    ext = udp(1, 2, b"")
    for i in range(12):
        ext = bytes([17 if i == 0 else 60, 0, 1, 4, 0, 0, 0, 0]) + ext
    cap.add(eth(ipv6(60, ext), 0x86dd))
    cap.add(b"\1\2\3")
    cap.add(eth(h("aaaa03 00"), 4))
    cap.add(eth(h("4242 03") + b"\0" * 35, 38))
    # a snap length: no anomaly, only counted
    cap.add(eth(datagram(40005))[:46], wire=len(eth(datagram(40005))))
    save(cap, "headers")


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    links()
    ethernet()
    fragments()
    disorder()
    again()
    tunnel()
    headers()
