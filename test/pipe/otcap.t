#!/bin/sh
# otcap as people use it: files in, records and files out, what is said when
# something is wrong, signals, pipes, and (as root) an interface.
bin=${OTKIT_BIN:-.}
captures=${OTKIT_CAPTURES:-../shared/captures}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-otcap-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otcap=$bin/otcap
[ -x "$otcap" ] || { echo "Bail out! $otcap is not built"; exit 1; }

# says TEXT COMMAND...: exit status 2, one line on stderr that holds TEXT
says()
{
	want=$1
	shift
	"$@" >"$dir/out" 2>"$dir/err"
	[ $? -eq 2 ] && grep -qF -- "$want" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ]
	status=$?
	ok $status "says \"$want\""
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/err"
}

# until FILE holds TEXT, at most five seconds
wait_for() # file text
{
	i=0
	while [ $i -lt 50 ]; do
		grep -qF -- "$2" "$1" 2>/dev/null && return 0
		sleep 0.1
		i=$((i + 1))
	done
	return 1
}

records() { grep -c '"event_type":"packet"' "$1"; }

# Three UDP datagrams: to ports 502, 53 and 502, at 10 s, 11.5 s and 20 s.
head24='\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000'
head24=$head24'\377\377\000\000\001\000\000\000'
ether='\000\001\002\003\004\005\006\007\010\011\012\013\010\000'
ip='\105\000\000\040\000\001\000\000\100\021\000\000\012\000\000\001\012\000\000\002'
{
	printf "$head24"
	printf '\012\000\000\000\001\000\000\000\056\000\000\000\056\000\000\000'
	printf "$ether$ip"'\000\143\001\366\000\014\000\000one.'
	printf '\013\000\000\000\040\241\007\000\056\000\000\000\056\000\000\000'
	printf "$ether$ip"'\000\143\000\065\000\014\000\000two.'
	printf '\024\000\000\000\000\000\000\000\056\000\000\000\056\000\000\000'
	printf "$ether$ip"'\000\143\001\366\000\014\000\000thr.'
} >"$dir/x.pcap"
# The same three and one of raw IP, in a pcapng.
{
	"$otcap" -r "$dir/x.pcap" --format pcapng
	printf '\001\000\000\000\024\000\000\000\145\000\000\000\000\000\004\000\024\000\000\000'
	printf '\006\000\000\000\100\000\000\000\001\000\000\000\000\000\000\000\001\000\000\000'
	printf '\040\000\000\000\040\000\000\000'"$ip"
	printf '\000\143\000\065\000\014\000\000raw.\100\000\000\000'
} >"$dir/mixed.pcapng"

# --- files in, records out
"$otcap" -r "$dir/x.pcap" >"$dir/a" 2>"$dir/err"
ok $? "a pcap is read"
[ "$(records "$dir/a")" -eq 3 ] && [ ! -s "$dir/err" ]
ok $? "into a record for each packet, and nothing is said"
want='^{"timestamp":"1970-01-01T00:00:10.000001+0000","event_type":"packet",'
grep -q "$want"'"pcap_filename":"'"$dir"'/x.pcap","pcap_cnt":1,"packet":"AAEC' "$dir/a"
ok $? "with time, file, number and bytes"
want='^{"timestamp":"1970-01-01T00:00:20.000000+0000","event_type":"stats","stats":{"capture":'
want=$want'{"received":3,"dropped_kernel":0,"dropped_iface":0,"written":3,'
tail -n 1 "$dir/a" | grep -q "$want"
ok $? "the last record is the stats"
"$otcap" -r "$dir/x.pcap" | cmp -s - "$dir/a"
ok $? "twice the same bytes"
sed 's/"pcap_filename":"[^"]*",//' "$dir/a" >"$dir/b"
"$otcap" <"$dir/x.pcap" | cmp -s - "$dir/b"
ok $? "from standard input, without a file's name"
cat "$dir/x.pcap" | "$otcap" -r - | cmp -s - "$dir/b"
ok $? "from a pipe"
gzip -c "$dir/x.pcap" | "$otcap" | cmp -s - "$dir/b"
ok $? "from gzip"
for format in pcap pcapng json; do
	"$otcap" -r "$dir/x.pcap" --format $format | "$otcap" |
	    sed 's/"pcap_filename":"[^"]*",//; s/"passed_over":1/"passed_over":0/' |
	    cmp -s - "$dir/b"
	ok $? "by way of $format: the same packets"
