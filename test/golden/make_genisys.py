#!/usr/bin/env python3
"""Makes test/golden/genisys/*.pcap: every header, controls with checkback and execution,
escaped bytes, TCP and UDP, a start amid the conversation, what is malformed."""
import struct

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

ACK, IND, CHECK, COMMON, ACKPOLL, POLL, CONTROL, RECALL, EXEC = 0xf1, 0xf2, 0xf3, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe


def crc(b):
    c = 0xffff
    for x in b:
        c ^= x
        for _ in range(8):
            c = c >> 1 ^ 0xa001 if c & 1 else c >> 1
    return struct.pack("<H", c)


def m(head, station=5, *pairs, sum_=True, bad=False, tail=b""):
    b = bytes([station]) + b"".join(bytes(p) for p in pairs) + tail
    if sum_ and head != ACK:
        s = crc(bytes([head]) + b)
        b += bytes([s[0] ^ 1, s[1]]) if bad else s
    return bytes([head]) + b"".join(bytes([0xf0, x & 15]) if x >= 0xf0 else bytes([x]) for x in b) + b"\xf6"


def raw(head, station, *pairs):
    """A checksum sent as it is."""
    b = bytes([head, station]) + b"".join(bytes(p) for p in pairs)
    return b + crc(b) + b"\xf6"


def find_raw(value, at):
    """An indication whose checksum holds this byte there."""
    for i in range(65536):
        f = raw(IND, 5, (i >> 8 & 127, i & 127))
        if f[-3 + at] == value and f[-2 - at] < 0xf0:
            return f


def office():
    cap = Capture()
    t = Conversation(cap, 40000, 10001)
    t.c(m(POLL))
    t.s(m(ACK))
    t.c(m(POLL, sum_=False))
    t.s(m(IND, 5, (0, 1)))
    t.c(m(ACKPOLL))
    t.s(m(IND, 5, (0, 0xf5), (1, 0xff), (0xf0, 7)))
    t.c(m(RECALL))
    t.s(m(IND, 5, *[(i, i * 3 & 255) for i in range(32)]))
    t.c(m(CONTROL, 5, (2, 0x80)))
    t.s(m(CHECK, 5, (2, 0x80)))
    t.c(m(EXEC))
    t.s(m(ACK))
    t.c(m(CONTROL, 5, (2, 0x80), (3, 1), (0xe0, 3)))
    t.s(m(CHECK, 5, (2, 0x81), (3, 1), (0xe0, 3)))
    t.c(m(CONTROL, 6, (2, 0x80)))
    t.c(m(COMMON, 0, (1, 1), (2, 2)))
    t.c(m(CONTROL, 7, (2, 0x80)))
    t.s(m(ACK, 7))
    t.s(m(IND, 8, (4, 4)))
    t.s(m(IND, 8))
    t.c(m(POLL)[:3])
    t.c(m(POLL)[3:] + m(RECALL, 6))
    t.s(m(ACK) + m(ACK, 6))
    t.close()
    cap.write("genisys", "office")


def raw_sums():
    cap = Capture()
    t = Conversation(cap, 40006, 10001)
    for value in (0xf0, 0xf4, 0xf6, 0xfd):
        for at in (0, 1):
            t.c(m(POLL))
            t.s(find_raw(value, at))
    cap.write("genisys", "raw-sums")


def others():
    cap = Capture()
    t = Conversation(cap, 40001, 20001, syn=False)
    t.s(m(IND, 5, (0, 1)))
    t.c(m(POLL))
    t.s(m(ACK))
    t = Conversation(cap, 40002, 20002)
    t.c(m(POLL, sum_=False))
    t.s(m(ACK))
    cap.add(eth(ipv4(17, udp(40003, 10001, m(RECALL)))))
    cap.add(eth(ipv4(17, udp(10001, 40003, m(IND, 5, (1, 2))), "10.0.0.2", "10.0.0.1")))
    cap.write("genisys", "others")


def malformed():
    cap = Capture()
    t = Conversation(cap, 40004, 10001)
    t.c(m(POLL))
    t.s(m(IND, 5, (0, 1), bad=True))
    t.s(m(IND, 5, (0, 1), tail=b"\x09"))
    t.s(m(POLL))
    t.c(m(CONTROL, 5))
    t.c(b"\xfc\x05\x01\xf6")
    t.c(m(CONTROL, 5, *[(i, 0) for i in range(170)]))
    t.c(b"\xf6\xf6")
    t.c(m(POLL, 9))
    t = Conversation(cap, 40005, 10001)
    t.c(b"\xfbGET / HTTP/1.0\r\n\r\n")
    t.s(b"HTTP/1.0 400 Bad\r\n\r\n")
    cap.write("genisys", "malformed")


office()
raw_sums()
others()
malformed()
