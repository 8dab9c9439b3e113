#!/bin/sh
# nis2report as people use it: an inventory in; text, a page and records out;
# exit statuses; what is said when something is wrong.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
data=test/pipe/data
inv=$data/gap-inventory.ndjson
site=$data/gap-site.json
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-nis2report-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
prog=$bin/nis2report

# is STATUS TEXT COMMAND...: the exit status
is()
{
	want=$1
	text=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err"
	got=$?
	ok $([ $got -eq "$want" ]; echo $?) "$text: $want"
	[ $got -eq "$want" ] || { echo "# got $got"; sed 's/^/# /' "$dir/err"; }
}

# says TEXT COMMAND...: status 2 and a line on stderr that holds TEXT
says()
{
	want=$1
	shift
	"$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -qF -- "$want" "$dir/err"
	status=$?
	ok $status "says \"$want\""
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/err"
}

holds() # FILE TEXT
{
	grep -qF -- "$2" "$1"
	ok $? "$(basename "$1") holds \"$2\""
}

lacks() # FILE TEXT
{
	! grep -qF -- "$2" "$1"
	ok $? "$(basename "$1") lacks \"$2\""
}

# --- text

is 1 "gaps" "$prog" gap --site $site "$inv"
holds "$dir/out" "29 items: 6 met · 3 partly · 12 gaps · 8 unknown"
holds "$dir/out" "70% of the laboratory is on the register: 7 of 10 devices"
holds "$dir/out" "KONTOR-7 → AHU-2 (Modbus)"
holds "$dir/out" "lab.pcapng #1204"
is 1 "gaps, in Swedish" "$prog" gap --lang sv --site $site "$inv"
holds "$dir/out" "29 punkter: 6 uppfyllda · 3 delvis · 12 brister · 8 okända"
holds "$dir/out" "70 % av laboratoriet är förtecknat: 7 av 10 enheter"
holds "$dir/out" "CSL 2 kap. 3 §"
lacks "$dir/out" "{"
"$prog" gap --site $site -w 60 "$inv" >"$dir/narrow" 2>&1
[ "$(LC_ALL=C.UTF-8 wc -L <"$dir/narrow")" -le 60 ]
ok $? "no line is wider than asked"
"$prog" gap --site $site <"$inv" >"$dir/stdin" 2>&1
"$prog" gap --site $site "$inv" >"$dir/file" 2>&1
cmp -s "$dir/stdin" "$dir/file"
ok $? "standard input is a file like others"
gzip -c "$inv" >"$dir/inv.gz"
"$prog" gap --site $site "$dir/inv.gz" >"$dir/gz" 2>&1
cmp -s "$dir/gz" "$dir/file"
ok $? "so is gzip"

# --- records

is 1 "records" "$prog" gap --site $site -f ndjson "$inv"
cp "$dir/out" "$dir/f.ndjson"
[ "$(grep -c '"event_type":"finding"' "$dir/f.ndjson")" -eq 29 ]
ok $? "a record for every item"
[ "$(grep -c '"event_type":"assessment_summary"' "$dir/f.ndjson")" -eq 1 ]
ok $? "and one that adds up"
"$prog" gap --site $site -f ndjson "$inv" | cmp -s - "$dir/f.ndjson"
ok $? "the same again"
holds "$dir/f.ndjson" '"pcap_filename":"lab.pcapng","pcap_cnt":1204'
holds "$dir/f.ndjson" '"timestamp":"2026-11-22T17:40:00.000000+0000"'
if $python -c 'import json' 2>/dev/null; then
	$python - "$dir/f.ndjson" lib/schema/finding.json <<'END' >"$dir/out" 2>&1
