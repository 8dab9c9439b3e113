#!/usr/bin/env python3
"""Makes hand-built captures of tunnels, from the specifications: what the recordings
beside them do not hold. Run alone for all, or with names."""
import struct
import sys

from frames import eth, ipv4, ipv6, udp
from make_tls import cert
from quic_seal import crypto, initial
from tcp_pcap import Capture, Conversation

A, B = "192.0.2.1", "192.0.2.2"
SECRET = b"HEMLIGT"


def send(cap, side, b, port, cport=40000, cut=None):
    (s, sp), (d, dp) = ((A, cport), (B, port)) if side == 0 else ((B, port), (A, cport))
    f = eth(ipv4(17, udp(sp, dp, b), s, d))
    cap.add(f[:cut] if cut else f, len(f))


def quic():
    cap = Capture()
    chlo = b"CHLO" + struct.pack("<HH", 3, 0)
    values = [(b"SNI\0", b"www.lab.example"), (b"VER\0", b"Q043"), (b"UAID", b"Chrome/64.0 Linux")]
    at, data = 0, b""
    for tag, v in values:
        at += len(v)
        chlo += tag + struct.pack("<I", at)
        data += v
    hello = b"\x0d" + b"12345678" + b"Q043" + b"\1" + b"\0" * 12 + b"\xa0\1\0\4" + chlo + data
    send(cap, 0, hello + b"\0" * 900, 443)
    send(cap, 1, b"\x08" + b"12345678" + b"\1" + b"x" * 200, 443)
    # one that lies about where its values are
    send(cap, 0, hello.replace(struct.pack("<I", 15), struct.pack("<I", 0x7fffffff), 1) + b"\0" * 900, 443, 40001)
    head = b"\xc3" + struct.pack(">I", 1) + b"\x08abcdefgh" + b"\0\0"
    # nobody's keys fit; cut by the snap length; a length that is not there
    send(cap, 0, head + b"\x44\x80" + b"z" * 1152, 443, 40002)
    send(cap, 1, b"\xc3" + struct.pack(">I", 1) + b"\0\x08ABCDEFGH" + b"\0" + b"\x44\x80" + b"y" * 1152, 443, 40002)
    send(cap, 1, b"\x40" + b"y" * 60, 443, 40002)
    send(cap, 0, head + b"\x44\x80" + b"z" * 1152, 443, 40003, cut=200)
    send(cap, 0, head + b"\x7f\xff" + b"z" * 1152, 443, 40004)
    send(cap, 0, b"\xc3" + struct.pack(">I", 0xbabababa) + b"\x08abcdefgh\0" + b"z" * 1180, 443, 40005)
    send(cap, 1, b"\x80" + struct.pack(">I", 0) + b"\0\x08abcdefgh" + struct.pack(">II", 1, 0x6b3343cf), 443, 40005)
    cap.write("quic", "google")


def quic_pieces():
    def ext(kind, b):
        return struct.pack(">HH", kind, len(b)) + b

    def hello(host):
        exts = (ext(0, struct.pack(">HBH", len(host) + 3, 0, len(host)) + host) + ext(16, b"\0\3\2h3") +
                ext(43, b"\2\3\4") + ext(10, b"\0\2\0\x1d") + ext(13, b"\0\2\4\3") + ext(0x39,
                    b"\1\4\x80\0\xff\xff") +
                ext(51, b"k" * 1200))
        b = b"\3\3" + b"R" * 32 + b"\0\0\4\x13\1\x13\2\1\0" + struct.pack(">H", len(exts)) + exts
        return b"\1" + struct.pack(">I", len(b))[1:] + b
    exts = ext(43, b"\3\4") + ext(51, b"\0\x1d\0\x20" + b"s" * 32)
    answer = b"\3\3" + b"S" * 32 + b"\0\x13\2\0" + struct.pack(">H", len(exts)) + exts
    answer = b"\2" + struct.pack(">I", len(answer))[1:] + answer
    cap = Capture()
    ack = b"\2\0\0\1\0\0\0"
    for n, version in enumerate((1, 0x6b3343cf, 0xff00001d, 0xff00001b)):
        h, port = hello(b"pieces-%d.lab.example" % n), 41000 + n
        did, sid = b"client-%d" % n, b"server-%d" % n
        # out of order within and across packets, one piece twice, others overlapping
        one = b"\1" + crypto(700, h[700:900]) + b"\0\0" + crypto(0, h[:300]) + crypto(250, h[250:400])
        two = crypto(900, h[900:]) + crypto(400, h[400:700]) + crypto(0, h[:300]) + b"\0" * 20
        send(cap, 0, initial(version, did, b"cl", 0, one), 443, port)
        send(cap, 0, initial(version, did, b"cl", 1, two), 443, port)
        send(cap, 1, initial(version, b"cl", sid, 0, ack + crypto(0, answer), did, True), 443, port)
    # Retry gives new keys; the server then closes
    did = b"before-retry"
    h = hello(b"retry.lab.example")
    send(cap, 0, initial(1, did, b"cl", 0, crypto(0, h)), 443, 41010)
    send(cap, 1, b"\xf0" + struct.pack(">I", 1) + b"\2cl\7retried" + b"token" + b"t" * 16, 443, 41010)
    send(cap, 0, initial(1, b"retried", b"cl", 1, crypto(0, h), token=b"token"), 443, 41010)
    send(cap, 1, initial(1, b"cl", b"srv", 0, b"\x1c\x41\x28\6\0", b"retried", True), 443, 41010)
    # frames that cannot be: beyond all bounds, cut, unknown; a hello that is none
    for n, frames in enumerate((b"\6" + struct.pack(">II", 0xbfffffff, 0x80000010) + b"x" * 16,
        b"\6\0\x7f\xff" + b"x" * 16,
                                b"\x1e" + b"x" * 20, crypto(0, b"\1\0\0\x10" + b"\xff" * 16),
                                    b"\2\0\0\x7f\xff" + b"\0" * 16,
                                crypto(300, b"never the beginning"), b"\0" * 40)):
        send(cap, 0, initial(1, b"broken-%d" % n, b"cl", 0, frames), 443, 41020 + n)
    # whose service the name stands for
    send(cap, 0, initial(1, b"remote", b"cl", 0, crypto(0, hello(b"relay-1.net.anydesk.com"))), 443, 41030)
    cap.write("quic", "pieces")


