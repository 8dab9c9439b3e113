#!/usr/bin/env python3
"""Builds test/golden/amqp/*.pcap from AMQP 0-9-1 and AMQP 1.0 (ISO/IEC 19464):
connections, queues and exchanges, messages, refusals, and what is malformed."""
import os
import struct

from frames import Capture, Talk

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "amqp")
HEADER = b"AMQP\x00\x00\x09\x01"


def frame(kind, channel, payload, size=None, end=b"\xce"):
    return struct.pack(">BHI", kind, channel, len(payload) if size is None else size) + payload + end


def method(channel, cls, m, args=b""):
    return frame(1, channel, struct.pack(">HH", cls, m) + args)


def ss(t):
    t = t.encode()
    return bytes([len(t)]) + t


def ls(t):
    t = t if isinstance(t, bytes) else t.encode()
    return struct.pack(">I", len(t)) + t


def table(**kw):
    b = b""
    for k, v in kw.items():
        b += ss(k)
        b += b"S" + ls(v) if isinstance(v, str) else b"F" + v if isinstance(v, bytes) else b"t" + bytes([v])
    return ls(b)


CAPS = table(basic_nack=True, publisher_confirms=True)
SERVER = table(capabilities=CAPS, cluster_name="rabbit@lab-broker", copyright="c", platform="Erlang/OTP 25.3", product="RabbitMQ",
               version="3.12.1")
EVERY = ls(ss("a") + b"b\1" + ss("b") + b"B\1" + ss("c") + b"s\0\1" + ss("d") + b"u\0\1" + ss("e") + b"I\0\0\0\1" + ss("f") +
           b"i\0\0\0\1" + ss("g") + b"l" + b"\0" * 8 + ss("h") + b"f\0\0\0\0" + ss("i") + b"d" + b"\0" * 8 + ss("j") +
           b"D\2\0\0\0\1" + ss("k") + b"T" + b"\0" * 8 + ss("l") + b"A" + ls(b"t\1") + ss("m") + b"x" + ls("bin") +
           ss("n") + b"V" + ss("product") + b"S" + ls("pylib") + ss("version") + b"S" + ls("1.4") +
           ss("platform") + b"S" + ls("Python") + ss("connection_name") + b"S" + ls("gateway-4"))


def start(t, mechs="AMQPLAIN PLAIN", server=SERVER, client=EVERY, mech="PLAIN", secret=b"\0SECRET-USER\0SECRET-PASSWORD"):
    t.c(HEADER)
    a = method(0, 10, 10, b"\0\x09" + server + ls(mechs) + ls("en_US"))
    t.s(a[:50])
    t.s(a[50:])
    t.c(method(0, 10, 11, client + ss(mech) + ls(secret) + ss("en_US")))


