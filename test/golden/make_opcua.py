#!/usr/bin/env python3
"""Builds test/golden/opcua/*.pcap from OPC 10000-4 and 10000-6: every service
that is read, every built-in type, chunks, secured and reversed channels, errors,
captures that begin in the middle, and what is malformed."""
import os
import struct

from frames import ACK, PSH, T0, Capture, Talk
from make_tls import CN, O, attr, cert, der, extension, rdn

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "opcua")
EPOCH = 11644473600
NOW = (T0 + EPOCH) * 10000000
URL = "opc.tcp://balance-3.lab.example:4840"
POLICY = "http://opcfoundation.org/UA/SecurityPolicy#"


def u8(v): return struct.pack("<B", v & 0xff)
def u16(v): return struct.pack("<H", v & 0xffff)
def u32(v): return struct.pack("<I", v & 0xffffffff)
def u64(v): return struct.pack("<Q", v)
def f64(v): return struct.pack("<d", v)
def i32(v): return struct.pack("<i", v)


def s(t):
    if t is None:
        return i32(-1)
    b = t if isinstance(t, bytes) else t.encode()
    return i32(len(b)) + b


def arr(*items):
    return i32(len(items)) + b"".join(items)


NULL = i32(-1)


def num(v, ns=0):
    if ns == 0 and v < 256:
        return b"\0" + u8(v)
    if ns < 256 and v < 65536:
        return b"\1" + u8(ns) + u16(v)
    return b"\2" + u16(ns) + u32(v)


def sid(t, ns=2):
    return b"\3" + u16(ns) + s(t)


def guid(ns=2):
    return b"\4" + u16(ns) + bytes(range(16))


def opaque(b=b"\xca\xfe", ns=2):
    return b"\5" + u16(ns) + s(b)


def lt(t, locale=None):
    return u8((1 if locale else 0) | (2 if t else 0)) + (s(locale) if locale else b"") + (s(t) if t else b"")


def qn(t, ns=0):
    return u16(ns) + s(t)


def ext(type_id=0, body=None):
    t = num(type_id) if isinstance(type_id, int) else type_id
    return t + (b"\0" if body is None else b"\1" + s(body))


def var(kind, body, matrix=None, array=None):
    """A Variant: array is the list of elements' bytes."""
    if array is not None:
        return u8(kind | 0x80 | (0x40 if matrix else 0)) + arr(*array) + \
            (arr(*[i32(d) for d in matrix]) if matrix else b"")
    return u8(kind) + body


def dv(value=None, status=None, source=None, server=None, pico=False):
    m = (1 if value is not None else 0) | (2 if status is not None else 0) | (4 if source else 0) | \
        (8 if server else 0) | (0x30 if pico else 0)
    b = u8(m) + (value or b"") + (u32(status) if status is not None else b"")
    b += u64(source) if source else b""
    b += u16(7) if pico else b""
    b += u64(server) if server else b""
    return b + (u16(9) if pico else b"")


def app(uri, product, name, kind=0, urls=()):
    return s(uri) + s(product) + lt(name, "en") + u32(kind) + s(None) + s(None) + arr(*[s(u) for u in urls])


class Peer:
    """Both ends of one connection, with channel, token and sequence numbers."""

    def __init__(self, cap, cport, sport=4840, open_=True, channel=7, **kw):
        self.t = Talk(cap, cport=cport, sport=sport, open_=open_, **kw)
        self.channel, self.token, self.seq, self.req, self.handle = channel, 1, [50, 50], 1, 100

    def send(self, side, b):
        (self.t.s if side else self.t.c)(b)

    def plain(self, side, kind, body):
        self.send(side, kind + b"F" + u32(8 + len(body)) + body)

    def hello(self, url=URL, ack=True):
        self.plain(0, b"HEL", u32(0) + u32(65536) + u32(65536) + u32(0) + u32(0) + s(url))
        if ack:
            self.plain(1, b"ACK", u32(0) + u32(8192) + u32(8192) + u32(1 << 24) + u32(256))

    def next(self, side):
        self.seq[side] += 1
        return u32(self.seq[side])

    def opn(self, side, body, policy="None", certificate=None, thumb=None, channel=None):
        b = u32(self.channel if channel is None else channel) + s(POLICY + policy) + s(certificate) + s(thumb) + body
        self.send(side, b"OPNF" + u32(8 + len(b)) + b)

    def open(self, renew=False, status=0, mode=1):
        q = self.next(0) + u32(self.req) + num(446) + self.qhead() + u32(0) + u32(1 if renew else 0) + u32(mode) + \
            NULL + u32(3600000)
        self.opn(0, q, channel=self.channel if renew else 0)
        if status:
            a = self.next(1) + u32(self.req) + num(397) + self.ahead(status)
        else:
            self.token += renew
            a = self.next(1) + u32(self.req) + num(449) + self.ahead() + u32(0) + u32(self.channel) + \
                u32(self.token) + u64(NOW) + u32(600000) + NULL
        self.opn(1, a)
        self.req += 1

    def qhead(self, token=None):
        self.handle += 1
        return (token or num(4711, 1)) + u64(NOW) + u32(self.handle) + u32(0) + s(None) + u32(10000) + ext()

    def ahead(self, status=0, diag=b"\0", handle=None):
        return u64(NOW) + u32(self.handle if handle is None else handle) + u32(status) + diag + NULL + ext()

    def chunk(self, side, body, final=b"F", kind=b"MSG", req=None, tail=b""):
        b = u32(self.channel) + u32(self.token) + self.next(side) + u32(self.req if req is None else req) + body + tail
        return kind + final + u32(8 + len(b)) + b

    def msg(self, side, body, **kw):
        self.send(side, self.chunk(side, body, **kw))

    def ask(self, type_id, body=b"", answer=None, status=0, reply=None, diag=b"\0"):
        self.msg(0, num(type_id) + self.qhead() + body)
        if answer is not None or reply:
            self.msg(1, num(reply or type_id + 3) + self.ahead(status, diag) + (answer or b""))
        self.req += 1

    def start(self, url=URL):
        self.hello(url)
        self.open()

    def clo(self):
        self.msg(0, num(452) + self.qhead(), kind=b"CLO")
        self.req += 1
        self.t.close()