def payloads(*parts):
    """(type, body) pairs, chained: the first's type and the bytes."""
    out = b""
    for i, (_, body) in enumerate(parts):
        nxt = parts[i + 1][0] if i + 1 < len(parts) else 0
        out += struct.pack(">BBH", nxt, 0, 4 + len(body)) + body
    return parts[0][0], out


def ike_message(i, r, version, exchange, parts, flags=0, length=None, raw=None):
    first, body = payloads(*parts) if parts else (0, b"")
    if raw is not None:
        body = raw
    return bytes([i]) * 8 + bytes([r]) * 8 + struct.pack(
        ">BBBBII", first, version, exchange, flags, 0, 28 + len(body) if length is None else length) + body


def sa1(*attrs):
    t = struct.pack(">BBHBBH", 0, 0, 8 + 4 * len(attrs), 1, 1, 0) + b"".join(
        struct.pack(">HH", 0x8000 | a, v) for a, v in attrs)
    p = struct.pack(">BBHBBBB", 0, 0, 8 + len(t), 1, 1, 0, 1) + t
    return struct.pack(">II", 1, 1) + p


def sa2(*transforms):
    t = b""
    for n, (kind, ident, bits) in enumerate(transforms):
        a = struct.pack(">HH", 0x800e, bits) if bits else b""
        t += struct.pack(">BBHBBH", 3 if n + 1 < len(transforms) else 0, 0, 8 + len(a), kind, 0, ident) + a
    return struct.pack(">BBHBBBB", 0, 0, 8 + len(t), 1, 1, 0, len(transforms)) + t