done
grep '"packet"' "$dir/a" >"$dir/c"
"$otcap" -r "$dir/x.pcap" | "$otcap" | grep '"packet"' | cmp -s - "$dir/c"
ok $? "records of records say where the packets first came from"
"$otcap" -r "$dir/x.pcap" -r "$dir/mixed.pcapng" >"$dir/c"
[ "$(records "$dir/c")" -eq 7 ] && grep -q '"linktype":101' "$dir/c"
ok $? "several files, two link types in one of them"
printf '%s\n' "$dir/x.pcap" "$dir/mixed.pcapng" | "$otcap" --files-from - | cmp -s - "$dir/c"
ok $? "the same files from a list"

# --- choosing
[ "$("$otcap" -r "$dir/x.pcap" udp port 502 | grep -c '"packet"')" -eq 2 ]
ok $? "a filter"
[ "$("$otcap" -r "$dir/mixed.pcapng" udp dst port 53 | grep -c '"packet"')" -eq 2 ]
ok $? "a filter over two link types"
"$otcap" -r "$dir/x.pcap" tcp >"$dir/c" 2>"$dir/err" &&
    grep -q 'no packet passes the filter' "$dir/err"
ok $? "a filter that nothing passes is said"
[ "$("$otcap" -r "$dir/x.pcap" -c 2 | grep -c '"packet"')" -eq 2 ]
ok $? "-c"
[ "$("$otcap" -r "$dir/x.pcap" --duration 5s | grep -c '"packet"')" -eq 2 ]
ok $? "--duration, of packet time"
"$otcap" -r "$dir/x.pcap" -s 20 -c 1 |
    grep -q '"packet":"AAECAwQFBgcICQoLCABFAAAgAAE=","packet_info":{"linktype":1,"wire_len":46}'
ok $? "-s cuts, and keeps the length on the wire"
"$otcap" -r "$dir/x.pcap" --sensor lab-1 | grep -c '"host":"lab-1"' | grep -qx 4
ok $? "--sensor"
digest=$(sha256sum "$dir/x.pcap" | cut -d' ' -f1)
"$otcap" -r "$dir/x.pcap" --meta | head -n 1 |
    grep -q '^{"event_type":"meta","meta":{"program":"otcap",.*"sha256":"'"$digest"
ok $? "--meta: digest of the input"
"$otcap" -r "$dir/x.pcap" --meta | "$otcap" | head -n 1 | grep -q '"event_type":"meta"'
ok $? "meta is carried on"

# --- files out
"$otcap" -r "$dir/x.pcap" -w "$dir/y.pcap" &&
    "$otcap" -r "$dir/y.pcap" | sed 's/y.pcap/x.pcap/' | cmp -s - "$dir/a"
ok $? "-w FILE, its format by its name"
says 'exists (--force replaces it)' "$otcap" -r "$dir/x.pcap" -w "$dir/y.pcap"
"$otcap" -r "$dir/x.pcap" -c 1 -w "$dir/y.pcap" --force &&
    [ "$("$otcap" -r "$dir/y.pcap" | grep -c '"packet"')" -eq 1 ]