def certificate(cn, host, uri, org=b"Sample Works AB"):
    name = rdn(attr("2.5.4.6", 19, b"SE")) + rdn(attr(O, 12, org)) + rdn(attr(CN, 12, cn))
    san = der(0x30, der(0x86, uri), der(0x82, host), der(0x87, bytes([10, 0, 0, 2])))
    return cert(name, exts=[extension("2.5.29.17", san)])


SERVER = certificate(b"SampleScale OPC UA Server", b"balance-3", b"urn:balance-3:SampleWorks:Scale")
CLIENT = certificate(b"LIMS Connector", b"lims-1.lab.example", b"urn:lims-1:Example:Connector", b"Lab AB")
ISSUER = certificate(b"Works CA", b"ca", b"urn:ca")
SERVER_APP = app("urn:balance-3:SampleWorks:Scale", "urn:SampleWorks:Scale", "SampleScale", 0,
                 [URL, "opc.tcp://10.0.0.2:4840"])


def endpoint(mode, policy, level, certificate_=SERVER, tokens=(0, 1, 2, 3)):
    return s(URL) + SERVER_APP + s(certificate_) + u32(mode) + s(POLICY + policy) + \
        arr(*[s("p%d" % t) + u32(t) + s(None) + s(None) + s(None) for t in tokens]) + \
        s("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary") + u8(level)


ENDPOINTS = arr(endpoint(1, "None", 0, tokens=(0,)), endpoint(2, "Basic256Sha256", 20),
                endpoint(3, "Aes256_Sha256_RsaPss", 40))


def session():
    cap = Capture()
    p = Peer(cap, 40000)
    p.start()
    p.ask(428, s(URL) + NULL + arr(s("profile")), ENDPOINTS)
    p.ask(428, s(URL) + NULL + NULL, NULL)
    p.ask(422, s(URL) + arr(s("en")) + NULL, arr(SERVER_APP))
    p.ask(422, s(URL) + NULL + NULL, arr(
        app("urn:lds:Example:LDS", "http://www.example-maker.com/lds", "LDS", 3, ["opc.tcp://lds:4840"]),
        app("urn:x", "http://opcfoundation.org/x", "At an address", 0, ["opc.tcp://10.0.0.9:4840/a"]),
        app("urn:y", None, "At six", 2, ["opc.tcp://[fd00::9]:4840"]),
        app("urn:z", "http://nodots/", "Named", 1, ["opc.tcp://localhost:4840"])))
    p.msg(0, num(12208) + p.qhead() + u32(0) + u32(10) + arr(s("DA")))
    p.msg(1, num(12209) + p.ahead() + u64(NOW) + arr(
        u32(1) + s("Scale on net") + s("opc.tcp://10.0.0.2:4840") + arr(s("DA")),
        u32(2) + s("Other") + s("opc.tcp://other.example:4840") + NULL))
    p.req += 1
    reg = s("urn:balance-3:SampleWorks:Scale") + s("urn:SampleWorks:Scale") + arr(lt("Scale", "en"), lt("Waage", "de")) + \
        u32(0) + s(None) + arr(s(URL)) + s(None)
    p.ask(437, reg + u8(1), b"")
    p.msg(0, num(12211) + p.qhead() + reg + u8(0) + arr(ext(12901, s("x") + NULL)))
    p.msg(1, num(12212) + p.ahead() + arr(u32(0)) + NULL)
    p.req += 1
    q = app("urn:lims-1:Example:Connector", "http://www.lims-maker.de/c", "LIMS Connector", 1) + s(None) + s(URL) + \
        s("nightly transfer") + s(bytes(32)) + s(CLIENT) + f64(1200000.0) + u32(0)
    a = num(99, 1) + opaque(b"secret", 0) + f64(600000.0) + s(bytes(32)) + s(SERVER) + ENDPOINTS + NULL + \
        s(None) + s(None) + u32(65536)
    p.ask(461, q, a)
    p.ask(461, app(None, None, None, 1) + s(None) + s(None) + s(None) + NULL + NULL + f64(0.5) + u32(0),
          guid(0) + num(1) + f64(0.5) + NULL + NULL + NULL + NULL + s(None) + s(None) + u32(0))
    head = s(None) + NULL + arr(s(b"c") + s(b"s")) + arr(s("en"))
    for token in (ext(321, s("anon")), ext(324, s("user") + s("alice") + s(b"hunter2") + s(None)),
                  ext(324, s("user") + s("alice") + s(bytes(256)) + s("http://www.w3.org/2001/04/xmlenc#rsa-oaep")),
                  ext(324, s("user") + s("alice") + s(None) + s(None)), ext(327, s("cert") + s(CLIENT)),
                  ext(940, s("jwt") + s(b"token") + s(None)), ext(), ext(999, b"?")):
        p.ask(467, head + token + s(None) + s(None), s(bytes(32)) + NULL + NULL)
    p.ask(467, head + ext(324, s("user") + s("bob") + s(b"wrong") + s(None)) + s(None) + s(None), b"", 0x801f0000, 397)
    p.ask(479, u32(102), u32(1))
    p.ask(473, b"\1", b"")
    p.open(renew=True)
    p.ask(473, b"\0", b"", 0x80250000)
    p.clo()
    cap.save(os.path.join(OUT, "session.pcap"))


