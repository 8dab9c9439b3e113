#!/usr/bin/python3
"""nis2report classify as people use it: three organisations, both languages, every form;
what is open, what is refused; records and rule documents held to their schemas."""
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
try:
    import jsonschema
    import schema
except ImportError:
    schema = None

PROG = os.path.join(os.environ.get("OTKIT_BIN", "."), "nis2report")
DATA = "test/pipe/data/classify/"
NOW = ["--now", "2026-11-22"]
count = failed = 0


def ok(good, text):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, text))


def run(*args, stdin=None):
    p = subprocess.run([PROG, "classify", *args], input=stdin, capture_output=True, text=True,
                       encoding="utf-8", timeout=60)
    return p.returncode, p.stdout, p.stderr


def record(name, lang="en", *more):
    status, out, err = run(*NOW, "-l", lang, "-f", "ndjson", *more, DATA + name)
    if status == 2:
        print("# " + err.strip())
        return status, {}
    return status, json.loads(out)["classification"]


def steps(c, name):
    return [s for s in c.get("steps", []) if s["step"] == name]


# what the law says of the three, not what the program said once
EXPECTED = {
    "region.json": {
        "sv": "Väsentlig verksamhetsutövare, tillsyn: Inspektionen för vård och omsorg och "
              "Länsstyrelsen i Skåne län",
        "en": "Essential entity, supervisor: Health and Social Care Inspectorate and County "
              "Administrative Board of Skåne",
        "class": "essential", "size": "large", "authorities": ["ivo", "lansstyrelse_skane"],
        "max_sek": 10000000, "max_eur": None, "differs": False},
    "testing.json": {
        "sv": "Omfattas inte av cybersäkerhetslagen",
        "en": "Not in scope of the Swedish Cybersecurity Act",
        "class": "out", "size": "medium", "authorities": [],
        "max_sek": None, "max_eur": None, "differs": True},
    "pharma.json": {
        "sv": "Väsentlig verksamhetsutövare, tillsyn: Läkemedelsverket",
        "en": "Essential entity, supervisor: Swedish Medical Products Agency",
        # 2 % of 48 + 612 million; the partner's turnover is none of the group's
        "class": "essential", "size": "large", "authorities": ["lakemedelsverket"],
        "max_sek": None, "max_eur": 13200000, "differs": True},
}

for name, want in EXPECTED.items():
    for lang in ("sv", "en"):
        status, c = record(name, lang)
        ok(status == 0 and c.get("answer") == want[lang], "%s, %s: %s" % (name, lang, c.get("answer")))
        ok(c.get("class") == want["class"] and c.get("size") == want["size"] and
           [a["id"] for a in c.get("authorities", [])] == want["authorities"], "%s: class, size, authorities" % name)
        s = c.get("sanction", {})
        ok(s.get("max_sek") == want["max_sek"] and s.get("max_eur") == want["max_eur"], "%s: ceiling" % name)
        ok(c.get("guide", {}).get("differs") == want["differs"] and
           ("why" in c["guide"]) == want["differs"], "%s: where the guide would say otherwise" % name)
        ok(all(s["law"] and s["reason"] for s in c["steps"]), "%s: every step has its reason and law" % name)
        ok("{" not in json.dumps(c["steps"][0]["reason"] + c["answer"]), "%s: no phrase is half filled" % name)
        if schema:
            _, out, _ = run(*NOW, "-l", lang, "-f", "ndjson", DATA + name)
            wrong = schema.check(json.loads(out))
            ok(wrong is None, "%s, %s: the record fits its schema%s" % (name, lang, ": %s" % wrong if wrong else ""))
        status, text, _ = run(*NOW, "-l", lang, "-w", "72", DATA + name)
        ok(status == 0 and " ".join(text.split()).find(want[lang]) > 0, "%s, %s: the text says it" % (name, lang))
        ok(max(len(line) for line in text.split("\n")) <= 72, "%s: no line is wider than asked" % name)
        ok("classify." not in text, "%s, %s: every word is there" % (name, lang))
        status, page, _ = run(*NOW, "-l", lang, "-f", "html", DATA + name)
        ok(status == 0 and page.startswith("<!doctype html>") or page.startswith("<!DOCTYPE html>"),
           "%s, %s: a page" % (name, lang))
        ok('lang="%s"' % lang in page and not re.search(r'(src|href)="?http', page), "%s: that fetches nothing" % name)
        status, md, _ = run(*NOW, "-l", lang, "-f", "markdown", DATA + name)
        ok(status == 0 and want[lang] in md.replace("\u00a0", " "), "%s, %s: Markdown" % (name, lang))

