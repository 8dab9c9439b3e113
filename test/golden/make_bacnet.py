#!/usr/bin/env python3
"""Builds test/golden/bacnet/*.pcap: every service and its answers, errors,
segmentation, BVLC, routed networks, BACnet over IPv6, Ethernet and MS/TP, other
ports, and what is malformed. Names and values are made up."""
import os
import struct

from frames import Capture, eth, ipv4, ipv6, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bacnet")

AI, AO, AV, BI, BO, BV, DEVICE, FILE, SCHEDULE, TREND, LSP = 0, 1, 2, 3, 4, 5, 8, 10, 17, 20, 21
NAME, VALUE, PRIORITY_ARRAY, STATUS, OBJECT_LIST = 77, 85, 87, 111, 76


# ---- tagged values ---------------------------------------------------------

def tag(number, cls, data):
    """A tag with its content; cls 1: context."""
    n = len(data)
    head = bytes([(min(number, 15) << 4) | cls << 3 | (n if n < 5 else 5)])
    if number >= 15:
        head += bytes([number])
    if 5 <= n < 254:
        head += bytes([n])
    elif 254 <= n < 65536:
        head += b"\xfe" + struct.pack(">H", n)
    elif n >= 65536:
        head += b"\xff" + struct.pack(">I", n)
    return head + data