BUILD = s("urn:SampleWorks:Scale") + s("Sample Works AB") + s("SampleScale 9") + s("2.1.0") + s("8841") + u64(NOW)
STATUS = u64(NOW) + u64(NOW) + u32(0) + BUILD + u32(0) + lt(None)
T = NOW - 50000000


def rv(node, attribute=13, index=None):
    return node + u32(attribute) + s(index) + qn(None)


def read(p, nodes, values, **kw):
    p.ask(631, f64(0.0) + u32(2) + arr(*nodes), arr(*values) + NULL, **kw)


def nodes():
    cap = Capture()
    p = Peer(cap, 40000)
    p.start()
    view = num(0) + u64(0) + u32(0) + u32(100)
    kinds = [num(85), num(4242), num(70000, 300), sid("Scale.Weight"), guid(), opaque()]

    def ref(node, name, cls, forward=1):
        return num(35) + u8(forward) + node + qn(name, 2) + lt(name) + u32(cls) + num(61)
    p.ask(527, view + arr(*[n + u32(i % 3) + num(33) + u8(1) + u32(0) + u32(63) for i, n in enumerate(kinds)]),
          arr(u32(0) + s(b"more") + arr(ref(sid("Scale"), "Scale", 1), ref(num(2253), "Server", 1, 0),
                                        ref(b"\x83" + u16(0) + s("far") + s("urn:other"), None, 2),
                                        ref(b"\x41\1" + u16(5) + u32(3), "x", 999)),
              *[u32(0x80340000) + NULL + NULL] * 5) + NULL)
    p.ask(533, b"\0" + arr(s(b"more")), arr(u32(0) + NULL + arr(ref(sid("Scale2"), "Scale2", 1))) + NULL)
    p.ask(533, b"\1" + arr(s(b"more")), arr(u32(0) + NULL + NULL) + NULL)
    path = arr(num(33) + b"\0\1" + qn("Device", 3), num(33) + b"\0\1" + qn("SerialNumber", 2))
    p.ask(554, arr(num(85) + path, sid("Scale") + arr(num(33) + b"\0\1" + qn("None"))),
          arr(u32(0) + arr(sid("Scale.SerialNumber") + u32(0xffffffff)), u32(0x806f0000) + NULL) + NULL)
    p.ask(560, arr(sid("Scale.Weight"), num(1, 5)), arr(num(1001, 2), num(1, 5)))
    p.ask(566, arr(num(1001, 2)), b"")
    p.ask(615, b"", b"")
    read(p, [rv(sid("Scale.Weight"))], [dv(var(11, f64(12.5)), None, T, T, True)])
    read(p, [rv(sid("Scale.Weight"), 4), rv(sid("Scale.Weight"), 13, "0:3"), rv(num(1, 9), 77), rv(num(2258))],
         [dv(var(21, lt("Weight"))), dv(var(6, None, array=[i32(1), i32(-2)]), 0, T, NOW),
          dv(None, 0x80350000), dv(var(13, u64(NOW)), 0x40920000)])
    read(p, [rv(sid("Gone"))], [dv(None, 0x80340000, None, T)])
    read(p, [rv(num(2256))], [dv(var(22, ext(864, STATUS)))])
    read(p, [rv(num(2260))], [dv(var(22, ext(340, BUILD)))])
    read(p, [rv(num(n)) for n in range(2261, 2267)],
         [dv(var(12, s(t))) for t in ("SampleScale 9", "urn:SampleWorks:Scale", "Sample Works AB", "2.1.0", "8841")] +
         [dv(var(13, u64(NOW)))])
    read(p, [rv(num(2255))], [dv(var(12, None, array=[s(t) for t in (
        "http://opcfoundation.org/UA/", "urn:balance-3:SampleWorks:Scale", "http://opcfoundation.org/UA/DI/",
        "http://opcfoundation.org/UA/LADS/", "http://opcfoundation.org/UA/Machinery/", "http://opcfoundation.org/UA/Unheard/",
        "http://PLCopen.org/OpcUa/IEC61131-3/", None)]))])
    read(p, [rv(num(2255))], [dv(var(12, None, array=[s("http://opcfoundation.org/UA/")]))])
    names = ("Manufacturer", "Model", "SerialNumber", "SoftwareRevision", "HardwareRevision", "DeviceRevision",
             "ProductCode")
    read(p, [rv(sid("Hall/Dryer.%s" % n, 4)) for n in names] + [rv(sid("Oven:SerialNumber", 4)), rv(sid("XModel", 4))],
         [dv(var(21, lt("Sample Works AB"))), dv(var(21, lt("Dryer 4")))] +
         [dv(var(12, s(t))) for t in ("SN-77", "1.4", "B", "C", "D4-X", "SN-78", "no")])
    read(p, [rv(sid("a" * 200)), rv(sid("b" * 250)), rv(sid("c" * 300))],
         [dv(var(1, b"\1"))] * 3)
    read(p, [rv(num(i, 3)) for i in range(300)], [dv(var(7, u32(i))) for i in range(300)])
    p.ask(664, ext(649, bytes(17)) + u32(0) + b"\0" + arr(sid("Scale.Weight") + s(None) + qn(None) + NULL,
                                                         sid("Gone") + s("1") + qn(None) + NULL),
          arr(u32(0) + NULL + ext(658, arr(dv(var(11, f64(1.0))), dv(var(11, f64(2.0))))),
              u32(0x80340000) + NULL + ext()) + NULL)
    w = [sid("Scale.Tare") + u32(13) + s(None) + dv(var(11, f64(0.25))),
         sid("Scale.Limits") + u32(13) + s("0:1") + dv(var(6, None, array=[i32(10), i32(20)])),
         num(2994) + u32(13) + s(None) + dv(var(1, b"\0"), 0, T),
         sid("Scale.Weight") + u32(4) + s(None) + dv(var(21, lt("Weight")))]
    p.ask(673, arr(*w), arr(u32(0), u32(0x80740000), u32(0x803b0000), u32(0x12345678)) + NULL)
    p.ask(673, arr(w[0]), b"", 0x80250000, 397)
    p.ask(673, NULL, NULL + NULL)
    p.ask(700, arr(ext(682, sid("Scale.Weight") + u32(1) + arr(dv(var(11, f64(3.0))))), ext(691, sid("Gone") + NULL)),
          arr(u32(0) + arr(u32(0)) + NULL, u32(0x80340000) + NULL + NULL) + NULL)
    p.ask(700, NULL, NULL + NULL)
    p.ask(712, arr(sid("Scale") + sid("Scale.Zero") + NULL,
                   num(2253) + num(12886) + arr(var(6, i32(4)), var(12, s("why")), var(3, None, array=[b"\1", b"\2"]),
                                                var(22, ext(340, BUILD)))),
          arr(u32(0) + NULL + NULL + arr(var(1, b"\1"), var(12, s("text"))),
              u32(0x801f0000) + arr(u32(0)) + arr(b"\0") + NULL) + NULL)
    p.ask(712, arr(sid("Scale") + sid("Scale.StartCalibration") + NULL), arr(u32(0) + NULL + NULL + NULL) + NULL)
    p.ask(712, arr(num(1, 2) + num(2, 2) + NULL))
    p.ask(712, NULL, NULL + NULL)
    add = num(85) + num(35)
    p.ask(488, arr(add + sid("Scale.New") + qn("New", 2) + u32(2) + ext(357, bytes(9)) + num(63),
                   add + num(0) + qn("Chosen", 2) + u32(1) + ext() + num(58),
                   add + num(0) + qn("Refused", 2) + u32(99) + ext() + num(58)),
          arr(u32(0) + sid("Scale.New"), u32(0) + num(5001, 2), u32(0x805e0000) + num(0)) + NULL)
    p.ask(494, arr(sid("Scale") + num(35) + b"\1" + s(None) + sid("Scale.New") + u32(2)), arr(u32(0)) + NULL)
    p.ask(506, arr(sid("Scale") + num(35) + b"\1" + sid("Scale.New") + b"\1"), arr(u32(0)) + NULL)
    p.ask(500, arr(sid("Scale.New") + b"\1", sid("Scale") + b"\1"), arr(u32(0), u32(0x801f0000)) + NULL)
    p.ask(500, NULL, NULL + NULL)
    p.clo()
    cap.save(os.path.join(OUT, "nodes.pcap"))


