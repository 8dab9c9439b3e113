#!/usr/bin/env python3
"""Makes test/golden/c1222/*.pcap: every service with its answer, several in one message,
clear, authenticated and ciphered, UDP and TCP, what is malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

OID = bytes.fromhex("2b060104018285638e7f")


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def tlv(tag, body):
    n = len(body)
    return bytes([tag]) + (bytes([n]) if n < 128 else b"\x81" + bytes([n]) if n < 256 else b"\x82" + struct.pack(">H", n)) + body


def num(tag, n):
    return tlv(tag, tlv(2, struct.pack(">I", n)))


def message(*services, inv=1, answer=None, flags=0x80, auth=b"", relative=False, raw=None, extra=b""):
    meter, head = tlv(0x80, b"\x58\x01") if relative else tlv(6, OID + b"\x58\x01"), tlv(6, OID + b"\x02")
    body = bytes([flags]) + extra + (raw if raw is not None else b"".join(
        (bytes([len(s)]) if len(s) < 128 else b"\x81" + bytes([len(s)])) + s for s in services))
    called, calling = (meter, head) if answer is None else (head, meter)
    b = tlv(0xa2, called) + (num(0xa4, answer) if answer is not None else b"") + tlv(0xa6, calling) + num(0xa8, inv)
    return tlv(0x60, b + auth + tlv(0xbe, tlv(0x28, tlv(0x81, body))))


KEY = tlv(0xac, tlv(0xa2, tlv(0xa0, tlv(0xa1, h("80 01 03 81 04 01020304")))))
TABLE1 = b"SAMP" + b"MODEL-7 " + bytes([2, 1, 5, 9]) + b"SN00000000012345"
PAIRS = [
    (b"\x20", h("00 03 01 00 00")), (b"\x50" + h("0002") + b"OPERATOR1 ", b"\0"),
    (b"\x51" + b"SECRETPASSWORD123456", b"\0"), (h("30 0001"), h("00 0020") + TABLE1 + b"\x55"),
    (h("30 0017"), h("00 0004 01020304 f6")), (h("30 002a"), h("00 0004 53454352 f6")), (h("30 0805"), b"\x03"),
    (h("3f 0017 000010 0004"), h("00 0004 0a0b0c0d f6")), (h("3e"), h("00 0002 0102 f6")),
    (h("31 0017 0001"), h("00 0001 05 f6")), (h("40 0036 0003 010203 f6"), b"\0"),
    (h("40 002a 0004 50415353 f6"), b"\0"), (h("4f 0036 000002 0002 0102 f6"), b"\x05"),
    (h("40 0007 0003 09 00 01 f6"), b"\0"), (h("40 0007 0003 0001 02 f6"), b"\0"),
    (h("40 0007 0003 0508 02 f6"), b"\x63"), (h("41 0036 0001 0001 05 f6"), b"\0"), (h("53 0102030405060708"), b"\0"),
    (h("60 0040"), b"\x02"), (h("70 1e"), b"\0"), (h("71 00"), b"\0"), (h("52"), b"\0"), (h("21"), b"\0"), (h("22"), b"\0"),
    (h("24"), b"\0"), (h("25"), b"\x0c"), (h("26"), b"\0"), (h("27"), b"\0"), (h("99"), b"\x02"),
]


def services():
    cap = Capture()
    t = Conversation(cap, 40000, 1153)
    for i, (q, a) in enumerate(PAIRS):
        t.c(message(q, inv=i + 1))
        t.s(message(a, inv=900 + i, answer=i + 1))
    t.c(message(PAIRS[1][0], PAIRS[3][0], PAIRS[13][0], inv=100))
    t.s(message(b"\0", PAIRS[3][1], b"\0", answer=100))
    t.c(message(h("30 0017"), inv=101, flags=0x84, auth=KEY, raw=h("03 30 0017 aabbccdd")))
    t.s(message(answer=101, flags=0x84, auth=KEY, raw=h("08 00 0004 01020304 f6 aabbccdd")))
    t.c(message(inv=102, flags=0x88, auth=KEY, raw=b"\xaa" * 20))
    t.s(message(answer=102, flags=0x88, auth=KEY, raw=b"\xbb" * 40))
    t.c(message(h("30 0017"), inv=103, flags=0x90, extra=b"SAMP", relative=True))
    t.pieces(1, message(h("00 0090") + b"x" * 144 + b"\1", answer=103), 60)
    t.s(message(b"\0", answer=777))
    t.c(message(h("40 0036 0003 010203 f6"), inv=104))
    t.close()
    cap.write("c1222", "services")


def datagrams():
    cap = Capture()

    def send(side, b, port=1153):
        (s, sp), (d, dp) = (("10.0.0.1", 40000), ("10.0.0.2", port)) if side == 0 else (("10.0.0.2", port), ("10.0.0.1", 40000))
        cap.add(eth(ipv4(17, udp(sp, dp, b), s, d)))
    send(0, message(h("30 0001")))
    send(1, message(h("00 0020") + TABLE1 + b"\x55", answer=1))
    send(1, message(h("00 0020") + TABLE1 + b"\x55", answer=5), 11153)
    send(0, message(h("30 0001"), inv=6), 11153)
    send(0, message(h("30 0001"), inv=7) + b"\0")
    cap.write("c1222", "udp")


def malformed():
    cap = Capture()
    t = Conversation(cap, 40001, 1153)
    t.c(message(b"\x20"))
    for i, (q, a) in enumerate(PAIRS[3:17]):
        t.c(message(q[:2], inv=200 + i))
        t.s(message(a[:2], answer=200 + i))
    t.c(message(inv=300))
    t.c(message(inv=301, raw=h("7f 30")))
    t.c(message(inv=302, raw=h("85 30")))
    t.c(tlv(0x60, tlv(0xa2, tlv(6, OID))))
    t.c(tlv(0x60, h("a2 7f 06")))
    t.c(tlv(0x60, h("77 01 06")))
    t.c(b"GET / HTTP/1.0\r\n\r\n")
    cap.write("c1222", "malformed")


services()
datagrams()
malformed()
