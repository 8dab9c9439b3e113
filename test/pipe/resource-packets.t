#!/usr/bin/python3
"""Captures made to use up a sensor: floods, what never ends, what nests, what unpacks to
much. It ends, it says which ceiling it hit, and memory does not hang on how much came."""
import os
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(HERE, "..", "golden")]
from frames import ACK, PSH, SYN, eth, ipv4, ipv6, tcp, udp  # noqa: E402
from spent import BIN, diag, flat, run  # noqa: E402
from tap import done, ok  # noqa: E402

DISSECT = BIN + "/otdissect"
HEAD = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)
SCALE = int(os.environ.get("OTKIT_RESOURCE", "1"))


def packed(frames, us=10):
    """A pcap of frames, in pieces of some size; so many microseconds apart."""
    some, size, t = [HEAD], 0, 1764000000 * 1000000
    for f in frames:
        t += us
        some += [struct.pack("<IIII", t // 1000000, t % 1000000, len(f), len(f)), f]
        size += len(f)
        if size > 1 << 16:
            yield b"".join(some)
            some, size = [], 0
    yield b"".join(some)


def dissect(frames, us=10):
    r = run([DISSECT], packed(frames, us))
    r.stats = (r.last or {}).get("stats", {})
    return r


def twice(what, most, make, n, us=10, more=4):
    """make(n) and make(4 n) through otdissect."""
    n *= SCALE
    small, large = dissect(make(n), us), dissect(make(4 * n), us)
    ok(small.status == 0 and large.status == 0 and "tcp" in large.stats, what + ": read to the end", large.status,
       large.err)
    flat("%s, %d and %d" % (what, n, 4 * n), small, large, most, more)
    return large


# --- flows --------------------------------------------------------------------------------------

def syns(n):
    f = bytearray(eth(ipv4(6, tcp(1024, 502, 1, 0, SYN))))
    for i in range(n):
        struct.pack_into(">IIHH", f, 26, i * 2654435761 & 0xffffffff, 0x0a000002, 1024 + i % 60000, 502)
        yield bytes(f)


r = twice("SYNs from everywhere", 160, syns, 75000)
ok(r.stats["flow"]["peak"] == 65536 and r.stats["flow"]["total"] - r.stats["flow"]["evicted"] <= 65536 and
   r.lines <= 300000 * SCALE + 1, "SYNs from everywhere: the table's ceiling is said", r.stats["flow"], r.lines)


def talks(n):
    f = bytearray(eth(ipv4(17, udp(1024, 502, bytes.fromhex("000100000006010300000001")))))
    for i in range(n):
        struct.pack_into(">II", f, 26, i, 0x0a000002)
        yield bytes(f)


r = twice("flows with a request each", 200, talks, 70000, more=8)
ok(r.stats["flow"]["evicted"] > 0 and r.stats["app_layer"]["pending_evicted"] > 0,
   "flows with a request each: what waits for an answer has a ceiling too", r.stats["app_layer"])


# --- fragments ----------------------------------------------------------------------------------

def pieces(v6):
    def make(n):
        if v6:
            f = bytearray(eth(ipv6(44, bytes.fromhex("1100000100000000") + b"x" * 1400), 0x86dd))
        else:
            f = bytearray(eth(ipv4(17, b"x" * 1400, more=True)))
        for i in range(n):
            if v6:
                struct.pack_into(">HI", f, 56, i % 40 * 1400 | 1, i // 40)
            else:
                struct.pack_into(">HH", f, 18, i // 40 & 0xffff, 0x2000 | i % 40 * 175)
            yield bytes(f)
    return make


for v6 in (False, True):
    r = twice("IPv%d fragments without an end" % (6 if v6 else 4), 96, pieces(v6), 12000)
    ok(r.stats["defrag"]["evicted"] > 100 and r.stats["defrag"]["reassembled"] == 0,
       "IPv%d fragments without an end: datagrams given up are counted" % (6 if v6 else 4), r.stats["defrag"])


# --- streams ------------------------------------------------------------------------------------

def holes(n):
    """A hundred connections a thousand segments, and never the first byte."""
    for port in range(n // 200):
        yield eth(ipv4(6, tcp(1024 + port, 502, 1000, 0, SYN)))
    for i in range(n):
        port = i % (n // 200)
        yield eth(ipv4(6, tcp(1024 + port, 502, 1002 + i // (n // 200) * 1400, 1, PSH | ACK, b"y" * 1400)))


r = twice("segments after a hole", 120, holes, 12000)
ok(r.stats["tcp"]["gaps"] > 0 and (r.stats["tcp"]["memory_full"] > 0 or r.stats["tcp"]["gap_bytes"] > 0),
   "segments after a hole: the hole is given up", r.stats["tcp"])


def endless(port, first, more):
    def make(n):
        yield eth(ipv4(6, tcp(1024, port, 1000, 0, SYN)))
        yield eth(ipv4(6, tcp(1024, port, 1001, 1, PSH | ACK, first)))
        seq, piece = 1001 + len(first), (more * 1400)[:1400]
        for i in range(n):
            yield eth(ipv4(6, tcp(1024, port, seq + i * 1400, 1, PSH | ACK, piece)))
    return make


for what, port, first, more in [
        ("an HTTP header without an end", 80, b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"a"),
        ("HTTP headers without number", 80, b"GET / HTTP/1.1\r\nHost: a\r\n", b"X-Y: z\r\n"),
        ("an MQTT packet of 256 MB", 1883, bytes.fromhex("100c00044d51545404020000000000" "30ffffff7f0001") + b"t", b"t"),
        ("MQTT subscriptions without number", 1883, bytes.fromhex("100c0004") + b"MQTT\4\2\0\0\0\0" + b"\x82\xff\xff\xff\x7f\0\1",
         b"\0\1t\0"),
        ("DNS in TCP, each message 64 KiB", 53, b"", struct.pack(">HHHHHHH", 65535, 1, 0x8180, 1, 65535, 0, 0) + b"\1a\0\0\1\0\1" +
         b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4abcd" * 84),
        ("a TLS hello without an end", 443, bytes.fromhex("1603010200" "01fffffc0303") + b"r" * 32, b"\x16\x03\1\2\0" + b"q" * 512),
        ("an LDAP message of 2 GB", 389, bytes.fromhex("30847fffffff020101" "60847ffffff0020103"), b"\x30\x84\x7f\xff\xff\xff"),
        ("lines without an end", 25, b"220 mail ESMTP\r\nEHLO ", b"e")]:
    twice(what, 96, endless(port, first, more), 3000, us=100)


def bacnet(n):
    """Segments of answers that never end, from everywhere."""
    for i in range(n):
        apdu = struct.pack(">BBBBB", 0x3c, i & 0xff, i // 256 & 0xff, 16, 12) + b"\x0c\2\0\0\1\x19\x4c\x3e" + b"\xc4\0\0\0\1" * 270
        bvlc = b"\x81\x0a" + struct.pack(">H", 6 + len(apdu)) + b"\x01\x00" + apdu
        yield eth(ipv4(17, udp(47808, 47808, bvlc), "10.1.%d.%d" % (i // 256 % 16, i % 256)))


twice("BACnet segments without an end", 120, bacnet, 6000, more=6)

# --- nesting ------------------------------------------------------------------------------------

def ber(depth):
    b = b"\x02\1\0"
    for _ in range(depth):
        b = (b"\x30" + bytes([len(b)]) if len(b) < 128 else b"\x30\x82" + struct.pack(">H", len(b))) + b
    return b


def cip(depth):
    """Multiple Service Packets, each the only service of another."""
    b = b"\x01\x02\x20\x01\x24\x01"
    for _ in range(depth):
        b = b"\x0a\x02\x20\x02\x24\x01" + struct.pack("<HH", 1, 4) + b
    return struct.pack("<HHII8sI", 0x6f, 16 + len(b), 1, 0, b"12345678", 0) + struct.pack("<IHHHHHH", 0, 10, 2, 0, 0, 0xb2, len(b)) + b


def wide(levels):
    """The same service twenty times, each of which has it twenty times: by their offsets."""
    n = 20
    b = b"\x0a\x02\x20\x02\x24\x01" + struct.pack("<H", n) + struct.pack("<%dH" % n, *[2 * n + 2] * n)
    b = b * levels + b"\x01\x02\x20\x01\x24\x01"
    return struct.pack("<HHII8sI", 0x6f, 16 + len(b), 1, 0, b"12345678", 0) + struct.pack("<IHHHHHH", 0, 10, 2, 0, 0, 0xb2, len(b)) + b


def in_tcp(port, data, n):
    seq = 1001
    yield eth(ipv4(6, tcp(1024, port, 1000, 0, SYN)))
    for _ in range(n):
        for i in range(0, len(data), 1400):
            yield eth(ipv4(6, tcp(1024, port, seq, 1, PSH | ACK, data[i:i + 1400])))
            seq += len(data[i:i + 1400])


def in_udp(port, data, n):
    for i in range(n):
        yield eth(ipv4(17, udp(20000 + i % 1000, port, data)))


opening = b"\x81\x0a\x05\x7a\x01\x04\x00\x05\x01\x0f\x0c\x00\x80\x00\x01\x19\x55\x3e" + b"\x3e" * 1384
whoami = bytes.fromhex("123401000001000000000000")
mms = b"\x03\0" + struct.pack(">H", 7 + len(ber(900))) + b"\2\xf0\x80" + ber(900)
for what, frames in [
        ("BER in SNMP, 4,000 deep", lambda: in_udp(161, ber(330), 2000)),
        ("BER in LDAP", lambda: in_tcp(389, ber(5000), 200)),
        ("BER in MMS", lambda: in_tcp(102, mms, 500)),
        ("BER in GOOSE", lambda: (eth(b"\0\1" + struct.pack(">H", 8 + len(ber(330))) + b"\0\0\0\0" + ber(330), 0x88b8)
                                  for _ in range(2000))),
        ("BACnet constructions", lambda: in_udp(47808, opening, 2000)),
        ("CIP services in services", lambda: in_tcp(44818, cip(400), 500)),
        ("CIP services that are all the same one", lambda: in_tcp(44818, wide(40), 500)),
        ("a DNS name that points to itself", lambda: in_udp(53, whoami + b"\xc0\x0c\0\1\0\1", 5000)),
        ("DNS names that point to each other", lambda: in_udp(53, whoami + b"".join(
            b"\xc0" + bytes([12 + (2 * i + 2) % 200]) for i in range(100)) + b"\0\1\0\1", 5000)),
        ("a DNS message of names that unfold", lambda: in_udp(53, struct.pack(">HHHHHH", 1, 0x8180, 0, 200, 0, 0) +
            (b"\x3f" + b"n" * 63) * 3 + b"\x3d" + b"n" * 61 + b"\0" + b"\xc0\x0c\0\5\0\1\0\0\0\1\0\2\xc0\x0c" * 80, 2000)),
        ("IPv6 headers and tunnels in tunnels", lambda: (eth(ipv4(4, b"", total=20 * 60) [:20] * 60) for _ in range(5000)))]:
    r = dissect(frames(), 1000)
    n = r.stats.get("decoder", {}).get("pkts", 0)
    diag("%s: %.1f MiB, %.2f s, %d packets, %d lines, %d bytes" % (what, r.mib, r.seconds, n, r.lines, r.bytes))
    ok(r.status == 0 and n > 100 and r.lines < 60 * n + 2000 and r.bytes < 40000 * n, what + ": ends, and says no more than there is",
       r.status, r.err, n, r.lines, r.bytes)

# --- files --------------------------------------------------------------------------------------

def bomb(n):
    """n MiB of frames of zeros, compressed a thousandfold."""
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    f = eth(ipv4(17, udp(1, 2, b"\0" * 60000)))
    some = b"".join(struct.pack("<IIII", 1764000000, 0, len(f), len(f)) + f for _ in range(17))
    yield z.compress(HEAD)
    for _ in range(n):
        yield z.compress(some)
    yield z.flush()


small, large = run([DISSECT], bomb(32 * SCALE)), run([DISSECT], bomb(128 * SCALE))
ok(large.status == 0 and large.last["stats"]["decoder"]["pkts"] == 128 * 17 * SCALE, "a compressed capture that unfolds", large.err)
flat("a compressed capture that unfolds, %d and %d MiB" % (32 * SCALE, 128 * SCALE), small, large, 96)
z = zlib.compressobj(9, zlib.DEFLATED, 31)
r = run([DISSECT], [z.compress(b"\0" * (1 << 20)) for _ in range(64)] + [z.flush()])
ok(r.status == 2 and r.err.count("\n") == 1 and r.mib < 96, "zeros, compressed: %s" % r.err.strip(), r.status, r.mib)


def block(kind, body, length=None):
    n = 12 + len(body)
    return struct.pack("<II", kind, n if length is None else length) + body + struct.pack("<I", n)


section = block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1))
iface = block(1, struct.pack("<HHI", 1, 0, 0))
for what, data in [("longer than all memory", [section, iface, block(6, b"\0" * 20, 0xfffffffc)]),
                   ("of no length", [section, iface, block(6, b"\0" * 20, 0)]),
                   ("of an odd length", [section, iface, block(6, b"\0" * 20, 33)]),
                   ("with a packet longer than itself", [section, iface, block(6, struct.pack("<IIIII", 0, 0, 0, 0x7fffffff, 0x7fffffff))]),
                   ("of an interface that was never named", [section, block(6, struct.pack("<IIIII", 0xffffffff, 0, 0, 0, 0))])]:
    r = run([DISSECT], data)
    ok(r.status == 2 and r.err.count("\n") == 1 and r.mib < 96, "pcapng: a block %s: %s" % (what, r.err.strip()), r.status, r.mib, r.err)
r = run([DISSECT], [section] + [iface * 100] * 2000)
ok(r.status == 2 and r.err.count("\n") == 1 and r.mib < 96, "pcapng: 200,000 interfaces: %s" % r.err.strip(), r.status, r.mib, r.err)
small, large = (run([DISSECT], [(section + iface * 20) * 50] * n) for n in (50, 200))
flat("pcapng: sections without number", small, large, 96)

done()
