#!/usr/bin/python3
# Appends that are killed, run out of room, or may not write: what was acknowledged is there, what was
# not breaks nothing, the next append goes on, and the bytes that were set aside are in torn/.
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chain_forge import Key, Ledger, line_of, put, read, sha, stamp, START

calchain = os.path.abspath(os.path.join(os.environ.get("OTKIT_BIN", "."), "calchain"))
if not os.access(calchain, os.X_OK):
    print("Bail out! %s is not built" % calchain)
    sys.exit(1)
tmp = tempfile.TemporaryDirectory(prefix="otkit-crash-", dir=os.environ.get("TMPDIR", "/tmp"))
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


def skip(text, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, text, why))


def run(*args, **more):
    r = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, **more)
    return r.returncode, r.stdout.decode("utf-8", "replace"), r.stderr.decode("utf-8", "replace")


def batch(name, n, size=0):
    return b"".join(b'{"event_type":"note","note":{"text":"%s %d %s"}}\n' % (name.encode(), i, b"x" * size) for i in range(n))


for word in ("anna", "log"):
    with open(word + ".pem", "w") as f:
        f.write(Key(word).pem())
KEYS = ("-k", "anna.pem", "-l", "log.pem")


def texts(folder):
    with open(os.path.join(folder, "records.ndjson"), "rb") as f:
        return [json.loads(line).get("note", {}).get("text", "") for line in f]


# --- killed

