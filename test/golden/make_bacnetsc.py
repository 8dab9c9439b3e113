#!/usr/bin/env python3
"""Builds test/golden/bacnetsc/*.pcap from Annex AB of ANSI/ASHRAE 135 and RFC
6455: nodes that connect to a hub or to each other without TLS."""
import os
import struct

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bacnetsc")
RESULT, NPDU, RESOLVE, RESOLVE_ACK, ADVERTISE, SOLICIT, CONNECT, ACCEPT, DISCONNECT, DISCONNECT_ACK, BEAT, BEAT_ACK, OWN = range(13)
UUID = bytes(range(16))
A, B, HUB = bytes.fromhex("020000000a01"), bytes.fromhex("020000000a02"), bytes.fromhex("020000000aff")


def get(protocol, name=b"Sec-WebSocket-Protocol"):
    return (b"GET /hub HTTP/1.1\r\nHost: hub.lab.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + name + b": " + protocol + b"\r\nSec-WebSocket-Version: 13\r\n\r\n")


def switch(code=b"101 Switching Protocols"):
    return b"HTTP/1.1 " + code + b"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


def ws(data, mask=b"", op=0x82, size=None):
    n = len(data) if size is None else size
    head = bytes([op, (0x80 if mask else 0) | (n if n < 126 else 126 if n < 65536 else 127)])
    head += b"" if n < 126 else struct.pack(">H", n) if n < 65536 else struct.pack(">Q", n)
    return head + mask + (bytes(b ^ mask[i & 3] for i, b in enumerate(data)) if mask else data)


def sc(function, mid, payload=b"", src=None, dst=None, options=b"", data_options=b""):
    flags = (8 if src else 0) | (4 if dst else 0) | (2 if options else 0) | (1 if data_options else 0)
    return struct.pack(">BBH", function, flags, mid) + (src or b"") + (dst or b"") + options + data_options + payload


def peer(vmac, i=0):
    return vmac + bytes((b + i) & 255 for b in UUID) + struct.pack(">HH", 1497, 1476)


M = b"\x11\x22\x33\x44"
IAM = bytes.fromhex("0100 1000 c4 0200007b 2201e0 9103 220104".replace(" ", ""))


def session():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=47808)
    q = get(b"hub.bsc.bacnet.org")
    t.c(q[:60])
    t.c(q[60:])
    t.s(switch())
    t.c(ws(sc(CONNECT, 1, peer(A)), M))
    a = ws(sc(ACCEPT, 1, peer(HUB, 1)))
    t.s(a[:5])
    t.s(a[5:])
    t.c(ws(sc(NPDU, 2, IAM, dst=b"\xff" * 6), M))
    t.s(ws(sc(NPDU, 3, IAM, src=B)) + ws(sc(NPDU, 4, IAM, src=B, options=b"\xa1\0\2ab\1", data_options=b"\x41")))
    t.s(ws(sc(NPDU, 5, IAM + b"x" * 300, src=bytes.fromhex("020000000a03"))))
    t.c(ws(sc(RESOLVE, 6, dst=B), M))
    t.s(ws(sc(RESOLVE_ACK, 6, b"wss://192.0.2.30:4443/", src=B)))
    t.s(ws(sc(SOLICIT, 7, src=B)))
    t.c(ws(sc(ADVERTISE, 8, b"\1\1" + struct.pack(">HH", 1497, 1476), dst=B), M))
    t.c(ws(b"", M, op=0x89))
    t.s(ws(b"", op=0x8a))
    t.c(ws(sc(BEAT, 9), M))
    t.s(ws(sc(BEAT_ACK, 9)))
    t.s(ws(sc(RESULT, 6, bytes([RESOLVE, 1, 0]) + struct.pack(">HH", 7, 180), src=B)))
    t.s(ws(sc(RESULT, 8, bytes([ADVERTISE, 0]), src=B)))
    t.c(ws(sc(OWN, 10, b"\1\4own"), M))
    t.c(ws(sc(DISCONNECT, 11), M))
    t.s(ws(sc(DISCONNECT_ACK, 11)))
    t.c(ws(b"\x03\xe8", M, op=0x88))
    t.close()
    t = Talk(cap, "192.0.2.11", "192.0.2.30", cport=40001, sport=4443)
    t.c(get(b"dc.bsc.bacnet.org", b"sec-websocket-protocol"))
    t.s(switch())
    t.c(ws(sc(CONNECT, 1, peer(A)), M))
    t.s(ws(sc(RESULT, 1, bytes([CONNECT, 1, 0]) + struct.pack(">HH", 7, 179))))
    t.c(ws(sc(CONNECT, 2, peer(B)), M))
    t.close()
    # refused by the server; another subprotocol is none of ours
    t = Talk(cap, "192.0.2.12", "192.0.2.20", cport=40002, sport=47808)
    t.c(get(b"hub.bsc.bacnet.org"))
    t.s(switch(b"403 Forbidden"))
    t.close()
    t = Talk(cap, "192.0.2.13", "192.0.2.20", cport=40003, sport=47808)
    t.c(get(b"mqtt"))
    t.s(switch())
    t.close()
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "session.pcap"))


def malformed():
    cap = Capture()
    for i, b in enumerate((ws(sc(CONNECT, 1, peer(A)[:9]), M), ws(b"\1", M), ws(sc(0x20, 1), M), ws(sc(NPDU, 1, b"", src=b"\1\2\3")[:8], M),
                           b"\xf2\x00", ws(b"", M, size=1 << 40), ws(sc(NPDU, 1, b"", options=b"\xff\xff\xff"), M))):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=41000 + i, sport=47808)
        t.c(get(b"hub.bsc.bacnet.org"))
        t.s(switch())
        t.c(b)
        t.c(ws(sc(CONNECT, 5, peer(A)), M))
        t.s(ws(sc(ACCEPT, 5, peer(HUB))))
        t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


session()
malformed()