DIAG = b"\x7f" + i32(1) + i32(2) + i32(3) + i32(4) + s("more") + u32(0x80340000) + b"\x10" + s("inner")


def types():
    cap = Capture()
    p = Peer(cap, 40000)
    p.start()
    inner = var(24, None, array=[var(6, i32(1)), var(24, None, array=[var(1, b"\1")]), b"\0"])
    deep = b"\0"
    for _ in range(20):
        deep = var(24, None, array=[deep])
    values = [var(1, b"\1"), var(2, b"\x80"), var(3, b"\xff"), var(4, u16(0x8000)), var(5, u16(65535)),
              var(6, i32(-5)), var(7, u32(5)), var(8, struct.pack("<q", -5)), var(9, u64(1 << 63)),
              var(10, struct.pack("<f", 0.1)), var(10, struct.pack("<f", 3.4e38)), var(10, struct.pack("<f", 1e-9)),
              var(10, struct.pack("<f", float("nan"))), var(11, f64(0.1)), var(11, f64(float("-inf"))),
              var(11, f64(float("inf"))), var(12, s("text")), var(12, s(None)), var(13, u64(NOW)), var(13, u64(0)),
              var(13, u64(1 << 63)), var(14, bytes(range(16))), var(15, s(b"\1\2\3")), var(15, s(bytes(100))),
              var(16, s("<a/>")), var(17, sid("Scale")), var(17, guid()), var(17, opaque()), var(18, b"\xc1\2" + u16(5) +
              s("urn:other") + u32(9)), var(19, u32(0x80340000)), var(19, u32(0x0000000f)), var(19, u32(0x8fff0000)),
              var(20, qn("Name", 3)), var(20, qn("Name")), var(21, lt("text", "en")), var(22, ext(886, bytes(16))),
              var(22, ext(sid("Type"), b"abc")), var(22, num(5, 2) + b"\2" + s("<x/>")), var(22, ext(340)),
              var(23, dv(var(6, i32(1)), 0, NOW, NOW, True)), var(24, inner), inner, deep, var(25, DIAG),
              var(26, s(b"later")), b"\0", var(7, None, array=[]), var(7, None, array=[u32(i) for i in range(80)]),
              var(6, None, [2, 3], [i32(i) for i in range(6)]), var(1, None, array=[b"\1", b"\0"]),
              var(12, None, array=[s("a"), s("b" * 1000)]), var(25, None, array=[DIAG, b"\0"]),
              var(23, None, array=[dv(var(1, b"\1")), dv()])]
    for i, v in enumerate(values):
        read(p, [rv(num(i, 1))], [dv(v)], diag=DIAG if i == 3 else b"\0")
    read(p, [rv(num(i, 1)) for i in range(len(values))], [dv(v) for v in values])
    p.clo()
    cap.save(os.path.join(OUT, "types.pcap"))


