#!/bin/sh
# The main job from end to end: packets in, a gap assessment out. What it says of
# the sample laboratory, that each piece of evidence is the packet it claims to
# be, and what happens when a stage of the pipeline meets trouble.
LC_ALL=C.UTF-8
export LC_ALL
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
n=0
failed=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-pipeline-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
lab=examples/lab.pcapng
site=examples/site.json

ok() # status text
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
		[ ! -s "$dir/why" ] || sed 's/^/# /' "$dir/why"
	fi
	: >"$dir/why"
}

skip() # text reason
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# A stage: its name, then the command; its status and complaints are kept.
stage()
{
	name=$1
	shift
	"$@" 2>"$dir/$name.err"
	echo $? >"$dir/$name.rc"
}
cap() { stage otcap "$bin/otcap" "$@"; }
dissect() { stage otdissect "$bin/otdissect" "$@"; }
inv() { stage otinv "$bin/otinv" build --site "$site" "$@"; }
gap() { stage nis2report "$bin/nis2report" gap --site "$site" "$@"; }

# The statuses of the stages, in order; every complaint goes to "why".
ended()
{
	got=
	for s in otcap otdissect otinv nis2report; do
		[ -f "$dir/$s.rc" ] || continue
		got="$got$(cat "$dir/$s.rc")"
		sed "s/^/$s: /" "$dir/$s.err" >>"$dir/why"
		cat "$dir/$s.err" >>"$dir/said"
		rm "$dir/$s.rc"
	done
	echo "statuses $got" >>"$dir/why"
	[ "$got" = "$1" ]
}
quiet() { [ ! -s "$dir/said" ]; }
whole() { cap -r "$lab" | dissect | inv | gap -f ndjson; }

# --- every stage, twice --------------------------------------------------

cap -r "$lab" >"$dir/packets"
dissect <"$dir/packets" >"$dir/events"
inv <"$dir/events" >"$dir/inv"
gap -f ndjson <"$dir/inv" >"$dir/findings"
: >"$dir/said"
ended 0001 && quiet
ok $? "each stage by itself: 0 0 0, and 1 for gaps; nothing to say"
whole >"$dir/again"
ended 0001 && quiet && cmp -s "$dir/again" "$dir/findings"
ok $? "all of them in one pipeline: the same findings"
(
	export TZ=Asia/Tokyo LC_ALL=C LANG=C COLUMNS=40 HOME=/nonexistent
	cap -r "$lab" | dissect | tee "$dir/e2" | inv | tee "$dir/i2" | gap -f ndjson >"$dir/again"
)
ended 0001 && cmp -s "$dir/e2" "$dir/events" && cmp -s "$dir/i2" "$dir/inv" &&
    cmp -s "$dir/again" "$dir/findings"
ok $? "the same bytes in another time zone, locale and width"
for form in pcap pcapng; do
	cap -r "$lab" --format $form | dissect | inv | gap -f ndjson |
	    sed 's/,"pcap_filename":"[^"]*"//g' >"$dir/again"
	sed 's/,"pcap_filename":"[^"]*"//g' "$dir/findings" | cmp -s - "$dir/again"
	ok $? "the same findings by way of $form"
	ended 0001
done
cap -r "$lab" | gzip -c | dissect | gzip -c | inv | gzip -c | gap -f ndjson |
    cmp -s - "$dir/findings"
ok $? "gzip between the stages changes nothing"

# --- what is true of the sample laboratory -------------------------------

if "$python" -c '' 2>/dev/null; then
	"$python" test/pipe/facts.py "$dir" examples/lab.pcapng >"$dir/facts" 2>"$dir/why"
	[ $? -eq 0 ]
	ok $? "the facts of the sample laboratory could be asked"
	while read -r good text; do
		case $good in
		ok) ok 0 "$text" ;;
		not) ok 1 "$text" ;;
		*) echo "$good $text" ;;
		esac
	done <"$dir/facts"
else
	skip "what is true of the sample laboratory" "no $python"
fi

# --- every record of every program passes its schema ---------------------

