#!/usr/bin/python3
# calchain verify against whoever knows everything but the private keys, and against some who have
# one of them. Ledgers and forgeries come from chain_forge.py, that shares no code with calchain.
import base64
import gzip
import os
import random
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chain_forge import (Key, Ledger, cosigned, head_text, line_of, note_line, put, read, sha, signed,
                         stamp, START, tiles_of)

calchain = os.path.abspath(os.path.join(os.environ.get("OTKIT_BIN", "."), "calchain"))
if not os.access(calchain, os.X_OK):
    print("Bail out! %s is not built" % calchain)
    sys.exit(1)
tmp = tempfile.TemporaryDirectory(prefix="otkit-attack-", dir=os.environ.get("TMPDIR", "/tmp"))
os.chdir(tmp.name)
count = 0
failed = 0


def ok(good, text, *why):
    global count, failed
    count += 1
    print("%sok %d - %s" % ("" if good else "not ", count, text))
    if not good:
        failed += 1
        for w in why:
            for line in str(w).splitlines()[:8]:
                print("# %s" % line[:300])
    sys.stdout.flush()


def run(*args, **more):
    """Exit status, output, diagnostics; a hang is no status."""
    try:
        r = subprocess.run([calchain, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=more.pop("timeout", 30), input=more.pop("input", b""), **more)
    except subprocess.TimeoutExpired:
        return "hangs", "", ""
    return r.returncode, r.stdout.decode("utf-8", "replace"), r.stderr.decode("utf-8", "replace")


def finds(folder, first, text, *args):
    """verify says 1, and its first line names this."""
    rc, out, err = run("verify", *args, folder)
    line = out.split("\n")[0]
    ok(rc == 1 and re.search(first, line) is not None, text, rc, out, err, "expected: " + first)


def refuses(folder, why, text, *args, status=2):
    """It cannot be done: one line says why, and nothing has changed."""
    before = read(folder)
    rc, out, err = run(*args)
    said = err if err else out
    ok(rc == status and said.count("\n") == 1 and re.search(why, said) is not None and read(folder) == before,
       text, rc, out, err, "expected: " + why, *[n for n in before if read(folder).get(n) != before[n]])


def keep(name, data):
    with open(name, "w" if isinstance(data, str) else "wb") as f:
        f.write(data)
    return name


def lines(l, v):
    return l.write("x", records__ndjson=b"".join(r + b"\n" for r in v))


NOW = ("--now", "2026-01-01T00:00:00Z")
ORIGIN = "lab.example/cal"
for word in ("anna", "log", "bo", "eve"):
    keep(word + ".pem", Key(word).pem())

# --- one format, two programs: the folders are the same, byte for byte

for each, sizes in ((True, (1, 3, 255, 256, 257, 300)), (False, (1, 2, 700, 701))):
    l, n = Ledger(each=each), 1
    mode = ("--sign", "record" if each else "checkpoint")
    rc, out, err = run("init", "-k", "anna.pem", "-l", "log.pem", "-n", "anna", "-o", ORIGIN, *mode, *NOW, "own%d" % each)
    ok(rc == 0 and out == Key("log").vkey(ORIGIN) + "\n", "init says the log's verifier key", rc, out, err)
    for size in sizes[1:]:
        l.notes(size - n).seal()
        batch = "".join('{"event_type":"note","note":{"text":"n%d"}}\n' % (i + 1) for i in range(n, size))
        rc, out, err = run("append", "-k", "anna.pem", "-l", "log.pem", *(() if each else ("-a", "anna")), *NOW,
                           "own%d" % each, input=batch.encode())
        n = size
    other = l.files()
    if not each:
        # a key that is given in such a ledger is named there
        ours = read("own0")
        ok(run("verify", "own0")[0] == 0, "checkpoint mode: a ledger of %d records holds" % n)
        put("x", other)
        rc, out, err = run("verify", "x")
        ok(rc == 0 and "all hold" in out, "checkpoint mode: so does one that was made independently", out, err)
        ok({k: len(v) for k, v in ours.items() if k.startswith("tile")} ==
           {k: len(v) for k, v in other.items() if k.startswith("tile")}, "and both have the same tiles")
        continue
    ours = read("own1")
    ok(ours == other, "a ledger of %d records is what the format's text says, byte for byte" % n,
       sorted(set(ours) ^ set(other)), [k for k in ours if k in other and ours[k] != other[k]])
    put("x", other)
    rc, out, err = run("verify", "x")
    ok(rc == 0 and "all hold" in out and "nothing was compared with a head kept elsewhere" in out,
       "made independently it holds, and verify says that nothing outside was compared", rc, out, err)


# --- each plain attack at each size

def plain(l, size, where):
    """All that can be done to the records without a key."""
    v, head = l.lines, keep("head", l.heads[-1][1])
    rnd = random.Random(size)
    t = lambda what: "%d records%s: %s" % (size, "" if l.each else ", checkpoint mode", what)
    l.write("x")
    rc, out, err = run("verify", "-c", head, "x")
    ok(rc == 0 and "nothing was compared" not in out, t("as it was it holds, and its head kept outside with it"), out, err)
    good, n = True, 0
    for i in range(3 if size > 1000 else 12):
        k = rnd.randrange(size)
        b = bytearray(v[k])
        at = rnd.randrange(len(b) - 2) + 1
        b[at] ^= 1 << rnd.randrange(8)
        lines(l, v[:k] + [bytes(b)] + v[k + 1:])
        rc, out, err = run("verify", "x")
        # a line end in the middle makes two of one: the first of them is named
        # in the ledger record it may be another version now, and nothing can be said
        if rc == 2 and "this program knows otledger/1" in err and k == 0:
            n += 1
        elif rc == 1 and re.match(r"x: record (%d|%d): |x: (line|key)" % (k + 1, k + 2), out):
            n += 1
        else:
            good = False
            print("# bit in record %d at %d: %s %s" % (k + 1, at, rc, out[:200]))
    ok(good and n, t("a flipped bit is found and its record named, %d times" % n))
    lines(l, v[:where] + v[where + 1:])
    finds("x", r"^x: (record 1: key|records: there is no record)" if where == 0 and size == 1 else
          r"^x: record 1: " if where == 0 else r"^x: records: the checkpoint covers" if where == size - 1 else
          r"^x: record %d: seq: record %d stands" % (where + 1, where + 2), t("record %d deleted" % (where + 1)))
    fake = line_of(where + 2, l.times[where], "note", "anna", Key("eve"), sha(v[where]).hex(), '{"text":"f"}',
                   key_id=Key("anna").id("anna").hex(), sign=l.each)
    lines(l, v[:where + 1] + [fake] + v[where + 1:])
    finds("x", r"^x: record %d: signature" % (where + 2) if l.each else
          r"^x: tail" if where == size - 1 else r"^x: record %d: seq" % (where + 3), t("a record put in behind %d" % (where + 1)))
    lines(l, v[:where + 1] + [v[where]] + v[where + 1:])
    finds("x", r"^x: record %d: (seq|key)" % (where + 2), t("record %d there twice" % (where + 1)))
    if size > 2 and where + 1 < size:
        lines(l, v[:where] + [v[where + 1], v[where]] + v[where + 2:])
        finds("x", r"^x: record %d: seq" % (where + 1), t("records %d and %d change places" % (where + 1, where + 2)))
    if size > 1:
        lines(l, v[:-1])
        finds("x", r"^x: records: the checkpoint covers %d records, there are %d" % (size, size - 1), t("the last record cut off"))
        # deleted, and all behind it counted and linked anew: what was signed no longer is
        k = min(where, size - 2)
        new = v[:k]
        for old in v[k + 1:]:
            m = re.match(rb'(.*?"seq":)\d+(,.*"prev":")[0-9a-f]{64}(".*),"digest":"([0-9a-f]{64})"(.*)\}$', old)
            body = m[1] + b"%d" % (len(new) + 1) + m[2] + (sha(new[-1]).hex() if new else "0" * 64).encode() + m[3]
            new.append(body + b',"digest":"' + sha(body).hex().encode() + b'"' + m[5] + b"}")
        if k > 0:
            lines(l, new)
            finds("x", r"^x: record %d: signature" % (k + 1) if l.each and new[k:] else r"^x: (root|records)",
                  t("record %d deleted, the rest counted anew" % (k + 1)))
    # torn tails of one record more, of any length
    tail = line_of(size + 1, l.times[-1], "note", "anna", l.admin, sha(v[-1]).hex(), '{"text":"t"}', sign=l.each)
    good = True
    whole = b"".join(r + b"\n" for r in v)
    for n in ((1, 80, len(tail)) if size != 2 else range(1, len(tail) + 2)):
        l.write("x", records__ndjson=whole + (tail + b"\n")[:n]) if size < 1000 or n == len(tail) else None
        rc, out, err = run("verify", "x") if size < 1000 or n == len(tail) else (1, "x: tail", "")
        if rc != 1 or not out.startswith("x: tail"):
            good = False
            print("# tail of %d: %s %s" % (n, rc, out[:200]))
    ok(good, t("bytes behind the head are found, whole record or not"))


def keys(l, old, size):
    """What takes keys, other ones or the right ones, and an older copy."""
    t = lambda what: "%d records%s: %s" % (size, "" if l.each else ", checkpoint mode", what)
    head = keep("head", l.heads[-1][1])
    log = Key("log").vkey(ORIGIN)
    new = Ledger(log="evil log", admin=("anna", "eve"), each=l.each).notes(size - 1).seal()
    new.write("x")
    rc, out, err = run("verify", "x")
    ok(rc == 0 and "nothing was compared with a head kept elsewhere" in out,
       t("all made anew with other keys: alone nobody can tell, and it says so"), rc, out)
    finds("x", "^x: outside: head: the head of %d records is signed by no key" % size, t("but the outside head tells"), "-c", head)
    finds("x", "^x: trust: ", t("and the log's key, that the reader has"), "--vkey", log)
    if size > 1:
        swapped = [new.lines[0]] + l.lines[1:]
        lines(l, swapped)
        finds("x", "^x: record 2: (prev|key|signature)", t("the first record's keys swapped"))
        old.write("x")
        rc, out, err = run("verify", "x")
        ok(rc == 0 and "nothing was compared" in out, t("an older copy put in place: alone it holds, and it says so"), out)
        finds("x", "^x: outside: head: it covers %d records, there are %d" % (size, len(old.lines)),
              t("but the outside head tells"), "-c", head)
        fork = Ledger(each=l.each).notes(size - 2).note("another").seal()
        fork.write("x")
        finds("x", "^x: outside: head: the first %d records are not those" % size,
              t("a fork, sealed with the log's own key"), "-c", head)
        # his own history, but the old head's line is kept
        kept = fork.files()
        kept["checkpoints.ndjson"] = b"".join(l.head_line(*h) for h in l.heads) + kept["checkpoints.ndjson"]
        put("x", kept)
        finds("x", "^x: heads: checkpoints.ndjson: the first %d records" % size, t("a fork beside the head it denies"))
    finds_seal = l.files()
    finds_seal["checkpoint"] = signed(l.text(), ORIGIN, Key("eve")).encode()
    put("x", finds_seal)
    finds("x", "^x: seal: the checkpoint is signed by no key", t("the checkpoint signed with another key"))


for size in (1, 2, 255, 256, 257):
    l = Ledger()
    old = Ledger()
    if size > 1:
        old.notes(size - 2)
        l.notes(size - 1)
        if size > 2:
            old.seal()
        l.seal()
    plain(l, size, size // 2 if size > 1 else 0)
    keys(l, old, size)
two = Ledger().notes(1).seal()
plain(two, 2, 0)

# --- seventy thousand, sealed at the end: each attack within a few seconds

began = time.monotonic()
big = Ledger(each=False).notes(69999).seal()
small = Ledger(each=False).notes(69998).seal()
plain(big, 70000, 34567)
keys(big, small, 70000)
spent = time.monotonic() - began
ok(spent < 180, "70000 records: all of it in time")
print("# 70000 records: %.0f s" % spent)
del big, small

# --- an author against himself and others: he signs what is his anew

l = Ledger(others=[("author", "bo", "bo")])
bo = dict(author="bo", key=Key("bo"))
l.note("annas").note("bos", **bo).note("bos too", **bo).note("annas end").seal()
head = keep("head", l.heads[-1][1])


def like(upto):
    m = Ledger(others=[("author", "bo", "bo")])
    m.lines, m.times = l.lines[:upto], l.times[:upto]
    return m


m = like(2).note("bos, changed", **bo).note("bos too", **bo)
m.lines += l.lines[4:]
m.times = l.times
lines(l, m.lines)
finds("x", "^x: record 5: prev", "an author writes his record anew and signs all that is his: the next author's shows it")
m = like(2).note("bos, changed", **bo).note("bos too", **bo)
lines(l, m.lines + [line_of(5, l.times[4], "note", "anna", Key("bo"), sha(m.lines[-1]).hex(), '{"text":"annas end"}',
                            key_id=Key("anna").id("anna").hex())])
finds("x", "^x: record 5: signature: the signature is not that of anna", "and one he signs for her is not hers")
m = like(4)
m.lines = l.lines[:3]
m.note("bos, changed", **bo)
lines(l, m.lines)
finds("x", "^x: (records|root)", "the last author changes the last record: the checkpoint shows it")
m = like(5)
m.lines = l.lines[:4]
m.note("under her name", author="anna", key=Key("bo"), key_id=Key("bo").id("anna").hex())
lines(l, m.lines)
finds("x", "^x: record 5: key: anna had no key", "a record under another's name, of his own key")

# --- changes of keys

base = [("author", "bo", "bo"), ("author", "cy", "cy")]
eve = Key("eve").vkey("eve")


def made(text, first, do):
    m = Ledger(others=base)
    do(m)
    m.seal()
    m.write("x")
    if first is None:
        rc, out, err = run("verify", "x")
        ok(rc == 0, text, rc, out, err)
    else:
        finds("x", first, text)


cy = dict(author="cy", key=Key("cy"))
made("an administrator adds, an author rotates his key: both count", None, lambda m: m.signer("add", eve, role="author").
     note("e", author="eve", key=Key("eve")).signer("rotate", Key("bo2").vkey("bo"), replaces=Key("bo").vkey("bo"), **bo).
     note("b", author="bo", key=Key("bo2")))
made("a key added by an author", "^x: record 2: key: bo is no administrator",
     lambda m: m.signer("add", eve, role="author", **bo))
made("an administrator's key added by an author", "^x: record 2: key: bo is no administrator",
     lambda m: m.signer("add", eve, role="admin", **bo))
made("another's key retired by an author", "^x: record 2: key: bo is no administrator",
     lambda m: m.signer("retire", Key("cy").vkey("cy"), **bo))
made("the log's key replaced by an author", "^x: record 2: key: bo is no administrator",
     lambda m: m.signer("rotate", Key("eve").vkey(ORIGIN), replaces=Key("log").vkey(ORIGIN), **bo))
made("an author's rotation to another name", "^x: record 3: key: vkey: a key that replaces that of bo has its name",
     lambda m: m.signer("retire", Key("cy").vkey("cy")).
     signer("rotate", Key("eve").vkey("cy"), replaces=Key("bo").vkey("bo"), **bo))
made("a change of keys under the administrator's name, signed by an author", "^x: record 2: signature",
     lambda m: m.signer("add", eve, role="admin", author="anna", key=Key("bo"), key_id=Key("anna").id("anna").hex()))
made("a change of keys that is not signed", "^x: record 2: (key|signature)",
     lambda m: m.signer("add", eve, role="admin", sign=False))
made("a record signed with a retired key", "^x: record 3: key: bo had no key",
     lambda m: m.signer("retire", Key("bo").vkey("bo")).note("b", **bo))
made("a record signed with a revoked key", "^x: record 3: key: bo had no key",
     lambda m: m.signer("revoke", Key("bo").vkey("bo"), since=stamp(START)).note("b", **bo))
made("a record signed with a key of tomorrow", "^x: record 2: key: eve had no key",
     lambda m: m.note("e", author="eve", key=Key("eve")).signer("add", eve, role="author"))
made("a checkpoint signed with a retired log key", "^x: seal: the checkpoint is signed by no key",
     lambda m: m.signer("retire", Key("log").vkey(ORIGIN)).note("n"))
made("a second ledger record", "^x: record 2: key: a ledger record is the first",
     lambda m: m.add("ledger", '{"format":"otledger/1","origin":"o","sign":"record","keys":[]}'))
made("a reason with an escape sequence in it", "^x: record 2: key: reason: there is a control character",
     lambda m: m.signer("add", eve, role="author", reason="\x1b]0;x\x07"))
made("a record that is not signed, where all are", "^x: record 2: signature: it is not signed", lambda m: m.note("n", sign=False))
made("a key record that is found after the records before it", "^x: record 2: signature",
     lambda m: m.note("n", key=Key("eve"), key_id=Key("anna").id("anna").hex()).signer("add", eve, role="author", **bo))
made("time that goes back", "^x: record 3: time", lambda m: m.note("n", when=stamp(START + 60)).note("m", when=stamp(START)))

# --- shapes of a line, signed rightly by somebody who has a key

good = '{"timestamp":"%s","event_type":"note","seq":2,"clock":"given","author":"anna","key":"%s","prev":"%%s"' % (
    stamp(START), Key("anna").id("anna").hex())


def shape(text, payload='{"text":"x"}', head=None, after=b"", first="^x: record 2: line", change=None, **more):
    m = Ledger()
    m.add("note", payload, head=head % sha(m.lines[0]).hex() if head else None, **more)
    m.lines[-1] += after
    if change:
        m.lines[-1] = change(m.lines[-1])
    m.seal()
    m.write("x")
    if first is None:
        rc, out, err = run("verify", "x")
        ok(rc == 0, text, rc, out, err)
    else:
        finds("x", first, text)


shape("a payload with all that stands at the end of a line in it",
      '{"text":"a,\\"digest\\":\\"%s\\"}","digest":"%s","signature":"x"}' % ("0" * 64, "0" * 64), first=None)
shape("a second author behind the payload", '{"text":"x"},"author":"bo","x":{}')
shape("a second payload behind the payload", '{"text":"x"},"note":{"text":"y"}')
shape("a payload that is no JSON", '{"text":"x"')
shape("a payload with a control character", '{"text":"x\x01"}')
shape("a payload that is no UTF-8", b'{"text":"\xff"}'.decode("utf-8", "surrogateescape"))
shape("an escape in the author", head=good.replace('"anna"', '"an\\u006ea"'))
shape("members in another order", head=good.replace('"seq":2,"clock":"given"', '"clock":"given","seq":2'))
shape("a member more", head=good.replace('"seq":2', '"x":1,"seq":2'))
shape("blanks between members", head=good.replace('"seq":2', '"seq": 2'))
shape("a seq with a zero before it", head=good.replace('"seq":2', '"seq":02'))
shape("a seq of 2^64 + 2", head=good.replace('"seq":2', '"seq":18446744073709551618'))
shape("a seq of 2^63", head=good.replace('"seq":2', '"seq":9223372036854775808'), first="^x: record 2: seq")
shape("a day that is none", head=good.replace("2026-01-01", "2026-02-30"))
shape("a time of another zone", head=good.replace("+0000", "+0100"))
shape("a clock that is none", head=good.replace('"given"', '"right"'))
shape("a type that is none", head=good.replace('"note"', '"no te"'))
shape("a name that steers the terminal", head=good.replace('"anna"', '"an\u009bna"'))
shape("a line that ends in CR LF", after=b"\r")
shape("a blank at the end", after=b" ")
shape("a NUL at the end", after=b"\0")
shape("a NUL in it", '{"text":"\0"}')
shape("an empty line before it", change=lambda b: b"\n" + b)
shape("a digest in capitals", change=lambda b: re.sub(rb'"digest":"([0-9a-f]+)"', lambda m: m[0].replace(m[1], m[1].upper()), b))
shape("a signature of another base64", change=lambda b: re.sub(rb'(.)==("\})$', lambda m: bytes([m[1][0] + 1]) + b"==" + m[2], b))
shape("a record of a little under 1 MiB", '{"text":"%s"}' % ("x" * ((1 << 20) - 800)), first=None)
shape("a record of more than 1 MiB", '{"text":"%s"}' % ("x" * (1 << 20)))
shape("a record of 1.5 MiB", '{"text":"%s"}' % ("x" * (3 << 19)))
shape("a record of 5 MiB", '{"text":"%s"}' % ("x" * (5 << 20)), first="^x: records: ")
shape("objects in objects without end", '{"a":' * 5000 + "{}" + "}" * 5000)

# --- the checkpoint

l = Ledger().notes(4).seal()
text, name = l.text(), ORIGIN


def checkpoint(text_of_it, first, said, status=1, heads=False):
    f = l.files()
    f["checkpoint"] = text_of_it.encode() if isinstance(text_of_it, str) else text_of_it
    if heads:
        f["checkpoints.ndjson"] = f["checkpoints.ndjson"][:f["checkpoints.ndjson"].index(b"\n") + 1] + \
            l.head_line(heads, f["checkpoint"].decode(), l.times[-1])
    put("x", f)
    if status == 0:
        rc, out, err = run("verify", "x")
        ok(rc == 0, said, rc, out, err)
    elif status == 1:
        finds("x", first, said)
    else:
        refuses("x", first, said, "verify", "x")


def size(s):
    return signed(head_text(ORIGIN, s, l.root()), ORIGIN, l.log)


checkpoint(signed(l.text(more="extension line\n"), ORIGIN, l.log), None, "a checkpoint with an extension line holds", 0)
checkpoint(signed(text, ORIGIN, l.log).replace("\n\n", "\nmore\n\n"), "^x: seal: the checkpoint's signature .* is false",
           "an extension line that was put in")
checkpoint(signed(text, name, l.log) + note_line(name, l.log.id(name), bytes(64)), "^x: seal: .* is false",
           "two signatures of one key, one of them false")
checkpoint(signed(text, name, l.log) + note_line("witness", Key("w").id("witness", 4), bytes(72)), None,
           "a signature of somebody unknown is passed over", 0)
checkpoint(signed(text, name, Key("eve")), "^x: seal: the checkpoint is signed by no key", "another's key")
checkpoint(text + "\n" + note_line(name, l.log.id(name), Key("eve").sign(text.encode())), "^x: seal: .* is false",
           "another's key under this one's ID")
checkpoint(signed(l.text(4), name, l.log), "^x: tail: ", "of fewer records than there are")
checkpoint(size("05"), "second line is no size", "a size with a zero before it", 2)
checkpoint(size("+5"), "second line is no size", "a size with a sign", 2)
checkpoint(size("99999999999999999999"), "second line is no size", "a size of more than 64 bits", 2)
checkpoint(size(2 ** 63), "second line is no size", "a size of 2^63", 2)
checkpoint(size(2 ** 63 - 1), "^x: records: the checkpoint covers 9223372036854775807 records, there are 5",
           "a size of 2^63 - 1", 1, 2 ** 63 - 1)
checkpoint(size(0), "^x: tail: ", "a size of 0", 1)
checkpoint(size(6), "^x: records: the checkpoint covers 6 records, there are 5", "a size of one too many", 1, 6)
checkpoint(signed(head_text(ORIGIN, 5, bytes(32)), name, l.log), "^x: root: ", "another root", 1, 5)
checkpoint(signed(head_text(ORIGIN, 5, bytes(31)), name, l.log), "no root of 32 bytes", "a root of 31 bytes", 2)
checkpoint(signed(head_text("other", 5, l.root()), "other", l.log), "^x: seal: the checkpoint is of other", "another's origin")
checkpoint("", "no signed note", "an empty checkpoint", 2)
checkpoint(b"\xff" + text.encode(), "no signed note", "one that is no UTF-8", 2)
checkpoint(text + "\n", "no signature", "one without a signature", 2)
checkpoint(text + "\n" + note_line(name, l.log.id(name), bytes(64)) * 65, "more than 64 signatures", "one of 65 signatures", 2)
checkpoint("x" * 70000, "more than 65536 bytes", "one of 70,000 bytes", 2)

# who appends is as careful: nothing is changed
RECORD = b'{"event_type":"note","note":{"text":"more"}}\n'
APPEND = ("append", "-k", "anna.pem", "-l", "log.pem", *NOW, "x")


def no_append(why, said, *args):
    before = read("x")
    rc, out, err = run(*(args or APPEND), input=RECORD)
    ok(rc == 2 and err.count("\n") == 1 and re.search(why, err) is not None and read("x") == before,
       "append: " + said, rc, out, err, "expected: " + why)


for s in (0, 4, 6, 2 ** 63 - 1):
    l.write("x", checkpoint=signed(head_text(ORIGIN, s, l.root(s) if s < 6 else l.root()), name, l.log).encode())
    if s > 5:
        no_append("older copy", "a checkpoint of %d records is refused" % s)
    else:
        # as when an append ended between the two: the kept head is the newer one
        rc, out, err = run(*APPEND, input=RECORD)
        ok(rc == 0 and run("verify", "x")[0] == 0, "a checkpoint of %d records: append goes on from the newest kept head" % s, rc, err)
    # and when the kept heads say so, too
    f = l.files()
    f["checkpoint"] = signed(head_text(ORIGIN, s, sha(b"") if s == 0 else l.root()), name, Key("eve")).encode()
    f["checkpoints.ndjson"] = l.head_line(s, f["checkpoint"].decode(), l.times[-1])
    put("x", f)
    no_append("covers no record|older copy|tile|no key of this ledger", "as is one that the kept heads agree with")
l.write("x", checkpoint=signed(text, name, Key("eve")).encode())
no_append("no key of this ledger signed it", "a checkpoint of another key is refused")
l.write("x")
no_append("no key of this log", "a wrong log key is refused", *APPEND[:4], "eve.pem", *APPEND[5:])
no_append("the key given is not that of an author", "a wrong author's key is refused", *APPEND[:2], "eve.pem", *APPEND[3:])
no_append("the clock is wrong", "a clock before the last record is refused", *APPEND[:5], "--now", "2025-12-31T23:59:59Z", "x")
rc, out, err = run("keygen", "-n", "pat", "-p", keep("pass", "right\n"), "pat.pem")
no_append("wrong passphrase", "a wrong passphrase is refused", *APPEND[:2], "pat.pem", "-p", keep("pass2", "wrong\n"), *APPEND[3:])
for name2, why in (("tile/0/000.p/5", "tile/0/000.p/5"), ("tile/entries/000.p/5", "tile/entries/000.p/5"),
                   ("checkpoints.ndjson", "checkpoints.ndjson"), ("checkpoint", "checkpoint"), ("records.ndjson", "records")):
    l.write("x")
    os.remove(os.path.join("x", name2))
    no_append(why, "without %s it is refused" % name2)
    refuses("x", why, "verify: without %s it cannot be told" % name2, "verify", "x")
Ledger(fmt="otledger/2").write("x")
no_append("this program knows otledger/1, the ledger is otledger/2", "a ledger of a later version is refused")
refuses("x", "this program knows otledger/1, the ledger is otledger/2", "verify: of a later version it cannot be told", "verify", "x")
for args in (["show", "x"], ["status", "x"], ["due", "x"], ["on", "2026-11-01", "x"], ["assess", "x"],
             ["windows", "x"], ["export", "-f", "csv", "x"], ["export", "-f", "ndjson", "-r", "1", "x"],
             ["key", "list", "x"], ["repair", "x"], ["prove", "-r", "1", "x"], ["prove", "-g", "1", "x"],
             ["witness", "request", "x"], ["timestamp", "query", "x"]):
    refuses("x", "this program knows otledger/1, the ledger is otledger/2",
            "%s: of a later version nothing is said" % " ".join(args), *args)

# --- kept heads

l = Ledger().notes(2).seal().notes(2).seal().notes(2).seal()
every = l.files()["checkpoints.ndjson"].splitlines(keepends=True)


def heads(data, first, said):
    l.write("x", checkpoints__ndjson=data)
    finds("x", first, said)


heads(b"".join(every[:-1]), "^x: heads: .* the newest head is not among them", "heads: the last one cut off")
heads(b"", "^x: heads: .* the newest head is not among them", "heads: all gone")
heads(b"".join(every)[:-1], "^x: heads: .* behind its last line", "heads: the last line without its end")
heads(b"".join(every) + b"{", "^x: heads: .* 1 bytes behind its last line", "heads: a byte behind the last line")
heads(b"".join(every) + b"\n", "^x: heads: .*:5: it is no line", "heads: an empty line")
heads(b"".join(every).replace(b"}}\n", b"}}\r\n"), "^x: heads: .*:1: ", "heads: CR LF")
heads(b"".join(every).replace(b'"size":3', b'"size":4'), "^x: heads: .*:2: it is not as its note has it", "heads: another size beside a note")
heads(b"".join(every).replace(b'00:00:00', b'00:00:01'), "^x: heads: .* does not have the time", "heads: another time")
heads(b"".join(every).replace(b'"event_type":"checkpoint"', b'"event_type":"chackpoint"'), "^x: heads: .*:1: it is no line", "heads: another type")
heads(b"".join(every) + l.head_line(3, signed(head_text(ORIGIN, 3, bytes(32)), ORIGIN, l.log), l.times[2]),
      "^x: heads: .* the first 3 records are not those", "heads: one of another history, signed by the log")
heads(b"".join(every) + l.head_line(9, signed(head_text(ORIGIN, 9, bytes(32)), ORIGIN, l.log), l.times[2]),
      "^x: heads: .* it covers 9 records, there are 7", "heads: one of more records than there are")
heads(b"".join(every) + l.head_line(3, signed(head_text("other", 3, bytes(32)), "other", l.log), l.times[2], origin="other"),
      "^x: heads: .* it is of other", "heads: one of another ledger")
heads(b"".join(every) + l.head_line(3, signed(l.text(3), ORIGIN, Key("eve")), l.times[2]),
      "^x: heads: .* signed by no key", "heads: one of another key")
heads(gzip.compress(b"".join(every)), "^x: heads: ", "heads: compressed")
heads(b"".join(every) + b'{"a":"' + b"x" * (5 << 20) + b'"}\n', "^x: heads: ", "heads: a line of 5 MiB")
l.write("x", checkpoints__ndjson=b"".join(every[:2]))
no_append("older copy", "heads put back from an older copy are refused")
older = Ledger().notes(2).seal().notes(2).seal()
l.write("x", checkpoint=older.files()["checkpoint"], checkpoints__ndjson=b"".join(every[:3]), **{})
ok(run("verify", "x")[0] == 1, "checkpoint and heads put back from an older copy: records behind them are found")

# a restored checkpoint and heads under records of several appends since: they were acknowledged
m = Ledger().notes(2).seal()
older = m.files()
for t in (60, 120):
    m.now = START + t
    m.notes(1).seal()
f = m.files()
f["checkpoint"], f["checkpoints.ndjson"] = older["checkpoint"], older["checkpoints.ndjson"]
put("x", dict(older, **{"records.ndjson": f["records.ndjson"]}))
no_append("of several appends: the checkpoint is an older copy", "acknowledged records are never set aside",
          *APPEND[:5], "--now", "2026-01-02T00:00:00Z", "x")

# --- the witness

wit, other = Key("wit"), Key("other wit")
l = Ledger().notes(2).seal().notes(2).seal()
note = l.heads[1][1] + cosigned(l.text(3), "wit", wit, START + 50)
f = l.files()
f["checkpoints.ndjson"] += l.head_line(3, note, stamp(START + 50))
put("x", f)
W = ("--vkey", wit.vkey("wit", 4))
rc, out, err = run("verify", *W, "x")
ok(rc == 0 and "the first 3 records seen by wit on 2026-01-01" in out and "nothing was compared" not in out,
   "a witness's word is told", rc, out, err)
finds("x", "^x: trust: no head of this ledger was seen by a witness", "of another witness there is none", "--vkey", other.vkey("o", 4))
l.write("x")
finds("x", "^x: trust: no head of this ledger was seen by a witness", "a witness's word was taken out", *W)
fork = Ledger().note("other").notes(1).seal().notes(2).seal()
ff = fork.files()
ff["checkpoints.ndjson"] += l.head_line(3, note, stamp(START + 50))
put("x", ff)
finds("x", "^x: heads: .* the first 3 records are not those", "who has the log's key but not the witness's: his fork beside the word", *W)
fork.write("x")
finds("x", "^x: trust: ", "his fork without the word", *W)
rc, out, err = run("verify", "x")
ok(rc == 0 and "nothing was compared with a head kept elsewhere" in out, "to whom nothing is known outside, it is said", rc, out)
forged = cosigned(fork.text(3), "wit", other, START + 50)
raw = base64.b64decode(forged.split(" ")[2])
ff["checkpoints.ndjson"] = fork.files()["checkpoints.ndjson"] + l.head_line(
    3, fork.heads[1][1] + note_line("wit", wit.id("wit", 4), raw[4:]), stamp(START + 50))
put("x", ff)
finds("x", "^x: heads: .* the signature of wit.* is false", "his fork with a word he forged", *W)

# --- the tree's files, and other things in the place of files

l = Ledger().notes(299).seal()
for name2, data in sorted(l.files().items()):
    if not name2.startswith("tile"):
        continue
    b = bytearray(data)
    b[len(b) // 2] ^= 4
    l.write("x", **{name2: bytes(b)}) if "." not in name2 else put("x", dict(l.files(), **{name2: bytes(b)}))
    finds("x", "^x: tile: %s: its hashes are not those" % re.escape(name2), "%s: a flipped bit" % name2)
    put("x", dict(l.files(), **{name2: data[:-1]}))
    refuses("x", re.escape(name2) + ": a plain file of", "%s: cut" % name2, "verify", "x")
    put("x", dict(l.files(), **{name2: data + b"x"}))
    refuses("x", re.escape(name2) + ": a plain file of", "%s: too long" % name2, "verify", "x")

l = Ledger().notes(4).seal()
for name2 in ("records.ndjson", "checkpoint", "checkpoints.ndjson", "tile/0/000.p/5", "tile/entries/000.p/5"):
    for what in ("link", "pipe", "folder", "device"):
        l.write("x")
        path = os.path.join("x", name2)
        os.rename(path, "moved")
        if what == "link":
            os.symlink(os.path.abspath("moved"), path)
        elif what == "pipe":
            os.mkfifo(path)
        elif what == "folder":
            os.mkdir(path)
        else:
            os.symlink("/dev/zero", path)
        refuses("x", re.escape(name2) + ".*(a plain file|directory)", "verify: a %s in place of %s" % (what, name2), "verify", "x")
        no_append(re.escape(name2) + ".*(a plain file|directory)", "a %s in place of %s" % (what, name2))
for left in ("checkpoint.new", "tile/new"):
    l.write("x")
    os.mkfifo(os.path.join("x", left))
    rc, out, err = run(*APPEND, input=RECORD)
    ok(rc == 0 and run("verify", "x")[0] == 0, "a pipe that was left in place of %s goes" % left, rc, out, err)
l.write("x")
os.mkfifo("x/spare")
rc, out, err = run("verify", "-c", keep("head", l.heads[0][1]), "x")
ok(rc == 0, "other things in the folder are nobody's concern", rc, out, err)
l.write("x", records__ndjson=b"")
finds("x", "^x: records: there is no record", "no record at all")
no_append("empty", "no record at all")
l.write("x", records__ndjson=gzip.compress(l.files()["records.ndjson"]))
finds("x", "^x: (record 1: line|records: there is no record)", "records that are compressed")
l.write("x")
with open("x/records.ndjson", "ab") as big:
    big.truncate(10 << 30)
began = time.monotonic()
rc, out, err = run("verify", "x")
ok(rc == 1 and out.startswith("x: tail: 1073") and time.monotonic() - began < 10, "ten gigabytes behind the head, without an end", rc, out, err)
l.write("x")
with open("x/records.ndjson", "r+b") as big:
    big.write(b"{")
    big.truncate(0)
    big.truncate(10 << 30)
rc, out, err = run("verify", "x")
ok(rc == 1 and "there is no record" in out, "one line of ten gigabytes", rc, out, err)
with open("x/checkpoints.ndjson", "r+b") as big:
    big.truncate(10 << 30)
l.write("y", checkpoints__ndjson=l.files()["checkpoints.ndjson"])
with open("y/checkpoints.ndjson", "ab") as big:
    big.truncate(10 << 30)
rc, out, err = run("verify", "y")
ok(rc == 1 and out.startswith("y: heads: "), "ten gigabytes behind the last head", rc, out, err)

print("1..%d" % count)
sys.exit(1 if failed else 0)
