#!/bin/sh
# otinv register: the list held against what was seen; registers as people keep
# them; and what the inventory carries of them.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-register-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
[ -x "$otinv" ] && [ -x "$bin/otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR

# has TEXT PATTERN: a record that the jq filter selects
has()
{
	[ -n "$(jq -c "select($2)" "$dir/out")" ]
	ok $? "$1"
}

command -v jq >/dev/null 2>&1 || { echo "1..0 # SKIP no jq"; exit 0; }
"$bin/otdissect" examples/lab.pcapng >"$dir/ev" 2>/dev/null
"$otinv" build --site-key lab "$dir/ev" >"$dir/inv"

# As a Swedish spreadsheet saves it: semicolons, CR LF, Windows-1252.
"$python" - test/pipe/data/register-sv.csv "$dir" <<'PY'
import sys
text = open(sys.argv[1], encoding='utf-8').read().replace('\n', '\r\n')
for name, coding in (('sv', 'cp1252'), ('bom', 'utf-8-sig'), ('wide', 'utf-16')):
    open('%s/%s.csv' % (sys.argv[2], name), 'w', encoding=coding, newline='').write(text)
PY
top=$PWD
case $otinv in
/*) ;;
*) otinv=$top/$otinv ;;
esac
cd "$dir" || exit 1

# --- the three lists -----------------------------------------------------

"$otinv" register --register sv.csv inv >out 2>err
[ $? -eq 1 ]
ok $? "what differs is status 1"
grep -q 'read as Windows-1252' err && grep -q 'columns passed over: Inköpspris (kr)' err &&
    [ "$(wc -l <err)" -eq 2 ]
ok $? "how it was read, and what was passed over, is said"
has "seen and listed" '.register.kind == "listed" and .register.entry.id == "HPLC-4" and
    .register.matched_by == "serial" and .register.entry.klassa == {k: 2, r: 3, t: 3} and
    .register.entry.calibration_id == "K-2025-1187" and .register.entry.contract == "A-2024-17" and
    .register.entry.name == "Vätskekromatograf 4" and .register.entry.source == "sv.csv:4" and
    (.register | has("differs") | not)'
has "a cell over two lines, quotes within, a month for a date" '.register.entry.id == "VAG-1" and
    .register.entry.name == "Analysvåg 1 \"lilla\" med vindskydd" and
    .register.entry.end_of_support == "2027-06-30" and
    .register.entry.klassa.r == 3 and .register.entry.source == "sv.csv:5"'
has "an address that nobody saw differs, with its packet" '.register.entry.id == "AHU-2" and
    (.register.differs[] | .field == "ip" and .listed == "10.20.0.99" and .pcap_cnt > 0)'
has "not in use, and heard" '.register.entry.id == "RUM-310" and .register.matched_by == "name" and
    (.register.differs[] | .field == "in_use")'
has "a maker that is another" '.register.entry.id == "VAG-1" and
    (.register.differs[] | .field == "make" and .source == "mtsics.i")'
"$otinv" register --text --register sv.csv inv 2>/dev/null | grep -q '10\.20\.0\.12 unit 9'
ok $? "a part that is not listed: its gateway's address, and which part"
has "seen and not listed" '.register.kind == "not_listed" and .register.asset.ips[0] == "10.20.0.77"'
has "listed and never seen" '.register.kind == "never_seen" and .register.entry.id == "UGN-3" and
    (.register | has("asset") | not)'
has "not in use, and not seen: no wonder" '.register.entry.id == "GC-2" and .register.not_in_use'
has "a pipette does not speak" '.register.entry.id == "PIP-17" and .register.no_address'
has "the only one of its make and model is proposed" '.register.entry.id == "MATARE" and
    .register.kind == "never_seen" and (.register.suggestion.because | test("make and model"))'
has "and from the other side" '.register.kind == "not_listed" and
    .register.suggestion.entry == "MATARE" and .register.asset.sub == "unit 5"'
has "faults have line, column and value" '.register.kind == "fault" and
    .register.source == "sv.csv:9" and .register.column == "KLASSA" and .register.value == "3/3/5"'
[ "$(jq -c 'select(.register.kind == "fault")' out | wc -l)" -eq 5 ]
ok $? "five of them"
has "the shares" '.stats.register.assets_listed == 6 and .stats.register.entries_seen == 6 and
    .stats.register.entries == 8 and .stats.register.left_out.not_in_use == 1 and
    .stats.register.left_out.no_address == 1 and .stats.register.left_out.external == 2'
[ "$(jq '.stats.register | select(.) | .assets - .assets_listed' out)" -eq \
    "$(jq -c 'select(.register.kind == "not_listed")' out | wc -l)" ]
ok $? "what is not listed is as many as are missing from the share"
for i in bom wide; do
	"$otinv" register --register $i.csv inv 2>/dev/null | sed "s/$i\\.csv/sv.csv/g" | cmp -s - out
	ok $? "the same from $i"
done
"$python" - sv.csv >sv.ndjson <<'PY'
import csv, json, sys
rows = list(csv.reader(open(sys.argv[1], encoding='cp1252', newline=''), delimiter=';'))
for row in rows[3:]:
    if any(row):
        print(json.dumps({k: v for k, v in zip(rows[2], row) if v}))
PY
"$otinv" register --register sv.ndjson inv 2>/dev/null | grep -v '"source":"sv.ndjson:[0-9]*","column"' |
    sed -e 's/sv\.ndjson/sv.csv/g' -e 's/sv\.csv:[0-9]*/sv.csv:N/g' >json
sed 's/sv\.csv:[0-9]*/sv.csv:N/g' out | grep -v '"source":"sv.csv:N","column"' | cmp -s - json
ok $? "the same from JSON lines"

# --- what agrees ------------------------------------------------------------

"$otinv" show inv | tail -2 >table
"$otinv" build --site-key lab --register sv.csv ev 2>/dev/null >listed
a=$("$otinv" show listed | grep -o '[0-9]* of [0-9]* in the register')
b=$(jq -r '.stats.register | select(.) | "\(.assets_listed) of \(.assets) in the register"' out)
[ "$a" = "$b" ]
ok $? "show counts in the same way ($b)"
[ "$a" = "$b" ] || echo "# $a"
# a register made of what was seen agrees with it
jq -c 'select(.asset and (.asset.public or .asset.silent | not)) | .asset |
    select(.sub | not) | {id, mac: .macs, ip: .ips, serial, make: .vendor, model, firmware} |
    with_entries(select(.value))' inv >all.ndjson
"$otinv" register --register all.ndjson inv >out 2>err
[ "$(jq -c 'select(.register.kind == "not_listed" and (.register.asset | has("sub") | not) or
    .register.kind == "fault" or .register.kind == "never_seen" or .register.differs)' out | wc -l)" -eq 0 ]
ok $? "a register of all that was seen agrees, but for parts of gateways"
head -1 ev >few
"$otinv" build --site-key lab few >fewinv
jq -r 'select(.asset.macs and (.asset.silent | not)) | .asset | [.id, .macs[0], .ips[0]] | @csv' \
    fewinv | (echo id,mac,ip; cat) >few.csv
"$otinv" register --register few.csv fewinv >out 2>err
ok $? "and 0 where nothing differs"

# --- the inventory carries it ------------------------------------------------

cp listed out
has "build --register: the asset has its entry" '.asset.register.id == "HPLC-4" and (.asset.register |
    .klassa.t == 3 and .supplier == "Nordlab Instruments AB" and .serial == "NLB40417" and
    .end_of_support == "2029-12-31" and .in_use)'