import json, sys
schema = json.load(open(sys.argv[2]))
block = schema["properties"]["finding"]
bad = 0
for line in open(sys.argv[1], encoding="utf-8"):
    if "finding" not in json.loads(line):
        continue
    f = json.loads(line)["finding"]
    for k in block["required"]:
        if k not in f: print("lacks", k); bad = 1
    for k in f:
        if k not in block["properties"]: print("has", k); bad = 1
    for e in f["evidence"]:
        for k in e:
            if k not in block["properties"]["evidence"]["items"]["properties"]:
                print("evidence has", k); bad = 1
sys.exit(bad)
END
	ok $? "records have the members of the schema, and no others"
	sed 's/^/# /' "$dir/out"
	if $python -c 'import jsonschema' 2>/dev/null; then
		for d in checklist law authorities words; do
			$python -c '
import json, sys, jsonschema
s = json.load(open(sys.argv[1])); s.pop("$id")
jsonschema.Draft202012Validator(s).validate(json.load(open(sys.argv[2])))' \
			    lib/schema/$d.json lib/rules/$d.json >"$dir/out" 2>&1
			ok $? "lib/rules/$d.json passes its schema"
			head -n 3 "$dir/out" | sed 's/^/# /'
		done
	else
		skip "rules pass their schemas" "no jsonschema"
	fi
fi
cat lib/rules/authorities.json lib/rules/checklist.json lib/rules/law.json lib/rules/words.json |
    sha256sum | cut -d ' ' -f 1 >"$dir/digest"
holds "$dir/f.ndjson" "$(cat "$dir/digest")"

# --- the page

# a day that was given is shown as a day
"$prog" gap --site $site --now 2026-12-24 -f html "$inv" >"$dir/day"
holds "$dir/day" 'Judged <span class="nb">2026-12-24</span> '
"$prog" gap --site $site --now 2026-12-24 "$inv" >"$dir/day"
holds "$dir/day" "Judged 2026-12-24 "
for lang in sv en; do
	"$prog" gap --site $site -l $lang -f html "$inv" >"$dir/$lang.html"
	holds "$dir/$lang.html" "<html lang=\"$lang\">"
	holds "$dir/$lang.html" "<svg"
	lacks "$dir/$lang.html" "<script src"
	lacks "$dir/$lang.html" "<b>x</b>"
	lacks "$dir/$lang.html" "http:"
	lacks "$dir/$lang.html" "url("
	# elements end, ids are there once, links lead somewhere, one script and its digest
	"$python" test/pipe/page.py "$dir/$lang.html" >"$dir/out" 2>&1
	ok $? "$lang: well-formed"
	sed 's/^/# /' "$dir/out"
done
is 1 "to a file" "$prog" gap --site $site -l sv -f html -o "$dir/page.html" "$inv"
cmp -s "$dir/page.html" "$dir/sv.html"
ok $? "a file holds the same as standard output"
says "exists (--force replaces it)" "$prog" gap --site $site -f html -o "$dir/page.html" "$inv"
is 1 "with --force" "$prog" gap --site $site -l en -f html -o "$dir/page.html" --force "$inv"
cmp -s "$dir/page.html" "$dir/en.html"
ok $? "and it is replaced"

# --- the day, the rules

# a site file need not say what the site is called
echo '{"otsite":1,"people":[{"id":"eva","name":"Eva"}],"organisation":{"name":"Lab AB"}}' >"$dir/nameless.json"
echo '{"otsite":1}' >"$dir/empty.json"
for f in text html markdown oscal ciso-assistant ndjson; do
	is 1 "$f of a site without a name" "$prog" gap --site "$dir/nameless.json" -f $f "$inv"
