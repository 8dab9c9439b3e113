#!/usr/bin/env python3
"""Makes test/golden/trdp/*.pcap: telegrams that begin, lose packets, change and end;
requests, replies, confirmations, errors over UDP and TCP; what is malformed."""
import struct
import zlib

from frames import eth, ipv4, udp
from tcp_pcap import Capture, Conversation

A, B = "10.0.0.1", "10.0.0.2"


def send(cap, side, b, port=17224, cut=None):
    (s, sp), (d, dp) = ((A, 40000), (B, port)) if side == 0 else ((B, port), (A, 40000))
    f = eth(ipv4(17, udp(sp, dp, b), s, d))
    cap.add(f[:cut] if cut else f, len(f))


def close(head, data, bad=0):
    return head + struct.pack("<I", zlib.crc32(head) ^ bad) + data + b"\0" * (-len(data) % 4)


def pd(seq, com, data=b"x" * 8, kind=b"Pd", bad=0, version=0x100, n=None):
    return close(struct.pack(">IH2sIIIIIIi", seq, version, kind, com, 1, 2, len(data) if n is None else n,
                             0, 0, 0), data, bad)


def md(kind, com, session, data=b"", src=b"", dst=b"", timeout=0, status=0, bad=0):
    return close(struct.pack(">IH2sIIIIi16sI32s32s", 0, 0x100, kind, com, 1, 2, len(data), status,
                             bytes([session]) * 16, timeout, src, dst), data, bad)


STATS = struct.pack(">IQII16s16s", 0x02010003, 1764000000, 100, 50, b"ccu-car1", b"ccu-leader") + b"\0" * 60


def telegrams():
    cap = Capture()
    for i in range(5):
        send(cap, 0, pd(i, 1000))
    send(cap, 0, pd(9, 1000))
    send(cap, 0, pd(10, 1000, b"y" * 13))
    send(cap, 0, pd(0, 1001, b""))
    send(cap, 0, pd(0, 35, b"", b"Pr"))
    send(cap, 1, pd(0, 35, STATS, b"Pp"))
    send(cap, 1, pd(1, 35, STATS, b"Pp"))
    send(cap, 0, pd(0, 7, b"", b"Pe"))
    for i in range(22):
        send(cap, 0, pd(0, 2000 + i))
    cap.write("trdp", "telegrams")


def messages():
    cap = Capture()
    p = 17225
    send(cap, 0, md(b"Mr", 110, 1, b"hello", b"hmi", b"ccu", 2000000), p)
    send(cap, 1, md(b"Mp", 111, 1, b"fine", b"ccu", b"hmi"), p)
    send(cap, 0, md(b"Mr", 110, 2, timeout=1000), p)
    send(cap, 1, md(b"Mq", 111, 2, b"sure?", timeout=1000), p)
    send(cap, 0, md(b"Mc", 111, 2), p)
    send(cap, 0, md(b"Mr", 112, 3), p)
    send(cap, 1, md(b"Me", 112, 3, status=-3), p)
    send(cap, 0, md(b"Mn", 113, 4, b"note", b"hmi", b"all"), p)
    send(cap, 1, md(b"Mp", 111, 9), p)
    send(cap, 0, md(b"Mr", 114, 5), p)
    t = Conversation(cap, 40001, p)
    t.pieces(0, md(b"Mr", 110, 6, b"over tcp"), 50)
    t.pieces(1, md(b"Mp", 111, 6, b"answer"), 90)
    t.c(md(b"Mr", 110, 7) + md(b"Mr", 110, 8, b"abc"))
    t.s(md(b"Mp", 111, 8))
    t.close()
    t = Conversation(cap, 40002, 27225, syn=False)
    t.s(md(b"Mp", 111, 6, b"answer"))
    t.c(md(b"Mr", 110, 7))
    t.s(md(b"Mp", 111, 7))
    cap.write("trdp", "messages")


def malformed():
    cap = Capture()
    send(cap, 0, pd(0, 1000))
    send(cap, 0, pd(1, 1000, bad=1))
    send(cap, 0, pd(1, 1000)[:30])
    send(cap, 0, pd(1, 1000, n=900))
    send(cap, 0, pd(1, 1000, version=0x300))
    send(cap, 0, pd(2, 1000, kind=b"Px"))
    send(cap, 0, pd(3, 1000), cut=70)
    send(cap, 0, md(b"Mr", 110, 1)[:100])
    send(cap, 0, md(b"Mr", 110, 1, bad=5))
    send(cap, 0, pd(4, 35, b"short"))
    send(cap, 0, pd(0, 1, bad=1), 17225)
    cap.write("trdp", "malformed")


telegrams()
messages()
malformed()
