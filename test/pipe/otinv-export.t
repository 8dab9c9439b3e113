#!/bin/sh
# otinv export: every form, of the sample laboratory and of an inventory full of
# texts that mean harm, held to what those who read it expect (exports.py).
bin=${OTKIT_BIN:-.}
captures=${OTKIT_CAPTURES:-../shared/captures}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-export-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
[ -x "$otinv" ] && [ -x "$bin/otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
check=test/pipe/exports.py

# says STATUS TEXT ARGUMENT...: that exit status, one line on stderr that holds TEXT
says()
{
	status=$1
	want=$2
	shift 2
	"$otinv" export "$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$status" ] && grep -qF -- "$want" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ]
	status=$?
	ok $status "says \"$want\""
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/err"
}

has() # TEXT FILE WHAT
{
	grep -qF -- "$1" "$2"
	ok $? "$3"
}

"$bin/otdissect" examples/lab.pcapng 2>/dev/null | "$otinv" build --site examples/site.json >"$dir/lab"
"$python" "$check" hostile >"$dir/hostile"
"$python" -c 'import jsonschema' 2>/dev/null && schema=1

# --- every form, as those expect it who read it ------------------------------

for inv in lab hostile; do
	sort -R "$dir/$inv" >"$dir/mixed"
	for form in csv cyclonedx dot flat graphml markdown; do
		"$otinv" export -f $form "$dir/$inv" >"$dir/$inv.$form" 2>"$dir/err"
		[ $? -eq 0 ] && [ ! -s "$dir/err" ] && [ -s "$dir/$inv.$form" ]
		ok $? "$inv: $form"
		text="$inv: $form is what its readers take"
		if [ $form = cyclonedx ] && [ -z "$schema" ]; then
			skip "$text" "no jsonschema for $python"
		else
			"$python" "$check" $form "$dir/$inv" "$dir/$inv.$form"
			ok $? "$text"
		fi
		"$otinv" export -f $form - <"$dir/mixed" | cmp -s - "$dir/$inv.$form"
		ok $? "$inv: $form: the same bytes in whatever order the records come"
	done
	for form in csv flat; do
		"$otinv" export -f $form --what links "$dir/$inv" >"$dir/out"
		[ $? -eq 0 ] && [ "$(wc -l <"$dir/out")" -gt 40 ]
		ok $? "$inv: $form: links"
	done
	"$otinv" export -f csv --what links "$dir/$inv" >"$dir/links.csv"
	"$python" - "$dir/links.csv" <<'PY'
import csv, io, sys
t = open(sys.argv[1], encoding="utf-8", newline="").read()
for sep in ",;":
    for r in csv.reader(io.StringIO(t, newline=""), delimiter=sep, strict=sep == ","):
        assert sep == ";" or len(r) == 37, len(r)
        assert not any(c.lstrip(' "').startswith(("=", "+", "-", "@")) and c != "-1" for c in r), r
PY
	ok $? "$inv: csv of links: no row too long, no formula"
	"$otinv" export -f netbox -o "$dir/$inv.netbox" "$dir/$inv" 2>"$dir/err" && [ ! -s "$dir/err" ]
	ok $? "$inv: netbox"
	"$python" "$check" netbox "$dir/$inv" "$dir/$inv.netbox"
	ok $? "$inv: netbox: names, slugs and references hold"
	text="$inv: Graphviz draws it, each name as it was said"
	if command -v dot >/dev/null 2>&1; then
		dot -Tsvg "$dir/$inv.dot" >"$dir/$inv.svg" 2>"$dir/err" && [ ! -s "$dir/err" ] &&
		    "$python" "$check" svg "$dir/$inv" "$dir/$inv.svg"
		ok $? "$text"
	else
		skip "$text" "no graphviz"
	fi
	"$otinv" export -a -f dot "$dir/$inv" | grep -q 'rounded,dashed'
	ok $? "$inv: --all: also what was never heard"
	grep -q 'rounded,dashed' "$dir/$inv.dot"
	ok $((! $?)) "$inv: and only then"
done

# --- what it says ------------------------------------------------------------