done
"$prog" gap --site "$dir/nameless.json" "$inv" >"$dir/out" 2>&1
holds "$dir/out" "assessment · Lab AB"
"$prog" gap --site "$dir/empty.json" "$inv" >"$dir/out" 2>&1
holds "$dir/out" "empty.json"
is 1 "in five years" "$prog" gap --site $site --now 2031-11-22 "$inv"
! grep -q '^MET' "$dir/out"
ok $? "nothing is met any more"
holds "$dir/out" "expired on 2027-09-01"
mkdir "$dir/rules"
cp $data/gap-checklist.json "$dir/rules/checklist.json"
is 0 "own rules, all met" "$prog" gap --rules "$dir/rules" --site $site "$inv"
holds "$dir/out" "1 item: 1 met"
holds "$dir/out" "Rule set own 1"
sed 's/"attested"/"no_such"/' $data/gap-checklist.json >"$dir/rules/checklist.json"
says "there is no such evaluator: no_such" "$prog" gap --rules "$dir/rules" "$inv"
sed 's/"weight": 8/"weight": 80/' $data/gap-checklist.json >"$dir/rules/checklist.json"
says "weight: not a whole number from 1 to 10" "$prog" gap --rules "$dir/rules" "$inv"

# --- what is wrong

{ head -n 5 "$inv"; echo '{"event_type":"asset"'; echo 'x'; tail -n +6 "$inv"; } >"$dir/broken"
says "broken:6:" "$prog" gap --site $site "$dir/broken"
holds "$dir/err" "2 lines were not records"
holds "$dir/out" "70% of the laboratory"
: >"$dir/empty"
says "no asset record in 0 records" "$prog" gap --site $site "$dir/empty"
holds "$dir/out" "Observation time unknown · Judged 20"
lacks "$dir/out" "UTC"
"$prog" gap --site $site -f html "$dir/empty" >"$dir/out" 2>/dev/null
holds "$dir/out" "Observation time unknown · Judged"
echo '{"event_type":"flow"}' >"$dir/flows"
says "is it the output of otinv build?" "$prog" gap --site $site "$dir/flows"
head -c 3000 /dev/urandom >"$dir/noise"
says "not records" "$prog" gap --site $site "$dir/noise"
says "No such file" "$prog" gap --site $site "$dir/none"
says "No such file" "$prog" gap --site "$dir/none" "$inv"
echo '{"otsite":1,"zoness":[]}' >"$dir/site"
says "unknown member" "$prog" gap --site "$dir/site" "$inv"
says "-f xml: text, markdown, html" "$prog" gap -f xml "$inv"
says "-l de: en or sv" "$prog" gap -l de "$inv"
says "--now soon" "$prog" gap --now soon "$inv"
says "-w 8" "$prog" gap -w 8 "$inv"
says "no-such-file" "$prog" gap "$inv" no-such-file
says "cannot both be standard input" "$prog" gap --site - </dev/null
says "cannot both be standard input" "$prog" gap --site - "$inv" - </dev/null
says "no such subcommand" "$prog" gapp
says "which subcommand?" "$prog"
says "No such file or directory" "$prog" gap --site $site -o "$dir/no/page" "$inv"
[ -z "$(ls "$dir/no" 2>/dev/null)" ]
ok $? "and nothing is left behind"
if [ -w /dev/full ]; then
	"$prog" gap --site $site "$inv" >/dev/full 2>"$dir/err"
	[ $? -eq 2 ] && grep -q 'No space left' "$dir/err"
	ok $? "a full disk is said"
fi
{ "$prog" gap --site $site -f html "$inv"; echo $? >"$dir/status"; } 2>"$dir/err" | head -c 1 >/dev/null
[ ! -s "$dir/err" ]
ok $? "a closed pipe is no matter"
"$prog" gap "$inv" 2>&1 >/dev/null | grep -q "no --site"
ok $? "without a site file it says so"

# --- about itself

is 0 "--help" "$prog" --help
is 0 "gap --help" "$prog" gap --help
is 0 "--version" "$prog" --version
is 0 "--schema" "$prog" gap --schema
[ "$(sed -n 2p "$dir/out" | jq -S .)" = "$(jq -S . lib/schema/finding.json)" ]
ok $? "the schema is the file"
is 0 "--list-fields" "$prog" gap --list-fields
holds "$dir/out" "finding.evidence[].pcap_cnt"

echo "1..$n"
exit $failed
