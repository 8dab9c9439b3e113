#!/usr/bin/python3
# Two hundred appenders at once, with readers beside them: every acknowledged record is where it was
# acknowledged, once, and a verify that runs meanwhile never finds anything.
import json
import os
import subprocess
import sys
import tempfile
import threading

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chain_forge import Key, Ledger

calchain = os.path.abspath(os.path.join(os.environ.get("OTKIT_BIN", "."), "calchain"))
if not os.access(calchain, os.X_OK):
    print("Bail out! %s is not built" % calchain)
    sys.exit(1)
tmp = tempfile.TemporaryDirectory(prefix="otkit-concurrent-", dir=os.environ.get("TMPDIR", "/tmp"))
os.chdir(tmp.name)
count = failed = 0


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


WRITERS, AT_ONCE, READERS = 200, 200, 2
for word in ("anna", "log"):
    with open(word + ".pem", "w") as f:
        f.write(Key(word).pem())
Ledger().notes(200).seal().write("l")

over = threading.Event()
verified, wrong = [0] * READERS, []


def reader(i):
    while not over.is_set():
        r = subprocess.run([calchain, "verify", "-j", str(i + 1), "l"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        verified[i] += 1
        if r.returncode != 0:
            wrong.append((r.returncode, r.stdout, r.stderr))
            return


def records(i):
    return 1 + i % 7


readers = [threading.Thread(target=reader, args=(i,)) for i in range(READERS)]
for t in readers:
    t.start()
running = []
for i in range(WRITERS):
    p = subprocess.Popen([calchain, "append", "-k", "anna.pem", "-l", "log.pem", "l"] + (["--every", "2"] if i % 3 == 0 else []),
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    for k in range(records(i)):
        p.stdin.write(b'{"event_type":"note","note":{"text":"%d of %d"}}\n' % (k, i))
    p.stdin.close()
    running.append(p)
told, bad = {}, []
for i, p in enumerate(running):
    out, err = p.stdout.read(), p.stderr.read()
    p.stdout.close()
    p.stderr.close()
    if p.wait() == 0:
        told[i] = json.loads(out)["appended"]
    elif b"the clock is wrong" not in err or out:
        # a clock that a time server sets back by a microsecond is a reason, nothing else is
        bad.append((i, p.returncode, out, err))
over.set()
for t in readers:
    t.join()
ok(not bad, "%d appenders at once: each appends, or says why not" % WRITERS, *bad[:3])
ok(len(told) > WRITERS // 2, "%d of them appended" % len(told))
ok(not wrong and min(verified) > 0, "verify, run again and again meanwhile, finds nothing", verified, *wrong[:3])
with open("l/records.ndjson", "rb") as f:
    have = [json.loads(line) for line in f]
good = len(have) == 201 + sum(records(i) for i in told)
for i, a in told.items():
    good = good and a["last"] - a["first"] + 1 == records(i)
    for k in range(records(i)):
        good = good and have[a["first"] - 1 + k]["note"]["text"] == "%d of %d" % (k, i)
ok(good, "each acknowledged record is where it was acknowledged, and nothing else is there", len(have))
r = subprocess.run([calchain, "verify", "l"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
ok(r.returncode == 0, "and the ledger holds", r.stdout, r.stderr)
ok(not os.path.exists("l/torn"), "nothing was set aside")
print("# verified %s times" % verified)
print("1..%d" % count)
sys.exit(1 if failed else 0)