ok $? "--force"
"$otcap" -r "$dir/x.pcap" -w "$dir/y.ndjson.gz" && gzip -dc "$dir/y.ndjson.gz" | cmp -s - "$dir/a"
ok $? "-w FILE.gz"
"$otcap" -r "$dir/x.pcap" -w "$dir/d" --rotate 10s --compress
ls -A "$dir/d" >"$dir/c"
printf 'otcap-19700101T0000%sZ.pcapng.gz\n' 10.000001 20.000000 | cmp -s - "$dir/c"
ok $? "--rotate: each file is named by its first packet"
cat "$dir"/d/* | "$otcap" | sed 1d >"$dir/c"
"$otcap" <"$dir/x.pcap" | sed 1d | cmp -s - "$dir/c"
ok $? "the files one after the other are the capture"
rm -r "$dir/d"
"$otcap" -r "$dir/x.pcap" -w "$dir/d" --rotate 1s --retain 5s --format pcap
ls -A "$dir/d" | grep -qx 'otcap-19700101T000020.000000Z.pcap' &&
    [ "$(ls -A "$dir/d" | wc -l)" -eq 2 ]
ok $? "--retain: what ended before that is gone, the file across the line is kept"
"$otcap" -r "$dir/x.pcap" --format pcap --stats "$dir/st" >"$dir/c" &&
    grep -q '"received":3' "$dir/st"
ok $? "--stats FILE"
says 'use --format pcapng' "$otcap" -r "$dir/mixed.pcapng" -w "$dir/z.pcap"
[ "$("$otcap" -r "$dir/z.pcap" | grep -c '"packet"')" -eq 3 ]
ok $? "what came before a second link type is kept"

# --- what is wrong
head -c 150 "$dir/x.pcap" >"$dir/cut.pcap"
says 'packet 3, at byte 148: cut in mid-record: 2 of 16 bytes' "$otcap" -r "$dir/cut.pcap"
[ "$(records "$dir/out")" -eq 2 ]
ok $? "what was whole before the cut is delivered"
gzip -c "$dir/x.pcap" | head -c 60 >"$dir/cut.gz"
says 'the gzip data ends early' "$otcap" -r "$dir/cut.gz"
says 'not a capture: starts with' "$otcap" -r "$otcap"
: >"$dir/empty"
says 'empty' "$otcap" -r "$dir/empty"
says 'No such file' "$otcap" -r "$dir/nosuch"
says 'is a folder' "$otcap" -r "$dir"
says 'syntax error' "$otcap" -r "$dir/x.pcap" tcp and and
says 'is a file, not a filter' "$otcap" "$dir/x.pcap"
says 'not two' "$otcap" -r "$dir/x.pcap" -i lo
says '--rotate never' "$otcap" -r "$dir/x.pcap" -w "$dir/d" --rotate never
says 'json, pcap or pcapng' "$otcap" -r "$dir/x.pcap" --format xml
says 'unknown option' "$otcap" --no-such-option
{ cat "$dir/b"; echo 'not json'; echo 'nor this'; cat "$dir/b"; } >"$dir/c"
says ':5: not JSON' "$otcap" -r "$dir/c"
[ "$(records "$dir/out")" -eq 6 ] && tail -n 1 "$dir/out" | grep -q '"bad_lines":2'
ok $? "a bad line is passed over and counted"
if [ -c /dev/full ]; then
	says 'No space left' sh -c '"$0" -r "$1" >/dev/full' "$otcap" "$dir/x.pcap"
else
	skip "a full disk" "no /dev/full"
fi
printf "$head24" | "$otcap" >"$dir/c" 2>"$dir/err"
[ $? -eq 0 ] && grep -q 'stdin: no packet read' "$dir/err"
ok $? "a capture without packets is said"

# --- pipes and signals
i=0
while [ $i -lt 2000 ]; do cat "$dir/b"; i=$((i + 1)); done >"$dir/long"
{ "$otcap" -r "$dir/long" 2>"$dir/err"; echo $? >"$dir/rc"; } | head -n 1 >/dev/null
[ "$(cat "$dir/rc")" -eq 0 ] && [ ! -s "$dir/err" ]
ok $? "a closed pipe ends it quietly"
mkfifo "$dir/fifo"
"$otcap" -r "$dir/fifo" >"$dir/c" 2>"$dir/err" &
pid=$!
exec 3<>"$dir/fifo"
cat "$dir/x.pcap" >&3
wait_for "$dir/c" '"pcap_cnt":3'
ok $? "packets leave while the input is idle"
kill -USR1 $pid
wait_for "$dir/c" '"event_type":"stats"'
ok $? "SIGUSR1 writes the stats"
kill -INT $pid
wait $pid
[ $? -eq 0 ] && [ ! -s "$dir/err" ] && [ "$(grep -c stats "$dir/c")" -eq 2 ]
ok $? "SIGINT ends it with all written"
exec 3>&-

# --- what it says of itself
"$otcap" --help | head -n 1 | grep -q '^usage: otcap'
ok $? "--help"
"$otcap" --version | grep -q otcap
ok $? "--version"
"$otcap" --list-fields >"$dir/c" && grep -q '^packet_info.linktype' "$dir/c" &&
    [ "$(awk -F'\t' 'NF != 3' "$dir/c" | wc -l)" -eq 0 ]
ok $? "--list-fields"
text="records fit the schemas that --schema prints"
if "$python" -c 'import jsonschema' 2>/dev/null; then
	"$otcap" --schema >"$dir/schema"
	"$otcap" -r "$dir/mixed.pcapng" --meta --sensor s >"$dir/c"
	"$otcap" -r "$dir/x.pcap" -s 9 >>"$dir/c"
	"$python" -W ignore - "$dir/schema" "$dir/c" <<'PY'
import json, sys, jsonschema
store = {s['$id']: s for s in map(json.loads, open(sys.argv[1]))}
for line in open(sys.argv[2]):
    record = json.loads(line)
    schema = store['otkit:' + record['event_type']]
    resolver = jsonschema.RefResolver(schema['$id'], schema, store=store)
    jsonschema.Draft202012Validator(schema, resolver=resolver).validate(record)
PY
	ok $? "$text"
else
	skip "$text" "no jsonschema for $python"
fi

# --- real captures: as many packets as the reference counts
text="every real capture, by way of every format"
if [ -f "$captures/expected.tsv" ]; then
	bad=0
	tail -n +2 "$captures/expected.tsv" | cut -f1,2 >"$dir/list"
	while read -r file frames; do
		for format in json pcap pcapng; do
			got=$("$otcap" -r "$captures/$file" --format $format 2>/dev/null |
			    "$otcap" 2>/dev/null | grep -c '"event_type":"packet"')
			[ "$got" -eq "$frames" ] && continue
			echo "# $file by way of $format: $got, not $frames"
			bad=1
		done
	done <"$dir/list"
	ok $bad "$text"
else
	skip "$text" "captures not present"
fi

# --- an interface
udp='
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for i in range(int(sys.argv[1])):
    s.sendto(b"otkit-test", ("127.0.0.1", 50299))
'
says 'no such interface' "$otcap" -i otkit-none0
if [ "$(id -u)" -eq 0 ] && "$python" -c '' 2>/dev/null &&
    "$otcap" -i lo --duration 1s >/dev/null 2>&1; then
	"$otcap" -i lo -p udp dst port 50299 >"$dir/c" 2>"$dir/err" &
	pid=$!
	sleep 0.5
	"$python" -c "$udp" 5
	wait_for "$dir/c" '"in_iface":"lo","pcap_cnt":5'
	ok $? "an interface: packets are out within a moment"
	grep -q "^Uid:.*$(id -u nobody)" /proc/$pid/status &&
	    ! grep -q '^CapEff:.*[1-9a-f]' /proc/$pid/status
	ok $? "root is dropped, with all capabilities"
	"$python" -c "$udp" 3
	kill -TERM $pid
	wait $pid
	[ $? -eq 0 ] && [ "$(records "$dir/c")" -eq 8 ] &&
	    tail -n 1 "$dir/c" | grep -q '"received":8,"dropped_kernel":0,.*"written":8'
	ok $? "SIGTERM: what was on the wire before it is written, and counted"
	chmod 755 "$dir"
	"$otcap" -i lo -p -w "$dir/live" --rotate 1h --duration 2s udp dst port 50299 2>"$dir/err" &
	pid=$!
	sleep 0.5
	"$python" -c "$udp" 2
	wait $pid
	[ "$("$otcap" -r "$dir"/live/otcap-*Z.pcapng | grep -c '"packet"')" -eq 2 ] &&
	    [ "$(ls -A "$dir/live" | wc -l)" -eq 1 ]
	ok $? "into a folder of its own, for so long"
	chmod 755 "$dir/live"
	chown root "$dir/live"
	says 'user nobody may not write there' "$otcap" -i lo -w "$dir/live" --rotate 1h
else
	for text in "an interface: packets are out within a moment" "root is dropped" "SIGTERM" \
	    "into a folder of its own" "a folder that is not ours"; do
		skip "$text" "needs root, an interface and $python"
	done
fi

# One of two interfaces is unplugged.
net=otkit-otcap-$$
text="an interface that goes away is said, the other is captured on, the status is 2"
if [ "$(id -u)" -eq 0 ] && ip netns add $net 2>/dev/null &&
    ip netns exec $net true 2>/dev/null; then
	ip netns exec $net ip link set lo up
	ip netns exec $net ip link add otkit-a type veth peer name otkit-b
	ip netns exec $net ip link set otkit-a up
	ip netns exec $net ip link set otkit-b up
	ip netns exec $net "$otcap" -i otkit-a -i lo >"$dir/c" 2>"$dir/err" &
	pid=$!
	sleep 0.5
	ip netns exec $net ip link del otkit-a
	wait_for "$dir/err" 'otkit-a: '
	ip netns exec $net "$python" -c "$udp" 1
	wait_for "$dir/c" '"in_iface":"lo"'
	kill -INT $pid
	wait $pid
	[ $? -eq 2 ] && grep -q 'otkit-a: .*captured no further' "$dir/err" &&
	    tail -n 1 "$dir/c" | grep -q '"event_type":"stats"'
	ok $? "$text"
	ip netns del $net
else
	ip netns del $net 2>/dev/null
	skip "$text" "needs root and network namespaces"
fi

echo "1..$n"
exit $failed
