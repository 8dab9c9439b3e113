#!/usr/bin/python3
"""otdissect -j: several threads write what one does, byte by byte.

Every golden input and every capture, all of them in one run, cut, with few flows kept,
through a pipe; and made-up traffic that reaches the ceilings all flows share: requests
that nobody answers, segments and beginnings of PDUs that wait, flows that end early;
and what is not taken at its word, long after a flow went to another thread.
"""
import hashlib
import json
import os
import random
import select
import struct
import subprocess
import tempfile

from tap import done, ok, skip

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("OTKIT_BIN", ".")
CAPTURES = os.environ.get("OTKIT_CAPTURES", "")
THREADS = (1, 2, 3)
OTDISSECT = os.path.join(BIN, "otdissect")
SYN, RST, PSH, ACK, FIN = 2, 4, 8, 16, 1


def run(threads, *args, data=None):
    p = subprocess.run([OTDISSECT, "-j", str(threads)] + list(args), input=data, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    return p.returncode, p.stdout, p.stderr


def same(*args, data=None):
    """What one thread gave, and whether the others gave it too."""
    one, *others = [run(j, *args, data=data) for j in THREADS]
    return one, all(o == one for o in others)


def stats(out):
    return json.loads(out.splitlines()[-1])["stats"]


# ---- made-up traffic ----


class Wire:
    """Frames with what a receiver needs and checksums of 0, as offloading leaves them."""

    def __init__(self):
        self.out = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
        self.us = 1700000000 * 1000000

    def frame(self, src, dst, proto, body, vlan=b"", more=0, at=0, ident=1, ttl=64):
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(body), ident, more << 13 | at >> 3, ttl, proto, 0,
                         src, dst)
        f = bytes(6) + struct.pack(">6B", 2, 0, 0, 0, src >> 8 & 255, src & 255) + vlan + b"\x08\x00" + ip + body
        self.raw(f, len(f))

    def raw(self, f, length):
        self.out.append(struct.pack("<IIII", self.us // 1000000, self.us % 1000000, len(f), length) + f)

    def bytes(self):
        return b"".join(self.out)


class Talk:
    """One TCP connection."""

    def __init__(self, wire, number, port=502):
        self.w, self.n = wire, number
        self.end = (0x0a140000 + number % 200, 0x0a150000 + number % 50)
        self.port = (20000 + number % 40000, port)
        self.seq = [number * 1000 + 7, number * 2000 + 9]
        self.tid = 0

    def send(self, side, body=b"", flags=PSH | ACK, seq=None, take=True):
        p, a = self.port, self.end
        seq = self.seq[side] if seq is None else seq
        tcp = struct.pack(">HHIIBBHHH", p[side], p[not side], seq & 0xffffffff,
                          self.seq[not side] & 0xffffffff, 0x50, flags, 8192, 0, 0)
        self.w.frame(a[side], a[not side], 6, tcp + body)
        if take:
            self.seq[side] += len(body) + (1 if flags & (SYN | FIN) else 0)

    def open(self):
        self.send(0, flags=SYN)
        self.send(1, flags=SYN | ACK)
        self.send(0, flags=ACK)

    def ask(self, quantity=4):
        self.tid = self.tid + 1 & 0xffff
        return struct.pack(">HHHBBHH", self.tid, 0, 6, 1, 3, self.tid % 90, quantity)

    def answer(self, quantity=4):
        return struct.pack(">HHHBBB", self.tid, 0, 3 + 2 * quantity, 1, 3, 2 * quantity) + bytes(2 * quantity)

    def poll(self, quantity=4):
        self.send(0, self.ask(quantity))
        self.send(1, self.answer(quantity))
        self.send(0, flags=ACK)


def total(data):
    data += bytes(len(data) % 2)
    v = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while v >> 16:
        v = (v >> 16) + (v & 0xffff)
    return v


class Summed(Talk):
    """The same with right checksums, unless told otherwise, a window and hops to live."""

    win = 300

    def send(self, side, body=b"", flags=PSH | ACK, seq=None, take=True, bad=0, ttl=64, win=None):
        p, a = self.port, self.end
        at = self.seq[side] if seq is None else seq
        tcp = struct.pack(">HHIIBBHHH", p[side], p[not side], at & 0xffffffff, self.seq[not side] & 0xffffffff,
                          0x50, flags, self.win if win is None else win, 0, 0) + body
        head = struct.pack(">IIHH", a[side], a[not side], 6, len(tcp))
        v = (total(head + tcp) ^ 0xffff) + bad & 0xffff
        self.w.frame(a[side], a[not side], 6, tcp[:16] + struct.pack(">H", v) + tcp[18:], ttl=ttl)
        if take:
            self.seq[side] += len(body) + (1 if flags & (SYN | FIN) else 0)


def under_way(w, n, first=0, kind=Talk):
    talks = [kind(w, first + i) for i in range(n)]
    for t in talks:
        t.open()
        for _ in range(3):
            t.poll()
            w.us += 50
    return talks


def unanswered():
    """More requests wait than may; time goes on and they expire; some are late."""
    w = Wire()
    talks = under_way(w, 220)
    for i in range(190):
        for t in talks:
            t.send(0, t.ask())
            w.us += 3
        if i % 40 == 39:
            for t in talks[::3]:
                t.send(1, t.answer())
    w.us += 20 * 1000000
    for t in talks[:40]:
        t.poll()
    for t in talks:                     # each at another time: one expires after the other
        w.us += 100000
        t.poll()
        if t.n % 7 == 0:
            w.us -= 50000
    w.us += 40 * 1000000
    for t in talks[:5]:
        t.poll()
    return w.bytes()


def waiting():
    """Segments that wait for one before them, past what memory there is."""
    w = Wire()
    talks = under_way(w, 60)
    for i in range(110):
        for t in talks:
            t.seq[0] += 12 if i == 0 else 0         # lost
            t.send(0, t.ask())
            w.us += 2
    for t in talks[:30]:
        t.send(1, t.answer())                       # acknowledges what lies behind the hole
        t.poll()
    return w.bytes()


def halves():
    """Beginnings of PDUs, past what is kept of them, and long ones among them."""
    w = Wire()
    talks = under_way(w, 1300)
    mqtt = []
    for i in range(90):
        t = Talk(w, 5000 + i, 1883)
        t.open()
        t.send(0, b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02" + b"%02d" % (i % 100))
        t.send(1, b"\x20\x02\0\0")
        for k in range(4):
            t.send(0, b"\x30\x06\0\x03a/bx")
            t.send(1, flags=ACK)
        mqtt.append(t)
    for t in mqtt:
        body = b"\x30" + b"\x90\x4e" + b"\0\x03a/b" + bytes(10000 - 5)
        t.rest = body[6000:]
        for at in range(0, 6000, 1400):
            t.send(0, body[at:min(at + 1400, 6000)])
    for t in talks:
        ask = t.ask()
        t.rest = ask[5:]
        t.send(0, ask[:5])
        w.us += 5
    for t in talks + mqtt:
        t.send(0, t.rest)
        w.us += 5
    for t in talks[:200]:
        t.send(1, t.answer())
    return w.bytes()


def lively(seed):
    """Flows that come, are cut, lose packets, end, begin anew, change lanes; BACnet with
    segments; fragments, VLANs, short captures; time that jumps and goes back."""
    rnd = random.Random(seed)
    w = Wire()
    talks = under_way(w, 40)
    bac = [0x0a160000 + i for i in range(12)]
    for step in range(9000):
        w.us += rnd.randrange(400)
        t = talks[rnd.randrange(len(talks))]
        what = rnd.randrange(1000)
        if what < 550:
            t.poll(1 + rnd.randrange(20))
        elif what < 600:
            t.send(0, t.ask())
        elif what < 630:
            t.ask()
            t.send(1, t.answer())
        elif what < 650:                # two in one segment, or one in two
            a, b = t.ask(), t.ask()
            t.send(0, a + b[:rnd.randrange(13)])
        elif what < 665:
            t.seq[rnd.randrange(2)] += rnd.randrange(1, 40)
        elif what < 680:                # too late, and twice
            t.send(0, t.ask(), take=False)
            t.send(0, t.ask())
        elif what < 690:
            t.send(0, bytes(rnd.randrange(256) for _ in range(20)))
        elif what < 700:
            t.send(rnd.randrange(2), flags=rnd.choice((RST, FIN | ACK)))
        elif what < 715:
            i = talks.index(t)
            talks[i] = Talk(w, rnd.choice((t.n, step + 100)))
            talks[i].seq[0] += step
            talks[i].open()
        elif what < 725:                # the same packet in pieces
            body = struct.pack(">HHIIBBHHH", t.port[0], 502, t.seq[0] & 0xffffffff, t.seq[1] & 0xffffffff, 0x50,
                               PSH | ACK, 8192, 0, 0) + t.ask()
            t.seq[0] += 12
            w.frame(t.end[0], t.end[1], 6, body[:24], more=1, ident=step)
            w.frame(t.end[0], t.end[1], 6, body[24:], at=24, ident=step)
        elif what < 735:                # as the snap length leaves it
            keep = Wire()
            keep.us, t.w = w.us, keep
            t.send(0, t.ask())
            t.w = w
            f = keep.out[-1][16:]
            w.raw(f[:rnd.randrange(30, len(f))], len(f))
        elif what < 745:
            w.us += rnd.choice((-2000000, 31000000, 65000000, 400000))
        else:
            a, b = rnd.sample(bac, 2)
            inv = rnd.randrange(4)
            kind = rnd.randrange(40)
            if kind < 18:
                apdu = bytes((0, 5, inv, 12, 0x0c, 0, 0, 0, 1, 0x19, 85))
            elif kind < 34:
                apdu = bytes((0x30, inv, 12, 0x0c, 0, 0, 0, 1, 0x19, 85, 0x3e, 0x91, 1, 0x3f))
                a, b = b, a
            elif kind < 36:             # a segment
                apdu = bytes((0x3c, inv, rnd.randrange(3), 4, 12)) + bytes(30)
                a, b = b, a
            elif kind < 37:
                apdu = bytes((0x38, inv, rnd.randrange(3), 4, 12)) + bytes(30)
                a, b = b, a
            else:
                apdu = bytes((0x10, 8))
            npdu = rnd.choice((b"\x01\x04", b"\x01\x04", b"\x01\x24\0\x05\x01\x09\xff", b"\x01\x0c\0\x07\x01\x08"))
            body = b"\x81\x0a" + struct.pack(">H", 4 + len(npdu) + len(apdu)) + npdu + apdu
            w.frame(a, b, 17, struct.pack(">HHHH", 47808, 47808, 8 + len(body), 0) + body)
    return w.bytes()


def doubtful(seed):
    """What is not taken at its word, in flows that another thread has by then; whether a
    segment is within its window depends on what was said just before it, and another
    thing is said right after."""
    rnd = random.Random(seed)
    w = Wire()
    talks = under_way(w, 60, kind=Summed)
    for step in range(6000):
        w.us += rnd.randrange(300)
        t = talks[rnd.randrange(len(talks))]
        side = rnd.randrange(2)
        what = rnd.randrange(88 if t.n % 2 else 100)        # what follows brings a flow back
        if what < 60:
            t.poll(1 + rnd.randrange(20))
        elif what < 72:                 # ahead of what was lost: room for it, or none
            t.send(1, flags=ACK, win=rnd.choice((50, 40000)))
            t.send(0, t.ask(), seq=t.seq[0] + rnd.choice((24, 3000, 20000)), take=False)
            t.send(1, flags=ACK, win=rnd.choice((50, 40000)))
            t.poll()
        elif what < 78:                 # other bytes for the last segment, or for one that waits
            t.send(0, t.ask(), seq=t.seq[0] - 12, take=False)
            t.send(1, t.answer(9), seq=t.seq[1] - 27, take=False)
        elif what < 82:
            t.send(0, t.ask(), seq=t.seq[0] + 12, take=False)
            t.send(0, t.ask(7), seq=t.seq[0] + 12, take=False)
            t.poll()
            t.poll()
        elif what < 88:
            t.send(side, t.ask(), take=False, bad=rnd.randrange(1, 999))
        elif what < 90:
            t.send(side, t.ask(), take=False, ttl=rnd.randrange(1, 40))
        elif what < 91:                 # few hops, but it arrives, and so do others
            for _ in range(3):
                t.send(0, t.ask(), ttl=9)
                t.send(1, t.answer())
        elif what < 94:
            t.send(side, flags=RST | ACK, seq=t.seq[side] + rnd.choice((0, 900, 200000, -200000)))
        elif what < 95:
            t.send(side, flags=rnd.choice((RST, SYN)), seq=t.seq[side] + 77, take=False, bad=5)
        elif what < 96:
            t.send(side, flags=FIN | ACK)
        elif what < 98:
            t.seq[0] += step
            t.open()
        else:
            t.seq[side] += 12
    return w.bytes()


def doubts(out):
    """Of all flows, by kind."""
    n = {}
    for line in out.splitlines():
        r = json.loads(line)
        for kind, v in r.get("flow", {}).get("doubted", {}).items():
            n[kind] = n.get(kind, 0) + v
    return n


def made():
    for name, data, reached in (
            ("requests that nobody answers", unanswered(), lambda s: s["app_layer"]["pending_evicted"] > 0 and
             s["app_layer"]["unanswered"] > 30000),
            ("segments that wait", waiting(), lambda s: s["tcp"]["memory_full"] > 0),
            ("beginnings of PDUs", halves(), lambda s: s["tcp"]["memory_full"] > 0)):
        one, good = same("-", data=data)
        ok(good, "%s: the same with %s threads" % (name, THREADS[1:]))
        ok(one[0] == 0 and reached(stats(one[1])), "and the ceiling was reached", stats(one[1]))
    bad = [(seed, args) for seed in range(4) for args in (("-",), ("--max-flows", "16", "-"), ("--join-vlans",
           "--no-flow", "-"), ("--rollup", "60", "-")) if not same(*args, data=lively(seed))[1]]
    ok(not bad, "lively traffic: the same, whatever the options", *bad)
    bad = []
    for seed in range(4):
        one, good = same("-", data=doubtful(seed))
        bad += [] if good else [seed]
        n = doubts(one[1])
        ok(len(n) == 5 and min(n.values()) > 10, "doubtful traffic %d has all kinds" % seed, n)
    ok(not bad, "doubtful traffic: the same with %s threads" % (THREADS[1:],), *bad)


# ---- what there is ----


def files(folder):
    return sorted(os.path.join(d, f) for d, _, names in os.walk(folder) for f in names
                  if not f.endswith((".md", ".tsv", ".txt", ".py", ".sh")))


def kept(where, inputs, tmp):
    bad = [p for p in inputs if not same(p)[1]]
    ok(not bad, "%s: %d inputs, the same with %s threads" % (where, len(inputs), THREADS[1:]), *bad)
    with open(os.path.join(tmp, "list"), "w") as f:
        f.write("".join(p + "\n" for p in inputs))
    for args in ([], ["--max-flows", "16"], ["--meta", "--mqtt-payload"]):
        outs = set()
        for j in THREADS:
            _, out, _ = run(j, *args, "--files-from", f.name)
            out = out.replace(b'"-j","%d"' % j, b'"-j","N"')
            outs.add(hashlib.sha256(out).digest())
        ok(len(outs) == 1 and out, "%s: in one run %s" % (where, " ".join(args)))


def cut(path):
    with open(path, "rb") as f:
        data = f.read()
    bad = [n for n in (len(data) // 3, len(data) // 2 + 1, len(data) - 5)
           if not same("-", data=data[:n])[1]]
    ok(not bad, "standard input that ends amid a record: the same, and the same said", *bad)


def at_once():
    """What came by a pipe is written though no more comes."""
    w = Wire()
    for t in under_way(w, 3):
        t.poll()
    for j in THREADS:
        p = subprocess.Popen([OTDISSECT, "-j", str(j), "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        p.stdin.write(w.bytes())
        p.stdin.flush()
        got = b""
        while got.count(b'"event_type":"modbus"') < 12 and select.select([p.stdout], [], [], 30)[0]:
            part = os.read(p.stdout.fileno(), 65536)
            if not part:
                break
            got += part
        ok(got.count(b'"event_type":"modbus"') == 12, "-j %d: events go out while the pipe is open" % j)
        p.stdin.close()
        p.stdout.read()
        p.wait()
        p.stdout.close()


def words():
    for value in ("0", "17", "x", "2x", ""):
        p = subprocess.run([OTDISSECT, "-j", value, "-"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE)
        ok(p.returncode == 2 and b"from 1 to 16" in p.stderr, "-j %r is refused" % value, p.stderr)


with tempfile.TemporaryDirectory() as tmp:
    made()
    kept("golden inputs", files(os.path.join(TOP, "test", "golden")), tmp)
    cut(os.path.join(TOP, "examples", "lab.pcapng"))
    at_once()
    words()
    if CAPTURES and os.path.isdir(CAPTURES):
        kept("captures", files(CAPTURES), tmp)
    else:
        skip("captures", "OTKIT_CAPTURES names none")
done()