def ike():
    cap = Capture()
    vendors = [(13, bytes.fromhex(h)) for h in (
        "12f5f28c457168a9702d9fe274cc0100", "8299031757a36082c6a621de000402b6", "afcad71368a1f1c96b8696fc77570100",
        "00112233445566778899aabbccddeeff")]
    des = sa1((1, 1), (2, 1), (3, 1), (4, 1))
    send(cap, 0, ike_message(1, 0, 0x10, 2, [(1, des)] + vendors[:1]), 500, 500)
    send(cap, 1, ike_message(1, 2, 0x10, 2, [(1, des)] + vendors[1:]), 500, 500)
    send(cap, 0, ike_message(1, 2, 0x10, 2, [], 1, raw=b"\0" * 64), 500, 500)
    aggressive = [(1, sa1((1, 5), (2, 2), (3, 65001), (4, 5))), (4, b"k" * 16), (10, b"n" * 16), (5,
        b"\2\0\0\0" + SECRET)]
    send(cap, 0, ike_message(3, 0, 0x10, 4, aggressive), 500, 500)
    send(cap, 1, ike_message(3, 4, 0x10, 4, aggressive + [(8, b"h" * 20)]), 500, 500)
    send(cap, 0, ike_message(5, 0, 0x10, 2, [(1, des)]), 500, 500)
    send(cap, 1, ike_message(5, 6, 0x10, 5, [(11, struct.pack(">IBBH", 1, 1, 0, 14))]), 500, 500)
    offer = sa2((1, 12, 256), (1, 3, 0), (3, 12, 0), (2, 5, 0), (4, 19, 0))
    send(cap, 0, ike_message(7, 0, 0x20, 34, [(33, offer), (34, b"k" * 68), (40, b"n" * 32)], 8), 500, 500)
    send(cap, 1, ike_message(7, 0, 0x20, 34, [(41, struct.pack(">BBH", 0, 0, 16390) + b"cookie")], 0x20), 500, 500)
    send(cap, 0, ike_message(7, 0, 0x20, 34, [(33, offer)], 8), 500, 500)
    send(cap, 1, ike_message(7, 8, 0x20, 34, [(41, struct.pack(">BBH", 0, 0, 14))], 0x20), 500, 500)
    send(cap, 0, ike_message(9, 0, 0x20, 34, [(33, sa2((1, 11, 0), (3, 1, 0), (2, 1, 0), (4, 2, 0)))], 8), 500, 500)
    send(cap, 1, ike_message(9, 10, 0x20, 34, [(33, sa2((1, 11, 0), (3, 1, 0), (2, 1, 0), (4, 2, 0))),
                                               (43, b"CISCO(COPYRIGHT)&Copyright (c) 2009")], 0x20), 500, 500)
    send(cap, 1, ike_message(9, 10, 0x20, 37, [(41, struct.pack(">BBH", 0, 0, 24))], 0x20), 500, 500)
    send(cap, 1, ike_message(11, 12, 0x20, 34, [(33, sa2((1, 999, 0), (4, 1, 0)))], 0x20), 500, 500)
    send(cap, 0, ike_message(13, 0, 0x20, 34, [(33, offer)], 8), 500, 500)
    cap.write("ike", "handmade")
    cap = Capture()
    marker = b"\0\0\0\0"
    send(cap, 0, b"\xff", 4500)
    send(cap, 0, marker + ike_message(1, 0, 0x20, 34, [(33, offer)], 8), 4500)
    send(cap, 1, marker + ike_message(1, 2, 0x20, 34, [(33, sa2((1, 20, 128), (2, 5, 0), (4, 31, 0)))], 0x20), 4500)
    for n in range(3):
        send(cap, 0, struct.pack(">II", 0xc0ffee00, n + 1) + b"e" * 64, 4500)
        send(cap, 1, struct.pack(">II", 0xbadcab1e, n + 1) + b"e" * 64, 4500)
    send(cap, 0, struct.pack(">II", 0xc0ffee01, 1) + b"e" * 64, 4500)
    for n in range(2):
        send(cap, 0, struct.pack(">II", 0x11223344, n + 9) + b"e" * 64, 4500, 40001)
        send(cap, 1, struct.pack(">II", 0x55667788, n + 9) + b"e" * 64, 4500, 40001)
    cap.write("ike", "natt")
    cap = Capture()
    good = ike_message(1, 0, 0x10, 2, [(1, des)])
    send(cap, 0, good, 500, 500)
    send(cap, 0, ike_message(2, 0, 0x10, 2, [(1, des)], length=9000), 500, 500)
    send(cap, 0, ike_message(3, 0, 0x30, 2, [(1, des)]), 500, 500)
    send(cap, 0, ike_message(4, 0, 0x10, 2, [(1, des)])[:20], 500, 500)
    for raw in (b"\0\0\0\0" + b"\0" * 20, b"\0\0\xff\xff" + b"\0" * 20, b"\0\0\0\x14" + struct.pack(">II", 1,
        1) + b"\0\0\0\1" + b"\0" * 8,
                b"\0\0\0\x18" + struct.pack(">II", 1, 1) + b"\0\0\0\x0c\1\1\0\1" + b"\0\0\0\4"):
        m = ike_message(5, 0, 0x10, 2, [(1, b"")], raw=raw)
        send(cap, 0, m, 500, 500)
    send(cap, 0, good, 500, 500, cut=90)
    cap.write("ike", "malformed")