def item(node, handle, attribute=13, every=250.0, filter_=None):
    return rv(node, attribute) + u32(2) + u32(handle) + f64(every) + (filter_ or ext()) + u32(1) + b"\1"


def note(sub, seq, *data, results=NULL, more=0):
    return u32(sub) + arr(u32(seq)) + u8(more) + u32(seq) + u64(NOW) + arr(*data) + results + NULL


def change(*pairs):
    return ext(811, arr(*[u32(h) + v for h, v in pairs]) + NULL)


def publish(p, body, status=0, reply=829):
    """A request that waits, and what comes of it."""
    p.msg(0, num(826) + p.qhead() + arr(u32(1) + u32(1)))
    p.msg(1, num(reply) + p.ahead(status) + body)
    p.req += 1


def subscriptions():
    cap = Capture()
    p = Peer(cap, 40000)
    p.start()
    p.ask(787, f64(500.0) + u32(100) + u32(10) + u32(0) + b"\1" + b"\0",
          u32(31) + f64(1000.0) + u32(100) + u32(10))
    p.ask(793, u32(31) + f64(250.0) + u32(100) + u32(10) + u32(0) + b"\0", f64(250.0) + u32(100) + u32(10))
    p.ask(787, f64(500.0) + u32(100) + u32(10) + u32(0) + b"\1" + b"\0", b"", 0x80770000, 397)
    p.ask(751, u32(31) + u32(2) + arr(item(sid("Scale.Weight"), 1), item(sid("Scale.Stable"), 2, filter_=ext(724, bytes(16))),
                                      item(sid("Gone"), 3), item(num(2253), 4, 12)),
          arr(*[u32(st) + u32(n) + f64(250.0) + u32(1) + ext() for st, n in
                ((0, 11), (0, 12), (0x80340000, 0), (0, 14))]) + NULL)
    p.ask(751, u32(31) + u32(2) + arr(item(sid("Unanswered"), 9)))
    publish(p, note(31, 1, change((1, dv(var(11, f64(12.5)), None, T)), (2, dv(var(1, b"\1"))), (9, dv(var(3, b"\1"))))))
    publish(p, note(31, 2, change((2, dv(var(1, b"\0"), 0x40920000)))))
    publish(p, note(31, 3))
    publish(p, note(31, 3))
    fields = arr(var(15, s(b"\1")), var(17, num(2041)), var(12, s("alice")), var(21, lt("Door open")), var(5, u16(700)),
                 var(21, lt("second")), var(3, None, array=[b"\1"]))
    publish(p, note(31, 4, ext(916, arr(u32(4) + fields, u32(5) + arr(var(5, u16(1)))))))
    publish(p, note(31, 5, ext(820, u32(0x800a0000) + b"\0"), change((1, dv(var(11, f64(13.0))))), ext(999, b"x"),
                    results=arr(u32(0), u32(0x807a0000))))
    publish(p, b"", 0x80790000, 397)
    p.ask(832, u32(31) + u32(2), u32(2) + u64(NOW) + arr(change((2, dv(var(1, b"\0"))))))
    p.ask(832, u32(31) + u32(77), b"", 0x807b0000, 397)
    p.ask(763, u32(31) + u32(2) + arr(u32(11) + u32(1) + f64(100.0) + ext(724, bytes(16)) + u32(1) + b"\1"),
          arr(u32(0) + f64(100.0) + u32(1) + ext()) + NULL)
    p.ask(769, u32(31) + u32(0) + arr(u32(11), u32(12)), arr(u32(0), u32(0x80420000)) + NULL)
    p.ask(775, u32(31) + u32(11) + arr(u32(12)) + arr(u32(14), u32(15)),
          arr(u32(0)) + NULL + arr(u32(0), u32(0)) + NULL)
    p.ask(781, u32(31) + arr(u32(11)), arr(u32(0)) + NULL)
    p.ask(799, b"\0" + arr(u32(31)), arr(u32(0)) + NULL)
    p.ask(841, arr(u32(31)) + b"\1", arr(u32(0) + arr(u32(5), u32(6))) + NULL)
    p.ask(847, arr(u32(31), u32(32)), arr(u32(0x80280000), u32(0x80280000)) + NULL)
    p.t.close()
    # so many items that the place for their names is used up
    p = Peer(cap, 40001)
    p.start()
    for n in range(4):
        long = [sid("Hall.Line%d.%s" % (n, "x" * 250) + "%02d" % i) for i in range(90)]
        p.ask(751, u32(1) + u32(2) + arr(*[item(x, n * 90 + i) for i, x in enumerate(long)]),
              arr(*[u32(0) + u32(i) + f64(1.0) + u32(1) + ext() for i in range(90)]) + NULL)
    publish(p, note(1, 1, change((0, dv(var(1, b"\1"))), (359, dv(var(1, b"\1"))), (358, dv(var(1, b"\0"))))))
    p.clo()
    cap.save(os.path.join(OUT, "subscriptions.pcap"))


