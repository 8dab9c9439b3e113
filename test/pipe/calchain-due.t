#!/usr/bin/python3
"""calchain due: what must be calibrated next: records, table and calendar; and the
example that mails it, only when something is due."""
import os
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledgers

t = ledgers.Test()
NOW = ("--now", "2026-11-22T08:00:00Z")
ACC = {"traceability": {"via": "accredited"}}

l = ledgers.Ledger()
l.instrument("2024-02-01", instrument="HPLC-4", name="HPLC; the \u201cgood\u201d one, \u00e5ngb\u00e5tsbl\u00e5 och mycket bra, r\u00e4tt s\u00e5 dyr",
             interval="P12M", location="room 3, shelf 2")
l.cal("2025-12-09", "HPLC-4", certificate="K-1187", **ACC)
l.cal("2025-11-20", "BAL-1", due="2026-11-20", **ACC)
l.cal("2025-11-21", "BAL-2", due="2026-11-22", **ACC)
l.cal("2025-11-21", "BAL-0", due="2026-12-22", **ACC)
l.cal("2025-11-21", "LATE", due="2026-12-23", **ACC)
l.cal("2025-11-21", "NODAY", **ACC)
l.cal("2024-11-21", "GONE", due="2025-11-21", **ACC)
l.instrument("2026-01-01", instrument="GONE", in_use=False)
l.cal("2025-11-21", "SPOILT", due="2026-12-01", **ACC)
l.repair("2026-02-01", instrument="SPOILT", performed="2026-02-01", person="b", reason="r")
t.made(l)

status, recs, err = t.ask(l, "due", *NOW)
t.ok(status == 1 and [(r["instrument"], r["days_left"]) for r in recs] ==
     [("BAL-1", -2), ("BAL-2", 0), ("SPOILT", 9), ("HPLC-4", 17), ("BAL-0", 30)],
     "what is due within 30 days, the nearest first; exit status 1", (status, recs, err))
t.ok([r["state"] for r in recs] == ["overdue", "due_soon", "unverified", "due_soon", "due_soon"], "and its state")
status, recs, err = t.ask(l, "due", *NOW, "--within", "31d")
t.ok([r["instrument"] for r in recs][-1] == "LATE", "within 31 days there is one more")
status, recs, err = t.ask(l, "due", "--now", "2026-06-05", "--within", "4w")
t.ok(status == 0 and not recs, "in June nothing is due: exit status 0", (status, recs))

status, out, err = t.run("due", "-t", *NOW, stdin=l.text(), columns=100)
lines = out.splitlines()
t.ok(status == 1 and lines[-1] == "5 of 7 instruments due within 30 days, 1 of them overdue. "
     "Next: LATE on 2026-12-23. 1 without a due day.", "the headline counts what is in use", out)
t.ok(lines[1].startswith("BAL-1") and "2 days ago" in lines[1] and "today" in lines[2], "rows", out)
status, out, err = t.run("due", "-t", "--now", "2026-06-05", stdin=l.text())
t.ok(status == 0 and out == "None of 7 instruments is due within 30 days. Next: BAL-1 on 2026-11-20. "
     "1 without a due day.\n", "nothing due is said, too", out)

# --- pipes by name: a ledger is read twice, a pipe is not ---------------------------


