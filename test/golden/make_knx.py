#!/usr/bin/env python3
"""Builds test/golden/knxip/*.pcap from the specification (ISO 22510, the cEMI
chapter of the KNX standard): discovery, tunnels, device management, routing,
TCP, KNX Secure, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, mac, ip4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "knxip")
CLIENT, GATEWAY, MULTICAST = "192.0.2.10", "192.0.2.20", "224.0.23.12"
CMAC, GMAC, MMAC = "02:00:00:00:00:0a", "00:24:6d:00:00:14", "01:00:5e:00:17:0c"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def knx(service, body=b"", total=None):
    return struct.pack(">BBHH", 6, 0x10, service, len(body) + 6 if total is None else total) + body


def hpai(ip=CLIENT, port=50000, proto=1):
    return struct.pack(">BB4sH", 8, proto, ip4(ip), port)


def dib(kind, body):
    return bytes([len(body) + 2, kind]) + body


def device(name="Bus Gate 7", ia=0x1100, medium=2, status=0, serial="00c501020304", latin=None):
    text = latin or name.encode("latin-1")
    return dib(1, struct.pack(">BBHH6s4s6s30s", medium, status, ia, 0x0123, h(serial), ip4(MULTICAST),
                              mac(GMAC), text))


FAMILIES = dib(2, h("0202 0302 0402 0501"))
EXTRA = (dib(3, ip4(GATEWAY) + ip4("255.255.255.0") + ip4("192.0.2.1") + h("0602")) +
         dib(4, ip4(GATEWAY) + ip4("255.255.255.0") + ip4("192.0.2.1") + ip4("192.0.2.1") + h("0400")) +
         dib(5, h("1100 11f1 11f2")) + dib(6, h("0402")) + dib(7, h("00fe 11f1 0005 11f2 0006 11f3 0003")) +
         dib(8, h("0000 00fe 091a")) + dib(0xfe, h("00c5 0102")) + dib(0x77, h("01")))


def ia(s):
    a, b, c = (int(x) for x in s.split("."))
    return a << 12 | b << 8 | c


def ga(s):
    a, b, c = (int(x) for x in s.split("/"))
    return a << 11 | b << 8 | c


def ldata(mc, src, dst, apci, data=b"", small=None, tpci=0, fail=False, add=b""):
    group = "/" in dst
    if small is not None:
        apdu = struct.pack(">H", tpci << 8 | apci | small)
    else:
        apdu = struct.pack(">H", tpci << 8 | apci) + data
    return (bytes([mc, len(add)]) + add + bytes([0xbc | fail, 0xe0 if group else 0x60]) +
            struct.pack(">HHB", ia(src), ga(dst) if group else ia(dst), len(apdu) - 1) + apdu)


def control(mc, src, dst, tpci):
    return bytes([mc, 0, 0xb0, 0x60]) + struct.pack(">HHBB", ia(src), ia(dst), 0, tpci)


def prop(mc, obj, pid, data=b"", count=1, start=1, inst=1):
    return struct.pack(">BHBBH", mc, obj, inst, pid, count << 12 | start) + data


REQ, CON, IND = 0x11, 0x2e, 0x29


class Net:
    def __init__(self, name):
        self.cap, self.name = Capture(), name

    def c(self, payload, dst=GATEWAY, sport=50000, dport=3671, dmac=GMAC):
        self.cap.add(eth(ipv4(17, udp(sport, dport, payload), CLIENT, dst), src=CMAC, dst=dmac))

    def s(self, payload, dport=50000):
        self.cap.add(eth(ipv4(17, udp(3671, dport, payload), GATEWAY, CLIENT), src=GMAC, dst=CMAC))

    def m(self, payload, src=GATEWAY, smac=GMAC):
        self.cap.add(eth(ipv4(17, udp(3671, 3671, payload), src, MULTICAST), src=smac, dst=MMAC))

    def save(self):
        os.makedirs(OUT, exist_ok=True)
        self.cap.save(os.path.join(OUT, self.name + ".pcap"))


def discovery():
    n = Net("discovery")
    n.c(knx(0x0201, hpai()), MULTICAST, dmac=MMAC)
    n.s(knx(0x0202, hpai(GATEWAY, 3671) + device() + FAMILIES))
    n.c(knx(0x020b, hpai() + h("0604 0102 0607")), MULTICAST, dmac=MMAC)
    n.s(knx(0x020c, hpai(GATEWAY, 3671) + device(latin=b"Geb\xe4ude", status=1) + FAMILIES + EXTRA))
    n.c(knx(0x0203, hpai()))
    n.s(knx(0x0204, device(serial="fffe00000001", medium=0x32) + dib(2, h("0201 0301 0401"))))
    n.c(knx(0x0203, hpai()))
    n.save()


class Tunnel:
    """Counts the sequence of both sides; acknowledges what the other says."""

    def __init__(self, net, channel, kind=0x0420):
        self.n, self.ch, self.kind, self.seq = net, channel, kind, [0, 0]

    def head(self, side, status=0):
        return bytes([4, self.ch, self.seq[side], status])

    def c(self, cemi, ack=0):
        self.n.c(knx(self.kind, self.head(0) + cemi))
        if ack is not None:
            self.n.s(knx(self.kind + 1, self.head(0, ack)))
            self.seq[0] = (self.seq[0] + 1) & 255

    def s(self, cemi):
        self.n.s(knx(self.kind, self.head(1) + cemi))
        self.n.c(knx(self.kind + 1, self.head(1)))
        self.seq[1] = (self.seq[1] + 1) & 255

    def both(self, apci, dst="1/2/3", fail=False, src="1.1.241", **kw):
        self.c(ldata(REQ, src, dst, apci, **kw))
        self.s(ldata(CON, src, dst, apci, fail=fail, **kw))


def connect(n, cri, crd, channel, status=0):
    n.c(knx(0x0205, hpai() + hpai() + cri))
    if status:
        n.s(knx(0x0206, bytes([0, status])))
    else:
        n.s(knx(0x0206, bytes([channel, 0]) + hpai(GATEWAY, 3671) + crd))


def tunnel():
    n = Net("tunnel")
    connect(n, h("0404 0200"), h("0404 11f1"), 7)
    t = Tunnel(n, 7)
    t.both(0x080, small=1)
    t.both(0x080, small=0)
    t.both(0x080, small=0x2a)
    t.both(0x080, data=b"\x7f")
    t.both(0x080, data=h("0c1a"))
    t.both(0x080, data=b"Louver up\0\0\0\0\0", dst="31/7/255")
    t.both(0x000, small=0)
    t.s(ldata(IND, "1.1.5", "1/2/3", 0x040, small=1))
    t.s(ldata(IND, "1.1.6", "4/0/9", 0x080, data=h("41a4cccd")))
    t.s(ldata(IND, "1.1.6", "4/0/9", 0x080, data=h("41a4cccd"), add=h("0302 0102 03")))
    t.both(0x080, small=1, dst="5/5/5", fail=True)
    t.c(ldata(REQ, "1.1.241", "6/0/1", 0x080, small=1), ack=None)
    t.c(ldata(REQ, "1.1.241", "6/0/1", 0x080, small=1))                # sent again
    t.s(ldata(CON, "1.1.241", "6/0/1", 0x080, small=1))
    t.c(ldata(REQ, "1.1.241", "6/0/2", 0x080, small=1))                # never confirmed
    t.c(ldata(REQ, "1.1.241", "6/0/3", 0x080, small=1), ack=0x29)      # refused
    n.c(knx(0x0422, t.head(0) + h("0600")))
    n.s(knx(0x0423, t.head(0) + h("0600 11f1")))
    n.c(knx(0x0422, t.head(0) + h("0400")))
    n.s(knx(0x0423, t.head(0) + h("0400 00c5")))
    n.c(knx(0x0424, t.head(0) + h("0800 01")))
    n.s(knx(0x0423, t.head(0) + h("0800 01")))
    n.s(knx(0x0425, t.head(1) + h("0300 01")))
    n.c(knx(0x0207, bytes([7, 0]) + hpai()))
    n.s(knx(0x0208, bytes([7, 0])))
    n.c(knx(0x0209, bytes([7, 0]) + hpai()))
    n.s(knx(0x020a, bytes([7, 0])))
    n.c(knx(0x0207, bytes([7, 0]) + hpai()))
    n.s(knx(0x0208, bytes([7, 0x21])))
    connect(n, h("0404 0200"), b"", 0, 0x24)
    connect(n, h("0404 8000"), b"", 0, 0x29)
    n.c(knx(0x0205, hpai() + hpai() + h("0404 0200")))
    n.save()


def devices():
    """What a commissioning tool does to devices on the bus."""
    n = Net("devices")
    connect(n, h("0404 0200"), h("0404 11f1"), 9)
    t = Tunnel(n, 9)
    d = "1.1.5"
    t.c(control(REQ, "1.1.241", d, 0x80))
    t.s(control(CON, "1.1.241", d, 0x80))
    t.both(0x300, d, small=0, tpci=0x40)
    t.s(control(IND, d, "1.1.241", 0xc2))
    t.s(ldata(IND, d, "1.1.241", 0x340, data=h("0701"), tpci=0x40))
    for pid, data in ((11, h("0083 0a0b0c0d")), (12, h("0083")), (15, b"AKS-0816.3"), (15, h("00ff" * 5)),
                      (78, h("000000000102")), (13, h("0083 0102 21"))):
        t.both(0x3d5, d, data=h("00%02x1001" % pid), tpci=0x44)
        t.s(ldata(IND, d, "1.1.241", 0x3d6, data=h("00%02x1001" % pid) + data, tpci=0x44))
    t.both(0x3d7, d, data=h("0036 1001 01"))
    t.both(0x3d7, d, data=h("0305 1001 01"))
    t.both(0x3d7, d, data=h("0306 1001 02"))
    t.both(0x3d7, d, data=h("0009 2001 0102"))
    t.both(0x3d8, d, data=h("000b00"))
    t.both(0x1cc, d, data=h("0000 00100b 01 0001"))
    t.both(0x200, d, data=h("4000"), small=None)
    t.both(0x28c, d, data=h("4000") + b"\x5a" * 12)
    t.both(0x2c2, d, data=h("14 4000 01020304"))
    t.both(0x1fb, d, data=h("04 014000 01020304"))
    t.both(0x2c7, d, data=h("0301 0001"))
    t.both(0x3d1, d, data=h("00 11223344"))
    t.s(ldata(IND, d, "1.1.241", 0x3d2, data=h("02")))
    t.both(0x3d3, d, data=h("02 55667788"))
    t.both(0x3f1, d, data=h("10 000000000001 aabbccdd eeff0011"))
    t.both(0x0c0, "0/0/0", data=h("1107"))
    t.both(0x380, d, small=0)
    t.both(0x381, d, data=h("0200"))
    t.both(0x2ff, d, data=h("0200"))
    t.c(control(REQ, "1.1.241", d, 0x81))
    t.s(h("2b 00 bc"))
    t.c(h("10 00 bc 1105 0903 e1 00 80"))
    # the same gateway by device management
    connect(n, h("0203"), h("0203"), 11)
    m = Tunnel(n, 11, 0x0310)
    for obj, pid, data in ((0, 11, h("00c501020304")), (0, 12, h("00c5")), (0, 12, h("7777")), (0, 78, h("0102")),
                           (8, 52, h("01"))):
        m.c(prop(0xfc, obj, pid))
        m.s(prop(0xfb, obj, pid, data))
    m.c(prop(0xfc, 11, 76, count=15))
    m.s(prop(0xfb, 11, 76, b"Bus Gate 7\0\0\0\0\0", count=15))
    m.c(prop(0xfc, 11, 99))
    m.s(prop(0xfb, 11, 99, h("07"), count=0))
    m.c(prop(0xf6, 11, 52, h("1101")))
    m.s(prop(0xf5, 11, 52))
    m.c(prop(0xf6, 11, 57, h("c0000214")))
    m.s(prop(0xf5, 11, 57, h("05"), count=0))
    m.c(prop(0xf6, 11, 93, b"\x99" * 32, count=2))
    m.s(prop(0xf5, 11, 93, count=2))
    m.c(h("f8 0003 01 05 0001"))
    m.s(h("fa 0003 01 05 00"))
    m.s(prop(0xf7, 8, 53, h("01")))
    m.c(h("f1"))
    m.c(prop(0xfc, 0, 11, inst=2))
    n.save()


def routing():
    n = Net("routing")
    n.m(knx(0x0530, ldata(IND, "1.1.5", "1/2/3", 0x080, small=1)))
    n.m(knx(0x0530, ldata(IND, "1.1.5", "1/2/4", 0x080, data=h("0c1a"))))
    n.m(knx(0x0530, ldata(IND, "1.1.9", "1/2/3", 0x000, small=0)))
    n.m(knx(0x0530, ldata(IND, "1.2.1", "1/2/3", 0x040, small=1)), src="192.0.2.21", smac="00:24:6d:00:00:15")
    n.m(knx(0x0531, h("04 00 0005")))
    n.m(knx(0x0532, h("06 01 0064 0000")))
    n.m(knx(0x0533, ldata(IND, "1.1.5", "0/0/0", 0x100, small=0)))
    n.c(knx(0x0743, h("08 01") + h("0201")), MULTICAST, dmac=MMAC)
    n.c(knx(0x0740, hpai() + h("0201")))
    n.s(knx(0x0741, h("0201") + device()))
    n.save()


def tcp():
    cap = Capture()
    t = Talk(cap, CLIENT, GATEWAY, 40000, 3671, CMAC, GMAC)
    t.c(knx(0x0203, hpai("0.0.0.0", 0, 2)))
    t.s(knx(0x0204, device() + FAMILIES))
    t.c(knx(0x0205, hpai("0.0.0.0", 0, 2) * 2 + h("0604 0200 11f2")))
    r = knx(0x0206, bytes([3, 0]) + hpai("0.0.0.0", 0, 2) + h("0404 11f2"))
    t.s(r[:9])
    t.s(r[9:])
    t.c(knx(0x0420, h("04030000") + ldata(REQ, "1.1.242", "1/2/3", 0x080, small=1)) +
        knx(0x0420, h("04030100") + ldata(REQ, "1.1.242", "1/2/4", 0x080, small=1)))
    t.s(knx(0x0420, h("04030000") + ldata(CON, "1.1.242", "1/2/3", 0x080, small=1)) +
        knx(0x0420, h("04030100") + ldata(CON, "1.1.242", "1/2/4", 0x080, small=1)))
    t.close()
    # from the middle, on a port of its own
    t = Talk(cap, CLIENT, GATEWAY, 40001, 9671, CMAC, GMAC, open_=False)
    t.s(knx(0x0420, h("04050900") + ldata(CON, "1.1.242", "2/2/2", 0x080, data=b"\x10")))
    t.c(knx(0x0207, h("0500") + hpai("0.0.0.0", 0, 2)))
    t.s(knx(0x0208, h("0500")))
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "tcp.pcap"))


def secure():
    n = Net("secure")
    n.c(knx(0x0951, hpai() + b"\x11" * 32))
    n.s(knx(0x0952, h("0001") + b"\x22" * 32 + b"\x33" * 16))
    for i in range(3):
        n.c(knx(0x0950, h("0001") + struct.pack(">Q", i)[2:] + h("00c501020399 0000") + b"\x44" * 40))
        n.s(knx(0x0950, h("0001") + struct.pack(">Q", i)[2:] + h("00c501020304 0000") + b"\x55" * 30))
    n.c(knx(0x0953, h("0002") + b"\x66" * 16))
    n.s(knx(0x0954, h("0000")))
    n.s(knx(0x0954, h("0300")))
    n.c(knx(0x0951, hpai() + b"\x11" * 32))
    n.s(knx(0x0952, h("0000")))
    for i in range(2):
        n.m(knx(0x0955, struct.pack(">Q", 1000 + i)[2:] + h("00c501020304 1234") + b"\x77" * 16))
        n.m(knx(0x0950, h("0000") + struct.pack(">Q", 1000 + i)[2:] + h("00c501020304 1234") + b"\x88" * 40))
    n.save()


def malformed():
    n = Net("malformed")
    n.c(knx(0x0203, hpai()))
    n.s(knx(0x0204, device()[:20]))                     # a DIB longer than the rest
    n.s(knx(0x0204, h("0001")))                         # and one of no length
    n.c(knx(0x0205, h("0801")))                         # an HPAI cut short
    n.c(knx(0x0205, h("0101")))
    n.c(knx(0x0203, hpai(), total=40))
    n.c(knx(0x0203, hpai()) + b"\0\0")
    n.c(knx(0x0203, hpai(), total=3))
    n.c(knx(0x0420, h("04070000 11 00 bc e0 11f1 0a03 09 00 80")))      # fewer bytes than it says
    n.c(knx(0x0420, h("03070000 11")))
    n.c(knx(0x0420, h("04070000")))
    n.c(knx(0x0420, h("04070000 11 ff 00")))
    n.c(knx(0x0310, h("04070000 fc 0000 01")))
    n.c(knx(0x0950, h("0001 000000000001 00c501020399 0000 1111")))
    n.c(h("0610 0999 000a 00000000"))
    n.c(h("0620 0203 000e") + hpai())
    n.c(knx(0x0421, h("04070029")))
    n.save()


discovery()
tunnel()
devices()
routing()
tcp()
secure()
malformed()
