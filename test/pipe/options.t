#!/bin/sh
# The options of otcap, otdissect and otinv that the other tests pass by: what
# each takes, and the one line that says why not.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-options-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
lab=examples/lab.pcapng
small=test/golden/modbus/functions.pcap
site=examples/site.json

# says STATUS TEXT COMMAND...: that status, and one line on stderr that holds TEXT
says()
{
	status=$1
	want=$2
	shift 2
	"$bin/$@" >"$dir/out" 2>"$dir/err" </dev/null
	got=$?
	[ $got -eq "$status" ] && grep -qF -- "$want" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ]
	s=$?
	ok $s "$1: $status, \"$want\""
	[ $s -eq 0 ] || { echo "# $got"; sed 's/^/# /' "$dir/err"; }
}

# quiet TEXT COMMAND...: status 0 and not a word
quiet()
{
	text=$1
	shift
	"$bin/$@" >"$dir/out" 2>"$dir/err" </dev/null
	got=$?
	[ $got -eq 0 ] && [ ! -s "$dir/err" ]
	s=$?
	ok $s "$text"
	[ $s -eq 0 ] || { echo "# $got"; sed 's/^/# /' "$dir/err"; }
}

# --- otcap: numbers, spans, sizes

for bad in 0 -1 x 12x "" 99999999999999999999999; do
	says 2 "a number from 1" otcap -r $small -c "$bad"
done
says 2 "-s 300000" otcap -r $small -s 300000
says 2 "-B 0: a number from 1" otcap -i lo -B 0
for bad in 0s 1y -3s 40000d soon; do
	says 2 "a time such as 90s" otcap -r $small --duration "$bad"
done
says 2 "--retain soon: a time such as" otcap -r $small -w "$dir/f/" --retain soon
for bad in 1h 0 many; do
	says 2 "a size such as 500M" otcap -r $small -w "$dir/f/" --retain-size "$bad"
done
for opt in "--rotate 1h" "--retain 1d" "--retain-size 1M" --compress --force; do
	# shellcheck disable=SC2086
	says 2 "go with -w" otcap -r $small $opt
done
says 2 "--meta goes with" otcap -r $small --meta --format pcap
says 2 "No such file" otcap -r $small -w "$dir/no/such/x.pcap"
says 2 "not two" otcap -r $small --files-from "$dir/list"
says 2 "No such file" otcap --files-from "$dir/list"
: >"$dir/list"
says 0 "names no file" otcap --files-from "$dir/list"
quiet "otcap -w -: standard output" otcap -r $small -w -
grep -q '"event_type":"packet"' "$dir/out"
ok $? "packets are there"
says 0 "packets read" otcap -v -r $small
quiet "otcap --stats: a file of its own" otcap -r $small --format pcap --stats "$dir/stats"
"$bin/otcap" -r $small --format pcap --stats "$dir/stats" >"$dir/out"
[ "$(grep -c '"event_type":"stats"' "$dir/stats")" -eq 2 ]
ok $? "which is added to"
says 2 "No such file" otcap -r $small --stats "$dir/no/such"
says 2 "unknown" otcap -r $small -Z otkit-nobody-here
"$bin/otcap" --list-interfaces >"$dir/out" 2>"$dir/err"
if [ -s "$dir/out" ]; then
	awk -F'\t' 'NF != 4 || ($2 != "up" && $2 != "down") { exit 1 }' "$dir/out" && grep -q '^lo	' "$dir/out"
	ok $? "otcap --list-interfaces: name, state, addresses, text"
else
	skip "otcap --list-interfaces" "no interface is shown here"
fi
quiet "otcap --retain-size" otcap -r $lab -r $lab -r $lab -r $lab -r $lab -r $lab -r $lab -r $lab \
    -r $lab -r $lab -r $lab -r $lab -w "$dir/ring/" --rotate 1M --retain-size 2M
