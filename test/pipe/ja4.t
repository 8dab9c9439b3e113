#!/usr/bin/python3
"""JA3 and JA4 of otdissect against a second implementation: this one, which
knows only the bytes of the captures and the methods as they were published.
Output is TAP. Also over the captures in $OTKIT_CAPTURES, where there are any.
"""
import glob
import hashlib
import json
import os
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def segments(path):
    """TCP payloads of a classic pcap of Ethernet and IPv4."""
    with open(path, "rb") as f:
        data = f.read()
    if data[:4] not in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4"):
        return
    end = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    if struct.unpack(end + "I", data[20:24])[0] != 1:
        return
    at = 24
    while at + 16 <= len(data):
        cap = struct.unpack(end + "I", data[at + 8:at + 12])[0]
        frame = data[at + 16:at + 16 + cap]
        at += 16 + cap
        if frame[12:14] != b"\x08\x00" or len(frame) < 34 or frame[23] != 6:
            continue
        ip = frame[14:14 + struct.unpack(">H", frame[16:18])[0]]
        tcp = ip[(ip[0] & 15) * 4:]
        if len(tcp) >= 20:
            yield tcp[(tcp[12] >> 4) * 4:]


def hello(seg):
    """The body of a ClientHello that one record and one segment hold whole."""
    if len(seg) < 9 or seg[0] != 22 or seg[1] != 3 or seg[5] != 1:
        return None
    n = int.from_bytes(seg[6:9], "big")
    return seg[9:9 + n] if len(seg) >= 9 + n and struct.unpack(">H", seg[3:5])[0] >= n + 4 else None


def u16(b):
    return [x[0] for x in struct.iter_unpack(">H", b[:len(b) // 2 * 2])]


def grease(v):
    return v & 0x0f0f == 0x0a0a and v >> 8 == v & 255


def split(b):
    """Version, ciphers and extensions; None where the lengths do not agree."""
    try:
        at = 34 + 1 + b[34]
        n = struct.unpack(">H", b[at:at + 2])[0]
        ciphers = b[at + 2:at + 2 + n]
        at += 2 + n
        at += 1 + b[at]
        exts = []
        if at < len(b):
            total = struct.unpack(">H", b[at:at + 2])[0]
            at += 2
            if at + total > len(b):
                return None
            stop = at + total
            while at < stop:
                kind, n = struct.unpack(">HH", b[at:at + 4])
                if at + 4 + n > stop:
                    return None
                exts.append((kind, b[at + 4:at + 4 + n]))
                at += 4 + n
        return (struct.unpack(">H", b[:2])[0], ciphers, exts) if len(ciphers) % 2 == 0 else None
    except (IndexError, struct.error):
        return None


def ja3(version, ciphers, exts):
    d = dict(reversed(exts))
    groups = u16(d.get(10, b"")[2:])
    formats = list(d.get(11, b"")[1:])
    parts = [[version], u16(ciphers), [k for k, _ in exts], groups]
    return ",".join(["-".join(str(v) for v in p if not grease(v)) for p in parts] +
                    ["-".join(str(v) for v in formats)])


NAMES = {0x304: "13", 0x303: "12", 0x302: "11", 0x301: "10", 0x300: "s3", 2: "s2"}


def ja4(version, ciphers, exts):
    d = dict(reversed(exts))
    offered = [v for v in u16(d.get(43, b"")[1:]) if not grease(v)]
    if offered:     # a draft of 1.3 ranks above 1.2, below 1.3
        version = max(offered, key=lambda v: (0x0303, v) if v >> 8 == 0x7f else (v, 0))
    name = NAMES.get(version, "00")
    c = sorted(v for v in u16(ciphers) if not grease(v))
    x = [k for k, _ in exts if not grease(k)]
    a = d.get(16, b"")[2:]
    first = a[1:1 + a[0]] if a and len(a) > a[0] else b""
    ends = "00"
    if first:
        t = chr(first[0]) + chr(first[-1])
        ends = t if t.isascii() and t.isalnum() else first.hex()[0] + first.hex()[-1]
    sig = [v for v in u16(d.get(13, b"")[2:]) if not grease(v)]

    def part(s):
        return hashlib.sha256(s.encode()).hexdigest()[:12] if s else "0" * 12

    second = ",".join("%04x" % v for v in sorted(v for v in x if v not in (0, 16)))
    if sig:
        second += "_" + ",".join("%04x" % v for v in sig)
    return "t%s%s%02d%02d%s_%s_%s" % (
        name, "d" if 0 in d else "i", min(len(c), 99), min(len(x), 99), ends,
        part(",".join("%04x" % v for v in c)), part(second))


def main():
    paths = sorted(glob.glob(os.path.join(TOP, "test/golden/tls/*.pcap")))
    captures = os.environ.get("OTKIT_CAPTURES", os.path.join(TOP, "..", "shared", "captures"))
    paths += sorted(glob.glob(os.path.join(captures, "it", "*.pcap")))
    n = failed = 0
    for path in paths:
        want = {}
        for seg in segments(path):
            b = hello(seg)
            h = split(b) if b else None
            if h and len(h[2]) <= 256:
                key = hashlib.md5(ja3(*h).encode()).hexdigest()
                want.setdefault(key, set()).add((ja3(*h), ja4(*h)))
        if not want:
            continue
        out = subprocess.run(["./otdissect", "-p", "tls", path], stdout=subprocess.PIPE,
                             cwd=TOP).stdout
        events = [e["tls"] for e in map(json.loads, out.splitlines()) if e["event_type"] == "tls"]
        bad, checked = [], 0
        for t in events:
            if "ja3" not in t or t["ja3"]["hash"] not in want:
                continue
            checked += 1
            if not any(t["ja3"].get("string", text) == text and t.get("ja4", four) == four
                       for text, four in want[t["ja3"]["hash"]]):
                bad.append("%s, not %s" % (t.get("ja4"), want[t["ja3"]["hash"]]))
        lost = set(want) - {t["ja3"]["hash"] for t in events if "ja3" in t}
        n += 1
        failed += bool(bad) or not checked
        print("%sok %d - %s: %d hellos%s" % ("not " if bad or not checked else "", n,
                                             os.path.basename(path), checked,
                                             ", %d without an event" % len(lost) if lost else ""))
        for b in bad[:5]:
            print("#   " + b)
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
