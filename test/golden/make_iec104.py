#!/usr/bin/env python3
"""Builds test/golden/iec104/*.pcap from IEC 60870-5-101 and -104: every type
identification, commands with what becomes of them, parameters, files, the U
format, and what is malformed."""
import os
import struct

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "iec104")
PORT = 2404


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


def u(function):
    return bytes([0x68, 4, function, 0, 0, 0])


STARTDT, STARTDT_CON, STOPDT, STOPDT_CON, TESTFR, TESTFR_CON = map(u, (0x07, 0x0b, 0x13, 0x23, 0x43, 0x83))


class Link(Talk):
    """A connection whose I formats are numbered."""

    def __init__(self, cap, **k):
        super().__init__(cap, sport=k.pop("sport", PORT), **k)
        self.n = [0, 0]

    def apdu(self, side, asdu):
        tx, rx = self.n[side], self.n[1 - side]
        self.n[side] += 1
        return bytes([0x68, 4 + len(asdu)]) + struct.pack("<HH", tx << 1, rx << 1) + asdu

    def ask(self, *asdus):
        self.c(b"".join(self.apdu(0, a) for a in asdus))

    def say(self, *asdus):
        self.s(b"".join(self.apdu(1, a) for a in asdus))

    def ack(self, side):
        (self.c if side == 0 else self.s)(b"\x68\x04\x01\x00" + struct.pack("<H", self.n[1 - side] << 1))


def asdu(kind, cause, *objects, ca=300, sq=False, count=None, origin=0):
    n = (count if count is not None else len(objects)) | (0x80 if sq else 0)
    return struct.pack("<BBBBH", kind, n, cause, origin, ca) + b"".join(objects)


def obj(ioa, body=b""):
    return struct.pack("<I", ioa)[:3] + body


def f32(x):
    return struct.pack("<f", x)


CP24 = h("e803 1e")                             # 30:01.000
CP56 = h("e803 1e 10 f8 0b 19")                 # 2025-11-24T16:30:01.000
SUMMER = h("e803 9e 90 18 07 19")

# type: one element
MONITOR = {
    1: h("01"), 2: h("81") + CP24, 3: h("42"), 4: h("21") + CP24, 5: h("7f 00"), 6: h("c1 80") + CP24,
    7: h("0f00a05a 00"), 8: h("0f00a05a 00") + CP24, 9: h("0040 00"), 10: h("00c0 01") + CP24, 11: h("18fc 00"),
    12: h("6400 10") + CP24, 13: f32(21.5) + h("00"), 14: f32(-4.25) + h("20") + CP24, 15: h("40420f00 05"),
    16: h("ffffffff e5") + CP24, 17: h("0a f401") + CP24, 18: h("05 00 2003") + CP24, 19: h("03 08 6400") + CP24,
    20: h("0100 0300 00"), 21: h("ff7f"), 30: h("00") + CP56, 31: h("01") + SUMMER, 32: h("05 00") + CP56,
    33: h("01020304 00") + CP56, 34: h("0020 00") + CP56, 35: h("0500 00") + CP56, 36: f32(1e6) + h("00") + CP56,
    37: h("64000000 41") + CP56, 38: h("02 e803") + CP56, 39: h("3f 80 e803") + CP56, 40: h("0f 00 0100") + CP56,
}
COMMANDS = {
    45: h("81"), 46: h("06"), 47: h("09"), 48: h("0040 80"), 49: h("18fc 00"), 50: f32(48.5) + h("05"), 51: h("ff000000"),
    58: h("00") + CP56, 59: h("85") + CP56, 60: h("02") + CP56, 61: h("00e0 00") + CP56, 62: h("6400 00") + CP56,
    63: f32(-0.5) + h("00") + CP56, 64: h("01000000") + CP56,
}


def monitor():
    cap = Capture()
    t = Link(cap)
    t.c(STARTDT)
    t.s(STARTDT_CON)
    t.say(asdu(70, 4, obj(0, h("80"))))
    for i, (kind, body) in enumerate(sorted(MONITOR.items())):
        t.say(asdu(kind, 3, obj(100 + i, body)))
    t.ack(0)
    t.say(asdu(1, 1, obj(10), h("00 01 01 10"), count=4, sq=True), asdu(13, 2, *(obj(i * 7, f32(i) + b"\0") for i in range(12))),
          asdu(11, 3, obj(5, h("0100 00")), obj(9, h("0200 00"))))
    t.c(TESTFR)
    t.s(TESTFR_CON)
    t.s(TESTFR)
    t.c(TESTFR_CON)
    for kind in (81, 85, 95):
        t.say(asdu(kind, 14, obj(0, h("01020304"))))
    t.c(STOPDT)
    t.s(STOPDT_CON)
    t.close()
    cap.save(os.path.join(OUT, "monitor.pcap"))


