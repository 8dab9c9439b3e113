#!/usr/bin/env python3
"""Builds test/golden/gesrtp/*.pcap: opening, every service with its answer, memory in
words, bytes and bits, refusals, and what is malformed."""
import os
import struct

from frames import ACK, PSH, Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gesrtp")


def message(type_, seq, kind, tail, text=b"", length=None, slot=1):
    head = struct.pack("<BBHH", type_, 0, seq, len(text) if length is None else length)
    m = head.ljust(30, b"\0") + bytes([seq & 255, kind]) + bytes(4) + bytes([slot << 4, 0x0e, 0, 0, 1, 1]) + tail
    return m.ljust(56, b"\0") + text


def ask(seq, service, seg=0, addr=0, size=0, data=b"", type_=2, slot=1):
    return message(type_, seq, 0xc0, struct.pack("<BBHH", service, seg, addr, size) + data, slot=slot)


def ask_text(seq, service, seg, addr, size, text):
    return message(2, seq, 0x80, bytes(8) + struct.pack("<BBHH", service, seg, addr, size), text)


def answer(seq, data=b"", text=None):
    tail = b"\0\0" + data.ljust(6, b"\0") + struct.pack("<BBHH", 0, 2, 50, 0x1180)
    return message(3, seq, 0xd4 if text is None else 0x94, tail, text or b"")


def refuse(seq, major, minor):
    return message(3, seq, 0xd1, bytes([major, minor]))


def w(*v):
    return struct.pack("<%dH" % len(v), *v)


PAIRS = [
    (ask(1, 0x4f, 1, type_=8), answer(1)),
    (ask(2, 0x43), answer(2, text=bytes(32))),
    (ask(3, 0x03), answer(3, text=bytes(8) + b"MIXER\0\0\0")),
    (ask(4, 0x00), answer(4)),
    (ask(5, 0x04, 8, 99, 5), answer(5, text=w(1, 2, 3, 4, 65535))),
    (ask(6, 0x04, 8, 0, 2), answer(6, w(7, 8))),
    (ask(7, 0x04, 10, 9, 1, slot=2), answer(7, w(9))),
    (ask(8, 0x04, 16, 2, 3), answer(8, b"\x01\x80\xff")),
    (ask(9, 0x04, 70, 10, 6), answer(9, b"\xa4\x01")),
    (ask(10, 0x04, 0x99, 10, 6), refuse(10, 5, 0xf4)),
    (ask(11, 0x07, 8, 9, 4, w(1, 2, 3, 4)), answer(11)),
    (ask(12, 0x07, 72, 4, 1, b"\x10"), answer(12)),
    (ask_text(13, 0x07, 8, 49, 400, w(*range(400))), answer(13)),
    (ask_text(14, 0x07, 8, 49, 5, w(*range(5))), refuse(14, 1, 2)),
    (ask(15, 0x05, 4, 29, 5, b"PRGNAME\0"), answer(15, text=w(1, 2, 3, 4, 5))),
    (ask_text(16, 0x06, 0, 19, 10, b"BLOCK001"), answer(16, text=bytes(20))),
    (ask_text(17, 0x09, 0, 19, 10, b"BLOCK001" + bytes(20)), answer(17)),
    (ask(18, 0x20, 0x11), answer(18)),
    (ask(19, 0x21, 2, data=b"SECRET"), refuse(19, 2, 0)),
    (ask(20, 0x23, 1), answer(20)),
    (ask(21, 0x24, 1, 0x3000, 0x0912, b"\x01\x98\x05"), answer(21)),
    (ask(22, 0x25), answer(22, b"\x00\x30\x12\x09\x01\x98")),
    (ask(23, 0x38, 1), answer(23, text=bytes(42))),
    (ask(24, 0x39, 1), answer(24)), (ask(25, 0x40), answer(25)), (ask(26, 0x44, 72), answer(26)),
    (ask(27, 0x77), refuse(27, 3, 1)), (ask(28, 0x00), None),
]


def main():
    os.makedirs(OUT, exist_ok=True)
    cap = Capture()
    t = Talk(cap, sport=18245)
    t.c(bytes(56))
    t.s(b"\1" + bytes(7) + b"\x0f" + bytes(47))
    for q, a in PAIRS:
        t.c(q)
        if a:
            t.s(a[:56])
            if a[56:]:
                t.s(a[56:])
    t.close()
    u = Talk(cap, cport=40001, sport=9999, open_=False)
    u.raw(1, PSH | ACK, answer(3, w(4)))
    u.sseq += 56
    u.c(ask(4, 0x04, 8, 0, 1))
    u.s(answer(4, w(4)))
    u.close()
    cap.save(os.path.join(OUT, "services.pcap"))
    cap = Capture()
    t = Talk(cap, sport=18245)
    t.c(ask(1, 0x04, 8, 0, 1))
    t.s(b"\3" + bytes(30) + b"\x55" + bytes(24))
    t.s(answer(1, w(4)))
    t.c(message(2, 2, 0xc0, b"\4\x08", length=60000))
    t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


main()
