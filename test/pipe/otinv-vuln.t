#!/bin/sh
# otinv vuln: an inventory against advisories; every answer, and what is hostile.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-vuln-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
[ -x "$otinv" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR
data=test/pipe/data
csaf=$data/csaf
kev=$data/vuln-kev.json
inv=$data/vuln-inventory.ndjson

# --- every answer --------------------------------------------------------------

"$otinv" vuln --all --csaf $csaf --kev $kev $inv >"$dir/all" 2>"$dir/err"
[ $? -eq 1 ] && [ ! -s "$dir/err" ]
ok $? "findings: exit status 1, nothing on stderr"
jq -r 'select(.vuln) | .vuln | [.asset.name, .cve, .answer, .match.by] | @tsv' "$dir/all" |
    LC_ALL=C sort >"$dir/answers"
grep -v '^#' $data/vuln-answers.tsv | LC_ALL=C sort | diff - "$dir/answers" >"$dir/diff"
ok $? "each asset and vulnerability has its answer"
sed 's/^/# /' "$dir/diff"
"$otinv" vuln -c $csaf -k $kev $inv >"$dir/some"
! grep -q -e '"answer":"outside_range"' -e '"answer":"fixed"' -e '"answer":"known_not' "$dir/some"
ok $? "without --all: only what may be affected"
[ "$(grep -c '"vuln":{"answer"' "$dir/some")" -eq "$(grep -c -e '	affected' -e '	possibly' \
    -e '	not_decidable' "$dir/answers")" ]
ok $? "and all of that"
tail -1 "$dir/all" | jq -e '.stats.vuln | .advisories.read == 11 and .advisories.superseded == 1 and
    .assets.compared == 41 and .assets.without_vendor == 1 and .assets.without_product == 1 and
    .assets.without_firmware == 3 and .answers.affected > 0' >/dev/null
ok $? "stats: advisories, assets without maker, product, firmware, answers"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$python" test/schema.py "$dir/all" >"$dir/out"
	ok $? "records are held to their schema"
	sed 's/^/# /' "$dir/out"
else
	skip "records are held to their schema" "no jsonschema for $python"
fi

# --- what a finding rests on ---------------------------------------------------

one() # NAME CVE JQ-EXPRESSION TEXT
{
	jq -n -e "first(inputs | select(.vuln.asset.name == \"$1\" and .vuln.cve == \"$2\")) |
	    .vuln | $3" "$dir/all" >/dev/null
	ok $? "$4"
}
one plc-in-range CVE-2026-10001 '.firmware == {value: "V3.2.7", source: "s7comm.szl",
    timestamp: "2026-11-22T08:00:00.000000+0000", pcap_filename: "lab.pcapng", pcap_cnt: 102}' \
    "the firmware has source, file and packet"
one plc-in-range CVE-2026-10001 '.match.text == "6ES7315-2EH14-0AB0" and
    .match.value == "6ES7 315-2EH14-0AB0" and .match.pcap_cnt == 101' \
    "and so has the order code, beside the advisory's"
one plc-in-range CVE-2026-10001 '.product.id == "CSAFPID-0001" and
    .product.range == "vers:all/<V3.2.9" and .product.status == ["known_affected"]' \
    "product_id, range and status are the advisory's"
one plc-in-range CVE-2026-10001 '.cvss.score == 9.8 and .cvss.version == "3.1" and
    (.cvss.vector | startswith("CVSS:3.1/"))' "the score and its vector"
one plc-in-range CVE-2026-10001 '.remediation.category == "vendor_fix" and
    .remediation.url == "https://support.example/3.2.9"' "a fix goes before a way around"
one plc-in-range CVE-2026-10001 '.advisory.id == "EX-26-001" and
    .advisory.url == "https://advisories.example/ex-26-001"' "the advisory's page, not its JSON"
one plc-in-range CVE-2026-10001 '.kev == null' "not known to be exploited"
one plc-old CVE-2026-10002 '.kev == {name: "Siemens S7-300 Denial of Service",
    date_added: "2026-06-01", due_date: "2026-06-22", ransomware: "Unknown"}' "known to be exploited"