def wireguard():
    cap = Capture()
    init = b"\1\0\0\0" + struct.pack("<I", 7) + b"i" * 140
    resp = b"\2\0\0\0" + struct.pack("<II", 8, 7) + b"r" * 80
    data = lambda to, n, size=48: b"\4\0\0\0" + struct.pack("<IQ", to, n) + b"d" * (size - 16)
    # a port of nobody's: the response decides
    send(cap, 0, init, 12345)
    send(cap, 1, b"\3\0\0\0" + struct.pack("<I", 7) + b"c" * 56, 12345)
    send(cap, 0, init, 12345)
    send(cap, 1, resp, 12345)
    send(cap, 0, data(8, 0, 32), 12345)
    send(cap, 1, data(7, 0, 112), 12345)
    send(cap, 0, init.replace(b"\7", b"\x09", 1), 12345)
    send(cap, 1, resp.replace(b"\7", b"\x09", 1), 12345)
    # amid a tunnel
    for n in range(3):
        send(cap, 0, data(80, 1000 + n), 12346)
        send(cap, 1, data(70, 2000 + n), 12346)
    # looks alike and is not: the answer names another
    send(cap, 0, init, 12347)
    send(cap, 1, resp.replace(b"\7", b"\x66", 1), 12347)
    send(cap, 0, b"\1\0\0\0" + b"x" * 60, 12348)
    # nobody answers
    send(cap, 0, init, 51820)
    send(cap, 0, init, 51820)
    send(cap, 0, init, 51820, 40001)
    send(cap, 1, b"\3\0\0\0" + struct.pack("<I", 7) + b"c" * 56, 51820, 40001)
    # the answer first
    send(cap, 1, resp, 12349)
    send(cap, 0, init, 12349)
    send(cap, 1, resp, 12349)
    disco = b"TS\xf0\x9f\x92\xac" + b"k" * 32 + b"n" * 24 + b"b" * 30
    send(cap, 0, disco, 41641, 41641)
    send(cap, 1, disco, 41641, 41641)
    send(cap, 0, init, 41641, 41641)
    send(cap, 1, resp, 41641, 41641)
    send(cap, 0, b"keepalive", 41641, 41641)
    cap.write("wireguard", "handmade")


def openvpn():
    cap = Capture()
    s = lambda op, key=0: bytes([op << 3 | key])
    plain = lambda op, sid, ack=b"": s(op) + sid + (b"\1\0\0\0\0" + ack if ack else b"\0") + b"\0\0\0\0"
    a, b = b"AAAAAAA1", b"BBBBBBB2"
    for client, port in ((7, 1194), (1, 5000)):
        send(cap, 0, plain(client, a), port)
        send(cap, 0, plain(client, a), port)
        send(cap, 1, plain(client + 1, b, a), port)
        send(cap, 0, s(5) + a + b"\1\0\0\0\0" + b, port)
        send(cap, 0, s(9, 0) + b"\0\0\0" + b"d" * 60, port)
        send(cap, 1, s(6, 0) + b"d" * 60, port)
        send(cap, 0, s(3, 1) + a + b"\0\0\0\0\1", port)
    for n in (16, 20, 32, 64):
        guarded = lambda op, sid, ack=b"": s(op) + sid + b"h" * n + struct.pack(">II", 1,
            1764000000) + plain(op, sid, ack)[9:]
        send(cap, 0, guarded(7, a), 6000 + n)
        send(cap, 1, guarded(8, b, a), 6000 + n)
    send(cap, 0, plain(7, a), 1194, 40001)                   # nobody answers
    send(cap, 1, plain(8, b, a), 7001, 40002)                # the answer first
    send(cap, 0, plain(7, a), 7001, 40002)
    send(cap, 0, s(7) + b"something else that begins alike", 7002)
    send(cap, 0, plain(7, a), 1194, 40003)
    send(cap, 1, plain(8, b, a), 1194, 40003)
    send(cap, 0, b"\xf8" + b"x" * 40, 1194, 40003)           # no such opcode
    send(cap, 0, plain(7, b"CCCCCCC3"), 1194, 40003)         # again, and no answer
    t = Conversation(cap, 40001, 1194)
    frame = lambda p: struct.pack(">H", len(p)) + p
    t.pieces(0, frame(plain(7, a)), 5)
    t.s(frame(plain(8, b, a)))
    t.c(frame(s(9) + b"\0\0\0" + b"d" * 30) + frame(s(9) + b"\0\0\0" + b"d" * 31))
    t.close()
    cap.write("openvpn", "handmade")