"$otinv" merge --register sv.csv inv 2>/dev/null | cmp -s - listed
ok $? "merge --register: the register may come later"
"$otinv" merge listed | cmp -s - listed
ok $? "read back and written it is the same"
"$otinv" merge --site "$top/examples/site.json" listed 2>/dev/null >other
"$otinv" merge --register sv.csv --site-key lab other 2>/dev/null |
    jq -c 'select(.asset.register) | .asset.register' >a
jq -c 'select(.asset.register) | .asset.register' listed | cmp -s - a
ok $? "a new register takes the place of the old one"
for k in 0 1 2; do
	awk -v k=$k 'NR * 7919 % 3 == k' ev |
	    "$otinv" build --site-key lab --register sv.csv >part$k 2>/dev/null
done
"$otinv" merge part0 part1 part2 | cmp -s - listed &&
    "$otinv" merge part2 part0 | "$otinv" merge - part1 | cmp -s - listed
ok $? "parts built with the register, merged, are the whole"
# two registers with other words on one entry: in whatever order
sed 's/VB-205/VB-206/; s/Karin Holm/Karin Berg/' bom.csv >bom2.csv
"$otinv" build --site-key lab --register bom2.csv ev >listed2 2>/dev/null
"$otinv" merge listed listed2 >a 2>/dev/null
"$otinv" merge listed2 listed 2>/dev/null | cmp -s - a && "$otinv" merge a a listed | cmp -s - a
ok $? "two registers of one laboratory merge in either order"
"$otinv" register --register sv.csv --site "$top/examples/site.json" inv >out 2>/dev/null
has "the site file adds to an entry, and the register's word comes first" \
    '.register.entry | .id == "GC-2" and .firmware == "A.03.02" and .in_use == false'
"$otinv" register --register sv.csv part0 part1 part2 >a 2>/dev/null
"$otinv" register --register sv.csv inv 2>/dev/null | cmp -s - a
ok $? "register joins inventories as merge does"
"$otinv" build --site-key other ev | cat inv - >both
says 2 'of several sites' "$otinv" register --register few.csv both
"$otinv" register --register few.csv --site-key lab both >/dev/null 2>err
[ $? -eq 1 ]
ok $? "--site-key says which"

