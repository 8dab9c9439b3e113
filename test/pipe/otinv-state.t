#!/bin/sh
# otinv build --state: what was known goes on, and the file is the old one or
# the new one, whole, at whatever moment the program is killed.
bin=${OTKIT_BIN:-.}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-state-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
[ -x "$otinv" ] || { echo "Bail out! $otinv is not built"; exit 1; }

# events FROM TO: a flow of each of these hosts to one server
events()
{
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i < to; i++)
			printf "{\"timestamp\":\"2026-11-22T08:%02d:%02d.000000+0000\"," \
			    "\"event_type\":\"flow\",\"src_ip\":\"10.1.%d.%d\",\"src_port\":40000," \
			    "\"dest_ip\":\"10.0.0.1\",\"dest_port\":502,\"proto\":\"TCP\"," \
			    "\"app_proto\":\"modbus\",\"flow\":{\"pkts_toserver\":9," \
			    "\"pkts_toclient\":9,\"bytes_toserver\":900,\"bytes_toclient\":900}}\n", \
			    i / 60 % 60, i % 60, i / 250, i % 250
	}'
}

events 0 3000 >"$dir/monday"
events 2000 5000 | sed 's/2026-11-22/2026-11-23/' >"$dir/tuesday"

"$otinv" build "$dir/monday" "$dir/tuesday" >"$dir/both" 2>"$dir/err"
"$otinv" build --state "$dir/state" "$dir/monday" >"$dir/out" 2>>"$dir/err"
ok $? "a state that is not there is made"
[ ! -s "$dir/out" ] && [ ! -s "$dir/err" ]
ok $? "standard output stays empty, and nothing is said"
cp "$dir/state" "$dir/old"
"$otinv" build --state "$dir/state" "$dir/tuesday"
cmp -s "$dir/state" "$dir/both"
ok $? "Monday's state with Tuesday's events is the inventory of both"
cp "$dir/state" "$dir/new"
"$otinv" build --state "$dir/state" "$dir/tuesday"
cmp -s "$dir/state" "$dir/both"
ok $? "Tuesday once more changes nothing"

head -n 7 "$dir/new" >"$dir/short"
cp "$dir/short" "$dir/kept"
"$otinv" build --state "$dir/short" "$dir/tuesday" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'no whole inventory' "$dir/err" && cmp -s "$dir/short" "$dir/kept"
ok $? "a state that was cut short is refused, and left as it is"
"$otinv" build --state "$dir/no/such/folder" "$dir/tuesday" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'no/such/folder' "$dir/err"
ok $? "a folder that is not there is said"

# names of files as long as they come: what was read from is more than one record can say
awk 'BEGIN { for (x = ""; length(x) < 996; ) x = x "x"
	for (i = 0; i < 1100; i++)
		printf "{\"timestamp\":\"2026-11-22T08:00:00.%06d+0000\",\"event_type\":\"modbus\"," \
		    "\"pcap_filename\":\"%04d%s\",\"src_ip\":\"10.1.0.1\",\"src_port\":40000," \
		    "\"dest_ip\":\"10.0.0.1\",\"dest_port\":502,\"proto\":\"TCP\"}\n", i, i, x
}' >"$dir/names"
"$otinv" build --state "$dir/named" "$dir/names" 2>"$dir/err" &&
	"$otinv" build --state "$dir/named" "$dir/tuesday" 2>"$dir/err" &&
	[ "$(jq 'select(.stats).stats.inventory.full.coverage > 0' "$dir/named")" = true ]
ok $? "more names of inputs than the state can hold are counted, and it stays whole"

mkfifo "$dir/pipe"
cp "$dir/old" "$dir/state"
"$otinv" build --state "$dir/state" "$dir/pipe" 2>/dev/null &
first=$!
exec 3>"$dir/pipe"
"$otinv" build --state "$dir/state" "$dir/tuesday" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'another otinv is at work on it' "$dir/err"
ok $? "two builds do not work on one state"
cat "$dir/tuesday" >&3
exec 3>&-
wait "$first"
cmp -s "$dir/state" "$dir/new"
ok $? "and the first of them is not disturbed"

# 40 kills, from before the first byte is read to after the last is written
old=0 new=0 torn=0 k=0
while [ $k -lt 40 ]; do
	cp "$dir/old" "$dir/state"
	"$otinv" build --state "$dir/state" "$dir/tuesday" 2>/dev/null &
	pid=$!
	sleep "0.$(printf '%03d' $((k * 4)))"
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	if cmp -s "$dir/state" "$dir/old"; then
		old=$((old + 1))
	elif cmp -s "$dir/state" "$dir/new"; then
		new=$((new + 1))
	else
		torn=$((torn + 1))
	fi
	k=$((k + 1))
done
[ "$torn" -eq 0 ]
ok $? "killed at 40 moments: $old times the old one, $new times the new one, $torn times neither"

echo "1..$n"
exit $failed
