#!/usr/bin/python3
"""calchain status: the state of every instrument, its chain, what was corrected and
found; as records and as a table; from a folder, a file and a pipe."""
import gzip
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ledgers

t = ledgers.Test()
NOW = ("--now", "2026-11-22T08:00:00Z")

l = ledgers.Ledger()
l.reference_standard("2024-01-10", instrument="GB-1", name="gauge blocks")
l.cal("2025-01-05", "GB-1", certificate="N-77", traceability={"via": "nmi", "laboratory": "PTB"},
      interval="P2Y")
l.instrument("2024-02-01", instrument="HPLC-4", name="HPLC", make="Agilent", serial="DE123",
             interval="P12M", asset="77c0", location="room 3", firmware="D.07.22")
l.cal("2025-12-09", "HPLC-4", certificate="K-1187", standards=[{"instrument": "GB-1", "certificate": "N-77"}])
l.instrument("2024-02-01", instrument="BAL-1", name="v\u00e5g")
wrong = l.cal("2026-01-09", "BAL-1", due="2027-01-09", standards=[{"instrument": "W-1"}])
l.repair("2026-03-10", instrument="BAL-1", performed="2026-03-09", person="b", reason="load cell")
l.instrument("2024-02-01", instrument="PIP-9", interval="P6M")
l.cal("2026-01-15", "PIP-9", traceability={"via": "accredited"})
l.instrument("2024-02-01", instrument="OLD-1", in_use=False)
l.instrument("2024-02-01", instrument="NEW-1")
l.replacement("2026-02-01", instrument="OLD-2", performed="2026-02-01", by="NEW-1", person="b", reason="worn")
oot = l.out_of_tolerance("2026-05-02", instrument="PH-1", found="2026-05-01", person="b",
                         description="buffer 7 read 7.4", results=[{"unit": "pH", "as_found": 7.4}])
l.firmware_update("2026-06-01", instrument="HPLC-4", performed="2025-12-01", to="D.07.23", person="b",
                  reason="security")
twice = l.cal("2026-04-01", "PIP-9", traceability={"via": "accredited"})
l.correction("2026-04-02", corrects=twice, corrected_digest="%064x" % twice, person="b",
             reason="of another pipette", withdrawn=True)
t.made(l)

status, recs, err = t.ask(l, "status", *NOW)
by = {r["instrument"]: r for r in recs[:-1]}
t.ok(status == 0 and not err, "done: exit status 0, nothing on stderr", err)
want = {"GB-1": "valid", "HPLC-4": "due_soon", "BAL-1": "unverified", "PIP-9": "overdue",
        "OLD-1": "out_of_use", "NEW-1": "never", "OLD-2": "replaced", "PH-1": "failed"}
t.ok({k: r["state"] for k, r in by.items()} == want, "each instrument has its state",
     {k: (r["state"], r["why"]) for k, r in by.items()})
t.ok([r["instrument"] for r in recs[:-1]] == sorted(want), "in the order of ids")
t.ok(recs[-1] == {"instruments": 8, "states": {k: 1 for k in sorted(want.values(), key=[
    "valid", "due_soon", "overdue", "failed", "unverified", "never", "out_of_use", "replaced"].index)},
    "chains_broken": 1, "findings_open": 1, "records_corrected": 1}, "the summary counts them", recs[-1])
h = by["HPLC-4"]
t.ok((h["due"], h["due_by"], h["days_left"]) == ("2026-12-09", "instrument", 17), "due by its own interval", h)
t.ok(h["firmware"] == "D.07.23" and h["asset"] == "77c0", "its firmware is that of the last update", h)
t.ok(h["calibration"] == {"record": 4, "kind": "calibration", "performed": "2025-12-09",
                          "certificate": "K-1187", "laboratory": "RISE", "verdict": "pass"}, "its calibration", h)
t.ok(h["traceability"] == {"whole": True, "steps": [
    {"depth": 0, "instrument": "HPLC-4", "record": 4, "performed": "2025-12-09", "certificate": "K-1187",
     "laboratory": "RISE"},
    {"depth": 1, "instrument": "GB-1", "record": 2, "performed": "2025-01-05", "certificate": "N-77",
     "laboratory": "RISE", "via": "nmi"}]}, "its chain, step by step", h["traceability"])
b = by["BAL-1"]
t.ok(b["since"] == {"record": 7, "kind": "repair", "performed": "2026-03-09"}, "what came after", b)
t.ok(not b["traceability"]["whole"] and b["traceability"]["steps"][1] ==
     {"depth": 1, "instrument": "W-1", "problem": "not_listed"}, "where its chain breaks", b["traceability"])
p = by["PIP-9"]
t.ok(p["due"] == "2026-07-15" and p["corrected"] == [
    {"record": twice, "kind": "calibration", "by": twice + 1, "withdrawn": True, "reason": "of another pipette"}],
    "what was withdrawn does not count and is still told", p)
t.ok(by["PH-1"]["open"] == 1 and by["PH-1"]["findings"][0]["record"] == oot and not by["PH-1"]["listed"],
     "a finding that nobody assessed", by["PH-1"])