def session():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=5672)
    start(t)
    t.s(method(0, 10, 30, struct.pack(">HIH", 2047, 131072, 60)))
    t.c(method(0, 10, 31, struct.pack(">HIH", 2047, 131072, 60)) + method(0, 10, 40, ss("/lab") + b"\0\0"))
    t.s(method(0, 10, 41, b"\0"))
    t.c(method(1, 20, 10, b"\0"))
    t.s(method(1, 20, 11, b"\0\0\0\0"))
    for req, args, res, rargs in (
            ((40, 10), b"\0\0" + ss("plant") + ss("topic") + b"\2" + table(), 11, b""),
            ((40, 30), b"\0\0" + ss("plant") + ss("site") + ss("lab.#") + b"\0" + table(), 31, b""),
            ((40, 40), b"\0\0" + ss("plant") + ss("site") + ss("lab.#") + b"\0" + table(), 51, b""),
            ((50, 10), b"\0\0" + ss("") + b"\2" + table(), 11, ss("amq.gen-7") + struct.pack(">II", 4, 1)),
            ((50, 20), b"\0\0" + ss("amq.gen-7") + ss("plant") + ss("ahu.*") + b"\0" + table(), 21, b""),
            ((60, 20), b"\0\0" + ss("amq.gen-7") + ss("ctag1") + b"\0" + table(), 21, ss("ctag1")),
            ((60, 70), b"\0\0" + ss("q2") + b"\0", 71, b"\0" * 9 + ss("plant") + ss("ahu.1") + struct.pack(">I", 3)),
            ((60, 70), b"\0\0" + ss("q2") + b"\0", 72, ss("")),
            ((60, 30), ss("ctag1") + b"\0", 31, ss("ctag1")),
            ((50, 30), b"\0\0" + ss("q2") + b"\0", 31, struct.pack(">I", 17)),
            ((50, 50), b"\0\0" + ss("q2") + ss("plant") + ss("x") + table(), 51, b""),
            ((50, 40), b"\0\0" + ss("q2") + b"\0", 41, struct.pack(">I", 0)),
            ((40, 20), b"\0\0" + ss("plant") + b"\0", 21, b"")):
        t.c(method(1, req[0], req[1], args))
        t.s(method(1, req[0], res, rargs))
    t.c(method(1, 50, 10, b"\0\0" + ss("nowait") + b"\x10" + table()))
    for i in range(3):
        t.c(method(1, 60, 40, b"\0\0" + ss("plant") + ss("ahu.1") + b"\0") + frame(2, 1, struct.pack(">HHQH", 60, 0, 5, 0)) +
            frame(3, 1, b"21.5C"))
        t.s(method(1, 60, 60, ss("ctag1") + b"\0" * 9 + ss("plant") + ss("ahu.1")) + frame(2, 1, struct.pack(">HHQH", 60, 0, 5, 0)) +
            frame(3, 1, b"21.5C"))
        t.c(method(1, 60, 80, b"\0" * 9))
    t.c(method(1, 60, 40, b"\0\0" + ss("") + ss("q2") + b"\0"))
    for i in range(9):          # more than there is room to count
        t.c(method(1, 60, 40, b"\0\0" + ss("many") + ss("k%d" % i) + b"\0") * 2)
    t.s(method(1, 60, 50, struct.pack(">H", 312) + ss("NO_ROUTE") + ss("plant") + ss("none")))
    t.c(frame(8, 0, b""))
    t.s(method(0, 10, 60, ss("low on memory")))
    t.s(method(0, 10, 61))
    t.c(method(1, 50, 10, b"\0\0" + ss("locked") + b"\1" + table()))
    t.s(method(1, 20, 40, struct.pack(">H", 405) + ss("RESOURCE_LOCKED - cannot obtain exclusive access") + struct.pack(">HH", 50, 10)))
    t.c(method(1, 20, 41))
    t.c(method(1, 20, 40, struct.pack(">H", 200) + ss("bye") + b"\0\0\0\0"))
    t.c(method(1, 60, 20, b"\0\0" + ss("silent") + ss("") + b"\0" + table()))
    t.c(method(0, 10, 50, struct.pack(">H", 200) + ss("Goodbye") + b"\0\0\0\0"))
    t.s(method(0, 10, 51))
    t.close()
    # refused; no answer; another version wanted; from the middle on another port
    t = Talk(cap, "192.0.2.11", "192.0.2.20", cport=40001, sport=5672)
    start(t, mech="AMQPLAIN", secret=table(LOGIN="SECRET-USER", PASSWORD="SECRET-PASSWORD"))
    t.s(method(0, 10, 50, struct.pack(">H", 403) + ss("ACCESS_REFUSED - access to vhost refused for user 'SECRET-USER'") + b"\0\0\0\0"))
    t.close()
    t = Talk(cap, "192.0.2.12", "192.0.2.20", cport=40002, sport=5672)
    start(t, secret=b"")
    t.close()
    t = Talk(cap, "192.0.2.13", "192.0.2.20", cport=40003, sport=5672)
    t.c(b"AMQP\x01\x01\x08\x00")
    t.s(HEADER)
    t.close()
    t = Talk(cap, "192.0.2.14", "192.0.2.21", cport=40004, sport=15999, open_=False)
    t.s(method(1, 60, 60, ss("c") + b"\0" * 9 + ss("plant") + ss("mid")) + frame(3, 1, b"x"))
    t.c(method(1, 50, 20, b"\0\0" + ss("q") + ss("plant") + ss("k") + b"\0" + table()))
    t.s(method(1, 50, 21))
    t.s(method(1, 60, 21, ss("late")))
    os.makedirs(OUT, exist_ok=True)
    cap.save(os.path.join(OUT, "session.pcap"))


def sym(t):
    return b"\xa3" + ss(t)


def text(t):
    return b"\xa1" + ss(t)


def lst(*items):
    body = b"".join(items)
    return b"\xc0" + bytes([len(body) + 1, len(items)]) + body


def one(code, *items, kind=0, channel=0, doff=2):
    body = b"\x00\x53" + bytes([code]) + (lst(*items) if items else b"\x45")
    return struct.pack(">IBBH", len(body) + doff * 4, doff, kind, channel) + b"\0" * (doff * 4 - 8) + body


NULL = b"\x40"


def amap(*pairs):
    body = b"".join(pairs)
    return b"\xd1" + struct.pack(">II", len(body) + 4, len(pairs)) + body


def terminus(code, addr):
    return b"\x00\x53" + bytes([code]) + lst(text(addr), b"\x43")