def killed(seed, rounds, n, every, each):
    rnd = random.Random(seed)
    l = Ledger(each=each)
    l.write("k")
    more = () if each else ("-a", "anna")
    told, took, torn, cut = [], 0.02, 0, 0
    for i in range(rounds):
        name = "b%d" % i
        began = time.monotonic()
        p = subprocess.Popen([calchain, "append", *KEYS, *more, "--every", str(every), "k"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        p.stdin.write(batch(name, n, 40))
        p.stdin.close()
        if i % 4 == 3:
            p.wait()
            took = time.monotonic() - began
        else:
            time.sleep(rnd.random() * took * 1.1)
            p.send_signal(signal.SIGKILL)
            p.wait()
        said = p.stdout.read()
        p.stdout.close()
        p.stderr.close()
        if b"appended" in said:
            told.append((name, json.loads(said)["appended"]["last"]))
        else:
            cut += 1
        before = read("k")
        rc, out, err = run(calchain, "verify", "k")
        # an append that was cut short leaves a tail at most
        if rc != 0 and not out.startswith(("k: tail: ", "k: heads: ")):
            return ok(False, "seed %d: after a kill" % seed, rc, out, err)
        rc, out, err = run(calchain, "append", *KEYS, *more, "k", input=batch("after%d" % i, 1))
        if rc != 0:
            return ok(False, "seed %d: the append after a kill" % seed, rc, out, err)
        told.append(("after%d" % i, json.loads(out)["appended"]["last"]))
        if "were set aside in " in err:
            torn += 1
            kept = err.split("were set aside in ")[1].split(",")[0]
            was, now = before["records.ndjson"], read("k")["records.ndjson"]
            aside = read("k")[kept]
            if not was.endswith(aside) or not now.startswith(was[:len(was) - len(aside)]):
                return ok(False, "seed %d: what was set aside" % seed, err)
        rc, out, err = run(calchain, "verify", "k")
        if rc != 0:
            return ok(False, "seed %d: verify after the next append" % seed, i, rc, out, err)
        have = texts("k")
        for what, last in told:
            if not have[last - 1].startswith(what):
                return ok(False, "seed %d: an acknowledged record is gone" % seed, what, last)
        told = told[-6:]
    ok(cut > 0, "seed %d, %d records of a batch%s, %d appends killed, %d of them with bytes set aside: all that was "
       "acknowledged is there and holds" % (seed, n, "" if each else ", checkpoint mode", cut, torn))


killed(1, 24, 40, 10, True)
killed(2, 24, 600, 7, False)
killed(3, 16, 300, 1, True)
killed(4, 8, 20000, 1000, False)

# --- every state an append goes through, cut between any two of its steps

m = Ledger().notes(2).seal()
before = m.files()
m.now = START + 60
m.notes(300).seal()
after = m.files()
fresh = {n: d for n, d in after.items() if n.startswith("tile") and before.get(n) != d}
tail = after["records.ndjson"][len(before["records.ndjson"]):]
head = after["checkpoints.ndjson"][len(before["checkpoints.ndjson"]):]
part = head.replace(b'"size":', b'"size":').replace(b',"note"', b',"part":true,"note"')


def goes_on(files, size, text, says="tail|heads"):
    put("s", files)
    rc, out, err = run(calchain, "verify", "s")
    good = rc == (1 if says else 0)
    rc2, out2, err2 = run(calchain, "append", *KEYS, "--now", stamp(START + 120), "s", input=batch("n", 1))
    rc3, out3, err3 = run(calchain, "verify", "s")
    now = read("s")
    aside = [d for n, d in now.items() if n.startswith("torn/")]
    # what was set aside is itself recorded, before what is appended then
    told = [r["recovery"] for r in map(json.loads, now["records.ndjson"].splitlines()) if r["event_type"] == "recovery"]
    ok(good and rc2 == 0 and rc3 == 0 and '"first":%d' % (size + 1 + len(aside)) in out2 and
       [(r["bytes"], r["sha256"]) for r in told] == [(len(d), hashlib.sha256(d).hexdigest()) for d in aside],
       text, rc, out, rc2, err2, rc3, out3)
    return out2 and now


goes_on(before, 3, "nothing written", says=None)
for n in (1, len(tail) // 2, len(tail) - 1, len(tail)):
    s = goes_on(dict(before, **{"records.ndjson": before["records.ndjson"] + tail[:n]}), 3, "%d bytes of records written" % n)
    ok(s.get("torn/4-0") == tail[:n], "and set aside as they were")
written = dict(before, **{"records.ndjson": after["records.ndjson"]})
goes_on(dict(written, **fresh), 3, "records and tiles written")
goes_on(dict(before, **fresh), 3, "tiles written, but no record", says=None)
with_tiles = dict(written, **fresh)
for n in (1, len(head) - 1):
    goes_on(dict(with_tiles, **{"checkpoints.ndjson": before["checkpoints.ndjson"] + head[:n]}), 3, "%d bytes of a head written" % n)
goes_on(dict(with_tiles, **{"checkpoints.ndjson": before["checkpoints.ndjson"] + part}), 3, "the head of a part written, and no other")
goes_on(dict(with_tiles, **{"checkpoints.ndjson": before["checkpoints.ndjson"] + part + head[:100]}), 3,
        "the head of a part, and one that was cut")
goes_on(dict(with_tiles, **{"checkpoints.ndjson": after["checkpoints.ndjson"]}), 303,
        "the kept head written, and the checkpoint not: it goes on from there")
goes_on(dict(with_tiles, **{"checkpoints.ndjson": after["checkpoints.ndjson"], "checkpoint.new": b"half"}), 303,
        "the checkpoint half written beside it")
goes_on(dict(after, **{n: d for n, d in before.items() if n.startswith("tile")}), 303,
        "all written, the old partial tiles still there", says=None)

# --- no room, no permission

Ledger(each=False).notes(20).seal().write("r")
was = read("r")
n = 0
for limit in (15000, 20000, 40000, 100000, 1 << 20):
    def cut():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    rc, out, err = run(calchain, "append", *KEYS, "-a", "anna", "r", input=batch("big", 4000, 300), preexec_fn=cut)
    n += rc == 2 and out == "" and err.count("\n") == 1 and read("r")["records.ndjson"] == was["records.ndjson"]
    n += run(calchain, "verify", "r")[0] == 0
ok(n == 10, "files that may not grow: nothing is acknowledged, nothing stays, the ledger holds", n, rc, out, err)
rc, out, err = run(calchain, "append", *KEYS, "-a", "anna", "r", input=batch("big", 4000, 300))
ok(rc == 0 and run(calchain, "verify", "r")[0] == 0, "and with room it goes in", rc, err)

script = r"""
set -e
mkdir -p small && mount -t tmpfs -o size=300k,mode=700 none small
"$1" init -k anna.pem -l log.pem -n anna -o lab.example/cal small/l >/dev/null
echo '{"event_type":"note","note":{"text":"first"}}' | "$1" append -k anna.pem -l log.pem small/l >/dev/null
n=0 full=0
while [ $n -lt 12 ]; do
	n=$((n + 1))
	if "$1" append -k anna.pem -l log.pem small/l <batch >out 2>err; then
		[ -s out ] || { echo "no acknowledgement"; exit 1; }
	else
		full=$((full + 1))
		[ ! -s out ] || { echo "acknowledged and failed"; exit 1; }
		[ "$(wc -l <err)" = 1 ] && grep -q 'No space left' err || { cat err; exit 1; }
	fi
	"$1" verify small/l >said || { cat said; ls -lR small; exit 1; }
done
[ $full -gt 0 ] || { echo "never full"; exit 1; }
mount -o remount,size=10m small
"$1" append -k anna.pem -l log.pem small/l <batch >out && "$1" verify -q small/l
before=$(find small/l -type f -exec sha256sum {} + | sort | sha256sum)
mount -o remount,ro small
if "$1" append -k anna.pem -l log.pem small/l <batch >out 2>err; then echo "appended to what is read-only"; exit 1; fi
grep -q 'Read-only file system' err && [ "$(wc -l <err)" = 1 ] || { cat err; exit 1; }
"$1" verify -q small/l
[ "$before" = "$(find small/l -type f -exec sha256sum {} + | sort | sha256sum)" ] || { echo changed; exit 1; }
echo done
"""
with open("batch", "wb") as f:
    f.write(batch("full", 60, 500))
unshare = ["unshare", "-rm"] if os.getuid() else ["unshare", "-m"]
try:
    can = run(*unshare, "sh", "-c", "mkdir -p t && mount -t tmpfs none t")[0] == 0
except OSError:
    can = False
if can:
    rc, out, err = run(*unshare, "sh", "-c", script, "sh", calchain)
    ok(rc == 0 and out.endswith("done\n"), "a full disk and a read-only one: said, and the ledger holds", rc, out, err)
else:
    skip("a full disk and a read-only one", "no file system can be mounted here")

if os.getuid() == 0:
    skip("a folder that may not be written", "root may write anywhere")
else:
    Ledger().notes(2).seal().write("ro")
    os.chmod("ro", 0o500)
    for name in ("records.ndjson", "checkpoint", "checkpoints.ndjson"):
        os.chmod(os.path.join("ro", name), 0o400)
    was = read("ro")
    rc, out, err = run(calchain, "append", *KEYS, "ro", input=batch("n", 1))
    ok(rc == 2 and err.count("\n") == 1 and "Permission denied" in err and read("ro") == was and
       run(calchain, "verify", "ro")[0] == 0, "a folder that may not be written", rc, out, err)
    os.chmod("ro", 0o700)

# an acknowledgement that cannot be written
Ledger().notes(2).seal().write("a")
with open("/dev/full", "wb") as full:
    p = subprocess.run([calchain, "append", *KEYS, "a"], input=batch("n", 1), stdout=full, stderr=subprocess.PIPE)
ok(p.returncode == 2 and b"in the ledger all the same" in p.stderr and len(texts("a")) == 4 and
   run(calchain, "verify", "a")[0] == 0, "an acknowledgement that cannot be written: it is said that the records are in", p.stderr)

# a new ledger that could not be made leaves its folder empty
os.mkdir("e")
for limit in (0, 10, 100, 300, 600):
    def few():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    rc, out, err = run(calchain, "init", *KEYS, "-n", "anna", "-o", "lab.example/cal", "e", preexec_fn=few)
    if rc != 2 or os.listdir("e"):
        break
ok(rc == 2 and not os.listdir("e"), "a new ledger for which there is no room leaves its folder empty", rc, out, err, os.listdir("e"))
print("1..%d" % count)
sys.exit(1 if failed else 0)