def secured():
    cap = Capture()
    p = Peer(cap, 40000, channel=21)
    p.hello()
    for renew in (False, True):
        p.opn(0, bytes(range(256)), "Basic256Sha256", CLIENT, bytes(20), 21 if renew else 0)
        p.opn(1, bytes(range(256)), "Basic256Sha256", SERVER + ISSUER, bytes(20))
        for n in range(3):
            p.msg(0, bytes([0xa5 + n]) * 160)
            p.msg(1, bytes([0x5a + n]) * 160, final=b"C")
            p.msg(1, bytes([0x5a + n]) * 64)
    p.msg(1, b"\xee" * 48, final=b"A")
    p.msg(0, b"\xdd" * 96, kind=b"CLO")
    p.t.close()
    p = Peer(cap, 40001, channel=22)            # no CloseSecureChannel
    p.hello()
    p.opn(0, bytes(384), "Aes256_Sha256_RsaPss", CLIENT, bytes(20), 0)
    p.opn(1, bytes(384), "Aes256_Sha256_RsaPss", SERVER, bytes(20))
    p.msg(0, bytes(160))
    p.msg(1, bytes(160))
    p.t.close()
    p = Peer(cap, 40002, channel=23)            # signed only: readable
    p.hello()
    p.opn(0, bytes(256), "Basic256Sha256", CLIENT, bytes(20), 0)
    p.opn(1, bytes(256), "Basic256Sha256", SERVER, bytes(20))
    sig = b"\x99" * 32
    p.msg(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(rv(sid("Scale.Weight"))), tail=sig)
    a = num(634) + p.ahead() + arr(dv(var(12, s("part one, part two")))) + NULL
    p.msg(1, a[:40], final=b"C", tail=sig)
    p.msg(1, a[40:], tail=sig)
    p.msg(0, num(452) + p.qhead(), kind=b"CLO", tail=sig)
    p.t.close()
    p = Peer(cap, 40003, channel=24)            # a policy and certificates of no known kind
    p.hello()
    p.opn(0, bytes(64), "Future_Policy", b"\x30\x80\0\0", bytes(20), 0)
    p.opn(1, bytes(64), "Future_Policy", b"\x31\0", bytes(20))
    p.msg(0, bytes(64))
    p.t.close()
    p = Peer(cap, 40004, channel=25)            # asked, and nothing more
    p.hello()
    p.opn(0, bytes(64), "ECC_nistP256", CLIENT[:40], bytes(20), 0)
    p.t.close()
    cap.save(os.path.join(OUT, "secured.pcap"))