has 'AHU-2,Omar Said,high' "$dir/lab.csv" "csv: the register's entry"
has '"Damper controller, cleanroom 2"' "$dir/lab.csv" "csv: a comma is in quotes"
"$python" - "$dir/lab.csv" "$dir/lab.cyclonedx" "$dir/lab.graphml" <<'PY'
import csv, json, sys
import xml.etree.ElementTree as tree
row = {r["register_id"]: r for r in csv.DictReader(open(sys.argv[1], newline=""))}
what = lambda r: [row[r][k] for k in ("lab_system", "cra", "cra_confirm", "end_of_support")]
assert what("HPLC-4") == ["analytical_instruments", "default", "", "2029-12-31"], what("HPLC-4")
new = [r for r in csv.DictReader(open(sys.argv[1], newline="")) if "10.20.0.77" in r["ips"]]
assert [r["cra_confirm"] for r in new] == ["true"], new
said = {p["value"]: {q["name"][6:]: q["value"] for q in c["properties"]}
        for c in json.load(open(sys.argv[2]))["components"] for p in c["properties"] if p["name"] == "otkit:register"}
for r in said:
    assert [said[r].get(k, "") for k in ("lab_system", "cra", "cra_confirm", "end_of_support")] == what(r), r
ns = "{http://graphml.graphdrawing.org/xmlns}"
for n in tree.parse(sys.argv[3]).iter(ns + "node"):
    d = {x.get("key")[2:]: x.text for x in n.findall(ns + "data")}
    assert "register" not in d or [d.get("lab_system", ""), d.get("cra", "")] == what(d["register"])[:2], d
PY
ok $? "its laboratory system, its class under the CRA, who must confirm it, end of support"
has 'examples/lab.pcapng #80' "$dir/lab.csv" "csv: the packet it was first seen in"
[ "$("$otinv" export -f csv --bom "$dir/lab" | head -c 3 | od -An -tx1 | tr -d ' ')" = efbbbf ]
ok $? "csv --bom"
[ "$(head -n 1 "$dir/lab.csv" | tr -d '\r' | tr ',' '\n' | sed 's/^/assets./')" = \
    "$("$otinv" export --list-fields | cut -f1 | grep '^assets')" ]
ok $? "--list-fields: the columns in their order"
"$python" - "$dir/lab.cyclonedx" <<'PY'
import json, sys
b = json.load(open(sys.argv[1]))
one = {p["value"]: c for c in b["components"] for p in c["properties"] if p["name"] == "otkit:register"}
plc = one["AHU-2"]
assert plc["manufacturer"]["name"] == "Renluft Automation AB" and plc["components"][0]["version"] == "V4.2.1"
assert "manufacturer" not in one["GW-MOD-1"]        # its maker is only that of its MAC
needs = {d["ref"]: d.get("dependsOn", []) for d in b["dependencies"]}
assert any(r.endswith("/modbus/tcp/502") for r in needs[one["BMS-SRV"]["bom-ref"]])
assert needs["service:%s/modbus/tcp/502" % plc["bom-ref"][6:]] == [plc["bom-ref"]]
assert any(s["name"] == "mqtt" and s["x-trust-boundary"] and "provider" in s for s in b["services"])
assert b["metadata"]["timestamp"].startswith("2026-11-22T08:21") and b["serialNumber"][23] == "5"
PY
ok $? "cyclonedx: maker, firmware, who depends on whom, what is across the boundary"
has 'label="ssh", color="#c62828"' "$dir/lab.dot" "dot: to the internet is red"
grep -q 'label="modbus", style="bold", penwidth=2.5, color="#b26a00"' "$dir/lab.dot"
ok $? "dot: writing across zones is bold and brown"
has '21 devices were heard in 3 zones' "$dir/lab.markdown" "markdown: the numbers"
has '**writes**' "$dir/lab.markdown" "markdown: who writes across zones"
grep -q '^- Laboratory system: analytical instruments ([0-9]*); building systems ([0-9]*)$' "$dir/lab.markdown" &&
    grep -q '^- Class under the CRA, .*: Default ([0-9]*); Important, class I ([0-9]' "$dir/lab.markdown"
ok $? "markdown: how many of each laboratory system, and of each class under the CRA"
"$python" - lib/rules/systems.json lib/rules/words.json <<'PY'
import json, sys
systems, words = (json.load(open(f)) for f in sys.argv[1:])
for s in systems["systems"]:
    assert words["words"]["lab_system." + s["system"]] == s["name"], s