{
	cap --meta --sensor roof -r "$lab" | tee "$dir/r.packets" |
	    dissect --meta --sensor roof | tee "$dir/r.events" |
	    inv --meta | tee "$dir/r.inv" | gap -f ndjson >"$dir/r.findings"
}
ended 0001
ok $? "with --meta and --sensor"
[ "$(grep -c '"event_type":"meta"' "$dir/r.inv")" -eq 3 ]
ok $? "an inventory carries the meta records of all who had a hand in it"
head -n 500 "$dir/events" | "$bin/otinv" build --site "$site" >"$dir/half"
"$bin/otinv" diff "$dir/half" "$dir/inv" >"$dir/r.changes" 2>"$dir/why"
[ $? -eq 1 ]
ok $? "half of the events and all of them differ: 1"
"$bin/otinv" diff "$dir/inv" "$dir/half" >>"$dir/r.changes"
"$bin/otinv" diff "$dir/inv" "$dir/inv" >"$dir/none" 2>"$dir/why" && [ ! -s "$dir/none" ]
ok $? "an inventory and itself do not: 0, and not a byte"
"$bin/otinv" merge --site "$site" "$dir/half" "$dir/inv" >"$dir/r.merged" 2>/dev/null
if "$python" -c 'import jsonschema' 2>/dev/null; then
	for what in packets events inv findings changes merged; do
		"$python" -B test/schema.py "$dir/r.$what" >"$dir/why" 2>&1
		ok $? "schema: $what"
	done
	cat "$dir"/r.* | sed 's/^.*"event_type":"\([^"]*\)".*$/\1/' | sort -u >"$dir/kinds"
	for kind in packet asset link change finding stats meta; do
		grep -qx $kind "$dir/kinds"
		ok $? "schema: some $kind record was among them"
	done
	printf '%s\n' '{"event_type":"asset","asset":{"id":7}}' |
	    "$python" -B test/schema.py >"$dir/c" 2>&1
	[ $? -eq 1 ]
	ok $? "schema: a wrong record does not pass"
	# a program's --schema names all that it writes
	for p in "otcap:packets" "otdissect:events" "otinv build:inv" "otinv diff:changes" \
	    "nis2report gap:findings"; do
		# shellcheck disable=SC2086
		"$bin"/${p%:*} --schema >"$dir/c" 2>"$dir/why"
		"$python" - "$dir/c" "$dir/r.${p#*:}" >>"$dir/why" 2>&1 <<'PY'
import json, sys
text, ids, at = open(sys.argv[1], encoding='utf-8').read(), set(), 0
while text[at:].strip():
    s, end = json.JSONDecoder().raw_decode(text[at:].lstrip())
    at = len(text) - len(text[at:].lstrip()) + end
    ids.add(s['$id'])
missing = {'otkit:' + json.loads(l)['event_type'] for l in open(sys.argv[2], encoding='utf-8')} - ids
print(' '.join(sorted(missing)))
sys.exit(bool(missing))
PY
		ok $? "${p%:*} --schema has all that it writes"
	done
else
	skip "records pass their schemas" "no jsonschema for $python"
fi

# --- slow, live ----------------------------------------------------------

if "$python" -c '' 2>/dev/null; then
	slow='
import os, time
while True:
    b = os.read(0, 16384)
    if not b:
        break
    time.sleep(0.01)
    os.write(1, b)
'
	cap -r "$lab" | "$python" -c "$slow" | dissect | "$python" -c "$slow" | inv |
	    "$python" -c "$slow" | gap -f ndjson | "$python" -c "$slow" >"$dir/again"
	: >"$dir/said"
	ended 0001 && quiet && cmp -s "$dir/again" "$dir/findings"
	ok $? "slow readers between all stages: the same findings"
	drip='
import os, sys
b = open(sys.argv[1], "rb").read()
for i in range(0, len(b), 997):
    os.write(1, b[i:i + 997])
'
	"$python" -c "$drip" "$lab" | cap | dissect | sed 's/,"pcap_filename":"[^"]*"//' >"$dir/c"
	sed 's/,"pcap_filename":"[^"]*"//' "$dir/events" | cmp -s - "$dir/c"
	ok $? "a capture that comes in pieces that cut packets: the same events"
	ended 00
else
	skip "slow readers" "no $python"
fi
mkfifo "$dir/fifo"
{ cap -r "$dir/fifo" | dissect >"$dir/c"; } &
pid=$!
exec 3>"$dir/fifo"
cat test/golden/modbus/functions.pcap >&3
i=0
while ! grep -q '"event_type":"modbus"' "$dir/c" && [ $i -lt 50 ]; do
	sleep 0.1
	i=$((i + 1))
done
grep -q '"event_type":"modbus"' "$dir/c"
ok $? "an event is out while the capture still runs"
exec 3>&-
wait $pid
ended 00
ok $? "and the end of the capture ends the pipeline"

# --- trouble -------------------------------------------------------------

# middle FILE TEXT: the same with a broken line in its middle
middle() { awk -v t="$2" -v h=$(($(wc -l <"$1") / 2)) '{ print } NR == h { print t }' "$1"; }
for bad in 'not json' '{"event_type":"asset"' '[1,2,3]' '{"a":"\xff' "$(printf '\001\377')"; do
	middle "$dir/packets" "$bad" | dissect >"$dir/c"
	: >"$dir/said"
	ended 2 && [ "$(wc -l <"$dir/said")" -le 2 ] && cmp -s "$dir/c" "$dir/events"
	ok $? "a broken line among packets: said, 2, and the same events"
	middle "$dir/events" "$bad" | inv >"$dir/c"
	: >"$dir/said"
	ended 2 && [ "$(wc -l <"$dir/said")" -le 2 ] && cmp -s "$dir/c" "$dir/inv"
	ok $? "a broken line among events: said, 2, and the same inventory"
	middle "$dir/inv" "$bad" | gap -f ndjson >"$dir/c"
	: >"$dir/said"
	ended 2 && [ "$(wc -l <"$dir/said")" -le 2 ] && cmp -s "$dir/c" "$dir/findings"
	ok $? "a broken line in an inventory: said, 2, and the same findings"