def chunks():
    cap = Capture()
    p = Peer(cap, 40000)
    p.start()
    q = num(631) + p.qhead() + f64(0.0) + u32(2) + arr(*[rv(sid("Tank.%03d" % i)) for i in range(60)])
    for i in range(0, len(q), 400):
        p.msg(0, q[i:i + 400], final=b"F" if i + 400 >= len(q) else b"C")
    a = num(634) + p.ahead() + arr(*[dv(var(6, i32(i))) for i in range(60)]) + NULL
    for i in range(0, len(a), 300):
        p.msg(1, a[i:i + 300], final=b"F" if i + 300 >= len(a) else b"C")
    p.req += 1
    # more than is kept of a request in one piece, two at a time, answers crossed
    w = [sid("Recipe.%03d" % i) + u32(13) + s(None) + dv(var(6, i32(i))) for i in range(24)]
    p.msg(0, num(673) + p.qhead() + arr(*w[:22]))
    p.msg(0, num(673) + p.qhead() + arr(*w[22:]), req=p.req + 1)
    p.msg(1, num(676) + p.ahead() + arr(*[u32(0)] * 2) + NULL, req=p.req + 1)
    p.msg(1, num(676) + p.ahead(handle=p.handle - 1) + arr(*[u32(0)] * 22) + NULL)
    p.req += 2
    # given up by the server, by the client, and one nobody asked for
    p.msg(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(rv(sid("Huge"))))
    p.msg(1, a[:100], final=b"C")
    p.msg(1, u32(0x80b80000) + s("too large"), final=b"A")
    p.req += 1
    p.msg(0, q[:100], final=b"C")
    p.msg(0, u32(0x80030000) + s(None), final=b"A")
    p.req += 1
    p.msg(0, num(673) + p.qhead() + arr(*w[:22]))
    p.msg(1, u32(0x80030000) + s(None), final=b"A")
    p.req += 1
    p.msg(0, num(673) + p.qhead() + arr(*w[:22]))       # never answered
    p.req += 1
    # longer than what is put together
    big = num(634) + p.ahead() + arr(dv(var(15, s(bytes(200)))), *[dv(var(12, s("y" * 1000))) for _ in range(80)]) + NULL
    p.msg(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(*[rv(num(i, 1)) for i in range(81)]))
    for i in range(0, len(big), 1300):
        p.msg(1, big[i:i + 1300], final=b"F" if i + 1300 >= len(big) else b"C")
    p.req += 1
    p.clo()
    cap.save(os.path.join(OUT, "chunks.pcap"))


def errors():
    cap = Capture()
    p = Peer(cap, 40000)
    p.hello(ack=False)
    p.plain(1, b"ERR", u32(0x80830000) + s("no such endpoint"))
    p.t.close()
    p = Peer(cap, 40001)
    p.hello()
    p.opn(0, bytes(64), "Basic128Rsa15", CLIENT, bytes(20), 0)
    p.plain(1, b"ERR", u32(0x80550000) + s(None))
    p.t.close()
    p = Peer(cap, 40002)
    p.hello()
    p.open(status=0x80560000)
    p.plain(1, b"ERR", u32(0x8fff0000) + s(None))
    p.t.close()
    p = Peer(cap, 40003)
    p.hello(ack=False)
    p.t.close()
    p = Peer(cap, 40004)                        # the server calls
    p.plain(0, b"RHE", s("urn:balance-3:SampleWorks:Scale") + s(URL))
    p.plain(1, b"HEL", u32(0) + u32(65536) + u32(65536) + u32(0) + u32(0) + s(URL))
    p.plain(0, b"ACK", u32(0) + u32(65536) + u32(65536) + u32(0) + u32(0))
    p.t.close()
    p = Peer(cap, 40005)
    p.start()
    p.msg(1, num(397) + p.ahead(0x80250000), req=900)           # nobody asked
    p.msg(1, num(634) + p.ahead() + arr(dv(var(6, i32(7)))) + NULL, req=901)
    p.msg(1, num(676) + p.ahead() + arr(u32(0), u32(0x80740000)) + NULL, req=902)
    p.msg(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(rv(sid("A"))))
    p.msg(1, num(676) + p.ahead() + arr(u32(0)) + NULL)         # the answer to something else
    p.req += 1
    p.msg(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(rv(sid("B"))))
    p.msg(1, num(634) + p.ahead(handle=1) + arr(dv(var(6, i32(7)))) + NULL)
    p.req += 1
    p.ask(7777, b"vendor's own", b"answer")
    p.seq[0] += 5                               # chunks are missing
    p.ask(473, b"\1", b"")
    p.seq[0] = 0xfffffbff                       # and the numbers begin anew
    p.ask(473, b"\1", b"")
    p.seq[0] = 4
    p.ask(473, b"\1", b"")
    p.t.close()
    cap.save(os.path.join(OUT, "errors.pcap"))