def piped(*args, texts):
    """The operands are pipes that hold these texts, each short enough to fit in one."""
    reads = []
    for text in texts:
        r, w = os.pipe()
        reads.append(r)
        os.write(w, text.encode())
        os.close(w)
    try:
        p = subprocess.run([ledgers.BIN, *args, *["/dev/fd/%d" % r for r in reads]], env=ledgers.ENV, pass_fds=reads,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        return p.returncode, p.stdout, p.stderr
    except subprocess.TimeoutExpired as e:
        return None, e.stdout, e.stderr
    finally:
        for r in reads:
            os.close(r)


by_file = t.run("due", *NOW, t.file("ledger.ndjson", l.text()))
got = piped("due", *NOW, texts=[l.text()])
t.ok(by_file[0] == 1 and got == by_file, "a ledger in a pipe that has a name", got)
half = l.text().splitlines(keepends=True)
halves = ["".join(half[:5]), "".join(half[5:])]
by_file = t.run("due", *NOW, *[t.file("half%d" % i, x) for i, x in enumerate(halves)])
got = piped("due", *NOW, texts=halves)
t.ok(by_file[0] == 1 and got == by_file, "two of them", got)
for args in (["/dev/stdin", "/dev/stdin"], ["-", "/dev/stdin"]):
    status, out, err = t.run("due", *args, stdin=l.text())
    t.ok(status == 2 and err == "calchain due: /dev/stdin can be read only once\n", "one pipe twice: %s" % " ".join(args), err)

# --- the calendar ----------------------------------------------------------------
status, ics, err = t.run("due", "--ical", *NOW, stdin=l.text())
raw = ics.encode()
t.ok(status == 1 and raw.endswith(b"END:VCALENDAR\r\n") and raw.count(b"\n") == raw.count(b"\r\n"),
     "lines end with CR LF")
t.ok(max(map(len, raw.split(b"\r\n"))) == 75, "no line is longer than 75 octets, one is as long",
     max(map(len, raw.split(b"\r\n"))))
whole = True
for x in raw.split(b"\r\n"):
    try:
        x.decode()
    except UnicodeDecodeError:
        whole = False
t.ok(whole, "no character is cut by a fold")
plain = raw.replace(b"\r\n ", b"").decode()
t.ok("SUMMARY:Calibration due: HPLC-4 (HPLC\\; the \u201cgood\u201d one\\, \u00e5ngb\u00e5tsbl\u00e5 och mycket bra\\, "
     "r\u00e4tt s\u00e5 dyr)\r\n" in plain, "texts are escaped", plain)
t.ok("DTSTART;VALUE=DATE:20261209\r\nDTEND;VALUE=DATE:20261210\r\n" in plain and
     "DTSTAMP:20261122T080000Z\r\n" in plain, "days and stamps")
uids = lambda text: [x[4:] for x in text.replace("\r\n ", "").split("\r\n") if x.startswith("UID:")]
t.ok(len(set(uids(ics))) == 5, "five events, each with its own UID")
l2 = ledgers.Ledger()
l2.records = l.records[:]
l2.cal("2026-11-20", "HPLC-4", certificate="K-2", interval="P1M", **ACC)
moved = t.run("due", "--ical", *NOW, stdin=l2.text())[1]
t.ok(sorted(uids(moved)) == sorted(uids(ics)) and "20261220" in moved and "20261209" not in moved,
     "a new calibration moves the day and keeps the UID")
empty = t.run("due", "--ical", "--now", "2026-06-05", stdin=l.text())
t.ok(empty[0] == 0 and "BEGIN:VEVENT" not in empty[1] and "BEGIN:VTIMEZONE" in empty[1], "nothing due: a calendar all the same")
try:
    import icalendar
except ImportError:
    t.skip("another program reads the calendar", "no python3-icalendar")
else:
    cal = icalendar.Calendar.from_ical(raw)
    got = [(str(e["SUMMARY"]).split(" ")[2], str(e["DTSTART"].dt), str(e.get("LOCATION", ""))) for e in cal.walk("VEVENT")]
    t.ok(got == [("BAL-1", "2026-11-20", ""), ("BAL-2", "2026-11-22", ""), ("SPOILT", "2026-12-01", ""),
                 ("HPLC-4", "2026-12-09", "room 3, shelf 2"), ("BAL-0", "2026-12-22", "")],
         "python3-icalendar reads the same out of it", got)
    t.ok(len(icalendar.Calendar.from_ical(empty[1].encode()).walk("VTIMEZONE")) == 1, "and the empty one")

status, out, err = t.run("due", "-t", "--ical")
t.ok(status == 2 and "do not go together" in err, "a table and a calendar at once", err)
status, out, err = t.run("due", *NOW, stdin="{\n")
t.ok(status == 2, "what cannot be read is no answer: status 2", err)

# --- the example -------------------------------------------------------------------
script = "examples/calibration-due/calchain-due"
folder = os.path.dirname(t.file("ledger/records.ndjson", l.text()))
sent = os.path.join(t.dir.name, "sent")
mail = t.file("bin/mail", '#!/bin/sh\n{ echo "$1|$2|$3"; cat; } >"%s"\n' % sent)
os.chmod(mail, stat.S_IRWXU)
verified = os.path.join(t.dir.name, "bin/calchain")
t.file("bin/calchain", '#!/bin/sh\n[ "$1" = verify ] && { [ ! -e "%s/broken" ] || { echo "line 3 was changed"; exit 1; }; '
       'exit 0; }\nexec "%s" "$@"\n' % (t.dir.name, ledgers.BIN))
os.chmod(verified, stat.S_IRWXU)


def night(*args):
    if os.path.exists(sent):
        os.unlink(sent)
    env = dict(ledgers.ENV, PATH=os.path.dirname(mail) + ":" + os.environ["PATH"], CALCHAIN_LEDGER=folder,
               CALCHAIN_MAIL_TO="lab@example.org", CALCHAIN_NOW=args[0])
    p = subprocess.run(["sh", script], env=env, capture_output=True, text=True)
    return p, open(sent).read() if os.path.exists(sent) else None


p, m = night("2026-11-22T08:00:00Z")
t.ok(p.returncode == 0 and m and m.startswith("-s|calibration: 5 of 7 instruments due within 30 days, 1 of them overdue|lab@example.org\n")
     and "BAL-1" in m, "the example mails what is due", (p, m))
p, m = night("2026-06-05T08:00:00Z")
t.ok(p.returncode == 0 and m is None and not p.stdout and not p.stderr, "and is silent when nothing is", (p, m))
t.file("broken", "")
p, m = night("2026-11-22T08:00:00Z")
t.ok(p.returncode == 2 and m and "was changed" in m and "BAL-1" not in m, "a ledger that does not verify is what it mails", (p, m))
sys.exit(t.done())
