#!/bin/sh
# otdissect as people run it: inputs of every kind, good and bad; one line of
# complaint, the right status, nothing lost that was whole.
LC_ALL=C
export LC_ALL
n=0
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
lab=examples/lab.pcapng
small=test/golden/modbus/functions.pcap

ok() { # ok TEXT: by the status of the command before
	s=$?
	n=$((n + 1))
	if [ $s -eq 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; fi
}
one_line() { [ "$(wc -l < "$1")" -eq 1 ] && grep -q '^otdissect: ' "$1"; }

./otdissect "$lab" > "$tmp/a" 2> "$tmp/err" && [ ! -s "$tmp/err" ]
ok "a capture, and nothing on stderr where it is no terminal"
./otdissect "$lab" | cmp -s - "$tmp/a"
ok "the same bytes on a second run"
sed 's/,"pcap_filename":"[^"]*"//' "$tmp/a" > "$tmp/bare"
./otdissect < "$lab" | cmp -s - "$tmp/bare"
ok "the same from standard input, but for the file's name"
gzip -c "$lab" | ./otdissect - | cmp -s - "$tmp/bare"
ok "the same from a compressed stream"
./otcap -r "$lab" | ./otdissect | cmp -s - "$tmp/a"
ok "the same through packet records"
echo "$lab" > "$tmp/list"
./otdissect --files-from "$tmp/list" | cmp -s - "$tmp/a"
ok "the same by --files-from"
./otdissect "$small" "$lab" | grep -c '"event_type":"stats"' | grep -qx 1
ok "several inputs, one stats record"
./otdissect -v "$small" 2>&1 > /dev/null | grep -q 'packets, .* events, .* anomalies'
ok "-v says what was done"

[ "$(./otdissect --no-flow "$small" | grep -c '"event_type":"flow"')" -eq 0 ]
ok "--no-flow"
./otdissect -p modbus "$lab" | jq -r .event_type | sort -u | tr '\n' ' ' | grep -Eqx '(anomaly )?flow modbus stats '
ok "-p keeps to one protocol"
[ "$(./otdissect -p -modbus "$lab" | grep -c '"event_type":"modbus"')" -eq 0 ]
ok "-p with a minus leaves one out"
./otdissect --sensor roof "$small" | jq -se 'all(.host == "roof")' > /dev/null
ok "--sensor"
./otdissect --meta "$small" | head -n 1 | jq -e '.event_type == "meta" and (.meta.inputs[0].sha256 | length) == 64' > /dev/null
ok "--meta comes first, with the input's digest"
mkfifo "$tmp/fifo"
cat "$small" > "$tmp/fifo" &
timeout 20 ./otdissect --meta "$tmp/fifo" | jq -se '.[0].meta.inputs[0].sha256 == null and .[-1].stats.decoder.pkts > 30' > /dev/null
ok "--meta takes no packets from a pipe to digest them"
# the same connection in two files, as a capture that rotates leaves it
half=$((24 + $(od -An -tu4 -j32 -N4 "$small") + 16))
head -c 24 "$small" > "$tmp/two.pcap"
head -c $half "$small" > "$tmp/one.pcap"
tail -c +$((half + 1)) "$small" >> "$tmp/two.pcap"
./otdissect "$tmp/one.pcap" "$tmp/two.pcap" | jq -se --arg d "$tmp" '[.[] | select(.event_type == "flow" and .flow.first_pcap_filename)] |
	length == 1 and .[0].pcap_filename == $d + "/two.pcap" and .[0].flow.first_pcap_filename == $d + "/one.pcap"' > /dev/null
ok "a flow over two files names both"
./otdissect --list-fields | awk -F'\t' 'NF != 3 { bad = 1 } END { exit bad || NR < 50 }'
ok "--list-fields: key, type, meaning"
./otdissect --schema | jq -e '."$id"' > /dev/null
ok "--schema prints JSON"

: > "$tmp/empty"
./otdissect "$tmp/empty" > "$tmp/out" 2> "$tmp/err"; [ $? -eq 2 ] && one_line "$tmp/err"
ok "an empty file: status 2 and one line: $(cat "$tmp/err")"
./otdissect "$tmp/none" > "$tmp/out" 2> "$tmp/err"; [ $? -eq 2 ] && one_line "$tmp/err"
ok "a missing file: status 2 and one line"
awk 'BEGIN { srand(1); for (i = 0; i < 5000; i++) printf "%c", int(rand() * 255) + 1 }' > "$tmp/random"
./otdissect "$tmp/random" > "$tmp/out" 2> "$tmp/err"; [ $? -eq 2 ] && one_line "$tmp/err"
ok "random bytes: status 2 and one line"
./otdissect "$tmp/none" "$small" > "$tmp/out" 2> "$tmp/err"; [ $? -eq 2 ] && [ "$( grep -c '"modbus":{' "$tmp/out")" -eq 30 ]
ok "a missing file among others: the others are read"
head -c 24 "$small" | ./otdissect > "$tmp/out" 2> "$tmp/err"; [ $? -eq 0 ] && grep -q 'no packet read' "$tmp/err"
ok "a capture without packets is said"

# cut at every byte: status 0 only where a packet ends there
size=$(wc -c < test/golden/modbus/udp.pcap)
i=0
bad=
while [ $i -lt "$size" ]; do
	head -c $i test/golden/modbus/udp.pcap > "$tmp/cut"
	./otdissect "$tmp/cut" > "$tmp/out" 2> "$tmp/err"
	s=$?
	case $s in
	0) ;;
	2) one_line "$tmp/err" || bad="$bad $i" ;;
	*) bad="$bad $i:$s" ;;
	esac
	jq -e . "$tmp/out" > /dev/null 2>&1 || bad="$bad $i:json"
	i=$((i + 3))