PY
ok $? "each laboratory system has its name among the words"
"$otinv" export -f markdown -l sv "$dir/lab" >"$dir/sv"
has '21 enheter hördes i 3 zoner' "$dir/sv" "markdown: in Swedish"
grep -q 'doc\.[a-z]' "$dir/sv" "$dir/lab.markdown"
ok $((! $?)) "markdown: no word is missing"
has 'GW-MOD-1, unit 5' "$dir/sv" "markdown: a part is named by its gateway"
grep -q '^10.20.0.12/32,,active,"Modbus gateway, meters",seen0,true' "$dir/lab.netbox/11-ip-addresses.csv"
ok $? "netbox: a gateway keeps its address, its parts have none"
head -n 60 "$dir/hostile" | sed 's/"site": "lab"/"site": "other"/; s/"id": "0000/"id": "1111/g' >"$dir/other"
"$otinv" export -f netbox -o "$dir/two" "$dir/lab" "$dir/other" &&
    grep -q '^other,true' "$dir/two/06-vrfs.csv" && grep -q '/32,lab,active' "$dir/two/11-ip-addresses.csv"
ok $? "netbox: several sites have a VRF each"
"$python" "$check" netbox /dev/null "$dir/two" >"$dir/out"
[ "$(grep -vc 'devices for 0' "$dir/out")" -eq 0 ]
ok $? "netbox: and all references hold"

# --- files -------------------------------------------------------------------

"$otinv" export -f csv -o "$dir/file" "$dir/lab" && cmp -s "$dir/file" "$dir/lab.csv"
ok $? "-o: a file"
says 2 'exists (--force' -f csv -o "$dir/file" "$dir/hostile"
cmp -s "$dir/file" "$dir/lab.csv"
ok $? "which is as it was"
"$otinv" export -f csv --force -o "$dir/file" "$dir/hostile" && cmp -s "$dir/file" "$dir/hostile.csv"
ok $? "--force replaces it"
says 2 'exists (--force' -f netbox -o "$dir/lab.netbox" "$dir/lab"
"$otinv" export -f netbox --force -o "$dir/lab.netbox" "$dir/lab"
ok $? "--force replaces the files of a folder"
"$otinv" export -f netbox --what devices "$dir/lab" | cmp -s - "$dir/lab.netbox/08-devices.csv"
ok $? "netbox --what: one of them, to standard output"
[ -z "$(find "$dir" -name '.*' -type f)" ]
ok $? "nothing half done is left"

# --- what is wrong -----------------------------------------------------------

says 2 'which form?' "$dir/lab"
says 2 '--format xls: not one of csv, cyclonedx, dot' -f xls "$dir/lab"
says 2 'not one of assets, links' -f csv --what zones "$dir/lab"
says 2 'graphml has no parts' -f graphml --what links "$dir/lab"
says 2 'say where (-o)' -f netbox "$dir/lab"
says 2 '--lang fi: not one of sv, en' -f markdown -l fi "$dir/lab"
says 2 'for csv only' -f flat --bom "$dir/lab"
says 2 'No such file' -f csv "$dir/none"
says 2 'is there twice: join the inventories first' -f csv "$dir/lab" "$dir/lab"
: >"$dir/empty"
for form in csv cyclonedx dot flat graphml markdown; do
	says 0 'no record in it' -f $form "$dir/empty"
done
{ "$otinv" export -f html "$dir/lab" 2>"$dir/err"; echo $? >"$dir/status"; } | head -c 10 >"$dir/ten"
[ "$(cat "$dir/status")" = 0 ] && [ ! -s "$dir/err" ]
ok $? "who reads no further ends a page quietly"
if [ -w /dev/full ]; then
	"$otinv" export -f graphml "$dir/lab" 2>"$dir/err" >/dev/full
	[ $? -eq 2 ] && grep -q 'writing to standard output' "$dir/err"
	ok $? "a full disk"
fi
{ "$otinv" export -f graphml "$dir/lab" 2>"$dir/err"; echo $? >"$dir/status"; } | :
[ "$(cat "$dir/status")" -eq 0 ] && [ ! -s "$dir/err" ]
ok $? "a closed pipe ends it quietly"

# --- every capture there is --------------------------------------------------

if [ -d "$captures" ] && command -v dot >/dev/null 2>&1; then
	bad=0
	for f in "$captures"/*/*.pcap*; do
		"$bin/otdissect" "$f" 2>/dev/null | "$otinv" build 2>/dev/null >"$dir/inv"
		grep -q '"event_type":"asset"' "$dir/inv" || continue
		"$otinv" export -f dot "$dir/inv" >"$dir/dot"
		dot -Tcanon "$dir/dot" >/dev/null 2>"$dir/err" && [ ! -s "$dir/err" ] || {
			echo "# $f: $(head -n 1 "$dir/err")"
			bad=1
		}
	done
	ok $bad "Graphviz reads what every capture gives"
else
	skip "Graphviz reads what every capture gives" "captures or graphviz not present"
fi

echo "1..$n"
exit $failed