def one_zero():
    cap = Capture()
    t = Talk(cap, "192.0.2.10", "192.0.2.20", sport=5672)
    t.c(b"AMQP\x03\x01\x00\x00")
    t.s(b"AMQP\x03\x01\x00\x00")
    arr = ss("PLAIN") + ss("ANONYMOUS")
    t.s(one(0x40, b"\xe0" + bytes([len(arr) + 2, 2]) + b"\xa3" + arr, kind=1))
    t.c(one(0x41, sym("PLAIN"), b"\xa0" + ss("\0SECRET-USER\0SECRET-PASSWORD"), text("host"), kind=1))
    t.s(one(0x44, b"\x50\x00", kind=1))
    t.c(b"AMQP\x00\x01\x00\x00")
    t.s(b"AMQP\x00\x01\x00\x00")
    t.c(one(0x10, text("gateway-4"), text("hub.lab.example"), b"\x70\0\1\0\0", b"\x60\0\xff", b"\x52\x3c", NULL, NULL, NULL, NULL,
            amap(sym("product"), text("iot-sdk"), sym("version"), text("2.1"), sym("n"), b"\x54\x05")))
    t.s(one(0x10, text("broker-1"), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            amap(sym("product"), text("ActiveMQ"), sym("version"), text("5.18"), sym("platform"), text("Java")), doff=3))
    t.c(one(0x11, NULL, b"\x43", b"\x52\x10", b"\x52\x10"))
    t.s(one(0x11, b"\x60\0\0", b"\x43"))
    t.c(one(0x12, text("up"), b"\x43", b"\x42", NULL, NULL, terminus(0x28, "local"), terminus(0x29, "devices/ahu1/messages")))
    t.s(one(0x12, text("up"), b"\x43", b"\x41", NULL, NULL, terminus(0x28, "local"), terminus(0x29, "devices/ahu1/messages")))
    t.c(one(0x12, text("down"), b"\x52\x01", b"\x41", NULL, NULL, terminus(0x28, "devices/ahu1/commands"), terminus(0x29, "local")))
    t.s(one(0x13, b"\x43"))
    for i in range(3):
        t.c(one(0x14, b"\x43", b"\x52" + bytes([i])) + struct.pack(">IBBH", 8, 2, 0, 0))
    t.s(one(0x14, b"\x52\x01", b"\x43"))
    t.s(one(0x15, b"\x41", b"\x43"))
    t.s(one(0x16, b"\x52\x01", b"\x41", b"\x00\x53\x1d" + lst(sym("amqp:link:detach-forced"), text("gone"))))
    t.c(one(0x17))
    t.c(one(0x18, b"\x00\x53\x1d" + lst(sym("amqp:connection:forced"))))
    t.s(one(0x18))
    t.close()
    t = Talk(cap, "192.0.2.11", "192.0.2.20", cport=40001, sport=5672)
    t.c(b"AMQP\x03\x01\x00\x00" + one(0x41, sym("PLAIN"), b"\xa0" + ss("\0SECRET"), kind=1))
    t.s(b"AMQP\x03\x01\x00\x00" + one(0x40, sym("EXTERNAL"), kind=1) + one(0x44, b"\x50\x01", kind=1))
    t.close()
    t = Talk(cap, "192.0.2.12", "192.0.2.20", cport=40002, sport=5672)
    t.c(b"AMQP\x02\x01\x00\x00\x16\x03\x01")
    t.close()
    t = Talk(cap, "192.0.2.13", "192.0.2.20", cport=40003, sport=5672)
    t.c(b"AMQP\x00\x01\x00\x00" + one(0x10, text("alone")))
    t.close()
    cap.save(os.path.join(OUT, "one-zero.pcap"))


def malformed():
    cap = Capture()
    bad9 = (method(1, 50, 10, b"\0\0\x20abc"), method(1, 77, 7), frame(1, 1, b"\0\x32\0\x0a\0\0\1q\2\0\0\0\0", end=b"\xcd"),
            frame(1, 1, b"\0"), frame(5, 0, b"x"), frame(8, 0, b"x"), frame(3, 0, b"", size=0x7fffffff),
            method(0, 10, 10, b"\0\x09" + ls(ss("x") + b"?") + ls("PLAIN") + ls("en")))
    for i, b in enumerate(bad9):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=41000 + i, sport=5672)
        t.c(HEADER)
        t.s(method(0, 10, 30, b"\0" * 8))
        t.c(b)
        t.c(method(0, 10, 40, ss("/") + b"\0\0"))
        t.s(method(0, 10, 41, b"\0"))
        t.close()
    bad1 = (one(0x10, text("x"))[:-1] + b"\xff", one(0x99, text("x")), struct.pack(">IBBH", 4, 2, 0, 0), struct.pack(">IBBH", 12, 5, 0, 0) + b"\0" * 4,
            one(0x10, b"\xa1\x40x"), one(0x10, b"\x30"))
    for i, b in enumerate(bad1):
        t = Talk(cap, "192.0.2.10", "192.0.2.20", cport=42000 + i, sport=5672)
        t.c(b"AMQP\x00\x01\x00\x00")
        t.s(b"AMQP\x00\x01\x00\x00")
        t.c(b)
        t.c(one(0x18))
        t.close()
    cap.save(os.path.join(OUT, "malformed.pcap"))


session()
one_zero()
malformed()
