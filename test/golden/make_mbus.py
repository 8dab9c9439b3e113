#!/usr/bin/env python3
"""Builds test/golden/mbus/*.pcap from EN 13757-2 and EN 13757-3: meters read by
primary and secondary address, settings, fixed and encrypted telegrams, and what
is malformed."""
import os
import struct

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mbus")
ACK = b"\xe5"


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def short(c, a, spoil=0):
    return bytes([0x10, c, a, (c + a + spoil) & 255, 0x16])


def frame(c, a, ci, data=b"", spoil=0, stop=0x16):
    body = bytes([c, a, ci]) + data
    return bytes([0x68, len(body), len(body), 0x68]) + body + bytes([(sum(body) + spoil) & 255, stop])


def maker(s):
    return struct.pack("<H", (ord(s[0]) - 64) << 10 | (ord(s[1]) - 64) << 5 | (ord(s[2]) - 64))


def header(ident="12345678", m="SMP", version=7, medium=4, access=1, status=0, config=0):
    return bytes.fromhex(ident)[::-1] + maker(m) + bytes([version, medium, access, status]) + struct.pack("<H", config)


def date(y, m, d):
    y -= 2000
    return bytes([d | (y & 7) << 5, m | (y >> 3) << 4])


HEAT = (h("0c 06 78 56 34 12") +                        # energy, 8 digits of kWh
        h("0c 14 99 99 01 00") +                        # volume, 0.01 m3
        h("0b 3b 45 23 01") + h("0b 2d 12 00 f0") +     # flow, power (negative)
        h("0a 5a 23 07") + h("0a 5e 51 04") + h("0b 61 72 02 00") +
        h("02 6c") + date(2025, 11, 24) + h("04 6d 1e 0f") + date(2025, 11, 24) +
        h("4c 06 00 00 30 12") + h("42 6c") + date(2024, 12, 31) +
        h("1a 5a 99 09") + h("2a 5e 01 00") + h("84 10 06 10 27 00 00") + h("c4 40 06 01 00 00 00") +
        h("02 fd 17 00 00") + h("01 fd 0c 0b") + h("0d fd 0e 05") + b"4.2.1"[::-1] + h("04 22 10 27 00 00") +
        h("2f 2f"))
WATER = (h("05 13 00 00 c8 42") + h("04 7c 05") + b"liter"[::-1] + h("2a 00 00 00") + h("0d 78 06") + b"SN0042"[::-1] +
         h("0d fd 16 04") + b"1234" + h("0d fd 11 05") + b"amlaH" + h("07 93 3a 01 00 00 00 00 00 00 00") +
         h("06 fd 3a ff ff ff ff ff 7f") + h("0d ff 01 c4 78 56 34 12") + h("0d ff 02 d2 34 12") +
         h("0d ff 03 e2 01 02") + h("08 13") + h("00 7a") + h("01 fb 1a 2d") + h("02 fd 48 fc 08") +
         h("02 fd 59 e8 03") + h("03 13 ff ff ff") + h("1f 00 01 02 03"))


def meters():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=10001)
    t.c(short(0x40, 5))
    t.s(ACK)
    t.c(short(0x5b, 5))
    a = frame(0x08, 5, 0x72, header() + HEAT)
    t.s(a[:20])
    t.s(a[20:])
    t.c(short(0x7b, 5))
    t.s(frame(0x08, 5, 0x72, header(access=2, status=0x16) + HEAT))
    t.c(short(0x40, 253))
    t.s(ACK)
    t.c(frame(0x53, 253, 0x52, h("ffff2143 ffff ff ff")))
    t.s(ACK)
    t.c(short(0x5b, 253))
    t.s(frame(0x08, 253, 0x72, header("43210987", "WTR", 1, 7) + WATER))
    t.c(short(0x5b, 9))
    t.s(frame(0x08, 9, 0x73, h("78563412 0a 00 e97e 01000000 35010000")))
    t.c(short(0x5b, 10))
    t.s(frame(0x08, 10, 0x73, h("78563412 0b 80 e97e 01000000 35010000")))
    t.c(short(0x5b, 11))
    t.s(frame(0x08, 11, 0x72, header("00000011", medium=6, config=0x0510) + b"\x5a" * 32))
    t.c(short(0x5b, 12))
    t.s(frame(0x08, 12, 0x7a, h("01 00 0000") + h("0c 13 01 00 00 00")))
    t.c(short(0x5b, 13))
    t.s(frame(0x08, 13, 0x70, h("08")))
    t.c(short(0x5a, 5))
    t.s(frame(0x08, 5, 0x71, h("04")))
    # settings
    t.c(frame(0x53, 5, 0x51, h("01 7a 08")))
    t.s(ACK)
    t.c(frame(0x73, 8, 0x51, h("04 6d 1e 0f") + date(2025, 11, 24)))
    t.s(ACK)
    t.c(frame(0x53, 8, 0x50, h("00")))
    t.s(ACK)
    t.c(frame(0x53, 8, 0xbb))
    t.s(ACK)
    t.c(frame(0x53, 8, 0xa0, h("0102")))
    t.s(ACK)
    t.c(frame(0x53, 255, 0x54))
    t.c(short(0x40, 255))
    t.c(short(0x5b, 77))                                # nobody there
    t.c(short(0x5b, 5))
    t.close()
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "meters.pcap"))


def midstream():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=40001, sport=4001, open_=False)
    t.s(frame(0x08, 5, 0x72, header() + HEAT))
    t.c(short(0x7b, 6))
    t.s(frame(0x08, 6, 0x72, header("00000006") + HEAT))
    # FT 1.2 frames that are not a meter's are left alone
    t = Talk(cap, "192.0.2.10", "192.0.2.21", cport=40002, sport=2404)
    t.c(short(0x49, 5))
    t.s(short(0x0b, 5))
    t.close()
    cap.save(os.path.join(OUT, "midstream.pcap"))


def malformed():
    cap = Capture()
    for i, bad in enumerate((frame(0x08, 5, 0x72, header() + HEAT, spoil=1), frame(0x08, 5, 0x72, header() + HEAT, stop=0x17),
                             frame(0x08, 5, 0x72, header()[:5]), frame(0x08, 5, 0x72, header() + h("0c 06 01")),
                             frame(0x08, 5, 0x72, header() + h("80 80 80 80 80 80 80 80 80 80 80 80 06 01")),
                             frame(0x08, 5, 0x72, header() + h("04 86 ff ff ff ff ff ff ff ff ff ff ff 01")),
                             frame(0x08, 5, 0x72, header() + h("0d fd 0c 40 41")), frame(0x0b, 5, 0x72, header()),
                             h("68 10 11 68 08"), h("68 02 02 68 08 05 0d 16"), b"what?")):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=41000 + i, sport=10001)
        t.c(short(0x40, 5))
        t.s(ACK)
        t.c(short(0x5b, 5))
        t.s(bad)
        t.c(short(0x7b, 5))
        t.s(frame(0x08, 5, 0x72, header(access=2) + h("0c 06 78 56 34 12")))
        t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


meters()
midstream()
malformed()
