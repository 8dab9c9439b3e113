#!/bin/sh
# nis2report gap for other programs: OSCAL (oscal.py holds it to NIST's structure), and what
# CISO Assistant's readers ask for: of the sample laboratory, of nothing but an inventory, and
# of an inventory full of texts that mean harm.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-export-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
prog=$bin/nis2report
[ -x "$prog" ] && [ -x "$bin/otinv" ] || { echo "Bail out! $prog is not built"; exit 1; }

"$bin/otdissect" examples/lab.pcapng 2>/dev/null | "$bin/otinv" build --site examples/site.json >"$dir/lab"
"$python" test/pipe/exports.py hostile >"$dir/hostile"
# people, a second language, an attestation with a document and an end
"$python" - examples/site.json >"$dir/site.json" <<'PY'
import json, sys
s = json.load(open(sys.argv[1], encoding="utf-8"))
s["people"] = [
    {"id": "eva", "name": "Eva Lind", "role": ["management", "incident_lead"], "email": "eva@lab.example"},
    {"id": "per", "name": "Per *Ek*", "role": ["incident_lead"], "phone": "+46 46 12 34 56"}]
s["actions"] = [{"item": "inv.segmentation", "owner": "per", "by": "2027-01-31",
                 "what": {"sv": "Stäng vägen i brandväggen", "en": "Close the path in the firewall"}}]
json.dump(s, sys.stdout, ensure_ascii=False)
PY

# --- OSCAL ------------------------------------------------------------------------------

# oscal NAME ARGUMENT...: both forms of one assessment, held against each other
oscal()
{
	name=$1
	shift
	"$prog" gap -f ndjson "$@" >"$dir/findings" 2>/dev/null
	"$prog" gap -f oscal "$@" >"$dir/$name.oscal" 2>/dev/null
	"$python" test/pipe/oscal.py "$dir/$name.oscal" "$dir/findings"
	ok $? "OSCAL of $name: as NIST has it, and as the findings have it"
}

oscal lab -s examples/site.json "$dir/lab"
oscal people -l sv -s "$dir/site.json" "$dir/lab"
oscal nosite "$dir/lab"
oscal hostile -s examples/site.json "$dir/hostile"
"$prog" gap -f oscal -s examples/site.json "$dir/lab" | cmp -s - "$dir/lab.oscal"
ok $? "the same input, the same bytes"
"$prog" gap -f oscal --now 2026-12-01 -s examples/site.json "$dir/lab" >"$dir/later"
"$python" - "$dir/lab.oscal" "$dir/later" "$dir/people.oscal" <<'PY'
import json, sys
now, later, people = (json.load(open(f))["assessment-results"] for f in sys.argv[1:])
ids = lambda a, *path: {x["uuid"] for x in (a["results"][0][path[0]] if len(path) == 1 else a["results"][0][path[0]][path[1]])}
assert ids(now, "findings").isdisjoint(ids(later, "findings")) and now["uuid"] != later["uuid"]
assert ids(now, "local-definitions", "inventory-items") & ids(later, "local-definitions", "inventory-items")
assert later["metadata"]["last-modified"] == "2026-12-01T00:00:00.000000Z" and later["metadata"]["version"] == "2026-12-01"
assert now["results"][0]["start"].startswith("2026-11-22T08:20") and now["results"][0]["end"].startswith("2026-11-22T08:21")
m = people["metadata"]
duty = {d["role-id"]: len(d["party-uuids"]) for d in m["responsible-parties"]}
assert duty == {"assessed-organisation": 1, "management": 1, "incident_lead": 2}, duty
assert {r["id"]: r["title"] for r in m["roles"]}["incident_lead"] == "Incidentansvarig"
assert [p.get("email-addresses") for p in m["parties"] if p["name"] == "Eva Lind"] == [["eva@lab.example"]]
titles = [r["title"] for r in people["back-matter"]["resources"]]
assert titles[0] == "Ingen bedömningsplan" and "lab.pcapng" in titles, titles
plan = people["back-matter"]["resources"][0]["uuid"]
assert people["import-ap"]["href"] == "#" + plan
todo = [x for x in people["results"][0]["risks"] if x["remediations"][0]["lifecycle"] == "planned"]
assert len(todo) == 1 and todo[0]["deadline"][:10] == "2027-01-31", todo
assert todo[0]["remediations"][0]["description"] == "Stäng vägen i brandväggen"
ends = [o["expires"] for o in people["results"][0]["observations"] if "expires" in o]
assert "2027-05-20T00:00:00.000000Z" in ends, ends
PY
ok $? "a later day is another assessment of the same devices; people, roles, no plan, ends of attestations"
grep -q '"<script' "$dir/hostile.oscal"
ok $((! $?)) "no markup of a device's own"
for name in lab people nosite hostile; do
	grep -q 'oscal\.[a-z]' "$dir/$name.oscal" && break
done
ok $((! $?)) "no word is missing"

# what the checker is worth: each of these it must refuse
bad=0
while IFS= read -r doctor; do
	"$python" - "$dir/lab.oscal" "$doctor" >"$dir/doctored" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
a = d["assessment-results"]
r = a["results"][0]
exec(sys.argv[2])
json.dump(d, sys.stdout)
PY
	"$prog" gap -f ndjson -s examples/site.json "$dir/lab" >"$dir/findings"
	"$python" test/pipe/oscal.py "$dir/doctored" "$dir/findings" 2>&1 | grep -q '^# ' || { echo "# not seen: $doctor"; bad=1; }