def stun():
    cap = Capture()

    def attr(kind, v):
        return struct.pack(">HH", kind, len(v)) + v + b"\0" * (-len(v) % 4)

    def msg(kind, tid, *attrs, cookie=0x2112a442):
        body = b"".join(attrs)
        return struct.pack(">HHI", kind, len(body), cookie) + b"\0\0\0\0" + struct.pack(">Q", tid) + body
    soft = lambda t: attr(0x8022, t)
    send(cap, 0, msg(1, 1, soft(b"lab-client 1.0"), attr(6, SECRET + b":user")), 3478)
    send(cap, 0, msg(1, 1, soft(b"lab-client 1.0"), attr(6, SECRET + b":user")), 3478)
    send(cap, 1, msg(0x101, 1, soft(b"Coturn-4.6.1 'Gorst'"), attr(0x20, b"\0\1" + b"x" * 6)), 3478)
    send(cap, 0, msg(1, 2), 3478)
    send(cap, 1, msg(0x101, 2), 3478)
    send(cap, 0, msg(3, 3, attr(0x19, b"\x11\0\0\0")), 3478)
    send(cap, 1, msg(0x113, 3, attr(9, b"\0\0\4\1Unauthorized"), attr(0x14, SECRET)), 3478)
    send(cap, 0, msg(0x11, 4), 3478)
    send(cap, 0, msg(1, 5), 3478)
    send(cap, 0, msg(1, 1, cookie=0x01020304), 3478, 40001)
    send(cap, 1, msg(0x101, 1, soft(b"Vovida.org 0.96"), cookie=0x01020304), 3478, 40001)
    send(cap, 1, msg(0x101, 7, soft(b"server first")), 5555, 40002)
    send(cap, 0, msg(1, 8), 5555, 40003)
    send(cap, 0, msg(1, 9)[:-1] + b"", 3478, 40004)
    send(cap, 0, msg(1, 10, attr(6, b"ok")), 5555, 40005)
    send(cap, 0, struct.pack(">HHI", 1, 8, 0x2112a442) + b"\0" * 12 + struct.pack(">HHI", 6, 400, 0), 5555, 40005)
    send(cap, 0, b"\x80media" * 5, 5555, 40005)
    send(cap, 0, b"\x16\xfe\xfd" + b"\0" * 40, 5555, 40005)
    send(cap, 0, msg(1, 11, soft(b"cut short by us")), 3478, 40006, cut=70)
    cap.write("stun", "handmade")


def ip(cap, side, proto, b, cut=None):
    s, d = (A, B) if side == 0 else (B, A)
    f = eth(ipv4(proto, b, s, d))
    cap.add(f[:cut] if cut else f, len(f))


def dtls():
    def record(kind, body, version=0xfefd, epoch=0, n=None):
        return struct.pack(">BHH", kind, version, epoch) + b"\0" * 6 + struct.pack(">H",
            len(body) if n is None else n) + body

    def hs(kind, body, seq=0, at=0, total=None):
        n3 = lambda v: struct.pack(">I", v)[1:]
        return bytes([kind]) + n3(len(body) if total is None else total) + struct.pack(">H",
            seq) + n3(at) + n3(len(body)) + body

    def ext(kind, b):
        return struct.pack(">HH", kind, len(b)) + b

    def client(version=0xfefd, exts=b"", cookie=b""):
        return (struct.pack(">H",
            version) + b"R" * 32 + b"\0" + bytes([len(cookie)]) + cookie + b"\0\4\xc0\x2b\x13\1" + b"\1\0" +
                struct.pack(">H", len(exts)) + exts)

    def server(version=0xfefd, exts=b"", cipher=0xc02b):
        return struct.pack(">H", version) + b"S" * 32 + b"\0" + struct.pack(">HB", cipher,
            0) + struct.pack(">H", len(exts)) + exts
    sni = ext(0, struct.pack(">HBH", 19, 0, 16) + b"coap.lab.example")
    alpn = ext(16, b"\0\5\4coap")
    cap = Capture()
    # 1.3: versions in extensions, then the short header
    v13 = ext(43, b"\4\xfe\xfc\xfe\xfd")
    send(cap, 0, record(22, hs(1, client(exts=sni + alpn + v13))), 5684)
    send(cap, 1, record(22, hs(2, server(exts=ext(43, b"\xfe\xfc"),
        cipher=0x1301))) + b"\x2e\0\1\0\x10" + b"e" * 16, 5684)
    # refused; nobody there; the draft's version; amid a connection
    send(cap, 0, record(22, hs(1, client())), 443, 40001)
    send(cap, 1, record(21, b"\2\x28"), 443, 40001)
    send(cap, 0, record(22, hs(1, client(exts=sni))), 443, 40002)
    send(cap, 0, record(22, hs(1, client(0x0100)), 0x0100), 443, 40003)
    send(cap, 1, record(22, hs(2, server(0x0100)), 0x0100) + record(20, b"\1", 0x0100), 443, 40003)
    send(cap, 0, record(23, b"data" * 10, epoch=1), 443, 40004)
    # fragments, of which one comes twice and one is lost
    hello = client(exts=sni)
    send(cap, 0, record(22, hs(1, hello[:50], 0, 0, len(hello))), 5684, 40005)
    send(cap, 0, record(22, hs(1, hello[:50], 0, 0, len(hello))), 5684, 40005)
    send(cap, 0, record(22, hs(1, hello[50:], 0, 50, len(hello))), 5684, 40005)
    send(cap, 1, record(22, hs(2, server()[60:], 1, 60, 90)), 5684, 40005)
    send(cap, 1, record(22, hs(2, server()) + hs(14, b"", 2)), 5684, 40005)
    send(cap, 1, record(20, b"\1") + record(22, b"e" * 40, epoch=1), 5684, 40005)
    # malformed
    send(cap, 0, record(22, hs(1, client()[:20])), 5684, 40006)
    send(cap, 0, record(22, hs(1, client(), at=900)), 5684, 40007)
    send(cap, 0, record(22, hs(1, client())), 5684, 40007)
    send(cap, 1, record(22, hs(2, server())), 5684, 40007)
    send(cap, 1, record(22, hs(11, b"\0\0\x20\0\0\x30" + b"x" * 26)), 5684, 40007)
    send(cap, 0, record(22, hs(1, client(exts=sni))), 5684, 40008, cut=90)
    send(cap, 0, record(22, hs(1, client()), n=2000), 5684, 40009)
    # whose service the name stands for; an old cipher, a small key that signed itself
    name = b"derp1.tailscale.com"
    named = ext(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name)
    der = cert()
    chain = b"".join(struct.pack(">I", n)[1:] for n in (len(der) + 3, len(der))) + der
    send(cap, 0, record(22, hs(1, client(exts=named))), 5684, 40010)
    send(cap, 1, record(22, hs(2, server(cipher=0x000a)) + hs(11, chain, 1) + hs(14, b"", 2)), 5684, 40010)
    send(cap, 1, record(20, b"\1"), 5684, 40010)
    cap.write("dtls", "handmade")


