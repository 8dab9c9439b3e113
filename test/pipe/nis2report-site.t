#!/usr/bin/python3
"""Wrong site files: each is refused with its line, the way to the place, what is wrong and what
was expected, by nis2report check and by every program that reads one, and nothing is written.
What is wrong in shape the JSON Schema refuses, too."""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.abspath(os.environ.get("OTKIT_BIN", "."))
PROG = os.path.join(BIN, "nis2report")
INVENTORY = os.path.join(TOP, "test/pipe/data/gap-inventory.ndjson")
sys.path.insert(0, os.path.join(TOP, "test"))
try:
    import jsonschema
    import schema
    VALID = jsonschema.Draft202012Validator(schema.ALL["otkit:otsite"])
except ImportError:
    VALID = None

n = failed = 0
tmp = tempfile.TemporaryDirectory(prefix="otkit-site-")
path = os.path.join(tmp.name, "lab.json")


def ok(good, what, more=""):
    global n, failed
    n += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", n, what))
    if not good and more:
        print("\n".join("# " + x for x in str(more).splitlines()[:20]))


def run(*args, stdin=None):
    p = subprocess.run([PROG, *args], input=stdin, capture_output=True, text=True, cwd=TOP)
    return p.returncode, p.stdout, p.stderr


def put(text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


GOOD = '''{
 "otsite": 1,
 "site": {"key": "lab", "name": {"sv": "Labbet", "en": "The lab"},
  "timezone": "Europe/Stockholm"},
 "organisation": {"name": "Nord AB", "number": "556610-3205",
  "country": "SE",
  "county": "Skåne",
  "sector": ["a1.health.provider", "a2.research"],
  "kind": "private",
  "headcount": 120,
  "turnover_eur": 18000000,
  "turnover_year": 2025,
  "previous": {"headcount": 110},
  "linked": [{"name": "Dotter AB", "headcount": 10}],
  "partners": [
   {"name": "Granne AB", "share": 0.3}],
  "care_provider": true,
  "facts": {"sole_provider": false},
  "notified": "2026-02-12"},
 "sites": [{"id": "lund", "county": "Skåne län"}],
 "zones": [
  {"id": "analysis", "site": "lund", "purdue": 2,
   "cidr": ["10.10.0.0/24"], "vlan": [10]},
  {"id": "bms", "mac": ["00:90:e8"],
   "cidr": ["10.20.0.0/24",
    "fd00:20::/64"]}
 ],
 "conduits": [
  {"from": "analysis", "to": "bms", "port": [8883, "9000-9010"],
   "supplier": "nordlab"}
 ],
 "suppliers": [
  {"id": "nordlab", "names": ["Nordlab"], "mfa": true,
   "hours": [{"days": "mon-fri", "from": "07:00", "to": "17:00"},
    {"days": ["sat"], "from": "09:00", "to": "12:00"}],
   "cra_asked": "2026-09-15", "cra_answered": "2026-10-02",
   "instruments": ["HPLC-4"]}
 ],
 "policies": {"log_retention_days": 365, "pressure_min_pa": 10,
  "reviews": {"inc.process_72h": 182}},
 "instruments": [
  {"id": "HPLC-4", "zone": "analysis", "ip": "10.10.0.14",
   "supplier": "nordlab", "klassa": "K2/R3/T2",
   "calibration_due": "2026-12-09",
   "cra": {"class": "default", "ivd": false}}
 ],
 "people": [
  {"id": "eva", "name": "Eva Lind", "role": ["management"], "deputy": "per",
   "email": "eva@lab.example"},
  {"id": "per", "role": "incident_lead"}
 ],
 "systems": [
  {"id": "lims", "klassa": "K3/R3/T2", "instruments": ["HPLC-4"], "zones": ["bms"]}
 ],
 "attestations": [
  {"item": "gov.board_informed", "status": "met", "by": "eva",
   "date": "2026-09-01", "expires": "2027-09-01",
   "document": "minutes.pdf"}
 ]
}
'''

# What is changed, into what; what stands on the line that is named; the way; what is said; and
# whether it is a matter of shape, which the schema sees.
SHAPE, REST = True, False
WRONG = [
    # the contract's own
    ('"10.20.0.0/24",', '"10.20.0.0/33",', "10.20.0.0/33", "zones[1].cidr[0]",
     '"10.20.0.0/33" is not a prefix: expected an address and a length of 0 to 32, such as 10.20.0.0/24', REST),
    ('"a2.research"', '"a2.reserch"', "a2.reserch", "organisation.sector[1]",
     '"a2.reserch" is no sector: is "a2.research" meant?', REST),
    ('"2026-12-09"', '"2026-02-30"', "2026-02-30", "instruments[0].calibration_due",
     '"2026-02-30" is not a date: expected a day of the calendar, such as 2026-11-22', REST),
    ('"id": "bms"', '"id": "analysis"', '"mac": ["00:90:e8"]', "zones[1].id",
     '"analysis" is the id of zones[0] too, on line 22: expected an id of its own', REST),
    # shape
    ('"otsite": 1', '"otsite": 2', '"otsite"', "otsite", "2 is not a version this program reads: expected 1", SHAPE),
    ('"zones": [\n', '"zoness": [\n', '"zoness"', "zoness", 'unknown member: is "zones" meant? ("x-..." is free)', SHAPE),
    ('"headcount": 120', '"headcont": 120', "headcont", "organisation.headcont",
     'unknown member: is "headcount" meant?', SHAPE),
    ('"headcount": 120', '"colour": 120', "colour", "organisation.colour", "unknown member: expected name, number", SHAPE),
    ('"headcount": 120', '"headcount": "120"', '"headcount": "120"', "organisation.headcount",
     '"120" is not a number: expected a number that is not negative, without quotes', SHAPE),
    ('"headcount": 120', '"headcount": -1', '"headcount": -1', "organisation.headcount",
     "-1 is not in the range: expected a number from 0 to 9e15", SHAPE),
    ('"country": "SE"', '"country": "Sverige"', "Sverige", "organisation.country",
     '"Sverige" is not a country: expected two capital letters (ISO 3166), such as SE', SHAPE),
    ('"kind": "private"', '"kind": "privat"', '"privat"', "organisation.kind",
     '"privat" is unknown here: expected private, region, municipality', SHAPE),
    ('"share": 0.3', '"share": 30', '"share": 30', "organisation.partners[0].share",
     "30 is not a partner's share: expected a number from 0.25 to 0.5", SHAPE),
    ('"share": 0.3', '"share": 0.6', '"share": 0.6', "organisation.partners[0].share", "0.6 is not a partner's share", SHAPE),
    ('{"name": "Granne AB", "share": 0.3}', '{"name": "Granne AB"}', "Granne", "organisation.partners[0]",
     'member missing: expected "share"', SHAPE),
    ('"turnover_year": 2025', '"turnover_year": 25', "turnover_year", "organisation.turnover_year", "25 is not a year", SHAPE),
    ('"care_provider": true', '"care_provider": "ja"', "care_provider", "organisation.care_provider",
     '"ja" is not an answer: expected true or false, without quotes', SHAPE),
    ('"sole_provider": false', '"sole_provider": 0', "sole_provider", "organisation.facts.sole_provider",
     "0 is not an answer: expected true or false", SHAPE),
    ('"purdue": 2', '"purdue": 6', '"purdue": 6', "zones[0].purdue", "6 is not a level: expected a number from 0 to 5", SHAPE),
    ('"vlan": [10]', '"vlan": [4095]', "4095", "zones[0].vlan[0]", "4095 is not a VLAN: expected a number from 1 to 4094", SHAPE),
    ('"vlan": [10]', '"vlan": "10"', '"vlan"', "zones[0].vlan", '"10" is not a VLAN', SHAPE),
    ('{"id": "bms", ', '{', '"mac": ["00:90:e8"]', "zones[1]", 'member missing: expected "id"', SHAPE),
    ('{"id": "bms", ', '{"id": "internet", ', '"internet"', "zones[1].id", "is a word with a meaning of its own", SHAPE),
    ('"days": "mon-fri"', '"days": "mån-fre"', "mån-fre", "suppliers[0].hours[0].days",
     '"mån-fre" is not days of the week: expected mon-fri, or a list of mon', SHAPE),
    ('"days": ["sat"]', '"days": []', '"09:00"', "suppliers[0].hours[1].days", "a list is not days of the week", SHAPE),
    ('"from": "07:00"', '"from": "7"', '"7"', "suppliers[0].hours[0].from",
     '"7" is not a time of day: expected 00:00 to 24:00, such as 07:00', SHAPE),
    ('"to": "12:00"', '"to": "25:00"', "25:00", "suppliers[0].hours[1].to", '"25:00" is not a time of day', SHAPE),
    (', "to": "17:00"', '', '"mon-fri"', "suppliers[0].hours[0]", 'member missing: expected "to"', SHAPE),
    ('"mfa": true', '"mfa": 1', '"mfa"', "suppliers[0].mfa", "1 is not an answer", SHAPE),
    ('"log_retention_days": 365', '"log_retention_days": "365"', "log_retention", "policies.log_retention_days",
     '"365" is not a number of days', SHAPE),
    ('"log_retention_days"', '"log_retention_day"', "log_retention", "policies.log_retention_day",
     'is "log_retention_days" meant?', SHAPE),
    ('"pressure_min_pa": 10', '"pressure_min_pa": 100000', "pressure", "policies.pressure_min_pa",
     "100000 is not a pressure: expected 0 to 1000 pascals", SHAPE),
    ('"inc.process_72h": 182', '"inc.process_72h": 0', "inc.process", 'policies.reviews["inc.process_72h"]',
     "0 is not a number of days: expected 1 to 36600", SHAPE),
    ('"K2/R3/T2"', '"K2/R5/T2"', "K2/R5/T2", "instruments[0].klassa",
     '"K2/R5/T2" is not a KLASSA triple: expected levels from 0 to 4, such as K2/R3/T2', SHAPE),
    ('"K3/R3/T2"', '"3/3/2"', '"3/3/2"', "systems[0].klassa", '"3/3/2" is not a KLASSA triple', SHAPE),
    ('"class": "default"', '"class": "iacs"', "iacs", "instruments[0].cra.class", '"iacs" is unknown here', SHAPE),
    ('"ivd": false', '"ivdr": false', "ivdr", "instruments[0].cra.ivdr", 'is "ivd" meant?', SHAPE),
    ('["management"]', '["boss"]', "boss", "people[0].role[0]", '"boss" is unknown here: expected management, security_lead', SHAPE),
    ('"status": "met"', '"status": "ok"', '"ok"', "attestations[0].status",
     '"ok" is unknown here: expected met, gap, partly, unknown or not_applicable', SHAPE),
    ('"document": "minutes.pdf"', '"digest": "sha256:00"', "sha256", "attestations[0].digest",
     '"sha256:00" is not a digest: expected sha256: and 64 hexadecimal digits', SHAPE),
    ('"document": "minutes.pdf"', '"signature": "AAAA"', "signature", "attestations[0].signature",
     '"AAAA" is not a signature', SHAPE),
    ('"email": "eva@lab.example"', '"key": "eva+1234"', "1234", "people[0].key",
     '"eva+1234" is not a verifier key: expected NAME+8 digits+key', SHAPE),
    ('"date": "2026-09-01", ', '', '"gov.board_informed"', "attestations[0]", 'member missing: expected "date"', SHAPE),
    ('"sites": [{"id": "lund", "county": "Skåne län"}]', '"sites": {"id": "lund"}', '"sites"', "sites",
     "an object is not a list: expected [ ] with an object for each", SHAPE),
    ('{"sv": "Labbet", "en": "The lab"}', '{"sv": "Labbet", "de": "Labor"}', "Labor", "site.name.de",
     "unknown language: expected sv or en", SHAPE),
    # what refers to what, and what goes with what
    ('"county": "Skåne"', '"county": "Lund"', '"Lund"', "organisation.county", '"Lund" is no Swedish county: expected one such as', REST),
    ('"Skåne län"', '"Skane lan, Sverige"', "Sverige", "sites[0].county", "is no Swedish county", REST),
    ('"timezone": "Europe/Stockholm"', '"timezone": "CET"', "CET", "site.timezone", '"CET" is not a time zone: expected one of Europe', REST),
    ('"site": "lund"', '"site": "lud"', '"lud"', "zones[0].site", 'no site has the id "lud": is "lund" meant?', REST),
    ('"to": "bms"', '"to": "bmz"', "bmz", "conduits[0].to", 'no zone has the id "bmz": is "bms" meant?', REST),
    ('"to": "bms"', '"to": "office"', '"office"', "conduits[0].to",
     'no zone has the id "office": expected analysis, bms, internet or *', REST),
    ('   "supplier": "nordlab"}', '   "supplier": "acme"}', "acme", "conduits[0].supplier",
     'no supplier has the id "acme": expected nordlab', REST),
    ('"supplier": "nordlab", "klassa"', '"supplier": "acme", "klassa"', "acme", "instruments[0].supplier", 'no supplier has the id "acme"', REST),
    ('"zone": "analysis"', '"zone": "internet"', '"internet"', "instruments[0].zone", 'no zone has the id "internet"', REST),
    ('   "instruments": ["HPLC-4"]}', '   "instruments": ["HPLC-5"]}', "HPLC-5", "suppliers[0].instruments[0]",
     'no instrument has the id "HPLC-5": is "HPLC-4" meant?', REST),
    ('"zones": ["bms"]', '"zones": ["bms", "x"]', '"x"', "systems[0].zones[1]", 'no zone has the id "x"', REST),
    ('"deputy": "per"', '"deputy": "omar"', "omar", "people[0].deputy", 'no person has the id "omar": expected eva or per', REST),
    ('"deputy": "per"', '"deputy": "eva"', '"deputy"', "people[0].deputy", "nobody is his own deputy", REST),
    ('{"id": "per"', '{"id": "eva"', '"incident_lead"', "people[1].id", '"eva" is the id of people[0] too, on line 48', REST),
    ('"fd00:20::/64"', '"10.10.0.7/24"', "10.10.0.7", "zones[1].cidr[1]",
     '10.10.0.0/24 is a prefix of zones[0] ("analysis") too, on line 23: expected it in one zone only', REST),
    ('"fd00:20::/64"', '"fd00:20::/129"', "/129", "zones[1].cidr[1]",
     "expected an address and a length of 0 to 128, such as fd00:20::/64", REST),
    ('["00:90:e8"]', '["00:90"]', '"00:90"', "zones[1].mac[0]", '"00:90" is not a MAC address', REST),
    ('"9000-9010"', '"9010-9000"', "9010-9000", "conduits[0].port[1]", '"9010-9000" is not a port', REST),
    ('"ip": "10.10.0.14"', '"ip": "10.10.0"', '"10.10.0"', "instruments[0].ip", '"10.10.0" is not an address', REST),
    ('"to": "12:00"', '"to": "09:00"', '"sat"', "suppliers[0].hours[1]", "these hours last no time", REST),
    ('"expires": "2027-09-01"', '"expires": "2025-09-01"', "2025-09-01", "attestations[0].expires",
     "2025-09-01 is before its date, 2026-09-01: expected a later day", REST),
    ('"cra_answered": "2026-10-02"', '"cra_answered": "2026-09-02"', "2026-09-02", "suppliers[0].cra_answered",
     "2026-09-02 is before its cra_asked, 2026-09-15", REST),
    ('"sole_provider"', '"sole_supplier"', "sole_supplier", "organisation.facts.sole_supplier", '"sole_supplier" is no known fact', REST),
    ('"email": "eva@lab.example"', '"email": "eva"', '"email"', "people[0].email", '"eva" is not an address', REST),
]
# No JSON at all: the column is known, the way is not.
BROKEN = [
    ('"2026-02-12"},', '"2026-02-12",},', '"2026-02-12",}', 'a comma before "}": expected none after the last member'),
    ('"HPLC-4"]}\n ],', '"HPLC-4"]},\n ],', '"HPLC-4"]},', 'a comma before "]": expected none after the last element'),
    ('"kind": "private"', '"kind": "private', '"kind": "private', "a text does not end on its line: expected a quote"),
    ('"kind": "private"', 'kind: "private"', "kind: ", "kind has no quotes: expected a member's name in quotes"),
    ('"headcount": 120,', '"headcount": 120', '"turnover_eur"', '" (a quote) behind a value: expected a comma'),
    ('"turnover_eur": 18000000,', '"turnover_eur": 18 000 000,', "18 000 000", '"0" behind a value: expected a comma'),
    ('"kind": "private"', '"country": "NO"', '"NO"', '"country" stands in this object twice, first on line 6'),
    ('"notified"', '// when\n  "notified"', "// when", "a comment: expected none, JSON has no comments"),
    ('"care_provider": true', '"care_provider": True', "True", '"True": expected it in small letters'),
]


def line_of(text, mark):
    found = [i for i, l in enumerate(text.split("\n"), 1) if mark in l]
    assert len(found) == 1, (mark, found)
    return found[0]


put(GOOD)
status, out, err = run("check", "--now", "2026-11-22", path)
ok(status == 0 and not err, "the file all others are made of is right", err)
ok(VALID is None or VALID.is_valid(json.loads(GOOD)), "so the schema says",
   VALID and [e.message for e in VALID.iter_errors(json.loads(GOOD))])

for old, new, mark, way, why, shape in WRONG:
    assert GOOD.count(old) == 1, old
    text = GOOD.replace(old, new)
    put(text)
    status, out, err = run("check", path)
    want = "nis2report check: %s:%d: %s: " % (path, line_of(text, mark), way)
    first = err.splitlines()[0] if err else ""
    ok(status == 2 and not out and first.startswith(want) and why in first and len(err.splitlines()) == 1,
       "%s: %s" % (way, why), "%s\n%s" % (want, err))
    if VALID and shape:
        ok(not VALID.is_valid(json.loads(text)), "the schema refuses it, too")

for old, new, mark, why in BROKEN:
    assert GOOD.count(old) == 1, old
    text = GOOD.replace(old, new)
    put(text)
    status, out, err = run("check", path)
    want = "nis2report check: %s:%d:" % (path, line_of(text, mark))
    ok(status == 2 and not out and err.startswith(want) and why in err and err.count("\n") == 1, why, want + "\n" + err)

# --- nothing is written

put(GOOD.replace("/24", "/33"))
page = os.path.join(tmp.name, "page.html")
status, out, err = run("gap", "-s", path, "-f", "html", "-o", page, INVENTORY)
ok(status == 2 and not out and err.count("\n") == 1 and "lab.json:23: zones[0].cidr[0]:" in err, "gap says the first error alone", err)
ok(sorted(os.listdir(tmp.name)) == ["lab.json"], "and nothing is written", os.listdir(tmp.name))
p = subprocess.run([os.path.join(BIN, "otinv"), "build", "--site", path, INVENTORY], capture_output=True, text=True)
ok(p.returncode == 2 and not p.stdout and "lab.json:23: zones[0].cidr[0]:" in p.stderr, "otinv, too", p.stderr)

# --- all errors

status, out, err = run("check", path)
ok([l.split(": ")[1].split(":")[-1] for l in err.splitlines()] == ["23", "25"], "check says both", err)
many = {"otsite": 1, "zones": [{"id": "z%d" % i, "vlan": 5000 + i} for i in range(30)]}
put(json.dumps(many, indent=1))
status, out, err = run("check", path)
lines = err.splitlines()
ok(status == 2 and len(lines) == 21 and "20 errors and perhaps more" in lines[-1], "and stops at twenty", err)
numbers = [int(l.split(":")[2]) for l in lines[:-1]]
ok(numbers == sorted(numbers), "in the order of their lines", numbers)
put(GOOD.replace('"to": "bms"', '"to": "x"').replace('"K3/R3/T2"', '"K9"').replace('"county": "Skåne"', '"county": "Y"'))
status, out, err = run("check", path)
ok([l.split(":")[3].strip() for l in err.splitlines()] == ["organisation.county", "conduits[0].to", "systems[0].klassa"],
   "references among them", err)
second = os.path.join(tmp.name, "second.json")
with open(second, "w") as f:
    f.write("{")
put(GOOD)
status, out, err = run("check", second, path, os.path.join(tmp.name, "none.json"))
ok(status == 2 and "second.json:1:2: the text ends before the \"{\" of line 1 is closed" in err and
   "none.json: No such file" in err and "lab.json: no errors." in out, "one file after the other", err)
status, out, err = run("check", "-", stdin=GOOD)
ok(status == 0 and "stdin: no errors. 2 zones, 1 instrument, 1 supplier, 2 people, 1 attestation" in out, "standard input", out)

# --- what will be a gap

put(GOOD)
status, out, err = run("check", "--now", "2027-12-01", path)
ok("lab.json:57: note: attestations[0].expires: The attestation on gov.board_informed has expired." in out,
   "what has expired, at its line", out)
ok("instruments[0].calibration_due: 1 instrument in use is past its calibration day" in out, "an expired calibration")
ok("lab.json:33: note: suppliers[0].contract: nordlab has no contract" in out, "a supplier without a contract", out)
ok("people: No person has the role security_lead" in out, "a role that nobody has")
ok("people[1].deputy: per leads incident work and has no deputy" in out, "an incident lead without a deputy")
ok("the attestation names no document" not in out, "what is there is not missed")
sv = run("check", "-l", "sv", "--now", "2027-12-01", path)[1]
ok("anmärkning: attestations[0].expires: Intyget om gov.board_informed har gått ut." in sv and
   "inga fel. 2 zoner, 1 instrument, 1 leverantör, 2 personer, 1 intyg" in sv, "in Swedish", sv)
ok(sv.count("\n") == out.count("\n"), "the same ones")
early = run("check", "--now", "2026-11-22", path)[1]
ok("has expired" not in early and "calibration day" not in early, "on an earlier day they have not", early)
ok("2027-09-01" and "has expired" not in run("check", "--now", "2027-09-01T12:00:00Z", path)[1], "it counts on its last day")
alone = run("check", "-e", path)[1]
ok(alone.count("\n") == 1 and "note" not in alone, "no notes with --errors-only", alone)
for days, says in ((0, "Logs are kept for 0 days, so not at all"), (364, "Logs are kept for 364 days, shorter than the 365"), (365, None)):
    put(GOOD.replace('"log_retention_days": 365', '"log_retention_days": %d' % days))
    notes = [x for x in run("check", path)[1].splitlines() if "policies.log_retention_days" in x]
    ok(says in notes[0] and len(notes) == 1 if says else not notes, "logs that are kept for %d days" % days, notes)
for who, noted in (("karl", True), ("per", False)):
    put(GOOD.replace('"by": "eva"', '"by": "%s"' % who))
    ok(("attestations[0].by: The attestation on gov.board_informed is not by anybody in people" in run("check", path)[1]) == noted,
       "attested by " + who, run("check", path)[1])
put('{"otsite": 1}')
status, out, err = run("check", path)
ok(status == 0 and "lab.json:1: note: The organisation is not described" in out, "the least that is a site file", out)
put(GOOD.replace("556610-3205", "556610-3206"))
ok("556610-3206 has a wrong check digit" in run("check", path)[1], "a number that was misread")
ok("check digit" not in early, "and one that was not")
for f in ("examples/site.json", "test/pipe/data/gap-site.json"):
    status, out, err = run("check", f)
    ok(status == 0, f, err)
    ok(VALID is None or VALID.is_valid(json.load(open(os.path.join(TOP, f), encoding="utf-8"))), f + " passes the schema")

# --- usage

status, out, err = run("check")
ok(status == 2 and "which site file?" in err, "no file is said", err)
status, out, err = run("check", "--lang", "de", path)
ok(status == 2 and "--lang de: en or sv" in err, "so is a language", err)

print("1..%d" % n)
sys.exit(1 if failed else 0)