def midstream():
    cap = Capture()
    p = Peer(cap, 40000, open_=False)
    p.msg(1, num(634) + p.ahead() + arr(dv(var(6, i32(7)))) + NULL)
    p.req += 1
    read(p, [rv(sid("Scale.Weight"))], [dv(var(11, f64(12.5)))])
    p = Peer(cap, 40001, sport=51234, open_=False)
    read(p, [rv(sid("Scale.Weight"))], [dv(var(11, f64(12.5)))])
    p.open(renew=True)
    p = Peer(cap, 40002, sport=51235, open_=False)
    for n in range(5):                          # encrypted, policy unknown
        p.msg(0, bytes([0xa5 + n]) * 160)
        p.msg(1, bytes([0x5a + n]) * 160)
    p = Peer(cap, 40003)                        # a segment is lost
    p.start()
    read(p, [rv(sid("Scale.Weight"))], [dv(var(11, f64(12.5)))])
    lost = p.chunk(0, num(631) + p.qhead() + f64(0.0) + u32(2) + arr(rv(sid("Scale.Lost"))))
    p.t.cseq += len(lost)
    p.msg(1, num(634) + p.ahead() + arr(dv(var(6, i32(7)))) + NULL)
    p.req += 1
    read(p, [rv(sid("Scale.Weight"))], [dv(var(11, f64(12.5)))])
    p.clo()
    p = Peer(cap, 40004, sport=51236)           # two segments for one chunk
    h = b"HELF" + u32(32 + len(URL)) + u32(0) + u32(65536) + u32(65536) + u32(0) + u32(0) + s(URL)
    p.t.c(h[:3])
    p.t.c(h[3:20])
    p.t.c(h[20:])
    p.plain(1, b"ACK", u32(0) + u32(8192) + u32(8192) + u32(1 << 24) + u32(256))
    p = Peer(cap, 40005, sport=51237)           # not this protocol, whatever it begins with
    p.t.c(b"HELO mail.example\r\n")
    p.t.s(b"250 ok\r\n")
    p = Peer(cap, 40006, sport=51238)
    p.t.c(b"MSGF\x05\0\0\0hello")
    cap.save(os.path.join(OUT, "midstream.pcap"))


def malformed():
    cap = Capture()
    bodies = [
        b"\1\0",                                        # the type id ends early
        b"\x07",                                        # a NodeId of no known form
        b"\3\2\0" + s("Read"),                          # a type id that is no number
        num(631) + b"\xc1\0\1\0" + bytes(30),           # a NodeId with an expanded one's flags
        num(631) + num(0) + u64(0) + u32(0) + u32(0) + i32(-2) + bytes(20),
        num(631) + num(0) + u64(0) + u32(0) + u32(0) + u32(0x7fffffff) + bytes(20),
        num(631) + num(0) + u64(0) + u32(0) + u32(0) + s(None) + u32(0) + b"\0\0\3",
    ]
    for n, b in enumerate(bodies):
        p = Peer(cap, 40000 + n)
        p.start()
        p.msg(0, b)
        p.t.close()
    deep = b"\0"
    for _ in range(40):
        deep = var(24, None, array=[deep])
    answers = [arr(dv(var(40, b""))), arr(dv(u8(0x46) + i32(1))), arr(u8(0xc0)), arr(dv(deep)), i32(1000), arr(dv(var(12, s("x")[:-1]))),
               arr(dv(var(6, None, [1], [i32(1)]))[:-3]), arr(dv(var(11, None, array=[f64(1.0)]))[:-2])]
    p = Peer(cap, 41000)
    p.start()
    for a in answers:
        p.ask(631, f64(0.0) + u32(2) + arr(rv(sid("A"))), a)
    p.ask(631, f64(0.0) + u32(2) + i32(100) + rv(sid("A")), arr(dv(var(1, b"\1"))) + NULL)
    p.ask(673, i32(5000000), arr(u32(0)) + NULL)
    p.ask(673, i32(3) + sid("A"), None)
    p.msg(1, num(634) + u64(NOW))
    publish(p, note(31, 1, ext(811, i32(1 << 20))))
    p.t.close()
    for n, b in enumerate((b"HELF" + u32(20) + u32(0) * 3, b"ACKF" + u32(12) + u32(0), b"ERRF" + u32(12) + u32(1),
                           b"RHEF" + u32(16) + s("abcd")[:4] + b"\xff\xff\xff\x7f",
                           b"OPNF" + u32(20) + u32(0) + s(POLICY)[:4] + b"xxxx", b"OPNF" + u32(24) + u32(0) + s("") + NULL + NULL,
                           b"MSGF" + u32(12) + u32(7), b"MSGF" + u32(16) + u32(7) + u32(1),
                           b"XXXF" + u32(16) + bytes(8), b"MSGX" + u32(16) + bytes(8), b"MSGF" + u32(4))):
        p = Peer(cap, 42000 + n)
        p.start()
        p.t.c(b)
        p.t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for build in (session, nodes, types, subscriptions, secured, chunks, errors, midstream, malformed):
        build()