def commands():
    cap = Capture()
    t = Link(cap)
    t.c(STARTDT)
    t.s(STARTDT_CON)
    for i, (kind, body) in enumerate(sorted(COMMANDS.items())):
        t.ask(asdu(kind, 6, obj(4000 + i, body), origin=3))
        t.say(asdu(kind, 7, obj(4000 + i, body), origin=3))
        t.say(asdu(kind, 10, obj(4000 + i, body), origin=3))
    single = lambda cause, ioa=1, b=1, ca=300: asdu(45, cause, obj(ioa, bytes([b])), ca=ca)
    # select, execute; broken off; refused; not known; tested; never confirmed
    t.ask(single(6, b=0x81))
    t.say(single(7, b=0x81))
    t.ask(single(6, b=0x05))
    t.say(single(7, b=0x05), asdu(1, 11, obj(1, h("01"))), single(10, b=0x05))
    t.ask(single(8, b=0x81))
    t.say(single(9, b=0x81))
    t.ask(single(6, 2))
    t.say(single(0x47, 2))
    for cause in (44, 45, 46, 47):
        t.ask(single(6, cause))
        t.say(single(0x40 | cause, cause))
    t.ask(single(0x86, 3))
    t.say(single(0x87, 3))
    t.ask(single(6, 4))
    # two at once; two in one ASDU; a confirmation and a termination alone
    t.ask(single(6, 5), single(6, 6))
    t.say(single(7, 6), single(7, 5))
    t.ask(asdu(50, 6, obj(7, f32(1) + b"\0"), obj(8, f32(2) + b"\0")))
    t.say(asdu(50, 7, obj(7, f32(1) + b"\0"), obj(8, f32(2) + b"\0")))
    t.say(single(7, 9), single(10, 9))
    t.close()
    cap.save(os.path.join(OUT, "commands.pcap"))


def system():
    cap = Capture()
    t = Link(cap)
    t.c(STARTDT)
    t.s(STARTDT_CON)

    def pair(a, b=None, *data, term=None):
        t.ask(a)
        t.say(b if b else a[:2] + bytes([a[2] + 1]) + a[3:], *data)
        if term:
            t.say(a[:2] + b"\x0a" + a[3:])

    pair(asdu(100, 6, obj(0, h("14"))), None, asdu(1, 20, obj(1, h("01"))), asdu(13, 20, obj(2, f32(3) + b"\0")), term=True)
    pair(asdu(100, 6, obj(0, h("15"))), None, asdu(1, 21, obj(1, h("01"))))
    pair(asdu(100, 6, obj(0, h("14")), ca=0xffff), asdu(100, 7, obj(0, h("14"))))
    pair(asdu(101, 6, obj(0, h("05"))), None, asdu(15, 37, obj(9, h("01000000 00"))), term=True)
    pair(asdu(101, 6, obj(0, h("45"))))
    pair(asdu(101, 6, obj(0, h("81"))))
    pair(asdu(101, 6, obj(0, h("c2"))))
    t.ask(asdu(102, 5, obj(77)))
    t.say(asdu(13, 5, obj(77, f32(7.5) + b"\0")))
    t.ask(asdu(102, 5, obj(78)))
    t.say(asdu(1, 5, obj(78, h("01"))))
    t.ask(asdu(102, 5, obj(79)))
    t.say(asdu(102, 0x40 | 47, obj(79)))
    t.say(asdu(1, 5, obj(80, h("01"))))
    pair(asdu(103, 6, obj(0, CP56)))
    t.say(asdu(103, 3, obj(0, CP56)))
    pair(asdu(104, 6, obj(0, h("aa55"))))
    pair(asdu(105, 6, obj(0, h("01"))))
    pair(asdu(105, 6, obj(0, h("02"))), asdu(105, 0x47, obj(0, h("02"))))
    pair(asdu(106, 6, obj(0, h("6400"))))
    pair(asdu(107, 6, obj(0, h("0100") + CP56)))
    pair(asdu(110, 6, obj(500, h("0040 01"))))
    pair(asdu(111, 6, obj(501, h("6400 03"))))
    pair(asdu(112, 6, obj(502, f32(80.5) + h("04"))))
    pair(asdu(113, 6, obj(503, h("01"))))
    pair(asdu(113, 8, obj(503, h("01"))))
    t.close()
    cap.save(os.path.join(OUT, "system.pcap"))


