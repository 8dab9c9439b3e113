#!/usr/bin/env python3
"""Builds test/golden/modbus/*.pcap: every public function, exceptions, device
identification, RTU over TCP, other ports, and what is malformed."""
import os
import struct

from frames import Capture, Talk, eth, ipv4, udp

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "modbus")


def mbap(tid, unit, pdu, length=None, pid=0):
    return struct.pack(">HHHB", tid, pid, length if length is not None else len(pdu) + 1, unit) + pdu


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa001 if c & 1 else c >> 1
    return struct.pack("<H", c)


def rtu(unit, pdu):
    b = bytes([unit]) + pdu
    return b + crc(b)


def h(s):
    return bytes.fromhex(s.replace(" ", ""))


# request, response
FUNCTIONS = [
    (h("01 0000 000a"), h("01 02 cd01")),
    (h("02 0005 0003"), h("02 01 05")),
    (h("03 000b 0002"), h("03 04 0015 ffff")),
    (h("04 2710 0001"), h("04 02 0102")),
    (h("05 0007 ff00"), h("05 0007 ff00")),
    (h("06 000b 0019"), h("06 000b 0019")),
    (h("07"), h("07 5a")),
    (h("08 0000 a537"), h("08 0000 a537")),
    (h("08 0001 0000"), h("08 0001 0000")),
    (h("08 0004 0000"), h("08 0004 0000")),
    (h("0b"), h("0b ffff 0108")),
    (h("0c"), h("0c 08 0000 0108 0121 2000")),
    (h("0f 0013 000a 02 cd01"), h("0f 0013 000a")),
    (h("10 0001 0002 04 000a 0102"), h("10 0001 0002")),
    (h("11"), b"\x11\x0bSAMPLE-7 V1"[:2] + b"SAMPLE-7 V" + b"\xff"),
    (h("14 07 06 0004 0001 0002"), h("14 06 05 06 0dfe 0020")),
    (h("15 09 06 0004 0007 0001 06af"), h("15 09 06 0004 0007 0001 06af")),
    (h("16 0004 00f2 0025"), h("16 0004 00f2 0025")),
    (h("17 0003 0002 000e 0002 04 00ff 00fe"), h("17 04 00fe 0acd")),
    (h("18 04de"), h("18 0006 0002 01b8 1284")),
    (h("2b 0d 0102"), h("2b 0d 0304")),
    (h("2b 0e 01 00"), b"\x2b\x0e\x01\x83\x00\x00\x03"
     b"\x00\x0fSample Works AB\x01\x06SW-100\x02\x04V2.1"),
    (h("2b 0e 02 03"), b"\x2b\x0e\x02\x83\xff\x06\x04"
     b"\x03\x0bexample.com\x04\x09Sampler 9\x05\x05S9-XL\x06\x06PUMP-3"),
    (h("5a 00 02"), h("5a 00 fe 01 02 03")),
    (h("65 01 02"), h("65 03")),
    (h("2a"), h("aa 01")),
    (h("03 ffff 0001"), h("83 02")),
    (h("06 0001 ffff"), h("86 03")),
    (h("03 0000 0001"), h("83 0b")),
    (h("03 0000 0001"), h("83 77")),
]


def functions():
    cap = Capture()
    t = Talk(cap)
    for i, (q, a) in enumerate(FUNCTIONS):
        t.c(mbap(i + 1, 17, q))
        t.s(mbap(i + 1, 17, a))
    t.close()
    cap.save(os.path.join(OUT, "functions.pcap"))


def pipelined():
    """Several requests in one segment, answers out of order, a PDU over two
    segments, a repeated id, a request never answered."""
    cap = Capture()
    t = Talk(cap)
    t.c(mbap(1, 1, h("03 0000 0001")) + mbap(2, 1, h("03 0001 0001")) + mbap(3, 1, h("03 0002 0001"))[:5])
    t.c(mbap(3, 1, h("03 0002 0001"))[5:])
    t.s(mbap(3, 1, h("03 02 0003")) + mbap(1, 1, h("03 02 0001"))[:3])
    t.s(mbap(1, 1, h("03 02 0001"))[3:])
    t.c(mbap(2, 1, h("03 0001 0001")))
    t.s(mbap(9, 1, h("03 02 0009")))
    t.c(mbap(10, 1, h("03 0001 0001")))
    t.s(mbap(10, 1, h("04 02 0009")))
    t.close()
    cap.save(os.path.join(OUT, "pipelined.pcap"))