done <<'DOCTORED'
del a["import-ap"]
a["extra"] = 1
r["findings"][0]["target"]["status"]["state"] = "met"
r["observations"][0]["collected"] = "2026-11-22"
r["observations"][0]["methods"] = []
r["findings"][1]["uuid"] = r["findings"][0]["uuid"]
r["risks"][0]["uuid"] = "6e1e0347-4327-55d8-b439-2bedf3b68f8f"
a["metadata"]["parties"][0]["uuid"] = a["metadata"]["responsible-parties"][0]["party-uuids"][0] = "6e1e0347-4327-55d8-b439-2bedf3b68f8f"
r["findings"].pop()
r["findings"][0]["props"][0]["value"] = " met"
DOCTORED
ok $bad "a document that is wrong is found out"

# --- CISO Assistant ---------------------------------------------------------------------

for lang in sv en; do
	"$prog" gap -f ciso-assistant-library -l $lang "$dir/lab" >"$dir/library.$lang" 2>/dev/null
	for inv in lab hostile; do
		"$prog" gap -f ndjson -l $lang -s examples/site.json "$dir/$inv" >"$dir/findings" 2>/dev/null
		"$prog" gap -f ciso-assistant -l $lang -s examples/site.json "$dir/$inv" >"$dir/audit" 2>/dev/null
		"$python" - "$dir/library.$lang" "$dir/audit" "$dir/findings" lib/rules/checklist.json $lang <<'PY'
import csv, json, re, sys
URN = re.compile(r"urn:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+:[a-zA-Z0-9_-]+(:[a-zA-Z0-9_-]+)?:[0-9A-Za-z\[\]()\-._:]+\Z")
text = open(sys.argv[1], encoding="utf-8").read()
lib = json.loads(text)
try:
    import yaml
    assert yaml.safe_load(text) == lib, "YAML reads it otherwise"
except ImportError:
    print("# no yaml: read as JSON only")
lang, other = sys.argv[5], {"sv": "en", "en": "sv"}[sys.argv[5]]
assert {"urn", "name", "version", "objects", "ref_id"} <= set(lib) and isinstance(lib["version"], int)
assert lib["locale"] == lang and set(lib["translations"]) == {other}
frame = lib["objects"]["framework"]
nodes = frame["requirement_nodes"]
urns = [lib["urn"], frame["urn"]] + [x["urn"] for x in nodes]
assert len(set(urns)) == len(urns) and all(URN.match(u) and u == u.lower() for u in urns), urns
seen = set()
for x in nodes:
    assert "parent_urn" not in x or x["parent_urn"] in seen, x          # a parent stands before
    assert x["depth"] == (2 if "parent_urn" in x else 1)
    assert isinstance(x["assessable"], bool) and x["assessable"] == ("parent_urn" in x)
    assert x["name"] and x["translations"][other]["name"]
    seen.add(x["urn"])
items = {i["id"]: i for i in json.load(open(sys.argv[4], encoding="utf-8"))["items"]}
asked = {x["ref_id"]: x for x in nodes if x["assessable"]}
assert set(asked) == set(items)
for k, x in asked.items():
    assert x["name"] == items[k]["title"][lang] and x["description"] == items[k]["question"][lang]
    assert x["translations"][other]["name"] == items[k]["title"][other]

rows = list(csv.DictReader(open(sys.argv[2], encoding="utf-8", newline=""), strict=True))
assert list(rows[0]) == ["urn", "assessable", "ref_id", "name", "description", "compliance_result", "requirement_progress",
                         "observations", "score", "implementation_score", "documentation_score"]
found = {x["item"]: x for x in (y["finding"] for y in map(json.loads, open(sys.argv[3], encoding="utf-8"))
                                   if y["event_type"] == "finding")}
assert len(rows) == len(found) == len(items) and {r["ref_id"] for r in rows} == set(asked)
result = {"met": "compliant", "gap": "non_compliant", "partly": "partially_compliant", "unknown": "not_assessed",
          "not_applicable": "not_applicable"}
for r in rows:
    f = found[r["ref_id"]]
    assert None not in r and r["assessable"] and r["urn"] == asked[r["ref_id"]]["urn"], r
    assert r["compliance_result"] == result[f["status"]]
    assert r["requirement_progress"] in ("to_do", "in_progress", "in_review", "done")
    # a formula's sign is guarded, also behind a semicolon
    plain = re.sub(r"(^|;)( *\"*)'", r"\1\2", r["observations"])
    reason = re.sub(r"(^|;)( *\"*)'", r"\1\2", re.sub(r"[\x00-\x1f\x7f]", " ", f["reason"]))
    assert plain.startswith(reason), (plain, reason)
    assert not r["observations"].lstrip(' "').startswith(("=", "+", "-", "@"))
    # all three empty: the row is not scored
    assert r["score"] == r["implementation_score"] == r["documentation_score"] == ""
PY
		ok $? "CISO Assistant: framework and audit of $inv in $lang: what its readers ask for"
	done
done

# --- until when the rules are good --------------------------------------------------------

for form in text markdown html; do
	"$prog" gap -f $form -w 200 -s examples/site.json "$dir/lab" >"$dir/now" 2>/dev/null
	grep -q 'Rules reviewed until 20[0-9][0-9]-' "$dir/now" && ! grep -q 'Warning: ' "$dir/now"
	ok $? "$form: says until when the rules were reviewed"
	"$prog" gap -f $form -w 200 --now 2029-01-01 -s examples/site.json "$dir/lab" >"$dir/later" 2>/dev/null
	grep -q 'Warning: [0-9]* parts of the rules were to be looked at again' "$dir/later"
	ok $? "$form: warns when that day is past"
done

echo "1..$n"
exit $failed
