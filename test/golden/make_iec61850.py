#!/usr/bin/env python3
"""Builds test/golden/goose/*.pcap and test/golden/sv/*.pcap.

Hand-made from IEC 61850-8-1, 9-2 and 90-5; no captured bytes."""
import os
import struct

from frames import Capture, eth, ipv4, mac, udp, vlan

HERE = os.path.dirname(os.path.abspath(__file__))
IED, MU = "02:00:5e:00:01:01", "02:00:5e:00:01:02"
GOOSE_TO, SV_TO = "01:0c:cd:01:00:01", "01:0c:cd:04:00:01"


def save(cap, proto, name):
    os.makedirs(os.path.join(HERE, proto), exist_ok=True)
    cap.save(os.path.join(HERE, proto, name + ".pcap"))


def tlv(tag, value):
    n = len(value)
    length = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82]) + struct.pack(">H", n)
    return bytes([tag]) + length + value


def integer(tag, v):
    n = 1
    while not (-(1 << (8 * n - 1)) <= v < 1 << (8 * n - 1)):
        n += 1
    return tlv(tag, v.to_bytes(n, "big", signed=True))


def boolean(v):
    return tlv(0x83, b"\1" if v else b"\0")


def bits(text):
    pad = -len(text) % 8
    return tlv(0x84, bytes([pad]) + int(text + "0" * pad, 2).to_bytes((len(text) + pad) // 8, "big"))


TIME = struct.pack(">IBBBB", 1764000000, 0x80, 0, 0, 0x0a)


def goose(st, sq, data, ref=b"RELAY1LD0/LLN0$GO$gcb1", ttl=2000, conf=1, sim=False, nds=False, entries=None,
          dataset=b"RELAY1LD0/LLN0$Trip", go_id=b"Trip", skip=(), extra=b""):
    f = [(0x80, tlv(0x80, ref)), (0x81, integer(0x81, ttl)), (0x82, tlv(0x82, dataset)), (0x83, tlv(0x83, go_id)),
         (0x84, tlv(0x84, TIME)), (0x85, integer(0x85, st)), (0x86, integer(0x86, sq)),
         (0x87, tlv(0x87, b"\1" if sim else b"\0")), (0x88, integer(0x88, conf)),
         (0x89, tlv(0x89, b"\1" if nds else b"\0")),
         (0x8a, integer(0x8a, len(data) if entries is None else entries)), (0xab, tlv(0xab, b"".join(data)))]
    return tlv(0x61, b"".join(b for t, b in f if t not in skip) + extra)


def link(apdu, kind=0x88b8, appid=0x0001, src=IED, dst=GOOSE_TO, sim=False, length=None, tag=None):
    body = struct.pack(">HHHH", appid, len(apdu) + 8 if length is None else length, 0x8000 if sim else 0, 0) + apdu
    if tag is None:
        return eth(body, kind, src, dst)
    return mac(dst) + mac(src) + struct.pack(">H", 0x8100) + vlan(tag, kind, body)


def routed(apdu, session=0xa1, kind=0x81, appid=7, sim=0, number=1, version=2, key=0, iv=b"", size=None):
    common = struct.pack(">IIHIHIB", 0, number, version, key, 0, 0, len(iv)) + iv
    payload = struct.pack(">BBHH", kind, sim, appid, len(apdu) if size is None else size) + apdu
    return b"\x01\x40" + bytes([session, len(common) + 2, 0x80, len(common)]) + common + struct.pack(">I", len(payload)) + payload


def goose_cases():
    def values(trip, pos, level):
        return [boolean(trip), bits(pos), bits("0000000000000"), integer(0x85, level), integer(0x86, 70000),
                tlv(0x87, b"\x08" + struct.pack(">f", 1.5)), tlv(0x87, b"\x0b" + struct.pack(">d", -2.25)),
                tlv(0x87, b"\x05\1"), tlv(0x8a, b"bay 1"), tlv(0x89, b"\xde\xad"), tlv(0x91, TIME),
                tlv(0xa2, boolean(False) + tlv(0xa1, bits("10") + bits("01")))]

    cap = Capture()
    rest, trip = values(False, "01", -5), values(True, "10", 1200)
    for sq in range(3):
        cap.add(link(goose(5, sq, rest), tag=0x8001), wait_us=1000000)
    for sq, wait in ((0, 100000), (1, 2000), (2, 4000), (2, 10), (5, 8000), (4, 10)):
        cap.add(link(goose(6, sq, trip), tag=0x8001), wait_us=wait)
    # a second publisher, and the first seen without its VLAN: streams of their own
    cap.add(link(goose(1, 0, [boolean(True)], ref=b"METER/LLN0$GO$gcb2", dataset=b"", go_id=b""), appid=2))
    cap.add(link(goose(6, 6, trip)))
    # configuration, simulation both ways, commissioning
    cap.add(link(goose(6, 6, trip, conf=2), tag=0x8001))
    cap.add(link(goose(7, 0, rest, conf=2, sim=True), tag=0x8001))
    cap.add(link(goose(8, 0, rest, conf=2), tag=0x8001, sim=True))
    cap.add(link(goose(8, 1, rest, conf=2), tag=0x8001))
    cap.add(link(goose(8, 2, rest, conf=2, nds=True), tag=0x8001))
    # somebody speaks with an older state; a restart; a late one
    cap.add(link(goose(4, 0, trip, conf=2), tag=0x8001))
    cap.add(link(goose(1, 0, rest, conf=2), tag=0x8001))
    cap.add(link(goose(1, 1, rest, conf=2, extra=tlv(0x8c, b"sig")), tag=0x8001), wait_us=5000000)
    cap.add(link(goose(2, 0, rest, conf=2, extra=tlv(0x8c, b"sig")), tag=0x8001))
    cap.add(link(goose(1, 1, [boolean(True)], ref=b"METER/LLN0$GO$gcb2", dataset=b"", go_id=b""), appid=2),
            wait_us=400000000)
    save(cap, "goose", "changes")

    cap = Capture()
    for n, (st, sq) in enumerate(((9, 0), (9, 1), (10, 0))):
        apdu = goose(st, sq, [boolean(st == 10), tlv(0xa2, boolean(True) + bits("0000000000000"))])
        cap.add(eth(ipv4(17, udp(50000, 102, routed(apdu, number=n)), "192.0.2.61", "239.0.0.1")))
    cap.add(eth(ipv4(17, udp(50001, 102, routed(goose(1, 0, [boolean(True)]), sim=1, key=9, iv=b"12345678")), "192.0.2.62", "239.0.0.1")))
    cap.add(eth(ipv4(17, udp(50000, 102, routed(goose(10, 1, [boolean(True)]), size=999)), "192.0.2.61", "239.0.0.1")))
    cap.add(eth(ipv4(17, udp(50000, 102, b"\x01\x40\xa1"), "192.0.2.61", "239.0.0.1")))
    # something else on its port
    cap.add(eth(ipv4(17, udp(50002, 102, b"\x01\x40\xa3" + b"\0" * 40), "192.0.2.63", "239.0.0.1")))
    save(cap, "goose", "routed")

    cap = Capture()
    one = [boolean(True)]
    cap.add(eth(b"\0\1\0", 0x88b8, IED, GOOSE_TO))
    cap.add(link(goose(1, 0, one), length=4))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$a"), length=500))
    cap.add(link(tlv(0x60, b"\x80\1A")))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$b")[:60]))
    cap.add(link(b""))
    cap.add(link(b"\x61\x85\1\1\1\1\1"))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$c", skip=(0x85,))))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$d", skip=(0xab,))))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$e", entries=3)))
    cap.add(link(goose(1, 0, [b"\x83\x09\1"], ref=b"A/LLN0$GO$f")))
    deep = boolean(True)
    for _ in range(20):
        deep = tlv(0xa2, deep)
    cap.add(link(goose(1, 0, [deep], ref=b"A/LLN0$GO$g")))
    cap.add(link(goose(1, 0, one, ref=b"A/LLN0$GO$h", extra=b"\x99\x44")))
    cap.add(link(goose(1, 0, [boolean(i % 3 == 0) for i in range(300)], ref=b"A/LLN0$GO$i")))
    cap.add(link(goose(2, 0, [boolean(i % 3 == 1) for i in range(300)], ref=b"A/LLN0$GO$i")))
    cap.add(link(goose(1, 0, one, ref=b"R" * 200, go_id=b"I" * 200)))
    f = link(goose(1, 0, trip, ref=b"A/LLN0$GO$cut"))
    for n in (20, 40, 80, 110, 130, 160):
        cap.add(f[:n], len(f))
    save(cap, "goose", "malformed")


