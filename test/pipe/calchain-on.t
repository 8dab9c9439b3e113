#!/usr/bin/python3
"""calchain on: was what was used on a day in calibration, as known then and as known
now. The uses come from a LIMS as CSV or as records."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledgers

t = ledgers.Test()
ACC = {"traceability": {"via": "accredited"}}
l = ledgers.Ledger()
l.cal("2026-01-10", "GOOD", interval="P12M", **ACC)
l.cal("2025-10-01", "LATE", interval="P12M", **ACC)              # overdue since 2 October 2026
l.cal("2026-10-20", "SLOW", interval="P12M", written="2026-11-10", **ACC)        # written a week after the day
l.cal("2026-01-10", "MEND", interval="P12M", **ACC)
l.repair("2026-11-03", instrument="MEND", performed="2026-11-03T12:00:00+0100", person="b", reason="r")
l.cal("2026-01-10", "BACK", interval="P12M", **ACC)              # withdrawn later
l.cal("2026-01-10", "STD", interval="P12M", **ACC)
l.cal("2026-02-10", "HANGS", interval="P12M", standards=[{"instrument": "STD"}])
l.cal("2026-01-10", "FINE", interval="P12M", **ACC)
l.instrument("2026-01-01", instrument="SHELF", in_use=False)
l.correction("2026-11-20", corrects=6, corrected_digest="%064x" % 6, person="b", reason="r", withdrawn=True)
oot = l.out_of_tolerance("2026-11-20", instrument="STD", found="2026-11-19", person="b", description="d")
oot2 = l.out_of_tolerance("2026-11-20", instrument="FINE", found="2026-11-19", person="b", description="d")
l.assessment("2026-11-21", about=oot2, conclusion="no_effect", text="t", person="b", performed="2026-11-21")
t.made(l)
DAY = "2026-11-03"

uses = """Provnummer;Instrument-ID;Analystid;Patient
R-1;GOOD;2026-11-03 08:12;secret
R-2;LATE;2026-11-03 08:13;secret
R-3;SLOW;2026-11-03 08:14;secret
R-4;MEND;2026-11-03T11:59:00+0100;secret
R-5;MEND;2026-11-03T12:01:00+0100;secret
R-6;BACK;2026-11-03;secret
R-7;STD;2026-11-03;secret
R-8;HANGS;2026-11-03;secret
R-9;FINE;2026-11-03;secret
R-10;NOBODY;2026-11-03;secret
R-11;LATE;2026-11-04 08:13;secret
"""
csv = t.file("uses.csv", uses)
status, recs, err = t.ask(l, "on", DAY, "--uses", csv)
got = {r["result"]: (r["then"]["state"], r["now"]["state"], r["ok"]) for r in recs}
want = {
    "R-1": ("valid", "valid", True),
    "R-2": ("overdue", "overdue", False),
    "R-3": ("unknown", "valid", False),
    "R-4": ("valid", "valid", True),
    "R-5": ("unverified", "unverified", False),
    "R-6": ("valid", "never", False),
    "R-7": ("valid", "suspect", False),
    "R-8": ("valid", "suspect", False),
    "R-9": ("valid", "valid", True),
    "R-10": ("unknown", "unknown", False),
}
t.ok(status == 1 and got == want, "each use of that day, as known then and as known now", "\n".join(
    "%s %s want %s" % (k, got.get(k), want.get(k)) for k in sorted(set(got) | set(want)) if got.get(k) != want.get(k)) + err)
by = {r["result"]: r for r in recs}
t.ok(by["R-7"]["finding"] == oot and by["R-8"]["finding"] == oot and
     by["R-8"]["now"]["why"] == "STD was found out of tolerance on 2026-11-19, record %d" % oot, "by which finding", by["R-8"])
t.ok("secret" not in json.dumps(recs), "no other column is read")

# the same as records, and with other names of the columns
nd = "".join(json.dumps({"event_type": "use", "use": {
    "instrument": f[1], "result": f[0], "at": f[2].replace(" ", "T") + (":00Z" if f[2][-3:-2] == ":" else "")}}) + "\n"
    for f in (x.split(";") for x in uses.splitlines()[1:])).replace("+0100:00Z", "+0100")
path = t.file("l.ndjson", l.text())
a = t.run("on", DAY, "-u", csv, path)
t.ok(t.run("on", DAY, "-u", t.file("uses.ndjson", nd), path) == a, "uses as records: the same answer",
     t.run("on", DAY, "-u", t.file("uses.ndjson", nd), path)[2])
t.ok(t.run("on", DAY, "-u", "-", path, stdin=uses) == a, "uses from a pipe")
strange = t.file("strange.csv", uses.replace("Instrument-ID", "Mojang").replace("Provnummer", "Ref"))
status, out, err = t.run("on", DAY, "-u", strange, path)
t.ok(status == 2 and "say with --map instrument=HEADER" in err, "a column that nobody knows", err)
t.ok(t.run("on", DAY, "-u", strange, "--map", "instrument=mojang", "--map", "result=REF", path) == a, "--map says which it is")

good = t.file("good.csv", "\n".join(uses.splitlines()[:2]) + "\n")
t.ok(t.run("on", DAY, "-u", good, path)[0] == 0, "all in calibration: exit status 0")
status, out, err = t.run("on", "2026-11-05", "-u", good, path)
t.ok(status == 0 and not out and "nothing was used on that day" in err, "nothing used on that day: said", err)
status, out, err = t.run("on", "-t", DAY, "-u", csv, path, columns=120)
t.ok(status == 1 and out.splitlines()[-1] == "10 uses: 3 in calibration, 7 not." and "GOOD" not in out,
     "for people: those that were not", out)

# all instruments of a day
status, recs, err = t.ask(l, "on", DAY)
got = {r["instrument"]: (r["then"]["state"], r["now"]["state"]) for r in recs}
t.ok(status == 1 and got == {"GOOD": ("valid", "valid"), "LATE": ("overdue", "overdue"), "SLOW": ("unknown", "valid"),
     "MEND": ("unverified", "unverified"), "BACK": ("valid", "never"), "STD": ("valid", "suspect"),
     "HANGS": ("valid", "suspect"), "FINE": ("valid", "valid")}, "without uses: every instrument in use", got)
t.ok([r["then"]["why"] for r in recs if r["instrument"] == "SLOW"] == ["not in the ledger by then"],
     "what was written down later is said to be that", recs)

for text, why in (("x;y\n1;2\n", "no column is known to be the instrument"),
                  ("Instrument;Datum\nA;soon\n", ":2: at: not a day or time"),
                  ("Instrument;Datum\n;2026-11-03\n", ":2: no instrument is named"),
                  ("Instrument;Start;Slut\nA;2026-11-03;2026-11-02\n", ":2: until is before at"),
                  ("", "nothing in it"), ('{"event_type":"use","use":{"instrument":"A"}}\n', ":1: at: not a day"),
                  ('{"event_type"\n', ":1: not JSON")):
    status, out, err = t.run("on", DAY, "-u", t.file("bad", text), path)
    t.ok(status == 2 and why in err and not out, "a list of uses is read whole or not at all: %s" % why, err)
for args, why in ((["on"], "on which day"), (["on", "2026-02-30", path], "on which day"),
                  (["on", "2026-11-03T08:00:00Z", path], "on which day"), (["on", DAY, "--map", "at=x", path], "--map"),
                  (["on", DAY, "-u", csv, "--map", "patient=x", path], "--map"), (["on", DAY, "-u", "-", "-"], "only one")):
    status, out, err = t.run(*args)
    t.ok(status == 2 and why in err, "refused: %s" % " ".join(args[:4]), err)
sys.exit(t.done())
