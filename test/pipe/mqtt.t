#!/bin/sh
# MQTT: what is written, and above all what is not.
set -u

golden=test/golden/mqtt
n=0
bad=0
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=1
	fi
}

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT

for f in "$golden"/*.pcap; do
	./otdissect "$f" && ./otdissect --mqtt-payload "$f"
done >"$tmp/all" 2>"$tmp/err"
result $? "every capture is read"
! grep -q SECRET "$tmp/all"
result $? "no user name, password, will or property value is written, asked for payloads or not"
./otdissect "$golden/v311.pcap" | grep -q '"message":'
[ $? -eq 1 ]
result $? "no message is written unasked"
./otdissect --mqtt-payload "$golden/v311.pcap" | grep -q '"message":"12.0031 g"'
result $? "--mqtt-payload writes messages"
./otdissect --mqtt-payload "$golden/segments.pcap" |
    grep -q '"length":20000,.*"truncated":true,"skipped_length":3616'
result $? "a long one is cut, and that is said"
./otdissect -p mqtt --port mqtt=18899 "$golden/v311.pcap" >"$tmp/port"
./otdissect -p mqtt "$golden/v311.pcap" | cmp -s - "$tmp/port"
result $? "another port changes nothing: MQTT is known by its shape"
grep -q '"dest_port":18830,.*"app_proto":"mqtt"' "$tmp/port"
result $? "on any port"
echo "1..$n"
exit $bad