first = run(*NOW, "-f", "ndjson", DATA + "pharma.json")
ok(first == run(*NOW, "-f", "ndjson", "--site", DATA + "pharma.json"), "the same again, byte for byte")

# --- figures and days

status, c = record("pharma.json", "en", "--eur-rate", "11.4275")
ok(c["sanction"]["max_sek"] == 150843000, "13.2 million euros at 11.4275: 150 843 000 kronor")
status, c = record("pharma.json", "en", "--eur-rate", "11")
ok(c["sanction"]["max_sek"] == 145200000, "at 11: 145 200 000")
g = steps(c, "size")[0]["figures"]
# 180 + 900 + 0.3 * 20; 48 + 612 + 0.3 * 3 million; 40 + 500 + 0.3 * 2 million
ok(g == {"headcount": 1086, "turnover_eur": 660900000, "balance_eur": 540600000}, "linked in full, a partner by its share")
_, out, _ = run("--now", "2026-06-30", "-f", "ndjson", DATA + "region.json")
to = {d["id"]: d.get("to") for d in json.loads(out)["classification"]["duties"]}
ok("Civil Defence" in to["early_warning"], "before July 2026 incidents went to MCF")
_, c = record("region.json")
to = {d["id"]: d.get("to") for d in c["duties"]}
ok("CERT-SE" in to["early_warning"] and "Civil Defence" in to["notify"], "now to CERT-SE; the entity's notification to MCF")

# --- what is open

def organisation(**more):
    org = {"name": "Lab", "country": "SE", "kind": "private", "county": "Skåne"}
    org.update(more)
    return json.dumps({"otsite": 1, "site": {"key": "lab", "name": "Lab"},
                       "organisation": {k: v for k, v in org.items() if v is not None}})


def classified(**more):
    status, out, err = run(*NOW, "-f", "ndjson", "-", stdin=organisation(**more))
    return status, json.loads(out)["classification"] if status < 2 else err


status, c = classified(sector=["a1.health.provider"], headcount=120, turnover_eur=18000000, balance_eur=11000000)
ok(status == 1 and c["class"] == "manual_review" and c["could_be"] == ["out", "important"],
   "a private clinical laboratory: out or important, and status 1")
ok([q["id"] for q in c["questions"]] == ["care_provider"] and c["questions"][0]["yes"] == ["important"] and
   c["questions"][0]["no"] == ["out"], "it hangs on one question")
status, c = classified(sector=["a1.health.pharma_mfg"], headcount=120)
q = c["questions"][0]
ok(status == 1 and c["could_be"] == ["important", "essential"] and q["id"] == "size" and
   "medium-sized: important" in q["question"] and "large: essential" in q["question"],
   "money missing: which size gives which class")
ok("the turnover and the balance sheet total would decide" in steps(c, "size")[0]["reason"], "and which figures decide")
status, c = classified(sector=["a1.health.pharma_mfg"], headcount=120, balance_eur=11000000)
ok(status == 0 and c["class"] == "important", "the balance sheet alone settles it: medium-sized")
status, c = classified(sector=["a2.mfg.nace26"], headcount=120, turnover_eur=1, balance_eur=1, county=None)
ok(status == 1 and c["class"] == "important" and [q["id"] for q in c["questions"]] == ["county"],
   "without a county the board is for a person")
status, c = classified(headcount=120, turnover_eur=20000000, balance_eur=20000000)
ok(status == 1 and "sector" in [q["id"] for q in c["questions"]], "without sectors: what does it do?")
status, c = classified(sector=["a1.health.pharma_mfg"], headcount=30, turnover_eur=1, balance_eur=1,
                       facts={"public_safety": True})