def avp(kind, value, flags=0x8000, vendor=0):
    return struct.pack(">HHH", flags | 6 + len(value), vendor, kind) + value


def l2tp_message(tunnel, session, ns, nr, *avps, version=2, length=None):
    body = b"".join(avps)
    ids = struct.pack(">I", tunnel) if version == 3 else struct.pack(">HH", tunnel, session)
    n = 12 + len(body) if length is None else length
    return struct.pack(">HH", 0xc800 | version, n) + ids + struct.pack(">HH", ns, nr) + body


def pap(code, ident, *names):
    b = b"".join(bytes([len(n)]) + n for n in names)
    return b"\xc0\x23" + struct.pack(">BBH", code, ident, 4 + len(b)) + b


def chap(code, ident, value=b"", name=b""):
    b = bytes([len(value)]) + value + name if value else name
    return b"\xc2\x23" + struct.pack(">BBH", code, ident, 4 + len(b)) + b


def l2tp():
    cap = Capture()
    num = lambda v: struct.pack(">H", v)
    start = lambda kind, ident, host, vendor, fw: (
        avp(0, num(kind)), avp(2, b"\1\0"), avp(6, num(fw)), avp(7, host), avp(8, vendor), avp(9, num(ident)))
    send(cap, 0, l2tp_message(0, 0, 0, 0, *start(1, 11, b"plc-router", b"Lab Vendor", 0x0102)), 1701, 1701)
    send(cap, 0, l2tp_message(0, 0, 0, 0, *start(1, 11, b"plc-router", b"Lab Vendor", 0x0102)), 1701, 1701)
    send(cap, 1, l2tp_message(11, 0, 0, 1, *start(2, 22, b"lns", b"", 0)), 1701, 1701)
    send(cap, 0, l2tp_message(22, 0, 1, 1, avp(0, num(3))), 1701, 1701)
    send(cap, 0, l2tp_message(22, 0, 2, 1, avp(0, num(10)), avp(14, num(33))), 1701, 1701)
    send(cap, 1, l2tp_message(11, 33, 1, 3, avp(0, num(11)), avp(14, num(44))), 1701, 1701)
    send(cap, 0, l2tp_message(22, 44, 3, 2, avp(0, num(12)), avp(29, num(3)), avp(30, SECRET), avp(33,
        SECRET)), 1701, 1701)
    data = lambda t, s, ppp: struct.pack(">HHH", 2, t, s) + b"\xff\x03" + ppp
    send(cap, 0, data(22, 44, b"\xc0\x21\1\1\0\4"), 1701, 1701)
    send(cap, 0, data(22, 44, pap(1, 1, SECRET + b"-user", SECRET)), 1701, 1701)
    send(cap, 1, data(11, 33, pap(2, 1, b"welcome " + SECRET)), 1701, 1701)
    ping = ipv4(1, b"\x08\0\0\0\0\1\0\1", "198.51.100.1", "198.51.100.2")
    send(cap, 0, struct.pack(">HHHHHHH", 0x4a02, 0, 22, 44, 0, 2, 0) + b"\0\x21" + ping, 1701, 1701)
    send(cap, 0, struct.pack(">HHHHHH", 0x4802, 0, 22, 44, 1, 0) + b"\0\x21" + ping, 1701, 1701)
    send(cap, 1, l2tp_message(11, 33, 2, 4, avp(0, num(14)), avp(1, num(2)), avp(14, num(44))), 1701, 1701)
    send(cap, 1, l2tp_message(11, 0, 3, 4, avp(0, num(4)), avp(9, num(22)), avp(1, num(1))), 1701, 1701)
    send(cap, 0, l2tp_message(0, 0, 0, 0, *start(1, 12, b"nobody-answers", b"Lab Vendor", 1)), 1701, 40001)
    send(cap, 1, l2tp_message(13, 0, 0, 1, *start(2, 23, b"answer-only", b"Lab Vendor", 1)), 1701, 40002)
    # hidden values, and lengths that do not hold
    send(cap, 0, l2tp_message(0, 0, 0, 0, avp(0, num(1)), avp(7, b"hidden", 0xc000), avp(9, num(14))), 1701, 40003)
    send(cap, 0, l2tp_message(22, 0, 1, 0, avp(0, num(10)), b"\x80\2\0\0\0\1"), 1701, 40003)
    send(cap, 0, l2tp_message(22, 0, 2, 0, avp(0, num(4)), b"\x80\xff\0\0\0\1"), 1701, 40003)
    send(cap, 0, l2tp_message(0, 0, 0, 0, *start(1, 15, b"cut by us", b"Lab Vendor", 1)), 1701, 40004, cut=90)
    # version 3 above IP: control messages are session 0
    three = lambda kind, ident, host: (avp(0, num(kind)), avp(7, host), avp(8, b"Lab Vendor"), avp(61,
        struct.pack(">I", ident)))
    ip(cap, 0, 115, b"\0\0\0\0" + l2tp_message(0, 0, 0, 0, *three(1, 0x1111, b"pe-1"), version=3))
    ip(cap, 1, 115, b"\0\0\0\0" + l2tp_message(0x1111, 0, 0, 1, *three(2, 0x2222, b"pe-2"), version=3))
    ip(cap, 0, 115, struct.pack(">I", 77) + b"frame" * 9)
    cap.write("l2tp", "handmade")