def num(v):
    """The shortest unsigned."""
    return v.to_bytes(max(1, (v.bit_length() + 7) // 8), "big")


def sint(v):
    n = 1
    while not -(1 << (8 * n - 1)) <= v < 1 << (8 * n - 1):
        n += 1
    return v.to_bytes(n, "big", signed=True)


def oid_raw(kind, instance):
    return struct.pack(">I", kind << 22 | instance)


def c(n, v):
    """Context-tagged: a number, bytes as they are, or an object's (kind, instance)."""
    if isinstance(v, tuple):
        v = oid_raw(*v)
    elif not isinstance(v, bytes):
        v = num(int(v))
    return tag(n, 1, v)


def wrap(n, *parts):
    """Opening tag n, parts, closing tag n."""
    if n < 15:
        return bytes([n << 4 | 0x0e]) + b"".join(parts) + bytes([n << 4 | 0x0f])
    return bytes([0xfe, n]) + b"".join(parts) + bytes([0xff, n])


def null():
    return b"\x00"


def boolean(v):
    return bytes([0x10 | v])


def uns(v):
    return tag(2, 0, num(v))


def sgn(v):
    return tag(3, 0, sint(v))


def real(v):
    return tag(4, 0, struct.pack(">f", v))


def double(v):
    return tag(5, 0, struct.pack(">d", v))


def octets(b):
    return tag(6, 0, b)


def text(s, charset=0):
    enc = {0: "utf-8", 4: "utf-16-be", 3: "utf-32-be", 5: "latin-1"}
    b = s if isinstance(s, bytes) else s.encode(enc[charset])
    return tag(7, 0, bytes([charset]) + b)


def ctext(n, s):
    return c(n, b"\0" + s.encode())


def bits(s):
    unused = -len(s) % 8
    s += "0" * unused
    return tag(8, 0, bytes([unused]) + bytes(int(s[i:i + 8], 2) for i in range(0, len(s), 8)))


def cbits(n, s):
    b = bits(s)
    return c(n, b[2:] if b[0] & 7 == 5 else b[1:])


def enum(v):
    return tag(9, 0, num(v))


def date(y, m, d, w=255):
    return tag(10, 0, bytes([y - 1900 if y else 255, m, d, w]))


def time(h, m, s, x=0):
    return tag(11, 0, bytes([h, m, s, x]))


def oid(kind, instance):
    return tag(12, 0, oid_raw(kind, instance))


def ref(obj, prop, index=None, base=0):
    b = c(base, obj) + c(base + 1, prop)
    return b + (c(base + 2, index) if index is not None else b"")


def prop_value(prop, value, index=None, priority=None):
    b = c(0, prop)
    if index is not None:
        b += c(1, index)
    b += wrap(2, value)
    return b + (c(3, priority) if priority else b"")


# ---- PDUs ------------------------------------------------------------------

def confirmed(invoke, service, params=b"", seg=None, more=False, window=4):
    if seg is None:
        return bytes([0x02, 0x75, invoke, service]) + params
    return bytes([0x0a | more << 2, 0x75, invoke, seg & 255, window, service]) + params


def unconfirmed(service, params=b""):
    return bytes([0x10, service]) + params


def simple(invoke, service):
    return bytes([0x20, invoke, service])


def complex_ack(invoke, service, params, seg=None, more=False, window=4):
    if seg is None:
        return bytes([0x30, invoke, service]) + params
    return bytes([0x38 | more << 2, invoke, seg & 255, window, service]) + params


def segment_ack(invoke, seq, server=False, nak=False, window=4):
    return bytes([0x40 | nak << 1 | server, invoke, seq & 255, window])


def error(invoke, service, cls, code):
    return bytes([0x50, invoke, service]) + enum(cls) + enum(code)


def reject(invoke, reason):
    return bytes([0x60, invoke, reason])


def abort(invoke, reason, server=True):
    return bytes([0x70 | server, invoke, reason])


def npdu(apdu, dst=None, src=None, hops=255, expect=False, prio=0, message=None, vendor=None):
    """dst and src: (network, MAC bytes)."""
    control = prio | expect << 2
    b = b""
    if message is not None:
        control |= 0x80
    if dst:
        control |= 0x20
        b += struct.pack(">HB", dst[0], len(dst[1])) + dst[1]
    if src:
        control |= 0x08
        b += struct.pack(">HB", src[0], len(src[1])) + src[1]
    if dst:
        b += bytes([hops])
    if message is not None:
        b += bytes([message])
        if vendor is not None:
            b += struct.pack(">H", vendor)
    return bytes([1, control]) + b + apdu


def bvlc(fn, payload, length=None, kind=0x81):
    return struct.pack(">BBH", kind, fn, 4 + len(payload) if length is None else length) + payload


UNICAST, BROADCAST, FORWARDED, DISTRIBUTE = 10, 11, 4, 9
CLIENT, SERVER = "10.20.0.5", "10.20.0.40"
CMAC, SMAC, ALL = "02:00:00:00:20:05", "02:00:00:00:20:40", "ff:ff:ff:ff:ff:ff"


class Net:
    """A BACnet/IP segment: who sends what to whom."""

    def __init__(self, port=47808, cport=None):
        self.cap, self.port, self.cport = Capture(), port, cport or port

    def ask(self, apdu, wait=1000, **kw):
        self.send(CLIENT, SERVER, bvlc(UNICAST, npdu(apdu, expect=apdu[0] >> 4 == 0, **kw)), wait)

    def answer(self, apdu, wait=2500, **kw):
        self.send(SERVER, CLIENT, bvlc(UNICAST, npdu(apdu, **kw)), wait)

    def both(self, request, reply):
        self.ask(request)
        self.answer(reply)

    def all(self, apdu, by=SERVER, **kw):
        self.send(by, "10.20.0.255", bvlc(BROADCAST, npdu(apdu, **kw)))

    def send(self, src, dst, payload, wait=1000, wire=None, cut=None):
        macs = {CLIENT: CMAC, SERVER: SMAC, "10.20.0.255": ALL}
        port = {CLIENT: self.cport}
        f = eth(ipv4(17, udp(port.get(src, self.port), port.get(dst, self.port), payload), src, dst),
                src=macs.get(src, "02:00:00:00:20:99"), dst=macs.get(dst, "02:00:00:00:20:99"))
        self.cap.add(f[:cut], wire=len(f) if cut else wire, wait_us=wait)

    def save(self, name):
        self.cap.save(os.path.join(OUT, name + ".pcap"))


# ---- cases -----------------------------------------------------------------

def who():
    n = Net()
    n.all(unconfirmed(8), by=CLIENT)
    n.all(unconfirmed(8, c(0, 100) + c(1, 200)), by=CLIENT, dst=(65535, b""))
    n.all(unconfirmed(8, c(0, 4041) + c(1, 4041)), by=CLIENT)
    n.all(unconfirmed(0, oid(DEVICE, 4041) + uns(1476) + enum(0) + uns(7)))
    n.all(unconfirmed(0, oid(DEVICE, 4042) + uns(480) + enum(3) + uns(64999)))
    n.all(unconfirmed(0, oid(DEVICE, 4043) + uns(50) + enum(9) + uns(70000)))
    n.all(unconfirmed(7, ctext(3, "AHU-2")), by=CLIENT)
    n.all(unconfirmed(7, c(0, 1) + c(1, 9000) + c(2, (AV, 3))), by=CLIENT)
    n.all(unconfirmed(7, c(3, b"\4" + "Frånluft".encode("utf-16-be"))), by=CLIENT)
    n.all(unconfirmed(1, oid(DEVICE, 4041) + oid(DEVICE, 4041) + text("AHU-2")))
    n.all(unconfirmed(1, oid(DEVICE, 4041) + oid(AV, 3) + text("Tilluft börvärde", 4)))
    n.all(unconfirmed(13, uns(222) + text("CC100") + text("4711-0815")))
    n.all(unconfirmed(14, uns(222) + text("CC100") + text("4711-0815") + oid(DEVICE, 4050) + octets(b"\x0a")),
          by=CLIENT)
    n.save("who")


def device():
    n = Net()
    answers = [
        (75, oid(DEVICE, 4041)), (NAME, text("AHU-2")), (79, enum(DEVICE)), (112, enum(0)),
        (121, text("Siemens Building Technologies")), (120, uns(7)), (70, text("PXC36.1-E.D")),
        (44, text("V6.30")), (12, text("2.1 build 9")), (58, text("Plan 3, fläktrum")),
        (372, text("A-100-2231")), (28, text("Ventilation, laboratory wing")), (107, enum(0)),
        (196, enum(3)), (98, uns(1)), (139, uns(22)),
        (97, bits("1" * 20 + "0" * 25)), (30, oid(DEVICE, 9) + uns(3) + octets(b"\x0a")),
        (119, sgn(-60)), (24, boolean(1)), (56, date(2025, 11, 24, 1)), (57, time(16, 0, 0, 50)),
        (514, uns(1)), (4194304, uns(1497)),
    ]
    for i, (prop, value) in enumerate(answers):
        n.both(confirmed(i, 12, ref((DEVICE, 4041), prop)),
               complex_ack(i, 12, ref((DEVICE, 4041), prop) + wrap(3, value)))
    # all at once, and what is not there
    props = [NAME, 121, 70, 44, 12, 372, 168, 4711]
    ack = b"".join(c(2, p) + (wrap(4, dict(answers)[p]) if p in dict(answers) else
                              wrap(5, enum(2), enum(32))) for p in props)
    n.both(confirmed(60, 14, c(0, (DEVICE, 4194303)) + wrap(1, *[c(0, p) for p in props])),
           complex_ack(60, 14, c(0, (DEVICE, 4041)) + wrap(1, ack)))
    # a device without a name of its vendor's, in Latin-1
    n.both(confirmed(61, 14, c(0, (DEVICE, 4041)) + wrap(1, c(0, 120), c(0, NAME))),
           complex_ack(61, 14, c(0, (DEVICE, 4041)) + wrap(
               1, c(2, 120), wrap(4, uns(178)), c(2, NAME), wrap(4, text("Kühlung", 5)))))
    n.save("device")


def properties():
    n = Net()
    i = 0
    values = [
        ((AV, 3), VALUE, real(21.5)), ((AV, 3), VALUE, real(float("nan"))),
        ((AV, 3), VALUE, real(float("inf"))), ((AV, 3), VALUE, real(float("-inf"))),
        ((46, 1), VALUE, double(1.25e100)), ((BI, 1), VALUE, enum(1)), ((BI, 1), VALUE, enum(2)),
        ((13, 4), VALUE, uns(3)), ((45, 4), VALUE, sgn(-70000)), ((AV, 3), STATUS, bits("0100")),
        ((AV, 3), 36, enum(3)), ((AV, 3), 103, enum(7)), ((AV, 3), 117, enum(62)),
        ((AV, 3), 28, text("")), ((AV, 3), 28, text("a\0b\xff".encode("latin-1"))),
        ((40, 1), VALUE, text(b"\x03\x52shift", 1)), ((40, 1), VALUE, text(b"\x24\x2a", 2)),
        ((40, 1), VALUE, text("Å\U0001f321", 3)), ((40, 1), VALUE, text("Å\U0001f321", 4)),
        ((40, 1), VALUE, text("21 °C", 5)), ((40, 1), VALUE, text(b"?x", 9)),
        ((40, 1), VALUE, text("x" * 1300)),
        ((47, 1), VALUE, octets(bytes(range(80)))), ((47, 1), VALUE, octets(b"\x01")),
        ((39, 1), VALUE, bits("1" * 40)), ((42, 1), VALUE, date(0, 13, 32)),
        ((50, 1), VALUE, time(255, 255, 255, 255)), ((50, 1), VALUE, time(23, 59, 60, 120)),
        ((AV, 3), PRIORITY_ARRAY, null() * 7 + real(21.0) + null() * 8),
        ((BO, 3), PRIORITY_ARRAY, null() * 15 + enum(1)), ((AV, 3), 130, wrap(0) + wrap(2, date(2025, 1, 2),
            time(3, 4, 5))),
        ((SCHEDULE, 1), 123, wrap(0, time(6, 0, 0), real(21.0), time(18, 0, 0), real(17.0))),
        ((SCHEDULE, 1), 38, wrap(0, wrap(0, c(0, b"\x7d\x0b\x18\x01")), wrap(2), c(3, 16))),
        ((DEVICE, 4041), OBJECT_LIST, b"".join(oid(AV, k) for k in range(70))),
        ((DEVICE, 4041), 152, b""), ((1023, 4194303), 999999, oid(1000, 7)),
        ((35, 1), 317, text("never written")), ((33, 1), 249, oid(32, 77)),
        ((AV, 3), VALUE, tag(20, 1, b"\x01\x02")), ((BV, 1), 104, boolean(0)), ((BV, 1), 104, boolean(1)),
        ((LSP, 1), VALUE, enum(2)), ((BV, 1), 84, enum(1)), ((15, 1), 72, enum(0)), ((9, 1), 37, enum(5)),
        ((45, 4), 6, sgn(-1) + sgn(2)), ((BV, 1), 7, boolean(1) + boolean(0)),
    ]
    for obj, prop, value in values:
        n.both(confirmed(i & 255, 12, ref(obj, prop)),
               complex_ack(i & 255, 12, ref(obj, prop) + wrap(3, value)))
        i += 1
    n.both(confirmed(i, 12, ref((DEVICE, 4041), OBJECT_LIST, 0)),
           complex_ack(i, 12, ref((DEVICE, 4041), OBJECT_LIST, 0) + wrap(3, uns(70))))
    n.both(confirmed(1, 15, ref((AV, 3), VALUE) + wrap(3, real(23.5)) + c(4, 8)), simple(1, 15))
    n.both(confirmed(2, 15, ref((AV, 3), VALUE) + wrap(3, null()) + c(4, 8)), simple(2, 15))
    n.both(confirmed(3, 15, ref((AV, 3), VALUE, 4) + wrap(3, enum(1), enum(0))), error(3, 15, 2, 40))
    n.both(confirmed(4, 14, c(0, (AI, 1)) + wrap(1, c(0, VALUE), c(0, STATUS)) + c(0, (AI, 2)) + wrap(1,
        c(0, PRIORITY_ARRAY) + c(1, 8))),
           complex_ack(4, 14, c(0, (AI, 1)) + wrap(1, c(2, VALUE), wrap(4, real(4.0)), c(2, STATUS), wrap(4,
               bits("0000")))
                       + c(0, (AI, 2)) + wrap(1, c(2, PRIORITY_ARRAY), c(3, 8), wrap(5, enum(2), enum(42)))))
    n.both(confirmed(5, 16, c(0, (AO, 1)) + wrap(1, prop_value(VALUE, real(40.0), None, 8), prop_value(22,
        real(0.5)))
                     + c(0, (BO, 2)) + wrap(1, prop_value(VALUE, enum(1), 3, 16))), simple(5, 16))
    many = b"".join(c(0, (AV, k)) + wrap(1, prop_value(VALUE, real(k))) for k in range(20))
    n.both(confirmed(6, 16, many), simple(6, 16))
    # WritePropertyMultiple-Error: which write failed first
    n.both(confirmed(7, 16, c(0, (AO, 1)) + wrap(1, prop_value(VALUE, real(40.0)))),
           bytes([0x50, 7, 16]) + wrap(0, enum(2), enum(37)) + wrap(1, c(0, (AO, 1)), c(1, VALUE), c(2, 1)))
    n.both(confirmed(8, 8, ref((15, 1), 102) + wrap(3, real(1.0), uns(2))), simple(8, 8))
    n.both(confirmed(9, 9, ref((15, 1), 102) + wrap(3, uns(2))),
           bytes([0x50, 9, 9]) + wrap(0, enum(5), enum(81)) + c(1, 1))
    n.both(confirmed(10, 10, wrap(0, c(0, AV))), complex_ack(10, 10, oid(AV, 90)))
    n.both(confirmed(11, 10, wrap(0, c(1, (AV, 91))) + wrap(1, prop_value(NAME, text("new")),
        prop_value(VALUE, real(1.0)))),
           complex_ack(11, 10, oid(AV, 91)))
    n.both(confirmed(12, 10, wrap(0, c(0, AV))), bytes([0x50, 12, 10]) + wrap(0, enum(3), enum(18)) + c(1, 0))
    n.both(confirmed(13, 11, oid(AV, 90)), simple(13, 11))
    n.both(confirmed(14, 13, b""), reject(14, 9))
    # more references than are written
    refs = b"".join(c(0, (AI, k)) + wrap(1, c(0, VALUE)) for k in range(80))
    acks = b"".join(c(0, (AI, k)) + wrap(1, c(2, VALUE), wrap(4, real(k)) if k != 70 else wrap(5, enum(1),
        enum(31)))
                    for k in range(80))
    n.both(confirmed(15, 14, refs), complex_ack(15, 14, acks))
    n.save("properties")


def cov():
    n = Net()
    n.both(confirmed(1, 5, c(0, 18) + c(1, (AI, 10)) + c(2, 1) + c(3, 60)), simple(1, 5))
    n.both(confirmed(2, 5, c(0, 18) + c(1, (AI, 10))), simple(2, 5))
    n.both(confirmed(3, 28, c(0, 18) + c(1, (AI, 10)) + c(2, 0) + c(3, 0) + wrap(4, c(0, VALUE), c(1, 2))
                     + c(5, struct.pack(">f", 0.25))), simple(3, 28))
    n.both(confirmed(4, 28, c(0, 18) + c(1, (AI, 10)) + wrap(4, c(0, VALUE))), error(4, 28, 5, 43))
    n.both(confirmed(5, 30, c(0, 18) + c(1, 1) + c(2, 600) + c(3, 5) + wrap(
        4, c(0, (AI, 10)), wrap(1, wrap(0, c(0, VALUE)), c(1, struct.pack(">f", 1.0)), c(2, 1), wrap(0, c(0,
            103)), c(2, 0)))),
        simple(5, 30))
    values = prop_value(VALUE, real(65.0)) + prop_value(STATUS, bits("0000"))
    n.answer(confirmed(6, 1, c(0, 18) + c(1, (DEVICE, 4041)) + c(2, (AI, 10)) + c(3, 54) + wrap(4, values)))
    n.ask(simple(6, 1))
    n.answer(unconfirmed(2, c(0, 0) + c(1, (DEVICE, 4041)) + c(2, (BI, 4)) + c(3, 0) + wrap(4,
        prop_value(VALUE, enum(1), None, 3))))
    stamp = wrap(3, date(2025, 11, 24, 1), time(16, 0, 1))
    changes = wrap(4, c(0, (AI, 10)), wrap(1, c(0, VALUE), wrap(2, real(65.5)), c(3, b"\x10\x00\x01\x00")),
                   c(0, (AI, 11)), wrap(1, c(0, VALUE), c(1, 1), wrap(2, real(1.5))))
    n.answer(unconfirmed(11, c(0, 18) + c(1, (DEVICE, 4041)) + c(2, 27) + stamp + changes))
    n.answer(confirmed(7, 31, c(0, 18) + c(1, (DEVICE, 4041)) + c(2, 27) + changes))
    n.ask(simple(7, 31))
    n.save("cov")


def alarms():
    n = Net()
    when = wrap(3, wrap(2, date(2025, 11, 24, 1), time(15, 59, 58, 7)))

    def notify(service, stamp, state=2, kind=0, message=True, limit=b""):
        return (c(0, 1) + c(1, (DEVICE, 4041)) + c(2, (AI, 10)) + stamp + c(4, 7) + c(5, 100) + c(6, 5)
                + (ctext(7, "Exhaust too warm") if message else b"") + c(8, kind) + c(9, 1) + c(10,
                    0) + c(11, state)
                + wrap(12, wrap(5, c(0, struct.pack(">f", 80.0)), cbits(1, "1000"), c(2, struct.pack(">f",
                    1.0)) + limit)))
    n.answer(confirmed(1, 2, notify(2, when, 3, limit=c(3, struct.pack(">f", 75.5)))))
    n.ask(simple(1, 2))
    n.answer(unconfirmed(3, notify(3, wrap(3, c(1, 4711)), 0, 1, False)))
    n.answer(unconfirmed(3, notify(3, wrap(3, c(0, b"\x0f\x3b\x3a\xff")), 77, 2)))
    n.both(confirmed(2, 0, c(0, 1) + c(1, (AI, 10)) + c(2, 2) + when + ctext(4, "A. Person") + wrap(
        5, wrap(2, date(2025, 11, 24), time(16, 0, 0)))), simple(2, 0))
    n.both(confirmed(3, 3), complex_ack(3, 3, oid(AI, 10) + enum(3) + bits("011") + oid(AI,
        11) + enum(1) + bits("110")))
    n.both(confirmed(4, 4, c(0, 0)), complex_ack(4, 4, oid(AI, 10) + enum(5) + enum(3) + uns(100) + uns(7)
                                                + oid(AI, 11) + enum(5) + enum(0) + uns(9)))
    summary = (c(0, (AI, 10)) + c(1, 3) + cbits(2, "011") + wrap(3, c(1, 1), c(1, 2), c(1, 3)) + c(4,
        0) + cbits(5, "111")
               + wrap(6, uns(1), uns(2), uns(3)))
    n.both(confirmed(5, 29), complex_ack(5, 29, wrap(0, summary, c(0, (AI, 11)) + c(1, 0)) + c(1, 1)))
    n.both(confirmed(6, 29, c(0, (AI, 11))), complex_ack(6, 29, wrap(0) + c(1, 0)))
    n.both(confirmed(7, 27, c(0, 1) + ctext(1, "A. Person") + c(2, 5) + c(3, (LSP, 1))), simple(7, 27))
    n.both(confirmed(8, 27, c(0, 1) + ctext(1, "A. Person") + c(2, 44)), error(8, 27, 4, 85))
    n.save("alarms")


def control():
    n = Net()
    n.both(confirmed(1, 17, c(0, 5) + c(1, 1) + ctext(2, "secret")), simple(1, 17))
    n.both(confirmed(2, 17, c(1, 0)), simple(2, 17))
    n.both(confirmed(3, 17, c(1, 9) + ctext(2, "wrong")), error(3, 17, 5, 26))
    for i, state in enumerate((0, 1, 2, 3, 4, 5, 6, 7, 8)):
        n.both(confirmed(10 + i, 20, c(0, state) + (ctext(1, "secret") if state % 2 else b"")),
            simple(10 + i, 20))
    n.all(unconfirmed(6, date(2025, 11, 24, 1) + time(16, 0, 0)), by=CLIENT)
    n.all(unconfirmed(9, date(2025, 11, 24, 1) + time(15, 0, 0, 25)), by=CLIENT)
    n.both(confirmed(30, 18, c(0, 7) + c(1, 511) + wrap(2, text("opaque"))), complex_ack(30, 18, c(0,
        7) + c(1, 511) + wrap(2, uns(0))))
    n.both(confirmed(31, 18, c(0, 60001) + c(1, 1)), bytes([0x50, 31, 18]) + wrap(0, enum(5),
        enum(29)) + c(1, 60001) + c(2, 1))
    n.all(unconfirmed(4, c(0, 8) + c(1, 3)))
    n.both(confirmed(32, 19, c(0, (DEVICE, 4041)) + wrap(1, c(0, 3)) + c(2, 1) + ctext(3, "never written")),
        simple(32, 19))
    n.all(unconfirmed(5, c(0, (DEVICE, 4041)) + c(2, 0) + ctext(3, "never written")))
    n.both(confirmed(33, 21, enum(1) + uns(5)), complex_ack(33, 21, uns(9)))
    n.both(confirmed(34, 22, uns(9)), simple(34, 22))
    n.both(confirmed(35, 23, uns(9) + octets(b"login") + uns(0)), complex_ack(35, 23, c(0, 1)))
    n.both(confirmed(36, 24, b""), reject(36, 9))
    n.both(confirmed(37, 25, b""), reject(37, 9))
    n.all(unconfirmed(10, c(0, 1234) + c(1, 8) + wrap(2, c(0, 268), real(67.0)) + c(3, 1)), by=CLIENT)
    n.both(confirmed(38, 32, c(0, 1)), simple(38, 32))
    n.all(unconfirmed(12, b""))
    n.both(confirmed(39, 33, c(0, 1)), complex_ack(39, 33, c(0, 1)))
    n.both(confirmed(40, 99, c(0, 1)), reject(40, 9))
    n.all(unconfirmed(77, b"\x09\x01"))
    n.save("control")


def files():
    n = Net()
    n.both(confirmed(1, 6, oid(FILE, 2) + wrap(0, sgn(0), uns(440))),
           complex_ack(1, 6, boolean(0) + wrap(0, sgn(0), octets(b"F" * 440))))
    n.both(confirmed(2, 6, oid(FILE, 2) + wrap(1, sgn(3), uns(2))),
           complex_ack(2, 6, boolean(1) + wrap(1, sgn(3), uns(2), octets(b"rec"), octets(b"ord"))))
    n.both(confirmed(3, 7, oid(FILE, 2) + wrap(0, sgn(-1), octets(b"W" * 400))), complex_ack(3, 7, c(0,
        b"\x00")))
    n.both(confirmed(4, 7, oid(FILE, 2) + wrap(1, sgn(0), uns(2), octets(b"rec"), octets(b"ord"))),
        complex_ack(4, 7, c(1, b"\x00")))
    n.both(confirmed(5, 6, oid(FILE, 9) + wrap(0, sgn(0), uns(440))), error(5, 6, 5, 5))
    ack = ref((TREND, 1), 131) + cbits(3, "110")
    item = wrap(0, date(2025, 11, 24), time(16, 0, 0)) + wrap(1, c(2, struct.pack(">f", 21.0)))
    for i, how in enumerate((wrap(3, uns(1), sgn(10)), wrap(6, uns(70), sgn(-5)),
                             wrap(7, date(2025, 11, 24, 1), time(0, 0, 0), sgn(100)), wrap(4, uns(1)), b"")):
        n.both(confirmed(20 + i, 26, ref((TREND, 1), 131) + how),
               complex_ack(20 + i, 26, ack + c(4, 2) + wrap(5, item, item) + (c(6, 70) if i == 1 else b"")))
    n.both(confirmed(30, 26, ref((DEVICE, 4041), OBJECT_LIST, 3) + wrap(3, uns(1), sgn(10))), error(30, 26,
        2, 22))
    n.save("files")


def errors():
    n = Net(cport=50123)
    rp = ref((AV, 3), VALUE)
    n.both(confirmed(1, 12, rp), error(1, 12, 1, 31))
    n.both(confirmed(2, 12, rp), error(2, 12, 200, 300))
    for i in range(12):
        n.both(confirmed(10 + i, 12, rp), reject(10 + i, i))
    for i in range(13):
        n.both(confirmed(30 + i, 12, rp), abort(30 + i, i))
    # the client gives up
    n.ask(confirmed(50, 12, rp))
    n.ask(abort(50, 10, server=False))
    # never answered, and asked again
    n.ask(confirmed(51, 15, ref((AV, 3), VALUE) + wrap(3, real(99.0)) + c(4, 1)))
    n.ask(confirmed(51, 15, ref((AV, 3), VALUE) + wrap(3, real(99.0)) + c(4, 1)), wait=3000000)
    # answers whose requests were not seen
    n.answer(complex_ack(60, 12, rp + wrap(3, real(1.0))))
    n.answer(simple(61, 15))
    n.answer(error(62, 14, 0, 3))
    n.answer(reject(63, 0))
    n.answer(abort(64, 4))
    n.answer(complex_ack(65, 6, boolean(1) + wrap(0, sgn(0), octets(b"end"))))
    n.answer(complex_ack(66, 18, c(0, 7) + c(1, 511)))
    # an answer of another service
    n.ask(confirmed(70, 12, rp))
    n.answer(simple(70, 15))
    # answered after others, and much later
    n.ask(confirmed(80, 12, rp))
    n.ask(confirmed(81, 12, ref((AV, 4), VALUE)))
    n.answer(complex_ack(81, 12, ref((AV, 4), VALUE) + wrap(3, real(4.0))))
    n.answer(complex_ack(80, 12, rp + wrap(3, real(3.0))))
    n.ask(confirmed(82, 12, rp))
    n.answer(complex_ack(82, 12, rp + wrap(3, real(3.0))), wait=45000000)
    n.save("errors")


def pieces(data, size):
    return [data[k:k + size] for k in range(0, len(data), size)]


def segments():
    n = Net()
    objects = b"".join(oid(AV, k) for k in range(300))
    ack = ref((DEVICE, 4041), OBJECT_LIST) + wrap(3, objects)

    def answer(invoke, data, order, size=480, service=12):
        parts = pieces(data, size)
        for k in order:
            n.answer(complex_ack(invoke, service, parts[k], seg=k, more=k < len(parts) - 1), wait=300)
        n.ask(segment_ack(invoke, order[-1]))
        return len(parts)
    ask = confirmed(1, 12, ref((DEVICE, 4041), OBJECT_LIST))
    n.ask(ask)
    answer(1, ack, range(4))
    # segments sent again
    n.ask(confirmed(2, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    answer(2, ack, [0, 0, 1, 2, 1, 2, 3])
    # one is lost
    n.ask(confirmed(3, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    answer(3, ack, [0, 1, 3])
    # identity in a late segment
    props = c(0, (DEVICE, 4041)) + wrap(1, c(2, OBJECT_LIST), wrap(4, objects), c(2, 70), wrap(4,
        text("PXC100-E.D")),
                                        c(2, 44), wrap(4, text("V6.30")))
    n.ask(confirmed(4, 14, c(0, (DEVICE, 4041)) + wrap(1, c(0, OBJECT_LIST), c(0, 70), c(0, 44))))
    answer(4, props, range(4), service=14)
    # longer than is kept
    long = ref((DEVICE, 4041), OBJECT_LIST) + wrap(3, b"".join(oid(AV, k) for k in range(2000)))
    n.ask(confirmed(5, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    answer(5, long, range(8), size=1400)
    # more than 256 segments: the numbers begin again
    n.ask(confirmed(6, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    answer(6, ack, range(-(-len(ack) // 5)), size=5)
    # broken off by the server, by the client, never finished
    n.ask(confirmed(7, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    n.answer(complex_ack(7, 12, ack[:480], seg=0, more=True))
    n.answer(abort(7, 9))
    n.ask(confirmed(8, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    n.answer(complex_ack(8, 12, ack[:480], seg=0, more=True))
    n.ask(abort(8, 1, server=False))
    n.ask(confirmed(9, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    n.answer(complex_ack(9, 12, ack[:480], seg=0, more=True))
    # a capture that begins amid an answer
    n.answer(complex_ack(10, 12, ack[480:960], seg=1, more=True))
    n.answer(complex_ack(10, 12, ack[960:], seg=2))
    # a request in segments: answered, refused, one of them lost
    write = b"".join(c(0, (AV, k)) + wrap(1, prop_value(VALUE, real(k), None, 8)) for k in range(60))
    parts = pieces(write, 400)
    for k, p in enumerate(parts):
        n.ask(confirmed(20, 16, p, seg=k, more=k < len(parts) - 1))
        n.answer(segment_ack(20, k, server=True))
    n.answer(simple(20, 16))
    n.ask(confirmed(21, 16, parts[0], seg=0, more=True))
    n.answer(abort(21, 4))
    n.ask(confirmed(22, 16, parts[1], seg=1, more=True))
    n.answer(segment_ack(22, 0, server=True, nak=True))
    # more answers at once than are kept
    for k in range(20):
        n.ask(confirmed(100 + k, 12, ref((DEVICE, 4041), OBJECT_LIST)), dst=(9, bytes([k])))
    for s in range(4):
        for k in range(20):
            n.answer(complex_ack(100 + k, 12, pieces(ack, 480)[s], seg=s, more=s < 3), src=(9, bytes([k])),
                wait=10)
    # the rest of an answer never comes
    n.ask(confirmed(200, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    n.answer(complex_ack(200, 12, ack[:480], seg=0, more=True))
    n.answer(complex_ack(200, 12, ack[480:960], seg=1, more=True))
    n.save("segments")


def bbmd():
    n = Net()
    fd, peer = "192.168.7.20", "10.30.0.2"

    def ip_port(ip, port=47808):
        return bytes(int(x) for x in ip.split(".")) + struct.pack(">H", port)

    def both(fn, payload, afn, apayload):
        n.send(fd, SERVER, bvlc(fn, payload))
        n.send(SERVER, fd, bvlc(afn, apayload))
    ok, who_is = b"\0\0", npdu(unconfirmed(8), dst=(65535, b""))
    both(5, struct.pack(">H", 60), 0, ok)
    both(5, struct.pack(">H", 60), 0, b"\0\x30")
    both(1, ip_port(SERVER) + b"\xff" * 4 + ip_port(peer) + b"\xff\xff\xff\0", 0, ok)
    both(1, b"", 0, b"\0\x10")
    both(2, b"", 3, ip_port(SERVER) + b"\xff" * 4 + ip_port(peer) + b"\xff\xff\xff\0")
    both(2, b"", 0, b"\0\x20")
    both(6, b"", 7, ip_port(fd) + struct.pack(">HH", 60, 88))
    both(6, b"", 7, b"".join(ip_port("192.168.8.%d" % k) + struct.pack(">HH", 60, k) for k in range(70)))
    both(6, b"", 0, b"\0\x40")
    both(8, ip_port(fd), 0, ok)
    both(8, ip_port(fd), 0, b"\0\x50")
    n.send(fd, SERVER, bvlc(DISTRIBUTE, who_is))
    n.send(SERVER, fd, bvlc(0, b"\0\x60"))
    n.send(SERVER, fd, bvlc(0, b"\x12\x34"))
    n.send(SERVER, "10.20.0.255", bvlc(FORWARDED, ip_port(fd) + who_is))
    iam = unconfirmed(0, oid(DEVICE, 77) + uns(1476) + enum(0) + uns(415))
    n.send(SERVER, fd, bvlc(FORWARDED, ip_port("10.20.0.61") + npdu(iam)))
    n.send(SERVER, fd, bvlc(FORWARDED, ip_port(SERVER) + npdu(iam)))
    n.send(SERVER, fd, bvlc(FORWARDED, ip_port("10.20.0.61") + npdu(iam, src=(2001, b"\x0a"))))
    n.send(SERVER, fd, bvlc(FORWARDED, ip_port(SERVER) + npdu(iam, src=(2001, b"\x0b"))))
    n.send(SERVER, fd, bvlc(12, b"\0" * 8))
    n.send(SERVER, fd, bvlc(3, ip_port(SERVER) + b"\xff" * 4))
    n.send(fd, SERVER, bvlc(2, b""))
    n.send(SERVER, fd, bvlc(0, b"\0\0\5\0\0", kind=0x82))
    n.save("bbmd")


def network():
    n = Net()
    for kind, body in ((0, b""), (0, b"\x07\xd1"), (1, b"\x07\xd1\x07\xd2"), (2, b"\x07\xd3\x01"), (3,
        b"\x01\x07\xd4"),
                       (3, b"\x63\x07\xd4"), (4, b""), (4, b"\x07\xd1"), (5, b"\x07\xd1\x07\xd2"), (6, b"\0"),
                       (6, b"\x02\x07\xd1\x01\x00\x07\xd2\x02\x03abc"), (7, b""), (7, b"\x01\x07\xd1\x01\x00"),
                       (8, b"\x07\xd1\x1e"), (9, b"\x07\xd1"), (10, b"\0"), (11, b"\0"), (12, b"\0"), (13,
                           b"\0"),
                       (14, b"\0"), (15, b"\0"), (16, b"\0"), (17, b"\0"), (18, b""), (19, b"\x07\xd1\x01"),
                       (19, b"\x07\xd1\x00"), (60, b"\0")):
        n.all(body, message=kind)
    n.all(b"\x01\x02", message=0x80, vendor=8)
    n.all(b"\x01\x02", message=0xff, vendor=60001)
    n.all(b"\x07\xd9", message=1, src=(2001, b"\x01"), dst=(65535, b""))
    n.all(b"\x07\xd9", message=0, src=(2001, b"\x01"), dst=(65535, b""))
    # one client, several devices behind one router, one of them silent
    rp = ref((DEVICE, 4194303), 70)
    macs = (b"\x0a", b"\x0b", b"\x0c\x00\x02\x09\xba\xc0")
    for m in macs:
        n.ask(confirmed(9, 12, rp), dst=(2001, m))
    for k, m in enumerate(macs[:2]):
        n.answer(complex_ack(9, 12, ref((DEVICE, 50 + k), 70) + wrap(3, text("MTR-%d" % k))), src=(2001, m))
    n.answer(unconfirmed(0, oid(DEVICE, 52) + uns(480) + enum(3) + uns(80)), src=(2001,
        b"\x0c\x00\x02\x09\xba\xc0"))
    n.answer(unconfirmed(2, c(0, 1) + c(1, (DEVICE, 52)) + c(2, (AI, 1)) + c(3, 0) + wrap(4,
        prop_value(VALUE, real(2.0)))),
             src=(2002, b"\x01"))
    # the client is behind a router too, and writes with life-safety priority
    n.send(CLIENT, SERVER, bvlc(UNICAST, npdu(confirmed(10, 15, ref((BO, 1), VALUE) + wrap(3,
        enum(0)) + c(4, 1)),
                                              src=(31, b"\x02"), prio=3)))
    n.answer(simple(10, 15), dst=(31, b"\x02"))
    for prio in (1, 2):
        n.ask(confirmed(10 + prio, 12, ref((BO, 1), VALUE)), prio=prio)
        n.answer(complex_ack(10 + prio, 12, ref((BO, 1), VALUE) + wrap(3, enum(0))), prio=prio)
    n.save("network")


def ipv6_case():
    cap = Capture()
    a, b = b"\xfd" + b"\0" * 14 + b"\5", b"\xfd" + b"\0" * 14 + b"\x40"
    group = b"\xff\x02" + b"\0" * 12 + b"\xba\xc0"
    va, vb = b"\x00\x00\x05", b"\x00\x00\x40"

    def send(src, dst, fn, payload):
        cap.add(eth(ipv6(17, udp(47808, 47808, bvlc(fn, payload, kind=0x82)), src, dst), 0x86dd))
    iam = npdu(unconfirmed(0, oid(DEVICE, 64) + uns(1476) + enum(0) + uns(8)))
    send(a, group, 2, va + npdu(unconfirmed(8)))
    send(b, a, 1, vb + va + iam)
    send(a, group, 3, va + vb)
    send(a, group, 4, va + vb + a + b"\xba\xc0")
    send(b, a, 5, vb + va)
    send(a, b, 6, va + vb)
    send(b, a, 7, vb + va)
    send(b, group, 8, vb + b"\xfd" + b"\0" * 14 + b"\x77" + b"\xba\xc0" + iam)
    send(a, b, 9, va + b"\0\x3c")
    send(b, a, 0, vb + b"\0\0")
    send(a, b, 9, va + b"\0\x3c")
    send(b, a, 0, vb + b"\0\x90")
    send(a, b, 10, va + a + b"\xba\xc0")
    send(b, a, 0, vb + b"\0\xa0")
    send(a, b, 10, va + a + b"\xba\xc0")
    send(b, a, 0, vb + b"\0\x60")
    send(a, b, 11, va + b"\0" * 8)
    send(a, b, 12, va + npdu(unconfirmed(8)))
    send(a, b, 1, va + vb + npdu(confirmed(1, 12, ref((DEVICE, 64), NAME))))
    send(b, a, 1, vb + va + npdu(complex_ack(1, 12, ref((DEVICE, 64), NAME) + wrap(3, text("six")))))
    cap.save(os.path.join(OUT, "ipv6.pcap"))


def llc(payload, src, dst, control=b"\x03"):
    body = b"\x82\x82" + control + payload
    return eth(body, len(body), src, dst).ljust(60, b"\0")


def ethernet():
    cap = Capture()
    a, b = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
    rp = ref((DEVICE, 5), NAME)

    def ask(invoke, src=a, dst=b, wait=1000, apdu=None, **kw):
        cap.add(llc(npdu(apdu or confirmed(invoke, 12, rp), **kw), src, dst), wait_us=wait)

    def answer(apdu, src=b, dst=a, **kw):
        cap.add(llc(npdu(apdu, **kw), src, dst))
    cap.add(llc(npdu(unconfirmed(8), dst=(65535, b"")), a, ALL))
    cap.add(llc(npdu(unconfirmed(0, oid(DEVICE, 5) + uns(1476) + enum(0) + uns(24))), b, ALL))
    cap.add(llc(npdu(unconfirmed(0, oid(DEVICE, 6) + uns(1476) + enum(0) + uns(24)), src=(7, b"\x01")), b, ALL))
    ask(1)
    answer(complex_ack(1, 12, rp + wrap(3, text("AHU-E"))))
    ask(2, dst=b, apdu=confirmed(2, 12, rp))
    answer(error(2, 12, 1, 31))
    # the same invoke id between others
    ask(3)
    ask(3, src="02:00:00:00:00:0c")
    answer(complex_ack(3, 12, rp + wrap(3, text("to c"))), dst="02:00:00:00:00:0c")
    answer(complex_ack(3, 12, rp + wrap(3, text("to a"))))
    # in segments, in a VLAN, given up, repeated, unanswered, unasked
    parts = pieces(ref((DEVICE, 5), OBJECT_LIST) + wrap(3, b"".join(oid(AV, k) for k in range(100))), 200)
    ask(4, apdu=confirmed(4, 12, ref((DEVICE, 5), OBJECT_LIST)))
    for k, p in enumerate(parts):
        answer(complex_ack(4, 12, p, seg=k, more=k < len(parts) - 1))
        cap.add(llc(npdu(segment_ack(4, k)), a, b))
    frame = llc(npdu(confirmed(5, 12, rp)), a, b)
    cap.add(frame[:12] + b"\x81\x00\x00\x14" + frame[12:])
    frame = llc(npdu(simple(5, 12)), b, a)
    cap.add(frame[:12] + b"\x81\x00\x00\x14" + frame[12:])
    ask(6)
    ask(6, apdu=abort(6, 0, server=False))
    ask(7)
    ask(7)
    answer(reject(99, 4))
    write = pieces(b"".join(c(0, (AV, k)) + wrap(1, prop_value(VALUE, real(k))) for k in range(40)), 300)
    for k, p in enumerate(write):
        ask(8, apdu=confirmed(8, 16, p, seg=k, more=k < len(write) - 1))
    answer(simple(8, 16))
    # not an NPDU: an XID and a test frame
    cap.add(llc(b"\x81\x01\x00", a, b, b"\xaf"))
    cap.add(llc(b"", a, b, b"\xe3"))
    # long after
    ask(9, wait=60000000)
    answer(complex_ack(9, 12, rp + wrap(3, text("AHU-E"))))
    # more requests than can wait
    for k in range(70):
        ask(k, src="02:00:00:00:01:%02x" % k)
    ask(10, wait=60000000)
    answer(complex_ack(10, 12, rp + wrap(3, text("AHU-E"))))
    cap.save(os.path.join(OUT, "ethernet.pcap"))


def header_crc(b):
    c8 = 0xff
    for x in b:
        c8 ^= x
        c8 = (c8 ^ c8 << 1 ^ c8 << 2 ^ c8 << 3 ^ c8 << 4 ^ c8 << 5 ^ c8 << 6 ^ c8 << 7)
        c8 = c8 & 0xfe ^ c8 >> 8 & 1
    return bytes([~c8 & 0xff])


def data_crc(b):
    c16 = 0xffff
    for x in b:
        c16 ^= x
        for _ in range(8):
            c16 = c16 >> 1 ^ 0x8408 if c16 & 1 else c16 >> 1
    return struct.pack("<H", ~c16 & 0xffff)


def mstp(kind, dst, src, data=b"", length=None):
    head = struct.pack(">BBBH", kind, dst, src, len(data) if length is None else length)
    return head + header_crc(head) + (data + data_crc(data) if data else b"")


def stuffed(data):
    """COBS with every byte masked (clause 9.10.2)."""
    out, block = bytearray(), bytearray()
    for i, b in enumerate(data):
        if b == 0:
            out += bytes([len(block) + 1]) + block
            block = bytearray()
            continue
        block.append(b)
        if len(block) == 254:
            out += b"\xff" + block
            block = bytearray()
    out += bytes([len(block) + 1]) + block
    return bytes(b ^ 0x55 for b in out)


def encoded(kind, dst, src, data, spoil=0):
    body, c = stuffed(data), 0xffffffff
    for b in body:
        c ^= b
        for _ in range(8):
            c = c >> 1 ^ 0xeb31d82e if c & 1 else c >> 1
    body += stuffed(struct.pack("<I", ~c & 0xffffffff ^ spoil))
    head = struct.pack(">BBBH", kind, dst, src, len(body) - 2)
    return head + header_crc(head) + body


def mstp_case():
    rp = ref((DEVICE, 7), NAME)
    frames = [
        mstp(0, 1, 0), mstp(1, 2, 0), mstp(2, 0, 2), mstp(3, 2, 0, b"ping"), mstp(4, 0, 2, b"ping"),
        mstp(6, 255, 7, npdu(unconfirmed(0, oid(DEVICE, 7) + uns(480) + enum(3) + uns(260)))),
        mstp(6, 255, 7, npdu(unconfirmed(0, oid(DEVICE, 8) + uns(480) + enum(3) + uns(260)), src=(5, b"\x09"))),
        mstp(5, 7, 1, npdu(confirmed(1, 12, rp), expect=True)), mstp(7, 1, 7),
        mstp(6, 1, 7, npdu(complex_ack(1, 12, rp + wrap(3, text("VAV-7"))))),
        mstp(5, 7, 1, npdu(confirmed(2, 15, ref((AV, 1), VALUE) + wrap(3, real(19.0))), expect=True)),
        mstp(6, 1, 7, npdu(simple(2, 15))),
        encoded(32, 7, 1, npdu(confirmed(3, 15, ref((AV, 1), VALUE) + wrap(3, text("x" * 400))), expect=True)),
        encoded(33, 1, 7, npdu(simple(3, 15))), encoded(33, 1, 7, npdu(simple(3, 15)), spoil=1),
        encoded(34, 7, 1, b"next edition"), mstp(32, 7, 1, b"\x05abcd"), mstp(130, 7, 1, b"\x00\x08own"),
        mstp(6, 7, 255, npdu(unconfirmed(8))), mstp(6, 7, 1, npdu(unconfirmed(8)), length=200),
    ]
    cap = Capture(165)
    for f in frames:
        cap.add(b"\x55\xff" + f)
    cap.add(b"\x55\xfe" + frames[5])
    cap.add(b"\x55")
    cap.add(b"\x55\xff" + frames[0][:5] + b"\x00")
    cap.add(b"\x55\xff" + frames[5][:-1] + b"\x00")
    cap.save(os.path.join(OUT, "mstp.pcap"))
    # as Cimetrics' U+4 writes it: SNAP, the stations as MAC addresses
    cap = Capture()
    for f in frames:
        body = b"\xaa\xaa\x03\x00\x10\x90\x00\x01" + b"\x00\x00\x80" + f
        cap.add(eth(body, len(body), "00:00:00:00:00:%02x" % f[2], "00:00:00:00:00:%02x" % f[1]))
    cap.save(os.path.join(OUT, "mstp-snap.pcap"))


def other_port():
    n = Net(port=47999, cport=50001)
    # the capture begins with an answer
    n.answer(complex_ack(1, 12, ref((AV, 3), VALUE) + wrap(3, real(1.5))))
    n.both(confirmed(2, 12, ref((AV, 3), VALUE)), complex_ack(2, 12, ref((AV, 3), VALUE) + wrap(3, real(2.5))))
    m = Net(port=47997, cport=50002)
    m.cap = n.cap
    m.both(confirmed(1, 12, ref((AV, 3), VALUE)), complex_ack(1, 12, ref((AV, 3), VALUE) + wrap(3, real(2.5))))
    # ... with an end, from either side
    for k, apdu in enumerate((abort(1, 4), segment_ack(1, 0, server=True))):
        m.port = 47990 + k
        m.answer(apdu)
        m.both(confirmed(2, 12, ref((AV, 3), VALUE)), complex_ack(2, 12, ref((AV, 3), VALUE) + wrap(3,
            real(2.5))))
        m.port = 47980 + k
        m.ask(abort(1, 4, server=False))
        m.both(confirmed(2, 12, ref((AV, 3), VALUE)), complex_ack(2, 12, ref((AV, 3), VALUE) + wrap(3,
            real(2.5))))
    # looks a little like it, and is not
    x = Net(port=5000, cport=50003)
    x.cap = n.cap
    for payload in (b"\x81\x0a\x00\x06\x02\x00", b"\x81\x0a\x00\x09\x01\x00", b"\x81\x7f\x00\x06\x01\x00",
                    b"\x80\x0a\x00\x06\x01\x00", b"\x81", b"\x81\x05\x00\x06\x00\x3c",
                        b"\x81\x00\x00\x06\x00\x00"):
        x.cport += 1
        x.send(CLIENT, SERVER, payload)
    n.save("other-port")


def malformed():
    n = Net()
    rp = confirmed(1, 12, ref((AV, 3), VALUE))
    good = npdu(rp)
    for k, payload in enumerate((
            bvlc(UNICAST, good, length=3),                          # shorter than itself
            bvlc(UNICAST, good, length=200),                        # longer than the datagram
            bvlc(UNICAST, good + b"trailing", length=4 + len(good)),
            bvlc(UNICAST, good, kind=0x83), bvlc(13, good), bvlc(13, good, kind=0x82),
            bvlc(UNICAST, b""), bvlc(UNICAST, b"\x01"), bvlc(UNICAST, b"\x02\x00" + rp),
            bvlc(FORWARDED, b"\x0a\x14"), bvlc(5, b"\0"), bvlc(0, b""), bvlc(1, b"\x0a\x14\0"),
            bvlc(UNICAST, b"\x01\x20\x07\xd1\x13" + b"\0" * 19 + b"\xff" + rp),        # 19-byte MAC
            bvlc(UNICAST, b"\x01\x08\x07\xd1\x13" + b"\0" * 19 + rp), bvlc(8, b"\0\0\0"),
            bvlc(UNICAST, b"\x01\x20\x07\xd1\x06\0"), bvlc(UNICAST, b"\x01\x08\x00\x00\x01\x01" + rp),
            bvlc(UNICAST, b"\x01\x08\xff\xff\x01\x01" + rp), bvlc(UNICAST, b"\x01\x08\x00\x07\x00" + rp),
            bvlc(UNICAST, b"\x01\x80"), bvlc(UNICAST, b"\x01\x80\x80\x00"), bvlc(UNICAST, b"\x01\x80\x01\x07"),
            bvlc(UNICAST, b"\x01\x80\x07\x05\x07\xd1\x01\x09"),
            bvlc(UNICAST, npdu(b"")), bvlc(UNICAST, npdu(b"\x00")), bvlc(UNICAST, npdu(b"\x80\x01\x02")),
            bvlc(UNICAST, npdu(b"\x0c\x05\x01\x00")))):
        n.cport = 51000 + k     # each its own flow: anomalies of one flow are capped
        n.send(CLIENT, SERVER, payload)
        n.send(CLIENT, SERVER, bvlc(UNICAST, good))
    # parameters
    n.cport = 52000
    deep = b"".join(bytes([0x0e]) for _ in range(40))
    bad = [
        b"", c(1, 85), c(0, (AV, 3)), b"\x0c\x00\x80", b"\x0d\xff\xff\xff\xff\xff", b"\x09",
        c(0, (AV, 3)) + b"\x18", c(0, (AV, 3)) + c(1, b"123456789"), b"\x0b\x00\x80\x00" + c(1, 85)]
    i = 0
    for params in bad:
        n.cport += 1
        n.both(confirmed(i, 12, params), error(i, 12, 5, 0))
        n.answer(complex_ack(i + 1, 12, params))
        i += 2
    rp = ref((AV, 3), VALUE)
    for value in (wrap(3, deep), rp, b"\x3e", b"\x3e\x44", b"\x3e\x44\x00\x00\x00\x00", b"\x3e\x2f\x3f",
        b"\x3e\x43\x00\x00\x00\x3f",
                  wrap(3, b"\x15"), wrap(3, b"\xd1\x00"), wrap(3, b"\x70"), wrap(3, b"\x80"), wrap(3,
                      b"\x82\x09\x00"),
                  wrap(3, b"\x20"), wrap(3, b"\x25\x09" + b"\0" * 9), wrap(3, b"\xa3\0\0\0"), wrap(3,
                      b"\xc3\0\0\0"),
                  wrap(3, b"\x57"), wrap(3, b"\x55\x07" + b"\0" * 7), wrap(3, b"\xf5"),
                      b"\x3e\x75\xfe\xff\xff\x00ab"):
        n.cport += 1
        n.both(confirmed(1, 12, rp), complex_ack(1, 12, rp + value))
    for service, params in ((0, oid(DEVICE, 1)), (0, uns(1)), (0, oid(DEVICE,
        1) + uns(1) + uns(2) + text("x")), (1, oid(DEVICE, 1)), (1, oid(DEVICE, 1) * 2 + real(1.0)), (1,
            oid(DEVICE, 1) * 2), (7, b"\x3d\x09\x00"),
                            (2, c(0, 1)), (2, c(0, 1) + c(1, (DEVICE, 1)) + c(2, (AI, 1)) + c(3,
                                1) + b"\x4e\x09"),
                            (3, c(0, 1)), (3, c(0, 1) + c(1, (DEVICE, 1)) + c(2, (AI, 1)) + b"\x3e\x2e\x44"),
                            (4, b"\x75"), (5, b""), (6, time(1, 1, 1) * 2), (6, b"\xa4\x01"), (7, b""), (7,
                                c(3, b"")),
                            (8, c(0, 1)), (10, b""), (11, c(0, 1) + wrap(4, c(1, 1))), (13, b"\x71\x00"),
                                (14, uns(1)), (14, real(1.0))):
        n.cport += 1
        n.send(CLIENT, SERVER, bvlc(UNICAST, npdu(unconfirmed(service, params))))
    for service, params in ((0, c(1, 1)), (5, c(0, 1)), (6, uns(1)), (6, oid(FILE, 1) + b"\x0e\x44"), (6,
        oid(FILE, 1) + wrap(0, real(1.0))),
                            (26, ref((TREND, 1), 131) + wrap(7, date(2025, 1, 1))), (15, c(1, 85)), (16,
                                c(1, 85)), (7, uns(1)), (26, ref((TREND, 1), 131) + b"\x7e\xa4\x01"),
                            (6, oid(FILE, 1) + wrap(0, uns(7), uns(1))), (7, oid(FILE, 1) + wrap(0, sgn(0),
                                uns(1))),
                            (10, wrap(1)), (11, real(1.0)), (14, c(0, (AI, 1))), (14, c(0, (AI,
                                1)) + b"\x1e" + c(5, 1)),
                            (16, c(0, (AI, 1)) + wrap(1, c(3, 1))), (18, c(1, 1)), (19, c(1, 1)), (26, c(1,
                                1)), (28, c(0, 1)),
                            (28, c(0, 1) + c(1, (AI, 1)) + wrap(4)), (30, c(0, 1) + wrap(4, c(1, 1))), (27,
                                c(0, 1))):
        n.cport += 1
        n.both(confirmed(1, service, params), simple(1, service))
    for service, params in ((3, oid(AI, 1) + real(1.0)), (4, oid(AI, 1) + enum(1)), (6, real(1.0)), (14,
        c(0, (AI, 1)) + wrap(1, c(2, VALUE))),
                            (14, c(0, (AI, 1)) + wrap(1, c(2, VALUE), wrap(5, real(1.0), enum(1)))), (26,
                                c(0, (AI, 1)) + c(1, 131) + b"\x3d\x04\x00"),
                            (29, c(0, 1)), (29, wrap(0, c(1, 1))), (10, real(1.0))):
        n.cport += 1
        n.ask(confirmed(1, service, oid(FILE, 1) + wrap(0, sgn(0), uns(1)) if service == 6 else wrap(0, c(0,
            AV)) if service == 10 else
                        ref((AI, 1), VALUE) if service != 14 else c(0, (AI, 1)) + wrap(1, c(0, VALUE))))
        n.answer(complex_ack(1, service, params))
    n.cport += 1
    n.both(confirmed(1, 12, rp), bytes([0x50, 1, 12]))
    n.both(confirmed(2, 12, rp), bytes([0x50, 2, 12]) + real(1.0) + enum(1))
    n.both(confirmed(3, 12, rp), bytes([0x50, 3, 12]) + b"\x0e" + enum(1))
    # a segmented answer that does not make sense
    n.ask(confirmed(4, 12, rp))
    n.answer(complex_ack(4, 12, rp + b"\x3e\x44", seg=0, more=True))
    n.answer(complex_ack(4, 12, b"\x00\xd5", seg=1))
    n.save("malformed")


def truncated():
    """Our own snap length: no anomaly, what is there is kept."""
    n = Net()
    ask, ack = confirmed(1, 12, ref((DEVICE, 4041), 70)), complex_ack(1, 12, ref((DEVICE, 4041),
        70) + wrap(3, text("PXC36.1-E.D")))
    full = 14 + 20 + 8 + 4 + 2 + len(ask)
    for cut in range(44, full + 1):
        n.send(CLIENT, SERVER, bvlc(UNICAST, npdu(ask)), cut=cut)
        n.send(SERVER, CLIENT, bvlc(UNICAST, npdu(ack)), cut=cut + 2)
    parts = pieces(ref((DEVICE, 4041), OBJECT_LIST) + wrap(3, b"".join(oid(AV, k) for k in range(100))), 200)
    n.ask(confirmed(2, 12, ref((DEVICE, 4041), OBJECT_LIST)))
    for k, p in enumerate(parts):
        n.send(SERVER, CLIENT, bvlc(UNICAST, npdu(complex_ack(2, 12, p, seg=k, more=k < len(parts) - 1))),
            cut=150)
    n.send(CLIENT, SERVER, bvlc(UNICAST, npdu(confirmed(3, 7, oid(FILE, 2) + wrap(0, sgn(0),
        octets(b"W" * 400))))), cut=96)
    n.answer(complex_ack(3, 7, c(0, b"\x00")))
    n.save("truncated")


def main():
    os.makedirs(OUT, exist_ok=True)
    for case in (who, device, properties, cov, alarms, control, files, errors, segments, bbmd, network,
        ipv6_case,
                 ethernet, mstp_case, other_port, malformed, truncated):
        case()


if __name__ == "__main__":
    main()
