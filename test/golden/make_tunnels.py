#!/usr/bin/env python3
"""Makes hand-built captures of tunnels, from the specifications: what the recordings
beside them do not hold. Run alone for all, or with names."""
import struct
import sys

from frames import eth, ipv4, udp
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
    aggressive = [(1, sa1((1, 5), (2, 2), (3, 65001), (4, 5))), (4, b"k" * 16), (10, b"n" * 16), (5, b"\2\0\0\0" + SECRET)]
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
    for raw in (b"\0\0\0\0" + b"\0" * 20, b"\0\0\xff\xff" + b"\0" * 20, b"\0\0\0\x14" + struct.pack(">II", 1, 1) + b"\0\0\0\1" + b"\0" * 8,
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
        guarded = lambda op, sid, ack=b"": s(op) + sid + b"h" * n + struct.pack(">II", 1, 1764000000) + plain(op, sid, ack)[9:]
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


ALL = [quic, stun, ike, wireguard, openvpn]
if __name__ == "__main__":
    for f in ALL:
        if len(sys.argv) < 2 or f.__name__ in sys.argv[1:]:
            f()