def pptp():
    def message(kind, body, length=None):
        return struct.pack(">HHIHH", 12 + len(body) if length is None else length, 1, 0x1a2b3c4d, kind, 0) + body

    def start(kind, result, host, vendor, fw):
        return message(kind, struct.pack(">HBBIIHH64s64s", 0x100, result, 0, 3, 3, 100, fw, host, vendor))
    cap = Capture()
    t = Conversation(cap, 40001, 1723)
    t.pieces(0, start(1, 0, b"engineer-pc", b"Lab Vendor", 3790), 50)
    t.s(start(2, 1, b"vpn-gw", b"MoretonBay", 1))
    t.c(message(7, struct.pack(">HHIIIIHHHH64s64s", 5, 1, 300, 10000, 3, 3, 64, 0, 0, 0, SECRET, SECRET)))
    t.s(message(8, struct.pack(">HHBBHIHHI", 6, 5, 1, 0, 0, 10000, 64, 0, 0)))
    t.c(message(15, struct.pack(">HHII", 6, 0, 0xffffffff, 0xffffffff)) + message(5, b"\0\0\0\1"))
    t.s(message(6, b"\0\0\0\1\1\0\0\0"))

    def gre(side, call, seq, payload):
        b = struct.pack(">HHHHI", 0x3001, 0x880b, len(payload), call, seq) + payload
        s, d = ("192.0.2.10", "192.0.2.20") if side == 0 else ("192.0.2.20", "192.0.2.10")
        cap.add(eth(ipv4(47, b, s, d)))
    gre(1, 5, 1, b"\xff\x03" + chap(1, 7, b"c" * 16, b"vpn-gw"))
    v2 = b"p" * 16 + b"\0" * 8 + b"r" * 24 + b"\0"
    gre(0, 6, 1, b"\xff\x03" + chap(2, 7, v2, SECRET))
    gre(1, 5, 2, chap(3, 7, name=b"S=" + SECRET))
    gre(0, 6, 2, chap(2, 8, b"l" * 24 + b"n" * 24 + b"\1", SECRET))
    gre(1, 5, 3, chap(4, 8, name=b"E=691 " + SECRET))
    gre(0, 6, 3, b"\0\xfdencrypted")
    t.c(message(12, struct.pack(">HH", 5, 0)))
    t.s(message(13, struct.pack(">HBBHH128s", 6, 4, 0, 0, 0, SECRET)))
    t.c(message(3, b"\1\0\0\0"))
    t.s(message(4, b"\1\0\0\0"))
    t.close()
    t = Conversation(cap, 40002, 1723)
    t.c(start(1, 0, b"old", b"", 0))
    t.s(start(2, 4, b"", b"", 0))
    t.c(message(7, struct.pack(">HH", 9, 1) + b"\0" * 152))
    t.s(message(8, struct.pack(">HHBBHIHHI", 0, 9, 7, 0, 0, 0, 0, 0, 0)))
    t.c(message(1, b"\1\0"))
    t.c(message(7, struct.pack(">HH", 10, 1) + b"\0" * 152))
    t.close()
    t = Conversation(cap, 40003, 1723, syn=False)
    t.s(message(8, struct.pack(">HHBBHIHHI", 6, 5, 1, 0, 0, 10000, 64, 0, 0)))
    cap.write("pptp", "handmade")


