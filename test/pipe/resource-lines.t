#!/usr/bin/python3
"""Records made to use up their readers: a line without an end, nesting without an end, lines
without number that are no records. One line of complaint, and memory that stays."""
import os
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, HERE)
from spent import BIN, flat, run  # noqa: E402
from tap import done, ok  # noqa: E402

SCALE = int(os.environ.get("OTKIT_RESOURCE", "1"))
tmp = tempfile.TemporaryDirectory(prefix="otkit-resource-")
ledger, key = tmp.name + "/ledger", tmp.name + "/key"
for args in ([BIN + "/calchain", "keygen", "--no-passphrase", "-n", "anna", key],
             [BIN + "/calchain", "init", "-k", key, "-n", "anna", "-o", "lab.example", ledger]):
    subprocess.run(args, stdout=subprocess.DEVNULL, check=True)
keep = sorted(os.listdir(ledger)) if os.path.isdir(ledger) else []
ok(bool(keep), "a ledger to append to", os.listdir(tmp.name))

READERS = [("otdissect", [BIN + "/otdissect"]), ("otinv build", [BIN + "/otinv", "build"]),
           ("nis2report timeline", [BIN + "/nis2report", "timeline", "-"]),
           ("calchain append", [BIN + "/calchain", "append", "-k", key, ledger, "-"]),
           ("calchain import", [BIN + "/calchain", "import", "-c", "-"])]
HEAD = b'{"timestamp":"2026-11-23T08:00:00.000000+0000","event_type":"flow","x":"'


def endless(n):
    """One line of n MiB."""
    some = b"a" * (1 << 20)
    yield HEAD
    for _ in range(n):
        yield some


def lists(n):
    yield b'{"timestamp":"2026-11-23T08:00:00.000000+0000","event_type":"flow","x":'
    for _ in range(n):
        yield b"[" * (1 << 16)


def noise(n):
    for _ in range(n * 16):
        yield b"no record\n" * 6553


for name, args in READERS:
    for what, make in (("a line without an end", endless), ("brackets without an end", lists), ("lines that are no records", noise)):
        n = 8 if make == lists else 6 if make == noise else 24 * SCALE
        if "import" in name and make != lists:
            n = 80 * SCALE  # it keeps a table of up to 64 MiB
        small, large = run(args, make(n)), run(args, make(4 * n))
        text = "%s: %s" % (name, what)
        ok(large.status in (1, 2) and 0 < large.err.count("\n") <= 30, text + ": said, and it ends: %s" % large.err.split("\n")[0][:150],
           large.status, large.err)
        flat("%s, %d and %d pieces" % (text, n, 4 * n), small, large, 160, 8)
    for depth in (33, 10000, 300000):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            line = HEAD[:-1] + (opening * depth + "1" + closing * depth + "}\n").encode()
            r = run(args, [line])
            ok(r.status == 2 and 0 < r.err.count("\n") <= 3 and r.mib < 160,
               "%s: %d times \"%s\": %s" % (name, depth, opening, r.err.split("\n")[0][:150]), r.status, r.err, r.mib)
ok(sorted(os.listdir(ledger)) == keep, "nothing of it came into the ledger", os.listdir(ledger))

for what, data in (("elements in elements", b"<a>" * 300000), ("entities that unfold", b"<!DOCTYPE a [<!ENTITY b \"" + b"c" * 99 + b"\">" + b"".join(
        b"<!ENTITY b%d \"%s\">" % (i, b"&b%d;" % (i - 1) * 10) for i in range(1, 12)) + b"]><a>&b11;</a>")):
    r = run([BIN + "/calchain", "import", "-d", "-"], [data])
    ok(r.status == 2 and r.err.count("\n") == 1 and r.mib < 160, "XML: %s: %s" % (what, r.err.strip()[:150]), r.status, r.err, r.mib)


def folded(n):
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    for b in endless(n):
        yield z.compress(b)
    yield z.flush()


for name, args in READERS[:3]:
    small, large = run(args, folded(24 * SCALE)), run(args, folded(96 * SCALE))
    ok(large.status in (1, 2) and 0 < large.err.count("\n") <= 3, "%s: such a line, compressed: %s" % (name, large.err.split("\n")[0][:150]),
       large.status, large.err)
    flat(name + ": such a line, compressed", small, large, 160, 8)
done()