def other_port():
    """Found by content; and from the middle of a conversation, answer first."""
    cap = Capture()
    t = Talk(cap, sport=1502)
    t.c(mbap(1, 1, h("03 0000 0002")))
    t.s(mbap(1, 1, h("03 04 0001 0002")))
    t = Talk(cap, sport=20001, cport=40001)
    t.c(mbap(7, 5, h("11")))
    t.s(mbap(7, 5, h("11 03 41 42 ff")))
    t.c(mbap(8, 5, h("06 0001 0002")))
    t.s(mbap(8, 5, h("06 0001 0002")))
    t = Talk(cap, open_=False, cport=40002)
    t.s(mbap(1, 1, h("03 04 0001 0002")))
    t.c(mbap(2, 1, h("03 0000 0002")))
    t.s(mbap(2, 1, h("03 04 0001 0002")))
    cap.save(os.path.join(OUT, "other-port.pcap"))


def serial():
    cap = Capture()
    t = Talk(cap, sport=4001)
    for q, a in (FUNCTIONS[2], FUNCTIONS[5], FUNCTIONS[13], FUNCTIONS[14], FUNCTIONS[18],
                 FUNCTIONS[26], FUNCTIONS[6], FUNCTIONS[10], FUNCTIONS[17], FUNCTIONS[0], FUNCTIONS[21]):
        t.c(rtu(9, q))
        t.s(rtu(9, a))
    t.c(rtu(9, h("03 0000 0001"))[:4])
    t.c(rtu(9, h("03 0000 0001"))[4:])
    t.close()
    cap.save(os.path.join(OUT, "rtu.pcap"))
    cap = Capture()                                     # from the middle, an answer first
    t = Talk(cap, sport=4001, open_=False)
    t.s(rtu(9, h("03 04 0001 0002")))
    for i in range(3):
        t.c(rtu(9, h("03 0010 0001")))
        t.s(rtu(9, h("03 02") + bytes([0, i])))
        t.c(rtu(9, h("06 0001 0007")))
        t.s(rtu(9, h("06 0001 0007")))
        t.c(rtu(9, h("03 0000 0002")))
        t.s(rtu(9, h("03 04 0001 0002")))
    cap.save(os.path.join(OUT, "rtu-middle.pcap"))
    cap = Capture()                                     # another protocol with the same CRC
    t = Talk(cap, sport=4000)
    for q, a in ((h("02 0304 0600"), h("02 0304 06d7 0100 0200 0201 0100")), (h("02 0304 0700"), h("02 0304 0708 1e2d 0c0f"))):
        t.c(rtu(1, q))
        t.s(rtu(1, a))
    cap.save(os.path.join(OUT, "rtu-other.pcap"))


def umas():
    """Functions of FC 90: identity, project, reservation, memory, transfer, control."""
    cap = Capture()
    t = Talk(cap)
    ident = h("10ff 5a010100 0000 7002 0000 2700 0900 08000000 0000") + b"\x0eSAMPLE CPU 200" + h("0101 0100")
    talk = [(h("0001 00"), h("00fe fd00 0104")), (h("0002"), h("00fe") + ident),
            (h("0003 00"), h("00fe 0205 0000") + b"\x07Mixing\0"), (h("0004"), h("00fe 0282")),
            (h("000a") + b"TTTT", h("00fe") + b"TTTT"),
            (h("0010 434c0000 09") + b"ENG-PC-7\0", h("00fe 01")), (h("0112"), h("01fe")),
            (h("0120 00 1400 5a01 0000 f600"), h("01fe 00 f600") + bytes(200)),
            (h("0122 01020304 03") + bytes(20), h("01fe") + bytes(8)),
            (h("0123 01020304 02") + bytes(20), h("01fe")), (h("0130 0001"), h("01fe 00")),
            (h("0131 0001 0200") + bytes(200), h("01fe")), (h("0132 0001"), h("01fe")),
            (h("0133 0001 fb00"), h("01fe 00")), (h("0134 0001 0300"), h("01fe") + bytes(200)),
            (h("0135 0001"), h("01fe")), (h("0140 ff00"), h("01fe")), (h("0141 ff00"), h("01fd 8180")),
            (h("0141 ff00"), h("01fd")), (h("01ee 00"), h("01fe")), (h("0111"), h("01fe")), (h("01"), h("01")),
            (h("0002"), h("00fe") + bytes(30))]
    for i, (q, a) in enumerate(talk):
        t.c(mbap(i + 1, 0, b"\x5a" + q))
        t.s(mbap(i + 1, 0, b"\x5a" + a))
    t.c(mbap(90, 0, b"\x5a\1\x40\xff\0"))
    t.s(mbap(90, 0, b"\xda\1"))
    t.c(mbap(91, 0, b"\x5a\1\x41\xff\0"))
    t.s(mbap(99, 0, b"\x5a\1\xfe"))
    t.close()
    cap.save(os.path.join(OUT, "umas.pcap"))