# the same from a folder, a packed file and two halves
folder = os.path.dirname(t.file("ledger/records.ndjson", l.text()))
packed = t.file("packed.ndjson.gz", gzip.compress(l.text().encode()))
one = t.run("status", *NOW, stdin=l.text())
t.ok(t.run("status", *NOW, folder) == one and t.run("status", *NOW, packed) == one,
     "a folder, a packed file and a pipe give the same bytes")
t.ok(t.run("status", *NOW, "-", packed, stdin="")[0] == 0, "several inputs, one of them empty")
other = ledgers.Ledger()
for _ in range(twice):
    other.note("2026-01-01", text="x")
both = t.run("status", *NOW, t.file("other.ndjson", other.text()), packed)
t.ok(both[1] == one[1], "a correction is of its own ledger, whatever other ledgers hold", both[1][-300:])

# the table
status, out, err = t.run("status", "-t", *NOW, packed, columns=160)
lines = out.splitlines()
t.ok(status == 0 and lines[0].split()[:3] == ["INSTRUMENT", "NAME", "STATE"], "the table has a heading", out)
t.ok(any(x.startswith("HPLC-4") and "due soon" in x and "GB-1 < nmi" in x and "in 17 days" in x
         for x in lines), "a row tells it all", out)
t.ok(lines[-1] == "8 instruments: 1 valid, 1 due soon, 1 overdue, 1 failed, 1 unverified, 1 never calibrated, "
     "1 out of use, 1 replaced. 1 without a whole chain to SI. 1 finding not assessed. 1 record corrected.",
     "the headline", lines[-1])
t.ok("! BAL-1, calibrated with W-1: not in this ledger, and nobody says where it is traced to" in lines,
     "what is wrong with a chain is said", out)
for width in (60, 80, 100):
    out = t.run("status", "-t", *NOW, packed, columns=width)[1]
    t.ok(all(len(x) <= width for x in out.split("\n\n")[0].splitlines()), "fits %d columns" % width, out)

# what must not be there
evil = ledgers.Ledger()
evil.instrument("2026-01-01", instrument="A\u001b[2J\u0007", name="x\ny")
evil.cal("2026-01-10", "A\u001b[2J\u0007", interval="P12M", traceability={"via": "nmi"})
status, out, err = t.run("status", "-t", *NOW, stdin=evil.text())
t.ok(status == 0 and "\x1b" not in out and "\x07" not in out, "control characters do not reach the terminal", repr(out))

broken = l.text() + '{"event_type":"calibration","calibration":{"instrument":"X"}}\n' + "{\n" + "[1]\n"
status, out, err = t.run("status", *NOW, stdin=broken)
t.ok(status == 2 and out == one[1] and err.count("\n") == 3, "bad lines: said, the rest answered, status 2", err)
t.ok("standard input:17: no day on which it was: not counted" in err, "with its line", err)
status, out, err = t.run("status", *NOW, stdin=l.text() + '{"event_type":"note","note":{"te')
t.ok(status == 2 and "ends amid a record" in err, "an input that was cut", err)
late = ledgers.Ledger()
late.cal("2027-01-10", "A")
status, recs, err = t.ask(late, "status", *NOW)
t.ok(recs[-1]["instruments"] == 0 and "of days to come" in err, "what is of a day to come is said", err)
lost = ledgers.Ledger()
lost.cal("2026-01-10", "A")
lost.records[0]["seq"] = 5
lost.correction("2026-04-02", corrects=1, corrected_digest="0" * 64, person="b", reason="r", withdrawn=True)
lost.records[1]["seq"] = 6
t.ok("1 corrections are of records that are not there" in t.ask(lost, "status", *NOW)[2],
     "a correction of nothing is said")
for args, what in ((["status", "/none"], "/none"), (["status", "--now", "soon"], "--now"),
                   (["status", "--within", "P1M"], "--within"), (["status", "-", "-"], "only once")):
    status, out, err = t.run(*args)
    t.ok(status == 2 and what in err and err.count("\n") == 1, "refused: %s" % " ".join(args), err)
status, out, err = t.run("status", *NOW, stdin="")
t.ok(status == 0 and "no record in it" in err, "an empty ledger is not silent", err)

# deep and wide: no crash, no record lost
deep = ledgers.Ledger()
deep.instrument("2026-01-01", instrument="A")
for i in range(300):
    s = deep.cal("2026-01-10", "A", interval="P12M", traceability={"via": "nmi"})
    deep.correction("2026-01-11", corrects=s, corrected_digest="0" * 64, person="b", reason="x" * 3000, withdrawn=True)
status, recs, err = t.ask(deep, "status", *NOW)
t.ok(status == 0 and recs[0]["state"] == "never" and len(recs[0]["corrected"]) == 100,
     "300 corrections: the last hundred are told", err)
status, out, err = t.run("status", "--schema")
t.ok(status == 0 and len([json.loads(x) for x in out.splitlines()]) == 3, "--schema", err)
status, out, err = t.run("status", "--list-fields")
t.ok(status == 0 and "calibration_status.traceability.steps[].via\t" in out, "--list-fields", err)
sys.exit(t.done())
