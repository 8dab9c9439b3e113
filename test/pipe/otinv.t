#!/bin/sh
# otinv as people use it: events in, an inventory out; shown, compared, merged;
# what is said when something is wrong.
bin=${OTKIT_BIN:-.}
captures=${OTKIT_CAPTURES:-../shared/captures}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-otinv-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
otdissect=$bin/otdissect
[ -x "$otinv" ] && [ -x "$otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR

# exits STATUS TEXT COMMAND...
exits()
{
	want=$1
	text=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$want" ]
	ok $? "$text"
}

lab=examples/lab.pcapng
site=examples/site.json
"$otdissect" "$lab" >"$dir/ev" 2>/dev/null
"$otinv" build --site "$site" "$dir/ev" >"$dir/inv" 2>"$dir/err"
ok $? "the sample laboratory gives an inventory"
[ -s "$dir/err" ]
ok $((! $?)) "and nothing to say"

# --- the same bytes ----------------------------------------------------

"$otinv" build --site "$site" <"$dir/ev" | cmp -s - "$dir/inv"
ok $? "twice the same bytes, from standard input"
gzip -c "$dir/ev" >"$dir/ev.gz"
"$otinv" build -s "$site" "$dir/ev.gz" | cmp -s - "$dir/inv"
ok $? "and from gzip"
sort -R "$dir/ev" | "$otinv" build -s "$site" | cmp -s - "$dir/inv"
ok $? "in whatever order the events come"
head -400 "$dir/ev" >"$dir/ev1"
tail -n +401 "$dir/ev" >"$dir/ev2"
printf '%s\n' "$dir/ev1" "$dir/ev2" | "$otinv" build -s "$site" --files-from - | cmp -s - "$dir/inv"
ok $? "in two files"

# --- merge -------------------------------------------------------------

for i in 1 2; do "$otinv" build -s "$site" "$dir/ev$i" >"$dir/inv$i"; done
"$otinv" merge "$dir/inv1" "$dir/inv2" | cmp -s - "$dir/inv"
ok $? "merge: two halves are the whole"
"$otinv" merge "$dir/inv2" "$dir/inv1" | cmp -s - "$dir/inv"
ok $? "merge: in either order"
"$otinv" merge "$dir/inv" "$dir/inv" | cmp -s - "$dir/inv"
ok $? "merge: with itself it is itself"
"$otinv" merge "$dir/inv" "$dir/inv1" | cmp -s - "$dir/inv"
ok $? "merge: what is in it already changes nothing"
"$otinv" build --site-key lab "$dir/ev" | "$otinv" merge --site "$site" | cmp -s - "$dir/inv"
ok $? "merge --site: the site file may come later"
for k in 0 1 2 3 4 5 6; do
	awk -v k=$k 'NR * 7919 % 7 == k' "$dir/ev" | "$otinv" build -s "$site" >"$dir/part$k"
done
"$otinv" merge "$dir"/part? | cmp -s - "$dir/inv"
ok $? "merge: seven interleaved parts are the whole"
head -700 "$dir/ev" | "$otinv" build -s "$site" >"$dir/part8"
"$otinv" merge "$dir/part8" "$dir/inv2" >"$dir/out" 2>"$dir/err"
grep -q 'counts are lower bounds' "$dir/err" && grep -q '"counts":"lower_bound"' "$dir/out"
ok $? "merge: an overlap in part is told"
"$otinv" build --site-key elsewhere "$dir/ev" | "$otinv" merge "$dir/inv" - >"$dir/out"
[ "$(grep -c '"event_type":"asset"' "$dir/out")" -eq $((2 * $(grep -c '"event_type":"asset"' "$dir/inv"))) ]
ok $? "merge: the same addresses at another site are other assets"

# --- diff --------------------------------------------------------------

exits 0 "diff: no difference, status 0" "$otinv" diff "$dir/inv" "$dir/inv"
[ ! -s "$dir/out" ]
ok $? "diff: and no record"
exits 1 "diff: differences, status 1" "$otinv" diff "$dir/inv1" "$dir/inv"
"$otinv" diff --no-ignore "$dir/inv1" "$dir/inv" | grep -q '"kind":"new","what":"asset"'
ok $? "diff: a new asset"
exits 1 "diff --text: status 1" "$otinv" diff -t "$dir/inv1" "$dir/inv"
grep -q '^[a-z]*  *new .*' "$dir/out" && grep -q '#[0-9]*)$' "$dir/out"
ok $? "diff --text: a line with its packet"
sed 's/"D\.07\.23"/"D.07.24"/g' "$dir/inv" >"$dir/inv3"
"$otinv" diff --text "$dir/inv" "$dir/inv3" >"$dir/out"
[ $? -eq 1 ] && grep -q '^high  *changed .* firmware D.07.23 →' "$dir/out" && grep -q '^1 change: 1 high' "$dir/out"
ok $? "diff --text: a firmware, old and new"
says 2 'two inventories' "$otinv" diff "$dir/inv"
says 2 'No such file' "$otinv" diff "$dir/inv" "$dir/none"

# --- show --------------------------------------------------------------

"$otinv" show "$dir/inv" >"$dir/table"
ok $? "show"
"$python" - "$dir/table" <<'PY'
import sys
worst = max(len(l.rstrip('\n')) for l in list(open(sys.argv[1], encoding='utf-8'))[:-1])
sys.exit(worst > 80)
PY
ok $? "show: 80 columns where there is no terminal"
[ "$(COLUMNS=120 "$otinv" show "$dir/inv" | awk '{ if (length > w) w = length } END { print (w > 80) }')" = 1 ]
ok $? "show: COLUMNS widens it"
grep -q '10.20.0.77 .*! mqtt' "$dir/table"
ok $? "show: who talks to the cloud is marked"
tail -2 "$dir/table" | tr '\n' '|' | grep -q 'in the register · .* without firmware|1 talks to the internet'
ok $? "show: the summary"
"$otinv" show --ascii "$dir/inv" | LC_ALL=C grep -q '[^ -~]'
ok $((! $?)) "show --ascii"
"$otinv" show -w "$dir/inv" | grep -q 'Dragskapsservice Syd FH-Control 2'
ok $? "show --wide"
"$otinv" show --zone bms "$dir/inv" | grep -q 'VAG-1'
ok $((! $?)) "show --zone: only that"
"$otinv" show --zone office "$dir/inv" | grep -q '^4 assets in 1 zone '
ok $? "and only that in the numbers"
says 0 'no asset is in a zone of that name: bms, ' "$otinv" show --zone bsm "$dir/inv"
says 2 'no such column' "$otinv" show --sort colour "$dir/inv"
"$otinv" show --sort name "$dir/inv" >/dev/null
ok $? "show --sort"
says 2 'a capture: otdissect(1) makes events of it' "$otinv" build "$lab"
printf '\324\303\262\241\2\0\4\0' >"$dir/ev.pcap"
says 2 'a capture: otdissect(1) makes events of it' "$otinv" build "$dir/ev.pcap"
{ printf '\357\273\277'; cat "$dir/ev"; } | "$otinv" build --site "$site" 2>&1 | cmp -s - "$dir/inv"
ok $? "a byte order mark at the beginning is passed over"
says 0 'no asset among' "$otinv" show "$dir/ev"

# --- several sites, with the same addresses and zones ------------------------

for site_key in lund umea; do
	sed "s/\"key\": \"lab\"/\"key\": \"$site_key\"/" "$site" >"$dir/$site_key.json"
	"$otinv" build --site "$dir/$site_key.json" "$dir/ev" >"$dir/$site_key"
done
"$otinv" merge "$dir/umea" "$dir/lund" >"$dir/both"
"$otinv" show "$dir/both" | grep -q '^umea/bms:$'
ok $? "two sites: whose zone it is"
[ "$("$otinv" show --zone lund/bms "$dir/both" | tail -2)" = "$("$otinv" show --zone bms "$dir/lund" | tail -2)" ]
ok $? "two sites: show --zone of one"
"$otinv" show "$dir/both" | grep -q '^42 assets in 6 zones '
ok $? "two sites: their zones are not one"
"$otinv" why 10.20.0.9 "$dir/both" 2>&1 | grep -c 'site [lu][umn][ne][da]' | grep -q '^2$'
ok $? "two sites: of whom why may have meant says the site"
for form in html svg markdown dot; do
	"$otinv" export -f $form "$dir/both" | grep -q 'umea: ' || site_key=
done
[ "$site_key" ]
ok $? "two sites: exports for people part them"
"$otinv" export -f html "$dir/both" | grep -q '<h1>lund, umea</h1>'
ok $? "two sites: the page names both"
"$otinv" build "$dir/ev" | "$otinv" export -f markdown - | grep -c '^### No zone$' | grep -q '^1$'
ok $? "without zones there is one heading for that"

# --- other people's events -------------------------------------------------

cat >"$dir/zeek" <<'E'
{"_path":"conn","ts":1700000000.123456,"uid":"C1","id.orig_h":"10.1.0.5","id.orig_p":40000,"id.resp_h":"10.1.0.9","id.resp_p":502,"proto":"tcp","service":"modbus","duration":1.5,"orig_pkts":9,"resp_pkts":8,"orig_ip_bytes":900,"resp_ip_bytes":800,"orig_l2_addr":"00:00:5e:00:53:0a","resp_l2_addr":"00:00:5e:00:53:0b"}
E
"$otinv" build "$dir/zeek" >"$dir/out"
grep -q '"ips":\["10.1.0.9"\].*"role":"controller"' "$dir/out" &&
    grep -q '"pkts_toserver":9,"pkts_toclient":8,"bytes_toserver":900' "$dir/out"
ok $? "a Zeek connection is a link"

# --- what is wrong ---------------------------------------------------------

says 2 'which one' "$otinv"
says 2 'no such subcommand' "$otinv" frob
says 2 'none' "$otinv" build "$dir/none"
says 2 "$site says lab" "$otinv" build --site "$site" --site-key other "$dir/ev"
echo '{"otsite":1,"zones":[{"id":"a","cidr":["x"]}]}' >"$dir/site"
says 2 'zones[0].cidr[0]: "x" is not a prefix' "$otinv" build --site "$dir/site" "$dir/ev"
: >"$dir/empty"
says 0 'no record in it' "$otinv" build "$dir/empty"
says 0 'is this the output of otdissect?' "$otinv" build "$dir/inv"
{ head -5 "$dir/ev"; echo '{"timestamp":'; echo 'hello'; tail -n +6 "$dir/ev"; } >"$dir/broken"
"$otinv" build -s "$site" "$dir/broken" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && cmp -s "$dir/out" "$dir/inv" && grep -q 'broken:6: not JSON' "$dir/err" &&
    grep -q '2 lines were not JSON' "$dir/err"
ok $? "lines that are not JSON: told, counted, passed over, status 2"
head -c 5000 "$dir/ev" >"$dir/cut"
says 2 'ends amid a record' "$otinv" build "$dir/cut"
if [ -w /dev/full ]; then
	"$otinv" build "$dir/ev" 2>"$dir/err" >/dev/full
	[ $? -eq 2 ] && grep -q 'writing to standard output' "$dir/err"
	ok $? "a full disk"
else
	skip "a full disk" "no /dev/full"
fi
{ "$otinv" build "$dir/ev" 2>"$dir/err"; echo $? >"$dir/status"; } | :
[ "$(cat "$dir/status")" -eq 0 ] && [ ! -s "$dir/err" ]
ok $? "a closed pipe ends it quietly"

# --- records as they should be ----------------------------------------------

text="all records fit their schemas"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$otinv" diff "$dir/inv1" "$dir/inv" >"$dir/changes"
	cat "$dir/inv" "$dir/inv1" "$dir/changes" >"$dir/all"
	"$python" -W ignore - "$dir/all" "$site" <<'PY'
import glob, json, sys, jsonschema
store = {s['$id']: s for s in map(json.load, map(open, glob.glob('lib/schema/*.json'))) if '$id' in s}
def validator(kind):
    s = store['otkit:' + kind]
    jsonschema.Draft202012Validator.check_schema(s)
    return jsonschema.Draft202012Validator(s, resolver=jsonschema.RefResolver(s['$id'], s, store=store))
made = {}
bad = 0
for line in open(sys.argv[1]):
    r = json.loads(line)
    k = r['event_type']
    made.setdefault(k, validator(k))
    for e in made[k].iter_errors(r):
        bad += 1
        print('#', k, list(e.path), e.message[:200])
for e in validator('otsite').iter_errors(json.load(open(sys.argv[2]))):
    bad += 1
    print('#', 'otsite', list(e.path), e.message[:200])
sys.exit(bad > 0)
PY
	ok $? "$text"
else
	skip "$text" "no jsonschema for $python"
fi
"$otinv" build --list-fields | grep -q "^asset.firmware	string	"
ok $? "--list-fields"
[ "$("$otinv" diff --schema | grep -c '"\$id"')" -ge 4 ]
ok $? "--schema"
head -1 "$dir/inv" | grep -q '"event_type":"asset"'
ok $? "no meta record unless asked for"
"$otinv" build --meta "$dir/ev" | head -1 | grep -q '"event_type":"meta".*"program":"otinv"'
ok $? "--meta: one, first"
"$otdissect" --meta "$lab" 2>/dev/null | "$otinv" build | head -1 | grep -q '"program":"otdissect"'
ok $? "another program's meta record is carried on"

# --- every capture there is ---------------------------------------------------

if [ -d "$captures" ]; then
	bad=0
	for f in $(find "$captures" -type f \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' \
	    -o -name '*.gz' \) | sort); do
		"$otdissect" "$f" 2>/dev/null >"$dir/e"
		"$otinv" build "$dir/e" >"$dir/i" 2>"$dir/err"
		s=$?
		"$otinv" show "$dir/i" >/dev/null 2>&1 || s=9
		"$otinv" merge "$dir/i" 2>/dev/null | cmp -s - "$dir/i" || s=8
		if [ $s -ne 0 ]; then
			echo "# $f: $s $(head -1 "$dir/err")"
			bad=1
		fi
	done
	ok $bad "every capture gives an inventory that can be shown and read back"
else
	skip "every capture gives an inventory" "captures not present"
fi

echo "1..$n"
exit $failed