def files():
    """A file fetched from the station, one sent to it, one deleted, the directory."""
    cap = Capture()
    t = Link(cap)
    t.c(STARTDT)
    t.s(STARTDT_CON)
    t.ask(asdu(122, 5, obj(0, h("0000 00 00"))))
    t.say(asdu(126, 5, obj(0, h("0100 100000 20") + CP56), obj(0, h("0200 200000 00") + CP56)))
    t.ask(asdu(122, 13, obj(0, h("0100 00 01"))))
    t.say(asdu(120, 13, obj(0, h("0100 100000 00"))))
    t.ask(asdu(122, 13, obj(0, h("0100 00 02"))))
    t.say(asdu(121, 13, obj(0, h("0100 01 100000 00"))))
    t.ask(asdu(122, 13, obj(0, h("0100 01 06"))))
    t.say(asdu(125, 13, obj(0, h("0100 01 10") + b"0123456789abcdef")), asdu(123, 13, obj(0, h("0100 01 03 7f"))))
    t.ask(asdu(124, 13, obj(0, h("0100 01 03"))))
    t.say(asdu(123, 13, obj(0, h("0100 01 01 7f"))))
    t.ask(asdu(124, 13, obj(0, h("0100 00 01"))))
    t.ask(asdu(120, 13, obj(0, h("0300 040000 00"))))
    t.say(asdu(122, 13, obj(0, h("0300 00 02"))))
    t.ask(asdu(125, 13, obj(0, h("0300 01 04 01020304"))))
    t.say(asdu(124, 13, obj(0, h("0300 01 04"))))
    t.ask(asdu(122, 13, obj(0, h("0100 00 04"))))
    t.ask(asdu(127, 13, obj(0, h("0100") + CP56 + SUMMER)))
    t.close()
    cap.save(os.path.join(OUT, "files.pcap"))


def other_port():
    cap = Capture()
    t = Link(cap, sport=12404)
    t.c(STARTDT)
    t.s(STARTDT_CON)
    t.say(asdu(1, 3, obj(1, h("01"))))
    t = Link(cap, sport=12405, cport=40001, open_=False)                # from the middle, the station's word first
    t.n = [40, 70]
    t.ack(1)
    t.say(asdu(1, 3, obj(1, h("01"))))
    t.ask(asdu(45, 6, obj(1, h("00"))))
    t.say(asdu(45, 7, obj(1, h("00"))))
    # an APDU in two segments, numbers that pass 32767
    t = Link(cap, cport=40002)
    t.n = [32767, 0]
    a = t.apdu(0, asdu(45, 6, obj(1, h("00"))))
    t.c(STARTDT + a[:5])
    t.c(a[5:])
    t.n[0] = 0
    t.s(STARTDT_CON)
    t.say(asdu(45, 7, obj(1, h("00"))))
    t.ask(asdu(45, 6, obj(2, h("00"))))
    cap.save(os.path.join(OUT, "other-port.pcap"))


def malformed():
    cap = Capture()
    t = Link(cap)
    t.c(STARTDT)
    t.s(TESTFR_CON)                                                     # nobody asked
    t.s(STARTDT_CON)
    t.say(asdu(1, 3, obj(1), count=1))                                  # the element is missing
    t.say(asdu(1, 3, obj(1, h("0101")), count=1))                       # one too many
    t.say(asdu(1, 3, obj(1, h("01")), count=9))
    t.say(asdu(1, 3, count=0))
    t.say(asdu(125, 13, obj(0, h("0100 01 ff") + b"short")))
    t.say(asdu(22, 3, obj(1, h("01"))))                                 # no such type
    t.say(asdu(1, 50, obj(1, h("01"))))                                 # no such cause
    t.n[1] += 5                                                         # numbers are missing
    t.say(asdu(1, 3, obj(1, h("01"))))
    t.s(h("6804 ff 00 00 00"))                                          # no such U format
    t.s(h("6806 00 00 00 00 01 01"))                                    # an ASDU cut short
    t.s(h("6805 01 00 00 00 00"))
    t.s(h("6803 07 00 00"))                                             # no length
    t.s(TESTFR)
    t.c(TESTFR_CON)
    t.c(b"junk" + TESTFR)
    t.c(TESTFR)
    t.s(TESTFR_CON)
    t = Link(cap, cport=40001)
    t.c(h("6804 0700 0100"))
    t = Link(cap, cport=40002, sport=9000)
    t.c(h("680e 0000 0000 ff 01 03 00 0100 010000 01"))
    t = Link(cap, cport=40003)
    t.c(STARTDT)
    t.c(TESTFR)
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
with open(os.path.join(OUT, "ORIGIN"), "w") as f:
    f.write("Made by make_iec104.py from IEC 60870-5-101 and -104, no device's own traffic.\n")
monitor()
commands()
system()
files()
other_port()
malformed()