def ppp():
    cap = Capture()

    def pppoe(side, b, cut=None):
        m = ("02:00:00:00:00:01", "02:00:00:00:00:02")
        f = eth(struct.pack(">BBHH", 0x11, 0, 9, len(b)) + b, 0x8864, m[side], m[1 - side])
        cap.add(f[:cut] if cut else f, len(f))
    pppoe(0, b"\xc0\x21\1\1\0\4")
    pppoe(0, pap(1, 1, SECRET + b"-user", SECRET))
    pppoe(0, pap(1, 1, SECRET + b"-user", SECRET))
    pppoe(1, pap(3, 1, SECRET))
    pppoe(1, chap(1, 2, b"c" * 16, b"bras"))
    pppoe(0, chap(2, 2, b"r" * 16, SECRET))
    pppoe(1, chap(3, 2, name=b"hello " + SECRET))
    pppoe(0, b"\xc2\x27" + struct.pack(">BBHB", 2, 3, 5 + len(SECRET), 1) + SECRET)
    pppoe(0, b"\xc2\x27" + struct.pack(">BBHB", 2, 4, 21, 4) + b"m" * 16)
    pppoe(1, b"\xc2\x27" + struct.pack(">BBH", 3, 4, 4))
    pppoe(0, pap(1, 5, SECRET, SECRET))
    pppoe(0, b"\xc0\x23\1\6\0\2")
    pppoe(0, b"\xc0\x23\1\6\0\x90x")
    pppoe(0, b"\xc2\x23\2\7\0\6\x40x")
    pppoe(0, pap(1, 8, SECRET + b"-user", SECRET), cut=26)
    cap.write("ppp", "pppoe")


def ipsec():
    cap = Capture()
    for n in range(3):
        ip(cap, 0, 50, struct.pack(">II", 0xc0ffee00, n + 1) + b"e" * 64)
        ip(cap, 1, 50, struct.pack(">II", 0xbadcab1e, n + 1) + b"e" * 64)
    ip(cap, 0, 50, struct.pack(">II", 0xc0ffee01, 1) + b"e" * 64)
    ip(cap, 0, 50, b"\0\1\2")
    ip(cap, 0, 50, struct.pack(">II", 0xc0ffee02, 1) + b"e" * 64, cut=40)
    cap.write("esp", "handmade")
    cap = Capture()
    for n in range(2):
        ip(cap, 0, 51, struct.pack(">BBHII", 6, 4, 0, 0x1000, n + 1) + b"h" * 12 + b"inner")
        ip(cap, 1, 51, struct.pack(">BBHII", 6, 4, 0, 0x2000, n + 1) + b"h" * 12 + b"inner")
    ip(cap, 1, 51, struct.pack(">BBHII", 50, 4, 0, 0x2001, 1) + b"h" * 12 + b"inner")
    ip(cap, 1, 51, b"\6\4\0\0")
    cap.write("ah", "handmade")


def teredo():
    cap = Capture()
    inner = ipv6(58, b"\x80\0\0\0\0\1\0\1")
    send(cap, 0, inner, 3544)
    send(cap, 0, b"\0\1\0\0" + b"n" * 8 + b"\0" + inner, 3544)
    send(cap, 1, b"\0\0" + b"\xff" * 6 + inner, 3544)
    send(cap, 1, inner[:-1], 3544)
    send(cap, 0, b"\0\1\xff\xff", 3544)
    cap.write("net", "teredo")


ALL = [dtls, l2tp, pptp, ppp, ipsec, teredo, quic, quic_pieces, stun, ike, wireguard, openvpn]
if __name__ == "__main__":
    for f in ALL:
        if len(sys.argv) < 2 or f.__name__ in sys.argv[1:]:
            f()