def asdu(count, sv_id=b"MU01", conf=1, synch=2, extra=b"", data=b"\0\0\4\xd2\0\0\0\0" * 8, dataset=b"", skip=()):
    f = [(0x80, tlv(0x80, sv_id)), (0x81, tlv(0x81, dataset) if dataset else b""), (0x82, tlv(0x82, struct.pack(">H", count))),
         (0x83, tlv(0x83, struct.pack(">I", conf))), (0x85, tlv(0x85, bytes([synch]))), (0, extra), (0x87, tlv(0x87, data))]
    return tlv(0x30, b"".join(b for t, b in f if t not in skip))


def sv(asdus, n=None):
    return tlv(0x60, integer(0x80, len(asdus) if n is None else n) + tlv(0xa2, b"".join(asdus)))


def sv_cases():
    def send(cap, apdu, wait=250, **k):
        cap.add(link(apdu, 0x88ba, k.pop("appid", 0x4000), MU, SV_TO, **k), wait_us=wait)

    cap = Capture()
    for i in list(range(3995, 4000)) + list(range(5)) + [5, 5, 9, 8, 10]:
        send(cap, sv([asdu(i)]), tag=0x8004)
    send(cap, sv([asdu(11, synch=0)]), tag=0x8004)
    send(cap, sv([asdu(12, synch=1)]), tag=0x8004, sim=True)
    send(cap, sv([asdu(13, synch=1)]), tag=0x8004)
    send(cap, sv([asdu(14, synch=1, conf=2)]), tag=0x8004)
    # two streams in a frame, samples of one stream by twos, rate and mode
    rate = tlv(0x86, b"\x0f\xa0")
    for i in range(4):
        send(cap, sv([asdu(2 * i + k, b"MU02", extra=rate, data=b"\0" * 32) for k in range(2)] + [asdu(i, b"MU03", dataset=b"LD/LLN0$d")]), appid=0x4001)
    send(cap, sv([asdu(8, b"MU04", synch=7, extra=tlv(0x88, b"\0\1") + tlv(0x89, b"clock") + tlv(0x84, TIME))]), appid=0x4002)
    send(cap, sv([asdu(9, b"MU04", synch=7, extra=tlv(0x88, b"\0\1"))]), appid=0x4002, wait=500000000)
    cap.add(eth(ipv4(17, udp(50000, 102, routed(sv([asdu(1)]), 0xa2, 0x82)), "192.0.2.61", "239.0.0.2")))
    cap.add(eth(ipv4(17, udp(50000, 102, routed(sv([asdu(2)]), 0xa2, 0x82)), "192.0.2.61", "239.0.0.2")))
    cap.add(eth(ipv4(17, udp(50000, 102, b"\x01\x40\xa2"), "192.0.2.61", "239.0.0.2")))
    save(cap, "sv", "streams")

    cap = Capture()
    send(cap, sv([asdu(1)]), length=9000)
    send(cap, tlv(0x61, b""))
    send(cap, b"")
    send(cap, b"\x60\x50")
    send(cap, tlv(0x60, b"\x80\1\1\xa2\x7f\x30"))
    send(cap, sv([]))
    send(cap, sv([asdu(1, skip=(0x82,))]))
    send(cap, sv([asdu(1, b"S" * 200)[:-4]]))
    send(cap, sv([asdu(1, b"L" * 200, dataset=b"D" * 200), tlv(0x31, b"?")]))
    f = link(sv([asdu(1, b"CUT")]), 0x88ba, 0x4000, MU, SV_TO)
    for n in (18, 30, 40, 70):
        cap.add(f[:n], len(f))
    save(cap, "sv", "malformed")


goose_cases()
sv_cases()