def over_udp():
    cap = Capture()
    cap.add(eth(ipv4(17, udp(40000, 502, mbap(1, 3, h("04 0000 0001"))))))
    cap.add(eth(ipv4(17, udp(502, 40000, mbap(1, 3, h("04 02 0007"))), "10.0.0.2", "10.0.0.1")))
    cap.add(eth(ipv4(17, udp(40000, 502, mbap(2, 3, h("04 0000 0001")) + b"x"))))
    cap.save(os.path.join(OUT, "udp.pcap"))
    cap = Capture()
    cap.add(eth(ipv4(17, udp(40000, 502, rtu(3, h("04 0000 0001"))))))
    cap.add(eth(ipv4(17, udp(502, 40000, rtu(3, h("04 02 0007"))), "10.0.0.2", "10.0.0.1")))
    cap.add(eth(ipv4(17, udp(40001, 502, b"\xff\xff\xff\xffodd"))))      # says nothing of what follows
    cap.add(eth(ipv4(17, udp(40001, 502, mbap(1, 3, h("04 0000 0001"))))))
    cap.add(eth(ipv4(17, udp(502, 40001, mbap(1, 3, h("04 02 0007"))), "10.0.0.2", "10.0.0.1")))
    cap.save(os.path.join(OUT, "udp-rtu.pcap"))


def malformed():
    cap = Capture()
    bad = [
        mbap(1, 1, h("03 0000 0000")),                 # no register asked for
        mbap(2, 1, h("03 0000 00ff")),                 # too many
        mbap(3, 1, h("05 0000 1234")),                 # neither on nor off
        mbap(4, 1, h("10 0000 0002 04 0001")),         # byte count beyond the PDU
        mbap(5, 1, h("10 0000 0002 02 0001")),         # byte count against quantity
        mbap(6, 1, h("03 0000 0001 ff")),              # a byte too many
        mbap(7, 1, h("03 00")),                        # cut short
        mbap(8, 1, h("0f 0000 07d0 01 00")),
        mbap(9, 1, h("17 0000 0001 0000 0001 ff 00")),
        mbap(10, 1, h("83 00")),                       # a request with the exception bit
    ]
    t = Talk(cap)
    for b in bad:
        t.c(b)
    t.s(mbap(1, 1, h("03 ff 0001")))
    t.s(mbap(2, 1, h("83")))
    t.s(mbap(4, 1, h("18 ffff 0001 00")))
    t.close()
    # out of step, and in step again
    t = Talk(cap, cport=40001)
    t.c(mbap(1, 1, h("03 0000 0001")))
    t.c(b"GET / HTTP/1.1\r\n\r\n")
    t.c(mbap(2, 1, h("03 0000 0001")))
    t.s(mbap(2, 1, h("03 02 0001")))
    # not Modbus at all
    t = Talk(cap, cport=40002)
    t.c(b"GET / HTTP/1.1\r\n\r\n")
    t.s(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    cap.save(os.path.join(OUT, "malformed.pcap"))


os.makedirs(OUT, exist_ok=True)
functions()
pipelined()
other_port()
serial()
umas()
over_udp()
malformed()