one plc-no-firmware CVE-2026-10001 '(.reason | test("not known")) and .firmware == null' \
    "without firmware: the reason says so"
one plc-at-odds CVE-2026-10001 '.firmware.source == "snmp"' "of two sources at odds the one that matters"
one pfc100-in CVE-2026-10008 '.product.range == "<V04.02" and .product.name == "Controller PFC100" and
    .remediation.url == "https://support.example/pfc"' \
    "firmware on hardware: the one's range, the other's name, the group's remedy"
one pfc100-in CVE-2026-10009 '.product.component == "e!COCKPIT <1.11"' "another component is named"
one monitor CVE-2026-10014 '.advisory.title == "Philips IntelliVue (Update A)"' \
    "of two texts of one advisory the later counts"

# --- order, filters ---------------------------------------------------------------

jq -r 'select(.vuln) | .vuln | [(if .kev then 0 else 1 end), (.answer | if . == "affected" then 0
    elif . == "possibly" then 1 else 2 end), -(.cvss.score // 0)] | @tsv' "$dir/some" >"$dir/o"
LC_ALL=C sort -s -n -k1,1 -k2,2 -k3,3 "$dir/o" | cmp -s - "$dir/o"
ok $? "exploited first, then affected, then by score"
"$otinv" vuln -c $csaf -k $kev $inv | cmp -s - "$dir/some"
ok $? "twice the same bytes"
sort -r $inv | "$otinv" vuln -c $csaf -k $kev | cmp -s - "$dir/some"
ok $? "in whatever order the assets come, from standard input"
cat $inv $inv | "$otinv" vuln -c $csaf -k $kev | grep -v '"stats"' >"$dir/o"
grep -v '"stats"' "$dir/some" | cmp -s - "$dir/o"
ok $? "an asset that comes twice is one"
"$otinv" vuln -c $csaf -k $kev --kev-only $inv >"$dir/o"
[ "$(grep -c '"vuln":{"answer"' "$dir/o")" -eq 4 ] && [ "$(grep -c '"kev":{"name' "$dir/o")" -eq 4 ]
ok $? "--kev-only"
"$otinv" vuln -c $csaf --min-score 9 $inv >"$dir/o"
jq -s -e 'all(.[]; (.vuln.cvss.score // 9) >= 9)' "$dir/o" >/dev/null && grep -q 'CVE-2026-10011' "$dir/o" && grep -q 'CVE-2026-10006' "$dir/o"
ok $? "--min-score: lower ones go, those without a score stay"
"$otinv" vuln -c $csaf/ex-26-001.json -c $csaf/ex-26-004.json $inv >"$dir/o"
tail -1 "$dir/o" | grep -q '"read":2,'
ok $? "--csaf takes files, and more than one"
grep 'stranger' $inv | "$otinv" vuln -c $csaf >"$dir/o"
[ $? -eq 0 ] && [ "$(wc -l <"$dir/o")" -eq 1 ]
ok $? "nothing found: status 0, and the stats"
mkdir -p "$dir/gz/a/b"
gzip -c $csaf/ex-26-001.json >"$dir/gz/a/b/ex-26-001.json.gz"
cp $csaf/ex-26-004.json "$dir/gz"
printf '\357\273\277' | cat - $csaf/ex-26-002.json >"$dir/gz/a/bom.json"
ln -s ../.. "$dir/gz/a/loop"
ln -s nowhere "$dir/gz/nowhere.json"
echo '{"canonical_url":"https://x.example/provider-metadata.json"}' >"$dir/gz/provider-metadata.json"
echo 'not to be read' >"$dir/gz/changes.csv"
"$otinv" vuln -c "$dir/gz" $inv >"$dir/o" 2>"$dir/err"
[ $? -eq 1 ] && [ ! -s "$dir/err" ] && tail -1 "$dir/o" | grep -q '"read":3,"bad":0,"other":1,'
ok $? "folders in folders, gzip, a byte order mark; links in circles and feeds are passed over"

# --- names as real advisories write them -------------------------------------------

range() # VENDOR NAME RANGE ...: an advisory of these products
{
	vendor=$1
	shift
	jq -n --arg vendor "$vendor" '[$ARGS.positional | _nwise(2)] as $p |
	    [range($p | length) | "P\(.)"] as $ids |
	    {document: {category: "csaf_security_advisory", csaf_version: "2.0", title: "t",
	    publisher: {category: "coordinator", name: "n", namespace: "https://n.example"},
	    tracking: {id: "EX-26-100", status: "final", version: "1", current_release_date:
	    "2026-11-01T00:00:00Z", initial_release_date: "2026-11-01T00:00:00Z",
	    revision_history: []}}, product_tree: {branches: [{category: "vendor", name: $vendor,
	    branches: [range($p | length) as $i | {category: "product_name", name: $p[$i][0],
	    branches: [{category: "product_version_range", name: $p[$i][1], product: {name:
	    "\($p[$i][0]): \($p[$i][1])", product_id: $ids[$i]}}]}]}]},
	    vulnerabilities: [{cve: "CVE-2026-10100", product_status: {known_affected: $ids}}]}' \
	    --args "$@" >"$dir/range.json"
}
found() # VENDOR PRODUCT FIRMWARE: name of the product and answer, of each finding
{
	jq -n -c --arg v "$1" --arg p "$2" --arg f "$3" '{timestamp:
	    "2026-11-22T09:00:00.000000+0000", event_type: "asset", asset: ({id: "16b7790b8643",
	    key: "ip:10.20.2.1", site: "lab", ips: ["10.20.2.1"], packets: 1, bytes: 60, events: 1,
	    vendor: $v, product: $p, firmware: $f} | .evidence = ({vendor, product, firmware} |
	    map_values([{value: ., source: "enip.list_identity"}])))}' |
	    "$otinv" vuln -a -c "$dir/range.json" |
	    jq -r 'select(.vuln) | .vuln | "\(.product.name) \(.answer)"'
}
range 'SAUTER Controls' 'Nova 220 (EYK220F001) DDC with BACnet connection' '<= 3.3' \
    'Nova 230 (EYK230F001, EYK230F002) DDC' '<= 3.4'
[ "$(found 'Fr. Sauter AG' EYK220F001 3.2)" = \
    'Nova 220 (EYK220F001) DDC with BACnet connection affected' ] &&
    [ "$(found 'Fr. Sauter AG' EYK230F002 3.5)" = \
    'Nova 230 (EYK230F001, EYK230F002) DDC outside_range' ] &&
    [ -z "$(found 'Fr. Sauter AG' EYK240F001 3.2)" ]
ok $? "a code in brackets behind the name is the product's"
range 'Rockwell Automation' '1756-EN2T Series B' '<= 5.028' '1756-EN2T Series D' '<= 11.003'
v='Rockwell Automation/Allen-Bradley'
[ "$(found "$v" 1756-EN2T/B 5.28)" = '1756-EN2T Series B affected' ] &&
    [ "$(found "$v" 1756-EN2T/D 11.3)" = '1756-EN2T Series D affected' ] &&
    [ "$(found "$v" 1756-EN2T/D 11.4)" = '1756-EN2T Series D outside_range' ]
ok $? "each series has its own range"
[ "$(found "$v" 1756-EN2T/B 5.29)" = '1756-EN2T Series B outside_range' ] &&
    [ -z "$(found "$v" 1756-EN2T/C 5.1)" ]
ok $? "and another series is another product"
[ "$(found "$v" 1756-EN2T 5.9)" = '1756-EN2T Series D possibly' ]
ok $? "of what series an asset is that does not say so is not known"

# --- the table --------------------------------------------------------------------

"$otinv" vuln -t -c $csaf -k $kev $inv >"$dir/table"
[ $? -eq 1 ]
ok $? "--text: status 1"
"$python" - "$dir/table" <<'PY'
import sys
sys.exit(max(len(l.rstrip('\n')) for l in open(sys.argv[1], encoding='utf-8')) > 80)
PY
ok $? "80 columns where there is no terminal"
sed -n 2p "$dir/table" | grep -q '^ransom .*affected .*CVE-2026-10010 .*m340'
ok $? "what is exploited, affected and of weight comes first"
COLUMNS=50 "$otinv" vuln -t -c $csaf -k $kev $inv >"$dir/o"
grep -q 'CVE-2026-10010.*EX-26-006' "$dir/o"
ok $? "on a narrow terminal CVE and advisory stay"
"$otinv" vuln -tw -c $csaf -k $kev $inv | grep -q 'Modicon M340 CPU (part numbers BMXP34\*)'
ok $? "--wide: all columns"
! COLUMNS=60 "$otinv" vuln -t --ascii -c $csaf $inv | LC_ALL=C grep -q '[^ -~]'
ok $? "--ascii, and no control character of an asset's name"
grep -q 'of unknown make or model' "$dir/table" && grep -q '11 advisories read' "$dir/table"
ok $? "what nothing can be said of is counted"
"$otinv" vuln -t -c $csaf/ex-26-008.json <"$inv" | grep -q '^1 finding on 1 of 41 assets'
ok $? "one finding is no findings"

# --- usage, bad input -------------------------------------------------------------------

says 2 'no advisories: name a file or a folder with --csaf' "$otinv" vuln $inv
says 2 '--kev-only asks for a catalogue' "$otinv" vuln -c $csaf --kev-only $inv
says 2 '--min-score x: a number from 0 to 10' "$otinv" vuln -c $csaf --min-score x $inv
says 2 '--min-score nan: a number from 0 to 10' "$otinv" vuln -c $csaf --min-score nan $inv
says 2 'none: No such file' "$otinv" vuln -c "$dir/none" $inv
says 2 'none: No such file' "$otinv" vuln -c $csaf "$dir/none"
says 2 'none: No such file' "$otinv" vuln -c $csaf -k "$dir/none" $inv
echo '{"vulnerabilities":{}}' >"$dir/k.json"
says 2 'k.json: no KEV catalogue: "vulnerabilities" is no array' "$otinv" vuln -c $csaf -k "$dir/k.json" $inv
echo '{"vulnerabilities":[{"cveID":7}]}' >"$dir/k.json"
says 2 'k.json: vulnerabilities[0].cveID' "$otinv" vuln -c $csaf -k "$dir/k.json" $inv
mkdir "$dir/empty"
says 2 'no advisory was read' "$otinv" vuln -c "$dir/empty" $inv
says 2 'no CSAF document' "$otinv" vuln -c $csaf -c $kev $inv

# bad TEXT-OF-REASON: $dir/bad/bad.json is told in one line, counted, and the rest is answered
bad()
{
	"$otinv" vuln -c "$dir/bad" -k $kev $inv >"$dir/o" 2>"$dir/err"
	[ $? -eq 2 ] && [ "$(wc -l <"$dir/err")" -eq 1 ] && grep -qF "bad.json" "$dir/err" &&
	    grep -qF -- "$1" "$dir/err" && tail -1 "$dir/o" | grep -q '"read":1,"bad":1,' &&
	    grep -q 'CVE-2026-10001' "$dir/o"
	status=$?
	ok $status "a bad file among good ones: $1"
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/err"
}
mkdir "$dir/bad"
cp $csaf/ex-26-001.json "$dir/bad/good.json"
b=$dir/bad/bad.json
head -c 700 $csaf/ex-26-001.json >"$b"; bad 'bad.json:'
: >"$b"; bad 'bad.json:1:1'
printf '{"a":"\377"}' >"$b"; bad 'expected UTF-8'
printf '{"document":{"csaf_version":"2.0"},"document":1}' >"$b"; bad 'stands in this object twice'
printf '{"document":{"csaf_version":"2.0"}}' >"$b"; bad 'document.tracking.id'
printf '{"document":{"csaf_version":"1.2"}}' >"$b"; bad 'CSAF 1.2: this reads 2.0'
t='{"document":{"csaf_version":"2.0","tracking":{"id":"X"}},'
printf '%s"product_tree":[]}' "$t" >"$b"; bad '"product_tree" is no object'
printf '%s"product_tree":{"branches":{}}}' "$t" >"$b"; bad '"branches" is no array'
printf '%s"product_tree":{"branches":[7]}}' "$t" >"$b"; bad 'a branch without category'
printf '%s"product_tree":{"full_product_names":[{"name":"x"}]}}' "$t" >"$b"; bad 'without product_id'
printf '%s"product_tree":{"relationships":7}}' "$t" >"$b"; bad '"relationships" is no array'
printf '%s"vulnerabilities":{}}' "$t" >"$b"; bad '"vulnerabilities" is no array'
"$python" - >"$b" <<'PY'
print('{"document":{"csaf_version":"2.0","tracking":{"id":"X"}},"product_tree":{"branches":')
print('[{"category":"vendor","name":"x","branches":' * 40 + '[]' + '}]' * 40 + '}}')
PY
bad 'nested too deep'
"$python" - >"$b" <<'PY'
print('[' * 5000 + ']' * 5000)
PY
bad 'more than 2048 objects inside each other'
rm "$b"
gzip -c $csaf/ex-26-002.json | head -c 300 >"$dir/bad/bad.json.gz"; bad 'bad.json'
rm "$dir/bad/bad.json.gz"
for i in $(seq 60); do echo '{' >"$dir/bad/bad$i.json"; done
"$otinv" vuln -c "$dir/bad" $inv 2>"$dir/err" >/dev/null
[ $? -eq 2 ] && [ "$(wc -l <"$dir/err")" -eq 52 ] && grep -q 'counted, not named' "$dir/err" &&
    grep -q '60 advisories could not be read' "$dir/err"
ok $? "many bad files: fifty are named, all are counted"

# What is of another kind than it should be is nothing, and ends nothing.
"$python" - "$csaf" "$dir/odd" <<'PY'
import copy, glob, json, os, random, sys
random.seed(3)
odd = [None, True, 7, -1.5e308, "", "x" * 5000, [], {}, [[]], {"a": 1}, "\x1b[31m\x85", "<>|", "CSAFPID-0001"]
docs = [json.load(open(f)) for f in sorted(glob.glob(sys.argv[1] + "/*.json"))]
os.mkdir(sys.argv[2])


def places(x, out):
    for k in (x if isinstance(x, dict) else range(len(x))):
        out.append((x, k))
        if isinstance(x[k], (dict, list)):
            places(x[k], out)
    return out


for i in range(400):
    d = copy.deepcopy(random.choice(docs))
    for _ in range(random.randint(1, 6)):
        x, k = random.choice(places(d, []))
        x[k] = copy.deepcopy(random.choice(odd))
    json.dump(d, open("%s/%03d.json" % (sys.argv[2], i), "w"))
PY
"$otinv" vuln -a -c "$dir/odd" -k $kev $inv >"$dir/o" 2>"$dir/err"
[ $? -eq 2 ] && tail -1 "$dir/o" | jq -e '.stats.vuln.advisories | .read > 100 and .bad > 10' >/dev/null
ok $? "400 documents with members of other kinds: read or told"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$python" test/schema.py "$dir/o" >"$dir/out"
	ok $? "what is said of them is held to the schema"
	sed 's/^/# /' "$dir/out"
else
	skip "what is said of them is held to the schema" "no jsonschema for $python"
fi

"$otinv" vuln --list-fields | grep -q "^vuln.answer	string	"
ok $? "--list-fields"
"$otinv" vuln --schema | grep -q '"otkit:vuln"'
ok $? "--schema"

echo "1..$n"
exit $failed