done
[ -z "$bad" ]
ok "cut at every third byte: one line each, status 0 or 2$bad"

printf '%s\n' 'no json' '{"event_type":"packet"}' '[1,2]' > "$tmp/lines"
{ ./otcap -r "$small" | head -n 3; cat "$tmp/lines"; ./otcap -r "$small" | tail -n +4; } |
	./otdissect > "$tmp/out" 2> "$tmp/err"
[ $? -eq 2 ] && [ "$( grep -c '"modbus":{' "$tmp/out")" -eq 30 ] && [ "$(wc -l < "$tmp/err")" -le 3 ]
ok "lines that are no packet records: said once per kind, status 2, the rest is read"
if [ -w /dev/full ]; then
	./otdissect "$lab" > /dev/full 2> "$tmp/err"; [ $? -eq 2 ] && one_line "$tmp/err"
	ok "a full disk: status 2 and one line: $(cat "$tmp/err")"
else
	n=$((n + 1)); echo "ok $n # SKIP no /dev/full"
fi
{ ./otdissect "$lab" "$lab" "$lab" 2> "$tmp/err"; echo $? > "$tmp/status"; } | head -n 1 > /dev/null
[ "$(cat "$tmp/status")" -eq 0 ] && [ ! -s "$tmp/err" ]
ok "a closed pipe ends it quietly"
for bad in "--port modbus" "--port nosuch=1" "--port modbus=0" "--port modbus=70000" "-p nosuch" "--nosuch" "--max-flows 3"; do
	# shellcheck disable=SC2086
	./otdissect $bad "$small" > "$tmp/out" 2> "$tmp/err"; [ $? -eq 2 ] && one_line "$tmp/err" && [ ! -s "$tmp/out" ]
	ok "usage: $bad: $(cat "$tmp/err")"
done
./otdissect --port modbus=1502 test/golden/modbus/other-port.pcap | jq -se 'any(.event_type == "flow" and .dest_port == 1502 and .app_proto == "modbus")' > /dev/null
ok "--port"
./otdissect --max-flows 16 "$lab" | tail -n 1 | jq -e '.stats.flow.evicted > 0 and .stats.flow.peak <= 16' > /dev/null
ok "--max-flows is a ceiling and stats says it was hit"
./otdissect --help | grep -q '^usage: otdissect' && ./otdissect --version | grep -q '^otdissect '
ok "--help and --version"
echo "1..$n"