size=$(cat "$dir/ring"/* | wc -c)
[ "$size" -le 3000000 ] && [ "$size" -ge 500000 ]
ok $? "of four megabytes about two are left: $size"

if [ "$(id -u)" -eq 0 ] && "$bin/otcap" -i lo --duration 1s >/dev/null 2>&1; then
	send='
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"otkit-test", ("127.0.0.1", 50298))
'
	for opts in "-B 512" "-Z daemon" "-Z root" "-p -s 32"; do
		# shellcheck disable=SC2086
		"$bin/otcap" -i lo $opts -c 4 --duration 20s udp dst port 50298 >"$dir/out" 2>"$dir/err" &
		pid=$!
		i=0             # when it listens only it knows: one at a time until it has four
		while [ $i -lt 40 ] && kill -0 $pid 2>/dev/null; do
			"$python" -c "$send"
			sleep 0.1
			i=$((i + 1))
		done
		wait $pid
		[ $? -eq 0 ] && [ "$(grep -c '"event_type":"packet"' "$dir/out")" -eq 4 ] && [ ! -s "$dir/err" ]
		ok $? "otcap -i lo $opts"
	done
	"$python" -c '
import base64, json, sys
p = [json.loads(l) for l in sys.stdin]
p = [(len(base64.b64decode(r["packet"])), r["packet_info"].get("wire_len")) for r in p if "packet" in r]
sys.exit(p != [(32, p[0][1])] * 4 or not p[0][1] or p[0][1] <= 32)' <"$dir/out"
	ok $? "which keeps 32 bytes of each, though the filter looks beyond, and their length"
	says 2 "user otkit-nobody-here: unknown" otcap -i lo -Z otkit-nobody-here
	says 2 "filter \"tcp and and\"" otcap -i lo tcp and and
else
	for t in -B "-Z daemon" "-Z root" -p "an unknown user" "a wrong filter"; do
		skip "otcap -i lo: $t" "needs root and an interface"
	done
fi

# --- otdissect

says 2 "do not go together" otdissect --files-from "$dir/list" $small
says 2 "--max-flows" otdissect --max-flows 0 $small
says 2 "--max-flows" otdissect --max-flows x $small

# a mirror that tags what the server says, and nothing else
"$python" - "$small" "$dir/half.pcap" <<'EOF'
import struct, sys
b = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as f:
    f.write(b[:24])
    at = 24
    while at < len(b):
        s, us, n, wire = struct.unpack_from("<4I", b, at)
        p = b[at + 16:at + 16 + n]
        at += 16 + n
        if struct.unpack_from(">H", p, 34)[0] == 502:
            p = p[:12] + struct.pack(">HH", 0x8100, 20) + p[12:]
        f.write(struct.pack("<4I", s, us, len(p), len(p)) + p)
EOF
"$bin/otdissect" "$dir/half.pcap" | jq -c 'select(.ot).ot' >"$dir/a"
"$bin/otdissect" --join-vlans "$dir/half.pcap" | jq -c 'select(.ot).ot' >"$dir/b"
"$bin/otdissect" "$small" | jq -c 'select(.ot).ot' >"$dir/c"
cmp -s "$dir/b" "$dir/c" && ! cmp -s "$dir/a" "$dir/c" && [ -s "$dir/c" ]
ok $? "otdissect --join-vlans: one direction tagged is still one conversation"

# --- otinv

"$bin/otdissect" $lab >"$dir/ev"
"$bin/otinv" build --site $site "$dir/ev" >"$dir/inv" 2>/dev/null
head -n 300 "$dir/ev" | "$bin/otinv" build --site $site >"$dir/half" 2>/dev/null
for sub in build merge; do
	says 2 "do not go together" otinv $sub --files-from "$dir/list" "$dir/inv"
	says 2 "No such file" otinv $sub --files-from "$dir/none"
	says 2 "No such file" otinv $sub --site "$dir/none" "$dir/inv"
	says 2 "unknown option" otinv $sub --no-such
done
for sub in build diff merge why; do
	quiet "otinv $sub --list-fields" otinv $sub --list-fields
	[ "$(awk -F'\t' 'NF != 3' "$dir/out" | wc -l)" -eq 0 ] && [ -s "$dir/out" ]
	ok $? "key, type and meaning"
	quiet "otinv $sub --schema" otinv $sub --schema
	"$python" -c 'import json, sys; [json.loads(l) for l in sys.stdin]' <"$dir/out"
	ok $? "a schema a line"
done
for sub in build show why diff register vuln export merge; do
	quiet "otinv $sub --help" otinv $sub --help
	head -n 1 "$dir/out" | grep -q "^usage: otinv $sub"
	ok $? "its usage"
done
says 0 "assets" otinv build -v --site $site "$dir/ev"
says 0 "assets" otinv merge -v "$dir/inv"
printf '%s\n' "$dir/half" "$dir/inv" >"$dir/list"
"$bin/otinv" merge --files-from "$dir/list" 2>/dev/null >"$dir/a"
"$bin/otinv" merge "$dir/half" "$dir/inv" 2>/dev/null | cmp -s - "$dir/a"
ok $? "otinv merge --files-from is the same as naming them"
"$bin/otinv" diff --no-links "$dir/half" "$dir/inv" >"$dir/out"
[ $? -eq 1 ] && grep -q '"what":"asset"' "$dir/out" && ! grep -q '"what":"link"' "$dir/out"
ok $? "otinv diff --no-links: assets only"
"$bin/otinv" diff - "$dir/inv" <"$dir/half" >"$dir/a"
"$bin/otinv" diff "$dir/half" "$dir/inv" | cmp -s - "$dir/a" && [ -s "$dir/a" ]
ok $? "otinv diff: one of the two may be standard input"
says 2 "otinv diff" otinv diff - -
"$bin/otinv" diff "$dir/ev" "$dir/inv" >"$dir/out" 2>"$dir/err"
grep -q 'no asset in it' "$dir/err"
ok $? "otinv diff: events are not an inventory, and it says so"
"$bin/otinv" show --all "$dir/inv" >"$dir/a"
"$bin/otinv" show "$dir/inv" >"$dir/b"
grep -q '10\.20\.0\.13' "$dir/a" &&
    ! grep -q '10\.20\.0\.13' "$dir/b"
ok $? "otinv show --all: who was asked for and never heard"
# a line longer than a record may be
awk 'BEGIN { printf "{\"event_type\":\"dns\",\"x\":\""; for (i = 0; i < 1100000; i++) printf "x"; print "\"}" }' >"$dir/long"
cat "$dir/ev" "$dir/long" "$dir/long" >"$dir/ev2"
"$bin/otinv" build --site $site "$dir/ev2" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && [ "$(grep -c 'longer than a record' "$dir/err")" -eq 1 ] && cmp -s "$dir/out" "$dir/inv"
ok $? "otinv: a line too long is passed over, said once, and the status is 2"
says 2 "Is a directory" otinv build "$dir"
gzip -c "$dir/ev" | head -c 20000 >"$dir/cut.gz"
"$bin/otinv" build --site $site "$dir/cut.gz" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && [ -s "$dir/err" ] && grep -q '"event_type":"asset"' "$dir/out"
ok $? "otinv: gzip that ends early is said, and what was read is used"

echo "1..$n"
exit $failed