ok(status == 0 and c["class"] == "important" and steps(c, "scope")[0]["law"][0] == "CSL ch. 1, s. 5",
   "small, but it matters to public health: CSL 1:5")
status, c = classified(sector=["a1.health.provider"], country="NO", headcount=300, turnover_eur=60000000,
                       balance_eur=50000000, care_provider=True)
ok(status == 1 and c["class"] == "essential" and not c["authorities"] and "authority" in [q["id"] for q in c["questions"]],
   "established elsewhere: the directive's class, and no authority is made up")

# --- lists, and what is refused

status, out, _ = run("--list-sectors", "-l", "sv")
ids = [line.split("\t")[0] for line in out.split("\n") if line]
ok(status == 0 and len(ids) == 46 and "a1.health.provider" in ids and "Vårdgivare" in out, "46 types")
status, out, _ = run("--list-questions")
ids = [line.split("\t")[0] for line in out.split("\n") if line]
ok(status == 0 and {"sole_provider", "public_safety", "systemic_risk", "regional_importance", "critical_entity",
                    "qualified_trust", "essential_before_2023", "dora", "security_sensitive", "emergency_hospital",
                    "degree_rights"} <= set(ids), "the questions")
for args, says in [
        ((), "which site file?"),
        ((DATA + "pharma.json", DATA + "region.json"), "one site file at a time"),
        (("--eur-rate", "x", DATA + "pharma.json"), "kronor to the euro"),
        (("--eur-rate", "0", DATA + "pharma.json"), "kronor to the euro"),
        (("--eur-rate", "11.", DATA + "pharma.json"), "kronor to the euro"),
        (("-f", "pdf", DATA + "pharma.json"), "text, markdown, html or ndjson"),
        (("no-such-file",), "no-such-file"),
]:
    status, out, err = run(*NOW, *args)
    ok(status == 2 and says in err and err.count("\n") == 1 and not out, "refused: %s" % err.strip())
for more, says in [({"sector": ["a1.health.lab"]}, "a1.health.lab"), ({"facts": {"no_such": True}}, "no_such"),
                   ({"kind": "club"}, "club")]:
    status, err = classified(**more)
    ok(status == 2 and says in err, "refused: %s" % (err.strip() if status == 2 else err))

with tempfile.TemporaryDirectory() as d:
    rules = json.load(open("lib/rules/classification.json"))
    rules["rule_set"]["version"] = "own"
    json.dump(rules, open(d + "/classification.json", "w"))
    status, c = record("pharma.json", "en", "--rules", d)
    ok(c["rule_set"]["version"] == "own" and c["rule_set"]["digest"] != record("pharma.json")[1]["rule_set"]["digest"],
       "a folder's own rules, another digest")
    rules["rules"][0]["when"] = {"type": ["a9.none"]}
    json.dump(rules, open(d + "/classification.json", "w"))
    status, _, err = run(*NOW, "--rules", d, DATA + "pharma.json")
    ok(status == 2 and "classification.json: rules.E1" in err, "wrong rules: %s" % err.strip())

# --- the rule documents

law = json.load(open("lib/rules/law.json"))["provisions"]
for doc, name in (("sectors", "sectors"), ("classification", "classification-rules")):
    data = json.load(open("lib/rules/%s.json" % doc))
    if schema:
        wrong = [e.message[:100] for e in jsonschema.Draft202012Validator(schema.ALL["otkit:" + name]).iter_errors(data)]
        ok(not wrong, "%s.json fits its schema%s" % (doc, ": %s" % wrong[0] if wrong else ""))
    entries = [e for v in data.values() if isinstance(v, list) for e in v]
    ok(entries and all(e["source"] and e["review_by"] >= "2026-11-22" and e["law"] and
                       all(k in law for k in e["law"]) for e in entries), "%s.json: source, review, law" % doc)
    texts = [t for e in entries for t in e.values() if isinstance(t, dict) and "sv" in t]
    ok(all(t["sv"] and t["en"] and t["sv"] != t["en"] or t["sv"] in ("Gas",) for t in texts),
       "%s.json: both languages" % doc)

print("1..%d" % count)
sys.exit(failed > 0)