done
middle "$dir/events" '{"timestamp":"2026-11-22T07:03:30.000000+0000","event_type":"of-tomorrow","x":[{"y":null}]}' | inv >"$dir/c"
grep -v '"event_type":"stats"' "$dir/inv" >"$dir/d"
grep -v '"event_type":"stats"' "$dir/c" | cmp -s - "$dir/d"
ok $? "an event type that nobody knows is no trouble: the same assets and links"
: >"$dir/said"
ended 0 && quiet
ok $? "and nothing is said of it"
for f in packets events inv; do
	head -c $(($(wc -c <"$dir/$f") - 40)) "$dir/$f" >"$dir/cut"
	: >"$dir/said"
	case $f in
	packets) dissect <"$dir/cut" >"$dir/c" ;;
	events) inv <"$dir/cut" >"$dir/c" ;;
	inv) gap <"$dir/cut" >"$dir/c" ;;
	esac
	ended 2 && [ -s "$dir/said" ] && [ -s "$dir/c" ]
	ok $? "$f that end in mid-record: said, 2, and what was whole is used"
done

# closed ... : a stage whose reader is gone before it writes
closed()
{
	{ sleep 0.3; "$@"; } | :
	: >"$dir/said"
}
closed whole
ended 0000 && quiet
ok $? "nobody reads the findings: all end quietly"
closed gap <"$dir/inv"
ended 0 && quiet
ok $? "nobody reads nis2report: quiet, 0"
closed gap -f html <"$dir/inv"
ended 0 && quiet
ok $? "nobody reads the page: quiet, 0"
closed inv <"$dir/events"
ended 0 && quiet
ok $? "nobody reads otinv: quiet, 0"
closed dissect <"$dir/packets"
ended 0 && quiet
ok $? "nobody reads otdissect: quiet, 0"
closed cap -r "$lab"
ended 0 && quiet
ok $? "nobody reads otcap: quiet, 0"
cap -r "$lab" | dissect | head -n 1 >"$dir/c"
: >"$dir/said"
ended 00 && quiet && [ "$(wc -l <"$dir/c")" -eq 1 ]
ok $? "head takes one event: both end quietly"
cap -r "$lab" | dissect | inv | head -c 1 >"$dir/c"
ended 000 && quiet
ok $? "head takes a byte of the inventory: all end quietly"

if [ -c /dev/full ]; then
	# full TEXT STATUSES: one complaint, by the stage whose disk is full
	full() {
		: >"$dir/said"
		ended "$2" && [ "$(grep -c 'No space left' "$dir/said")" -eq 1 ] &&
		    [ "$(wc -l <"$dir/said")" -eq 1 ]
		ok $? "a full disk: $1"
	}
	cap -r "$lab" >/dev/full
	full "otcap" 2
	cap -r "$lab" | dissect >/dev/full
	full "otdissect" 02
	cap -r "$lab" | dissect | inv >/dev/full
	full "otinv" 002
	for f in ndjson text html; do
		cap -r "$lab" | dissect | inv | gap -f $f >/dev/full
		full "nis2report -f $f" 0002
	done
	"$bin/otinv" show "$dir/inv" >/dev/full 2>"$dir/otinv.err"
	echo $? >"$dir/otinv.rc"
	full "otinv show" 2
	"$bin/otinv" diff "$dir/half" "$dir/inv" >/dev/full 2>"$dir/otinv.err"
	echo $? >"$dir/otinv.rc"
	full "otinv diff" 2
	"$bin/otinv" merge "$dir/half" "$dir/inv" 2>"$dir/c" >/dev/full
	[ $? -eq 2 ] && grep -q 'No space left' "$dir/c"
	ok $? "a full disk: otinv merge"
else
	skip "a full disk" "no /dev/full"
fi

# The first stage fails: each stage after it says that it had nothing.
cap -r "$dir/none.pcap" | dissect | inv | gap >"$dir/c"
cp "$dir/otcap.err" "$dir/c1"
cat "$dir/otdissect.err" "$dir/otinv.err" >"$dir/c2"
: >"$dir/said"
ended 2002
ok $? "no such capture: 2 at its beginning, 2 at its end"
grep -q 'otcap: .*No such file' "$dir/c1" && grep -q 'no packet read' "$dir/c2" &&
    grep -q 'no event among' "$dir/c2" && grep -q 'no asset record' "$dir/said"
ok $? "an empty answer is never silent"
# The wrong neighbour: records of another stage are not taken for an answer.
inv <"$dir/packets" >"$dir/c"
: >"$dir/said"
ended 0 && grep -q 'no event among' "$dir/said"
ok $? "packets given to otinv: it says so"
gap <"$dir/events" >"$dir/c"
: >"$dir/said"
ended 2 && grep -q 'otinv build' "$dir/said"
ok $? "events given to nis2report: 2, and it says what is missing"
dissect <"$dir/inv" >"$dir/c"
: >"$dir/said"
ended 0 && grep -q 'no packet read' "$dir/said"
ok $? "an inventory given to otdissect: it says so"

echo "1..$n"
exit $failed
