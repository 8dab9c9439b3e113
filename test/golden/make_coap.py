#!/usr/bin/env python3
"""Builds test/golden/coap/*.pcap from RFC 7252, 7641, 7959, 8132 and 6690:
methods, separate answers, observation, blocks, LwM2M, and what is malformed."""
import os
import struct

from frames import Capture, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "coap")
CON, NON, ACK, RST = range(4)


def num(v):
    n = (v.bit_length() + 7) // 8
    return v.to_bytes(n, "big")


def nibble(v):
    return (v, b"") if v < 13 else (13, bytes([v - 13])) if v < 269 else (14, struct.pack(">H", v - 269))


def coap(kind, code, mid, token=b"", options=(), payload=None):
    cls, detail = str(code).split(".") if isinstance(code, str) else (0, code)
    b = bytes([0x40 | kind << 4 | len(token), int(cls) << 5 | int(detail)]) + struct.pack(">H", mid) + token
    last = 0
    for n, v in sorted(options, key=lambda o: o[0]):
        v = num(v) if isinstance(v, int) else v
        (d, dx), (s, sx) = nibble(n - last), nibble(len(v))
        b += bytes([d << 4 | s]) + dx + sx + v
        last = n
    return b if payload is None else b + b"\xff" + payload


def path(p):
    return [(11, x.encode()) for x in p.strip("/").split("/")]


class Net:
    def __init__(self, name, port=5683, cport=40000):
        self.cap, self.name, self.port, self.cport = Capture(), name, port, cport

    def c(self, b):
        self.cap.add(eth(ipv4(17, udp(self.cport, self.port, b), "192.0.2.10", "192.0.2.20")))

    def s(self, b):
        self.cap.add(eth(ipv4(17, udp(self.port, self.cport, b), "192.0.2.20", "192.0.2.10"),
                         src="02:00:00:00:00:02", dst="02:00:00:00:00:01"))

    def save(self):
        os.makedirs(OUT, exist_ok=True)
        self.cap.save(os.path.join(OUT, self.name + ".pcap"))


def exchanges():
    n = Net("exchanges")
    mid = 100
    for method, code, p, extra, payload, answer, apayload in (
            (1, "2.05", "/sensors/temp", [], None, [(12, 0), (14, 60)], b"22.3 C"),
            (1, "2.05", "/.well-known/core", [], None, [(12, 40)],
             b"</sensors/temp>;rt=\"temperature\";if=\"sensor\",</fan>;ct=0,</.well-known/core>"),
            (3, "2.04", "/fan", [(12, 50)], b"{\"on\":true}", [], None),
            (2, "2.01", "/log", [(3, b"gw.lab.example"), (7, 5683)], b"x" * 300, [(8, b"log"), (8, b"7")], None),
            (2, "2.04", "/3/0/4", [], None, [], None),
            (4, "2.02", "/log/7", [], None, [], None),
            (5, "2.05", "/query", [(12, 60), (17, 60)], b"\xa0", [(12, 60)], b"\xa1\x01\x02"),
            (6, "4.15", "/fan", [(12, 51)], b"[]", [], b"use json"),
            (7, "4.22", "/fan", [(12, 65535)], b"[]", [], None),
            (1, "4.04", "/nothing", [(15, b"unit=C"), (15, b"token=s3cret"), (15, b"apikey=12")], None, [], None),
            (1, "4.01", "/config", [], None, [], None),
            (1, "5.03", "/busy", [], None, [(14, 30)], None),
            (1, "4.30", "/teapot", [], None, [], None),
            (1, "2.03", "/cached", [(4, b"\x01\x02")], None, [(4, b"\x01\x02")], None),
            (1, "5.05", "/far", [(35, b"coap://192.0.2.99/far")], None, [], None),
            (2, "2.04", "", [(9, b"\x09\x14\x01")], b"\x33" * 13, [(9, b"")], b"\x44" * 10),
            (31, "5.01", "/odd", [], None, [], None)):
        token = struct.pack(">H", mid)
        n.c(coap(CON, method, mid, token, (path(p) if p else []) + extra, payload))
        n.s(coap(ACK, code, mid, token, answer, apayload))
        mid += 1
    # a separate answer; the same message twice; none at all; refused by a reset
    n.c(coap(CON, 1, 200, b"\x01", path("/slow")))
    n.s(coap(ACK, 0, 200))
    n.s(coap(CON, "2.05", 900, b"\x01", [], b"at last"))
    n.s(coap(CON, "2.05", 900, b"\x01", [], b"at last"))
    n.c(coap(ACK, 0, 900))
    n.c(coap(CON, 3, 201, b"\x02", path("/fan"), b"1"))
    n.c(coap(CON, 3, 201, b"\x02", path("/fan"), b"1"))
    n.s(coap(ACK, "2.04", 201, b"\x02"))
    n.c(coap(NON, 1, 202, b"\x03", path("/lost")))
    n.c(coap(CON, 1, 203, b"\x04", path("/refused")))
    n.s(coap(RST, 0, 203))
    n.c(coap(CON, 0, 204))
    n.s(coap(RST, 0, 204))
    # the device asks, too
    n.s(coap(CON, 2, 901, b"\x77", path("/rd") + [(15, b"ep=pump-4"), (15, b"lt=600"), (15, b"lwm2m=1.1")],
             b"</3/0>,</5/0>"))
    n.c(coap(ACK, "2.01", 901, b"\x77", [(8, b"rd"), (8, b"5")]))
    n.save()


