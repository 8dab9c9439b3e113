#!/usr/bin/python3
"""calchain assess: what hangs on an instrument that was out of tolerance: since when, which
uses, who was calibrated with it, and with those; and whether it was assessed."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledgers

t = ledgers.Test()
NOW = ("--now", "2026-11-22T08:00:00Z")
ACC = {"traceability": {"via": "accredited"}}


def ask(l, *args, uses=None):
    if uses is not None:
        args += ("--uses", t.file("uses.csv", uses))
    status, recs, err = t.ask(l, "assess", *NOW, *args)
    heads = [r for r in recs if "basis" in r]
    return status, heads, [r for r in recs if "basis" not in r], err


def short(rows):
    return [(r["kind"], r["instrument"], r["at"], r.get("until"), r.get("result") or r.get("record"), r["through"]) for r in rows]


# --- a standard, what was calibrated with it, and with that ---------------------------
l = ledgers.Ledger()
l.cal("2025-01-10", "STD", **ACC)
l.cal("2025-06-10", "STD", **ACC)                                               # 2: the last good one
l.cal("2025-05-01", "BEFORE", standards=[{"instrument": "STD"}])
work = l.cal("2025-07-01", "WORK", standards=[{"instrument": "STD"}])           # 4: in doubt
lab = l.cal("2025-08-01", "LAB", standards=[{"instrument": "WORK"}])            # 5: through WORK
l.cal("2025-09-01", "WORK", standards=[{"instrument": "OTHER"}], **ACC)         # 6: WORK is good again
l.cal("2025-10-01", "LAB2", standards=[{"instrument": "WORK"}])                 # 7: so this is, too
l.cal("2026-01-15", "STD", results=[{"unit": "g", "as_found": 100.4, "as_left": 100.0, "lower": 99.9, "upper": 100.1}], **ACC)
after = l.cal("2026-02-01", "AFTER", standards=[{"instrument": "STD"}])
t.made(l)
USES = """instrument,at,result
STD,2025-06-09,before
STD,2025-06-11,s1
WORK,2025-06-30,before
WORK,2025-07-02,w1
WORK,2025-09-02,good-again
LAB,2025-08-02T08:00:00Z,l1
LAB,2026-11-01,l2
LAB2,2025-10-02,good
STD,2026-01-16,after
"""
status, heads, rows, err = ask(l, uses=USES)
t.ok(status == 1 and not err and len(heads) == 1, "one finding that nobody recorded, nor assessed: exit status 1", (status, heads, err))
h = heads[0]
t.ok((h["instrument"], h["record"], h["kind"], h["basis"], h["found"], h["from"], h["until"], h["good"], h["assessed"]) ==
     ("STD", 8, "calibration", "as_found", "2026-01-15", "2025-06-10", "2026-01-15", 2, False),
     "a value as found outside its limits; back to the last good result", h)
want = [
    ("use", "STD", "2025-06-11", None, "s1", ["STD"]),
    ("calibration", "WORK", "2025-07-01", "2025-09-01", work, ["STD"]),
    ("use", "WORK", "2025-07-02", None, "w1", ["STD", "WORK"]),
    ("calibration", "LAB", "2025-08-01", None, lab, ["STD", "WORK"]),
    ("use", "LAB", "2025-08-02T08:00:00.000000+0000", None, "l1", ["STD", "WORK", "LAB"]),
    ("use", "LAB", "2026-11-01", None, "l2", ["STD", "WORK", "LAB"]),
]
t.ok(short(rows) == want and h["uses"] == 4 and h["instruments"] == 2, "uses and calibrations that hang on it, through whom",
     "\n".join(map(str, short(rows))))

oot = l.out_of_tolerance("2026-01-16", instrument="STD", found="2026-01-15", calibration=8, person="b", description="100.4 g")
status, heads, rows, err = ask(l)
t.ok(status == 1 and [(x["record"], x["basis"]) for x in heads] == [(oot, "recorded")] and heads[0]["from"] == "2025-06-10",
     "an out_of_tolerance record takes its place; the window is the same", heads)
l.assessment("2026-01-20", about=8, conclusion="effect", text="two reports recalled", person="b", performed="2026-01-20")
status, heads, rows, err = ask(l)
t.ok(status == 0 and heads[0]["assessed"] and heads[0]["conclusion"] == "effect" and heads[0]["assessment"] == oot + 1,
     "an assessment about the calibration is one of the finding: exit status 0", heads)
l.correction("2026-01-21", corrects=oot + 1, corrected_digest="%064x" % (oot + 1), person="b", reason="r", withdrawn=True)
t.ok(ask(l)[0] == 1, "an assessment that was withdrawn is none")
l.correction("2026-01-22", corrects=oot + 2, corrected_digest="%064x" % (oot + 2), person="b", reason="r", withdrawn=True)
t.ok(ask(l)[0] == 0, "and one whose withdrawal was withdrawn is one again")
t.ok(ask(l, "--record", "8")[0] == 0 and len(ask(l, "--record", str(oot))[1]) == 1, "--record: by either number")
t.ok(ask(l, "--instrument", "STD")[0] == 0 and ask(l, "-i", "WORK")[1] == [], "--instrument")
status, heads, rows, err = ask(l, "--record", "2")
t.ok(status == 2 and "record 2 tells of nothing out of tolerance" in err, "a record that tells of nothing", err)
t.ok(ask(l, "-i", "NOBODY")[0] == 2, "an instrument that is not there")

# --- loops --------------------------------------------------------------------------
l = ledgers.Ledger()
l.cal("2026-01-01", "A", standards=[{"instrument": "C"}], **ACC)
l.cal("2026-01-02", "B", standards=[{"instrument": "A"}])
l.cal("2026-01-03", "C", standards=[{"instrument": "B"}])
l.cal("2026-01-04", "A", standards=[{"instrument": "C"}, {"instrument": "A"}])
l.out_of_tolerance("2026-01-05", instrument="A", found="2026-01-03", person="b", description="d")
status, heads, rows, err = ask(l)
t.ok(status == 1 and [(r["instrument"], r["record"]) for r in rows] == [("B", 2), ("C", 3), ("A", 4)],
     "standards in a circle: each calibration once, and an end", short(rows))

# --- what is no good result, and what is a finding ------------------------------------
l = ledgers.Ledger()
l.instrument("2025-01-01", instrument="A", tolerance=[{"quantity": "mass", "unit": "g", "upper": 10.1}])
l.cal("2025-01-10", "A", verdict="none", **ACC)
l.cal("2025-02-10", "A", verdict="fail", **ACC)
limit = l.cal("2025-03-10", "A", results=[{"quantity": "mass", "unit": "g", "as_found": 10.1}], **ACC)
over = l.cal("2025-04-10", "A", results=[{"quantity": "mass", "unit": "g", "as_found": 10.2}], **ACC)
l.cal("2025-05-10", "A", results=[{"quantity": "mass", "unit": "mg", "as_found": 99}], **ACC)
bad = l.verification("2025-06-10", instrument="A", performed="2025-06-10", person="b", verdict="fail")
status, heads, rows, err = ask(l)
t.ok([(h["record"], h["basis"], h.get("good")) for h in heads] ==
     [(3, "verdict", None), (over, "as_found", limit), (bad, "verdict", 6)],
     "at the limit is inside; the instrument's own tolerance; a unit of its own; a verdict", heads)
t.ok("from" not in heads[0], "no good result before: all is in doubt")
status, out, err = t.run("assess", "-t", *NOW, stdin=l.text())
t.ok(status == 1 and "in doubt: all, for no good result is known before, to 2025-02-10" in out and
     out.endswith("\n3 findings, 3 not assessed.\n"), "for people", out)

# --- a withdrawn calibration was never good ------------------------------------------
l = ledgers.Ledger()
l.cal("2025-01-10", "A", **ACC)
l.cal("2025-06-10", "A", **ACC)
l.correction("2025-07-01", corrects=2, corrected_digest="%064x" % 2, person="b", reason="r", withdrawn=True)
l.out_of_tolerance("2026-01-05", instrument="A", found="2026-01-03T10:00:00-0500", person="b", description="d")
status, heads, rows, err = ask(l, uses="instrument,at,result\nA,2025-03-01,x\nA,2026-01-03T14:59:00Z,y\nA,2026-01-03T15:01:00Z,z\n")
t.ok(heads[0]["from"] == "2025-01-10" and [r["result"] for r in rows] == ["x", "y"],
     "the window begins at the one before; it ends at the moment, in whatever zone", (heads, rows))

many = ledgers.Ledger()
many.cal("2025-01-10", "S", **ACC)
for i in range(3000):
    many.cal("2025-02-10", "I-%d" % i, standards=[{"instrument": "S"}])
many.out_of_tolerance("2026-01-05", instrument="S", found="2026-01-03", person="b", description="d")
status, out, err = t.run("assess", "-t", *NOW, stdin=many.text())
t.ok(status == 1 and "3000 calibrations or verifications" in out and "and 2980 more" in out, "many: the first are listed", out[-200:])
status, heads, rows, err = ask(many)
t.ok(len(rows) == 3000 and heads[0]["instruments"] == 3000, "and all are records")
clean = ledgers.Ledger()
clean.cal("2025-01-10", "S", **ACC)
t.ok(t.run("assess", "-t", *NOW, stdin=clean.text())[:2] == (0, "0 findings, 0 not assessed.\n"), "nothing found")
for args, why in ((["-r", "x"], "--record"), (["-r", "0"], "--record"), (["-i", "A", "-r", "1"], "do not go together")):
    status, out, err = t.run("assess", *args, stdin="")
    t.ok(status == 2 and why in err, "refused: %s" % " ".join(args), err)
sys.exit(t.done())
