#!/bin/sh
# What otinv says an asset is: role, Purdue level, laboratory system, class under
# the Cyber Resilience Act; each with its reason, and by whose word. And that a
# switch is one.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-classify-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
otdissect=$bin/otdissect
[ -x "$otinv" ] && [ -x "$otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR

# asset FILE TEXT...: the asset record of the address or name, if it holds all texts
asset()
{
	file=$1
	who=$2
	shift 2
	grep '"event_type":"asset"' "$file" | grep -F -- "$who" >"$dir/one"
	for t; do
		grep -qF -- "$t" "$dir/one" || return 1
	done
}

# is TEXT FILE ADDRESS TEXT...
is()
{
	text=$1
	shift
	asset "$@"
	status=$?
	ok $status "$text"
	[ $status -eq 0 ] || cut -c1-2000 "$dir/one" | sed 's/^/# /'
}

"$otdissect" examples/lab.pcapng >"$dir/ev" 2>/dev/null
"$otinv" build --site-key lab "$dir/ev" >"$dir/plain" 2>/dev/null
"$otinv" build --site examples/site.json "$dir/ev" >"$dir/site" 2>/dev/null

# ---- who publishes and who is published to

publish() # FROM PORT TO PORT
{
	printf '{"timestamp":"2026-11-22T10:00:00.000000+0000","event_type":"mqtt","flow_id":%s,"src_ip":"%s","src_port":%s,' \
	    $(($2 + $4)) "$1" "$2"
	printf '"dest_ip":"%s","dest_port":%s,"proto":"TCP","app_proto":"mqtt",' "$3" "$4"
	printf '"mqtt":{"publish":{"topic":"lab/t"}},"ot":{"op":"report","result":"ok"}}\n'
}
{ publish 10.1.0.2 40002 10.1.0.1 1883; publish 10.1.0.1 1883 10.1.0.3 40003; publish 10.1.0.1 1883 10.1.0.3 40003; } >"$dir/mqtt"
"$otinv" build "$dir/mqtt" >"$dir/published" 2>/dev/null
is "who publishes is a sensor" "$dir/published" '"ips":["10.1.0.2"]' '"role":"sensor"'
asset "$dir/published" '"ips":["10.1.0.3"]' '"role":"sensor"'
ok $((! $?)) "who is only published to is none, though nobody heard it subscribe"
"$otinv" build --state "$dir/published" /dev/null 2>/dev/null
"$otinv" merge "$dir/published" >"$dir/merged" && ! asset "$dir/merged" '"ips":["10.1.0.3"]' '"role":"sensor"' &&
    asset "$dir/merged" '"ips":["10.1.0.3"]' '"app_proto":"mqtt"'
ok $? "and that is remembered"

# ---- without a site file: from traffic alone

is "a balance by its own protocol" "$dir/plain" '"ips":["10.10.0.31"' \
    '"roles":[{"role":"balance","class":"balance","reason":"identified itself in a balance' \
    '"basis":"mtsics' '"purdue":1,"purdue_by":"role"' \
    '"lab_system":{"category":"analytical_instruments"' '"cra":{"class":"default"'
is "with the packet that shows it" "$dir/plain" '"ips":["10.10.0.31"' '"pcap_filename":"examples/lab.pcapng","pcap_cnt":'
is "a controller by what it answers" "$dir/plain" '"ips":["10.20.0.9"' \
    '"role":"controller","class":"plc","reason":"answers a field protocol","basis":"behaviour","app_proto":"modbus","port":502'
is "it could be of three systems" "$dir/plain" '"ips":["10.20.0.9"' \
    '"category":"process_control","or":["cleanroom_bms","building_systems"]'
is "a gateway by the parts behind it" "$dir/plain" '"key":"mac:00:90:e8:31:70:0c"' \
    '"role":"gateway","class":"gateway","reason":"others answer through it","basis":"parts","parts":3'
is "a part by what it answered" "$dir/plain" '"sub":"unit 5"' '"role":"controller"'
is "a part by its name" "$dir/plain" '"sub":"unit 9"' \
    '"role":"meter","class":"sensor","reason":"is a meter by its product' '"value":"VM-22 heat meter"'
is "a building's controller" "$dir/plain" '"ips":["10.20.0.41"' '"role":"bms_controller"' \
    '"category":"building_systems","or":["cleanroom_bms"]'
is "who writes to controllers" "$dir/plain" '"ips":["10.30.0.107"' '"role":"hmi"' '"purdue":2,"purdue_by":"role"'
is "who drives instruments" "$dir/plain" '"ips":["10.10.0.15"' '"role":"instrument_controller","class":"workstation"'
is "a gateway to the cloud" "$dir/plain" '"ips":["10.20.0.77"' '"role":"iot_gateway"' \
    '"category":"environmental_monitoring"'
is "a router, of Annex III" "$dir/plain" '"10.10.0.1"' '"role":"router"' \
    '"cra":{"class":"important_I","annex":"Annex III, class I, 12"' '"confirm":true'
is "which has no level of its own" "$dir/plain" '"10.10.0.1"' '"role":"router"'
grep -q '"purdue"' "$dir/one"
ok $((! $?)) "for none follows from it"
is "what is outside is on level 5" "$dir/plain" '"ips":["203.0.113.10"]' '"role":"external"' '"purdue":5'
grep -q '"cra"' "$dir/one"
ok $((! $?)) "and no product of the laboratory"

# ---- the site file's word goes first

is "the zone's level" "$dir/site" '"ips":["10.30.0.107"' '"purdue":4,"purdue_by":"zone"' '"role":"hmi"'
is "the zone's system" "$dir/site" '"ips":["10.20.0.9"' \
    '"lab_system":{"category":"building_systems","reason":"the site file gives its zone this category","basis":"zone"}'
is "the register's role" "$dir/site" '"ips":["10.10.0.14"' \
    '"roles":[{"role":"analyser","class":"analyser","reason":"the register says so","basis":"register"}'
is "the register's class" "$dir/site" '"10.10.0.1"' '"id":"FW-1"' \
    '"cra":{"class":"important_II","reason":"the register says so","basis":"register"' '"cra":"class_ii"'
is "what the register leaves open is worked out" "$dir/site" '"ips":["10.20.0.6"' \
    '"id":"EDGE-1"' '"cra":{"class":"default","core_function":' '"confirm":true'

# ---- order and repetition change nothing

"$otinv" merge "$dir/plain" >"$dir/m1" 2>/dev/null
cmp -s "$dir/plain" "$dir/m1"
ok $? "read and written again it is the same"
sort -r "$dir/ev" >"$dir/ve"
"$otinv" build --site-key lab "$dir/ve" >"$dir/back" 2>/dev/null
cmp -s "$dir/plain" "$dir/back"
ok $? "events in the opposite order give the same"
"$otinv" merge "$dir/site" "$dir/plain" >"$dir/m2" 2>/dev/null
"$otinv" merge "$dir/plain" "$dir/site" >"$dir/m3" 2>/dev/null
cmp -s "$dir/m2" "$dir/m3" && cmp -s "$dir/m2" "$dir/site"
ok $? "a level that followed from a role is nobody's word: with the site file's inventory it gives way"

# ---- a switch says in one frame who it is

bpdu() # PORT BRIDGE PACKET
{
	printf '%s%s%s%s\n' '{"timestamp":"2026-11-22T08:00:00.000000+0000","event_type":"stp","pcap_filename":"a.pcap",' \
	    "\"pcap_cnt\":$3,\"ether\":{\"src_mac\":\"$1\",\"dest_mac\":\"01:80:c2:00:00:00\"}," \
	    '"stp":{},"ot":{"op":"report"},"identity":[{"of":"src","role":"switch","source":"stp"},' \
	    "{\"of\":{\"mac\":\"$2\"},\"role\":\"switch\",\"source\":\"stp\"}]}"
}
{
	bpdu 00:00:5e:00:53:11 00:00:5e:00:53:10 1
	bpdu 02:00:00:00:00:01 00:00:5e:00:53:20 2
} >"$dir/stp"
"$otinv" build "$dir/stp" >"$dir/out" 2>/dev/null
grep -q '"macs":\["00:00:5e:00:53:10","00:00:5e:00:53:11"\]' "$dir/out"
ok $? "its port and its bridge are one asset"
[ "$(grep -c '"event_type":"asset"' "$dir/out")" -eq 3 ]
ok $? "a frame that names another maker's bridge joins nobody"

# ---- for people

"$otinv" show "$dir/plain" >"$dir/out" 2>/dev/null
grep -q 'gateway  ' "$dir/out" && grep -q 'controller?' "$dir/out" && grep -q 'balance  ' "$dir/out"
ok $? "show marks what is only inferred"

if "$python" -c '' 2>/dev/null; then
	"$python" - <<-'EOF' >"$dir/out"
	import json
	roles = json.load(open("lib/rules/roles.json"))
	words = json.load(open("lib/rules/words.json"))["words"]
	cra = json.load(open("lib/rules/cra.json"))
	systems = json.load(open("lib/rules/systems.json"))
	names = [w["role"] for w in roles["words"]]
	print([n for n in names if "role." + n not in words])
	print([n for n in names if names.count(n) > 1])
	print([c for c in roles["classes"] if not c.get("source")] + [e for e in roles["entries"] if not e.get("source")])
	classed = {w["role"] for w in roles["words"] if w.get("class")}
	print(sorted(classed - {r for e in cra["entries"] for r in e["role"]}))
	print([len([i for i in cra["items"] if i["class"] == c]) for c in ("important_I", "important_II", "critical")])
	print(len(systems["systems"]))
	EOF
	printf '[]\n[]\n[]\n[]\n[19, 4, 3]\n7\n' | cmp -s - "$dir/out"
	status=$?
	ok $status "the rules: every role has its words, its source and its place under the law"
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/out"
fi
echo "1..$n"
exit $failed