def observe():
    n = Net("observe")
    n.c(coap(CON, 1, 1, b"\xaa", path("/sensors/temp") + [(6, 0)]))
    n.s(coap(ACK, "2.05", 1, b"\xaa", [(6, 12), (14, 60)], b"22.3"))
    n.c(coap(CON, 1, 2, b"\xbb", path("/door") + [(6, 0)]))
    n.s(coap(ACK, "2.05", 2, b"\xbb", [(6, 1)], b"shut"))
    for i in range(3):
        n.s(coap(NON, "2.05", 500 + i, b"\xaa", [(6, 13 + i)], b"22.4"))
    n.s(coap(CON, "2.05", 510, b"\xbb", [(6, 2)], b"open"))
    n.c(coap(RST, 0, 510))
    n.c(coap(CON, 1, 3, b"\xaa", path("/sensors/temp") + [(6, 1)]))
    n.s(coap(ACK, "2.05", 3, b"\xaa", [], b"22.4"))
    n.s(coap(NON, "2.05", 520, b"\xcc", [(6, 7)], b"unknown"))
    n.s(coap(CON, "4.04", 521, b"\xbb"))
    n.save()


def blocks():
    n = Net("blocks", port=56830)
    for i in range(3):
        n.c(coap(CON, 3, 10 + i, b"\x05", path("/5/0/0") + [(27, i << 4 | (8 if i < 2 else 0) | 6)], b"f" * 1024))
        n.s(coap(ACK, "2.31" if i < 2 else "2.04", 10 + i, b"\x05", [(27, i << 4 | (8 if i < 2 else 0) | 6)]))
    for i in range(2):
        n.c(coap(CON, 1, 20 + i, b"\x06", path("/.well-known/core") + ([(23, i << 4 | 2)] if i else [])))
        n.s(coap(ACK, "2.05", 20 + i, b"\x06", [(12, 40), (23, i << 4 | (0 if i else 8) | 2)],
                 b"</a>;ct=0,</b>,</" if i == 0 else b"c>"))
    # LwM2M's device object: as TLV, then by resource
    tlv = (b"\xc8\x00\x0eSample Works AB" b"\xc3\x01P-9" b"\xc8\x02\x0b00421-77-01" b"\xc3\x032.1" b"\x86\x06\x41\x00\x01"
           b"\x41\x01\x05" b"\xc1\x09\x5f" b"\xe3\x00\x12rev")
    tlv = tlv.replace(b"\xc8\x00\x0e", b"\xc8\x00\x0f")
    n.c(coap(CON, 1, 30, b"\x07", path("/3/0") + [(17, 11542)]))
    n.s(coap(ACK, "2.05", 30, b"\x07", [(12, 11542)], tlv))
    for i, (r, v) in enumerate(((0, b"Sample Works AB"), (1, b"P-9"), (2, b"00421"), (3, b"2.2"), (9, b"95"))):
        n.c(coap(CON, 1, 40 + i, b"\x08", path("/3/0/%d" % r)))
        n.s(coap(ACK, "2.05", 40 + i, b"\x08", [(12, 0)], v))
    n.save()


def midstream():
    n = Net("midstream")
    n.s(coap(ACK, "2.05", 7, b"\x01", [(12, 0)], b"1"))
    n.c(coap(CON, 1, 8, b"\x02", path("/next")))
    n.s(coap(ACK, "2.05", 8, b"\x02", [(12, 0)], b"2"))
    n.save()


def malformed():
    n = Net("malformed")
    n.c(coap(CON, 1, 1, b"\x01", path("/ok")))
    for b in (b"\x40", b"\x80\x01\x00\x02", b"\x49\x01\x00\x03" + b"t" * 9, b"\x40\x21\x00\x04", b"\x40\xc1\x00\x05",
              b"\x41\x00\x00\x06\x01", b"\x44\x01\x00\x07\x01", b"\x40\x01\x00\x08\xff", b"\x40\x01\x00\x09\xf1\x00",
              b"\x40\x01\x00\x0a\xbf", b"\x40\x01\x00\x0b\xb5ab", b"\x40\x01\x00\x0c\xbd", b"\x40\x01\x00\x0d\xbe\x01"):
        n.c(b)
    n.s(coap(ACK, "2.05", 1, b"\x01"))
    n.save()


exchanges()
observe()
blocks()
midstream()
malformed()
