#!/usr/bin/python3
"""calchain windows: when work at instruments was signed for, in UTC."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledgers

t = ledgers.Test()
l = ledgers.Ledger()
l.instrument("2026-01-01", instrument="HPLC-4", asset="77c0")
l.cal("2026-03-05", "HPLC-4", started="2026-03-05T09:00:00+0100", ended="2026-03-05T11:30:00+0100")
l.adjustment("2026-03-06", instrument="HPLC-4", performed="2026-03-06", person="b", reason="r")
l.repair("2026-03-07", instrument="BAL-1", performed="2026-03-07T14:00:00-0500", person="b", reason="r")
f = l.firmware_update("2026-03-08", instrument="HPLC-4", performed="2026-03-08", to="2", person="b", reason="r",
                      started="2026-03-08T20:00:00-0800")
l.verification("2026-03-09", instrument="BAL-1", performed="2026-03-09", person="b", verdict="pass")
l.out_of_tolerance("2026-03-10", instrument="BAL-1", found="2026-03-10", person="b", description="d")
gone = l.repair("2026-03-11", instrument="BAL-1", performed="2026-03-11", person="b", reason="r")
l.correction("2026-03-12", corrects=gone, corrected_digest="%064x" % gone, person="b", reason="never done", withdrawn=True)
moved = l.repair("2026-03-13", instrument="BAL-1", performed="2026-03-13", person="b", reason="r")
put = l.correction("2026-03-14", corrects=moved, corrected_digest="%064x" % moved, person="b", reason="wrong day", instead={
    "event_type": "repair", "repair": {"instrument": "BAL-1", "performed": "2026-03-12", "person": "b", "reason": "r"}})
t.made(l)


def short(recs):
    return [(r["instrument"], r["kind"], r["from"][:19], r["to"][:19], r["seq"], r.get("day", False)) for r in recs]


status, recs, err = t.ask(l, "windows")
want = [
    ("HPLC-4", "calibration", "2026-03-05T08:00:00", "2026-03-05T10:30:00", 2, False),
    ("HPLC-4", "adjustment", "2026-03-06T00:00:00", "2026-03-06T23:59:59", 3, True),
    ("BAL-1", "repair", "2026-03-07T00:00:00", "2026-03-07T23:59:59", 4, True),
    ("HPLC-4", "firmware_update", "2026-03-09T04:00:00", "2026-03-09T23:59:59", f, False),
    ("BAL-1", "verification", "2026-03-09T00:00:00", "2026-03-09T23:59:59", 6, True),
    ("BAL-1", "repair", "2026-03-12T00:00:00", "2026-03-12T23:59:59", moved, True),
]
t.ok(status == 0 and short(recs) == want, "each work has its window; what was withdrawn has none", "\n".join(map(str, short(recs))))
t.ok(recs[0]["asset"] == "77c0" and recs[0]["author"] == "anna" and recs[-1]["corrected_by"] == put,
     "with the asset, who wrote it and what corrected it", recs)
status, recs, err = t.ask(l, "windows", "--from", "2026-03-05T10:30:00Z", "--to", "2026-03-06")
t.ok(short(recs) == want[:2], "those that touch a span; a day is all of it", short(recs))
status, recs, err = t.ask(l, "windows", "--from", "2026-03-05T10:30:01Z", "--to", "2026-03-05T23:00:00Z")
t.ok(status == 0 and not recs, "a second later none")
status, out, err = t.run("windows", "--from", "yesterday")
t.ok(status == 2 and "--from" in err, "a time that is none", err)
sys.exit(t.done())