# --- for people --------------------------------------------------------------

"$otinv" register --text --register sv.csv inv >table 2>/dev/null
"$python" - table <<'PY'
import sys
worst = max(len(l.rstrip('\n')) for l in open(sys.argv[1], encoding='utf-8'))
sys.exit(worst > 80)
PY
ok $? "--text: 80 columns where there is no terminal"
[ "$(sed -n '1,/^$/p' table | tr '\n' ' ' | grep -c '6 of 21 assets seen are listed (28 %)')" -eq 1 ]
ok $? "--text: the number comes first"
grep -q '^Seen and listed (6)$' table && grep -q '^Seen and not listed (15)$' table &&
    grep -q '^Listed and never seen (4)$' table && grep -q '^Wrong in the register (5)$' table
ok $? "--text: three tables, and what is wrong"
grep -q 'ip: listed 10.20.0.99, seen 10.20.0.9 ' table
ok $? "--text: what differs"
COLUMNS=60 "$otinv" register --text --register sv.csv inv >table 2>/dev/null
"$python" - table <<'PY'
import sys
worst = max(len(l.rstrip('\n')) for l in open(sys.argv[1], encoding='utf-8'))
sys.exit(worst > 60)
PY
ok $? "--text: 60 columns"
"$otinv" register -t --ascii --register few.csv fewinv | LC_ALL=C grep -q '[^ -~]'
ok $((! $?)) "--ascii"

# --- what is wrong -------------------------------------------------------------

says 2 'which register?' "$otinv" register inv
says 2 'No such file' "$otinv" register --register none inv
printf 'x;y\n1;2\n' >bad.csv
says 2 'bad.csv:1: no header is known: x, y: say with --map' "$otinv" register --register bad.csv inv
"$otinv" register --register bad.csv --map id=X --map mac=y inv >out 2>err
grep -q '"reason":"not a MAC address","value":"2"' out
ok $? "--map names the columns"
says 2 'no such field (id, name,' "$otinv" register --register bad.csv --map foo=x inv
says 2 'no such column' "$otinv" register --register bad.csv --map id=x --map mac=z inv
says 2 'FIELD=HEADER is expected' "$otinv" register --register bad.csv --map id inv
says 2 '--map is for the columns' "$otinv" build --map id=x ev
printf 'id,name\nA,"b\n' >bad.csv
says 2 'bad.csv:2:3: the quote that opens here is never closed' "$otinv" build --register bad.csv ev
printf '{"id":"A"}\n{"id":\n' >bad.csv
says 2 'bad.csv:2:' "$otinv" merge --register bad.csv inv
printf 'PK\003\004xx' >bad.csv
says 2 "a spreadsheet's own file: save it as CSV" "$otinv" register --register bad.csv inv
printf 'id,mac\nA,00:00:5e:00:53:0g\n' >bad.csv
says 0 'bad.csv:2: mac: not a MAC address: "00:00:5e:00:53:0g"' "$otinv" build --register bad.csv ev
printf 'id,name\n\033[31mA,\302\233x\n' >bad.csv
"$otinv" register -t --register bad.csv inv 2>/dev/null | LC_ALL=C grep -q "$(printf '\033')\|$(printf '\302\233')"
ok $((! $?)) "nothing that a terminal would obey"

# --- records as they should be ---------------------------------------------------

text="all records fit their schemas"
cd "$top" || exit 1
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$otinv" register --register "$dir/sv.csv" "$dir/inv" >"$dir/all" 2>/dev/null
	cat "$dir/listed" >>"$dir/all"
	"$python" -W ignore - "$dir/all" <<'PY'
import glob, json, sys, jsonschema
store = {s['$id']: s for s in map(json.load, map(open, glob.glob('lib/schema/*.json'))) if '$id' in s}
made = {}
bad = 0
for line in open(sys.argv[1]):
    r = json.loads(line)
    k = r['event_type']
    if k not in made:
        s = store['otkit:' + k]
        jsonschema.Draft202012Validator.check_schema(s)
        made[k] = jsonschema.Draft202012Validator(s,
            resolver=jsonschema.RefResolver(s['$id'], s, store=store))
    for e in made[k].iter_errors(r):
        bad += 1
        print('#', k, list(e.path), e.message[:200])
sys.exit(bad > 0 or 'register' not in made)
PY
	ok $? "$text"
else
	skip "$text" "no jsonschema for $python"
fi
"$otinv" register --list-fields | grep -q "^register.differs\[\].listed	string	"
ok $? "--list-fields"
"$otinv" register --schema | grep -q '"otkit:register"'
ok $? "--schema"

echo "1..$n"
exit $failed
