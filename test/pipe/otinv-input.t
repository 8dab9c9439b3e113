#!/bin/sh
# What otinv build makes of other people's events: Suricata's EVE and Zeek's JSON logs,
# mixed with our own, garbled, in columns; and what it must never carry on.
bin=${OTKIT_BIN:-.}
captures=${OTKIT_CAPTURES:-../shared/captures}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-input-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
otdissect=$bin/otdissect
[ -x "$otinv" ] && [ -x "$otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR
data=test/pipe/data/foreign

# link FILE SERVER APP EXPRESSION TEXT: the link to that server holds
link()
{
	"$python" - "$@" <<'PY'
import json, sys
path, server, app, test = sys.argv[1:5]
for line in open(path):
    r = json.loads(line)
    if r["event_type"] != "link":
        continue
    l = r["link"]
    l.setdefault("ops", {}); l.setdefault("objects_written", [])
    if l["server"].get("ip") == server and l.get("app_proto") == app:
        if eval(test, {"l": l, "wrote": [o["object"] for o in l["objects_written"]]}):
            sys.exit(0)
        print("#", json.dumps(l)[:600])
sys.exit(1)
PY
	ok $? "$5"
}

# word FILE ADDRESS FIELD VALUE SOURCE: the asset at the address has the word
word()
{
	"$python" - "$@" <<'PY'
import json, sys
path, where, field, value, source = sys.argv[1:6]
for line in open(path):
    r = json.loads(line)
    if r["event_type"] != "asset":
        continue
    a = r["asset"]
    if where not in [x.get("ip") for x in a["addresses"]] + [x.get("mac") for x in a["addresses"]]:
        continue
    for w in a.get("evidence", {}).get(field, []):
        if w["value"] == value and w.get("source") == source:
            sys.exit(0)
    print("#", json.dumps(a.get("evidence"))[:600])
sys.exit(1)
PY
	ok $? "$2: $3 is $4, says $5"
}

# heard FILE ADDRESS: it is an asset that was heard; unheard: none
heard()
{
	grep '"event_type":"asset"' "$1" | grep -F "\"ip\":\"$2\"" | grep -vq '"silent":true'
}

# --- Suricata ----------------------------------------------------------

e=$dir/eve
"$otinv" build "$data/eve.ndjson" >"$e" 2>"$dir/err"
ok $? "EVE gives an inventory"
[ ! -s "$dir/err" ]
ok $? "and there is nothing to say of it"
link "$e" 10.30.0.40 modbus 'l["ops"] == {"write": 2} and wrote == ["holding_register:40012"]' \
    "modbus: writes are counted, what was refused is not written"
link "$e" 10.30.0.40 modbus 'l["objects_written"][0]["last_value"] == 1234' "modbus: the value"
link "$e" 10.30.0.41 dnp3 'l["ops"] == {"command": 1} and l["answered"]' \
    "dnp3: a request and its response in two records are one event"
"$python" - "$e" <<'PY'
import json, sys
got = set()
for line in open(sys.argv[1]):
    l = json.loads(line).get("link", {})
    if l.get("app_proto") == "dnp3":
        got.add((l["client"]["ip"], l["events"], l["answered"],
            tuple(o["object"] for o in l.get("objects_written", []))))
sys.exit(got != {("10.30.0.21", 1, True, ("binary_output:3",)), ("10.30.0.22", 1, True, ())})
PY
ok $? "dnp3: both layouts, and the point that was operated"
link "$e" 10.30.0.42 enip 'l["ops"] == {"identify": 1, "write": 1} and wrote == ["assembly 100 attribute 3"]' \
    "enip: what CIP wrote to"
word "$e" 10.30.0.42 serial 00602041 enip.list_identity
word "$e" 10.30.0.42 firmware 20.11 enip.list_identity
word "$e" 10.30.0.21 hostname hmi-21 dhcp
word "$e" 10.30.0.43 name balance-43.lab.example http.host
word "$e" 10.30.0.43 os Windows http.server
word "$e" 10.30.0.44 product 'OpenSSH 9.2p1' ssh.server
word "$e" 10.30.0.21 hostname HMI-21 smb
word "$e" 10.30.0.21 os 'Windows 7 Professional 7601' smb
word "$e" 10.30.0.45 os 'Windows Server 2012 R2 9600' smb
word "$e" 10.30.0.21 hostname HMI-21 rdp.client
for v in 1 2 3; do word "$e" 10.30.0.4$((v - 1)) name v$v.lab.example dns; done
link "$e" 2001:db8::9 tls 'l["weak"] == ["tls:version"] and l["names"] == ["updates.vendor.example"]' \
    "tls: IPv6 written out, an old version, the name asked for"
link "$e" 203.0.113.9 quic 'l["names"] == ["cloud.vendor.example"]' "quic: the name asked for"
link "$e" 10.30.0.46 snmp 'l["ops"] == {"write": 1} and wrote == ["1.3.6.1.2.1.1.6.0"] and l["client"]["ip"] == "10.30.0.21"' \
    "snmp: an answer logged from the server's side turns nothing round"
link "$e" 10.30.0.45 kerberos 'l["client"]["ip"] == "10.30.0.21" and l["answered"]' "krb5 is kerberos"
link "$e" 10.30.0.48 mqtt 'l["cleartext_credentials"]' "mqtt: a password went by"
link "$e" 10.30.0.49 ftp 'l["cleartext_credentials"]' "ftp: a password went by"
link "$e" 10.30.0.52 sip 'l["client"]["ip"] == "10.30.0.51"' "sip: an answer's sender is the server"
link "$e" 10.30.0.53 ipp 'l["flows"] == 1' "a flow that failed in one direction is what the other was"
"$python" - "$e" <<'PY'
import json, sys
f = [json.loads(x).get("link") for x in open(sys.argv[1])]
f = [l for l in f if l and l["server"].get("ip") == "10.30.0.54"]
sys.exit(not (len(f) == 1 and f[0]["flows"] == 1 and f[0]["answered"] and f[0]["port"] == 4840
    and f[0]["pkts_toserver"] == 12 and f[0]["pkts_toclient"] == 11))
PY
ok $? "netflow: two directions are one flow"
heard "$e" 10.30.0.50
ok $? "arp: who asks is there"
! grep -q '10\.30\.0\.255' "$e"
ok $? "a broadcast address is no asset"
! grep -q '10\.30\.0\.9[789]"' "$e"
ok $? "alerts and anomalies make no assets"

# --- Zeek --------------------------------------------------------------

z=$dir/zeek
"$otinv" build "$data/conn.log" "$data/it.ndjson" "$data/ics.ndjson" >"$z" 2>"$dir/err"
ok $? "Zeek's logs give an inventory"
[ ! -s "$dir/err" ]
ok $? "and there is nothing to say of it"
"$python" - "$z" <<'PY'
import json, sys
L = [json.loads(x)["link"] for x in open(sys.argv[1]) if '"event_type":"link"' in x]
L = [l for l in L if l["server"].get("ip") == "10.31.0.40" and not l.get("copy")]
sys.exit(not (sum(l["flows"] for l in L) == 1 and sum(l["events"] for l in L) == 1 and
    len({l["id"] for l in L}) == 1 and [l["ops"] for l in L if "ops" in l] == [{"write": 1}] and
    [o["object"] for l in L for o in l.get("objects_written", [])] == ["holding_register:40012"]))
PY
ok $? "conn with MACs, modbus and modbus_detailed without tell of one link, and nothing twice"
word "$z" 10.31.0.40 vendor 'Example Controls' modbus.mei
"$python" - "$z" <<'PY'
import json, sys
L = [json.loads(x)["link"] for x in open(sys.argv[1]) if '"event_type":"link"' in x]
by = lambda ip: [l for l in L if l["server"].get("ip") == ip]
bad = []
if [l["answered"] for l in by("10.31.0.60")] != [False]: bad.append("REJ is no answer")
if [(l["transport"], "port" in l) for l in by("10.31.0.61")] != [("icmp", False)]: bad.append("icmp has no port")
if {l["app_proto"] for l in by("10.31.0.45")} != {"smb", "rdp"}: bad.append("smb of gssapi,smb,ntlm")
if by("10.31.0.255"): bad.append("broadcast")
print("#", bad)
sys.exit(bool(bad))
PY
ok $? "conn: states, ICMP, several services, broadcast"
word "$z" 10.31.0.21 hostname hmi-31 dhcp
word "$z" 00:0e:8c:00:01:21 hostname HMI-31 smb
word "$z" 10.31.0.45 hostname fs45.lab.example smb.ntlm
word "$z" 10.31.0.40 name plc-40.lab.example dns
link "$z" 203.0.113.31 tls 'l["weak"] == ["tls:version"] and l["names"] == ["cloud.zeek.example"]' "ssl is tls"
word "$z" 10.31.0.43 name balance-31.lab.example http.host
link "$z" 10.31.0.43 http 'l["cleartext_credentials"]' "http: a password went by"
word "$z" 10.31.0.44 product 'OpenSSH 9.2' zeek.software
word "$z" 10.31.0.21 os Windows zeek.software
word "$z" 10.31.0.46 order_code '6GK5 208-0BA10-2AA3' snmp
word "$z" 00:0e:8c:00:01:72 hostname camera-72 dhcp
word "$z" 10.31.0.73 hostname hplc-73.lab.example tls.certificate
heard "$z" 10.31.0.70 && heard "$z" 10.31.0.74
ok $? "known_hosts, with and without _path"
grep '"event_type":"asset"' "$z" | grep -F '10.31.0.71' | grep -q '"app_proto":"opcua","transport":"tcp","port":4840,"side":"server"'
ok $? "known_services"
link "$z" 10.31.0.41 dnp3 'l["events"] == 1 and l["ops"] == {"command": 1} and wrote == ["binary_output:3"]' \
    "dnp3 and dnp3_control"
link "$z" 10.31.0.42 enip 'l["events"] == 1 and l["ops"] == {"write": 1} and wrote == ["Assembly 0x64 attribute 0x03"]' \
    "cip: request and response are one event"
word "$z" 10.31.0.42 serial 00601234 enip.list_identity
link "$z" 10.31.0.50 bacnet 'l["client"]["ip"] == "10.31.0.51" and l["events"] == 1 and wrote == ["analog-output,0 present-value", "device restart"]' \
    "bacnet: between equal ports the message tells who asks"
word "$z" 10.31.0.50 vendor 'Example Building Controls' bacnet.i-am
word "$z" 10.31.0.50 model AHU-9000 bacnet.device
link "$z" 10.31.0.52 s7comm 'l["ops"] == {"program": 1} and wrote == ["_0A00001P"]' "s7comm: a block that was loaded"
word "$z" 10.31.0.52 serial 'S C-B1U393142099' s7comm.szl
link "$z" 10.31.0.53 opcua 'l["events"] == 1 and wrote == ["ns=1;s=the.answer"]' "opcua_binary, with hyphens as well"
link "$z" 10.31.0.54 profinet_cm 'l["ops"] == {"write": 1}' "profinet_io_cm"
! grep -q '"client":{[^}]*"ip":"10\.31\.0\.54"' "$z"
ok $? "who acknowledges a fragment of a write has not written"
"$python" - "$z" <<'PY'
import json, sys
L = [json.loads(x)["link"] for x in open(sys.argv[1]) if '"event_type":"link"' in x]
L = [l for l in L if l["client"].get("ip") == "10.31.0.49" and l["app_proto"] == "mqtt"]
sys.exit(not (len(L) == 1 and L[0]["answered"] and "ops" not in L[0]))
PY
ok $? "mqtt_publish: what the broker hands on is no word of the client's"
link "$z" 10.31.0.55 genisys 'l["ops"] == {"command": 1}' "genisys"
link "$z" 10.31.0.56 synchrophasor 'l["ops"] == {"command": 1}' "synchrophasor_cmd"
link "$z" 10.31.0.57 gesrtp 'l["ops"] == {"write": 1}' "ge_srtp"
link "$z" 10.31.0.58 hartip 'True' "hart_ip"
grep -q '"mac":"00:0e:8c:00:01:80"' "$z" && grep -q '"ip":"10.31.0.81"' "$z"
ok $? "ecat: who is known by a MAC alone"
! grep -q '10\.31\.0\.9[89]"' "$z"
ok $? "weird makes no assets"

# A log is known by _path, by its file, by fields that no other has.
sed 's/{"_path":"[^"]*",/{/' "$data/it.ndjson" >"$dir/it.nopath"
"$otinv" build "$data/it.ndjson" | grep -v '"event_type":"stats"' >"$dir/a"
"$otinv" build "$dir/it.nopath" | grep -v '"event_type":"stats"' | cmp -s - "$dir/a"
ok $? "without _path the fields tell the log"
grep '"_path":"bacnet' "$data/ics.ndjson" >"$dir/bacnet"
sed 's/{"_path":"[^"]*",/{/' "$dir/bacnet" >"$dir/bacnet.nopath"
"$otinv" build "$dir/bacnet" | grep -v '"event_type":"stats"' >"$dir/a"
"$otinv" build "$dir/bacnet.nopath" | grep -v '"event_type":"stats"' | cmp -s - "$dir/a"
ok $? "BACnet's logs without it: answers, and names without a maker"
mkdir "$dir/logs"
grep '"_path":"mqtt_connect"' "$data/it.ndjson" | sed 's/"_path":"[^"]*",//; s/"connect_status":"[^"]*",//' \
    >"$dir/logs/mqtt_connect.08:00:00-09:00:00.log"
"$otinv" build "$dir/logs/mqtt_connect.08:00:00-09:00:00.log" | grep -q '"app_proto":"mqtt"'
ok $? "or the file's name"
gzip -k "$dir/logs/mqtt_connect.08:00:00-09:00:00.log"
"$otinv" build "$dir/logs/mqtt_connect.08:00:00-09:00:00.log.gz" | grep -q '"app_proto":"mqtt"'
ok $? "compressed as well"

# --- mixed, in any order ------------------------------------------------

"$otdissect" examples/lab.pcapng >"$dir/ours" 2>/dev/null
set -- "$dir/ours" "$data/eve.ndjson" "$data/conn.log" "$data/it.ndjson" "$data/ics.ndjson"
"$otinv" build "$@" >"$dir/all"
ok $? "ours, Suricata's and Zeek's in one inventory"
"$otinv" build "$5" "$3" "$1" "$4" "$2" | cmp -s - "$dir/all"
ok $? "the same bytes in another order of files"
cat "$@" >"$dir/lines"
"$otinv" build <"$dir/lines" | cmp -s - "$dir/all"
ok $? "on standard input"
bad=0
for seed in 1 2 3 4 5 6 7 8 9 10; do
	awk -v s=$seed 'BEGIN { srand(s) } { printf "%.9f\t%s\n", rand(), $0 }' "$dir/lines" | sort |
	    cut -f2- >"$dir/mixed"
	"$otinv" build "$dir/mixed" | cmp -s - "$dir/all" || bad=1
	awk -v s=$seed -v a="$dir/h1" -v b="$dir/h2" 'BEGIN { srand(s * 77) }
	    { print >(rand() < 0.5 ? a : b) }' "$dir/mixed"
	for h in 1 2; do "$otinv" build "$dir/h$h" >"$dir/i$h"; done
	"$otinv" merge "$dir/i2" "$dir/i1" | cmp -s - "$dir/all" || bad=1
done
ok $bad "ten random orders, and halves of them merged: the same bytes"
"$python" test/schema.py "$dir/all" >"$dir/out" 2>&1
status=$?
if grep -q 'No module' "$dir/out"; then skip "the records are valid" "no jsonschema"
else ok $status "the records are valid"; [ $status -eq 0 ] || head -3 "$dir/out" | sed 's/^/# /'; fi

# --- what must not be carried on ----------------------------------------

grep -q HEMLIGT "$dir/lines"
ok $? "user names, passwords, communities, cookies and paths are in the input"
{ cat "$dir/all"; "$otinv" show -aw "$dir/all"; "$otinv" diff -t "$dir/eve" "$dir/all"; } >"$dir/out" 2>&1
! grep -qi hemligt "$dir/out"
ok $? "and nowhere in the inventory, its table or its differences"

# --- damage --------------------------------------------------------------

{ head -3 "$data/eve.ndjson"; head -c 200 "$data/eve.ndjson"; echo; echo '{"a":'; echo 'garbled'
  printf '\377\376\n'; echo '{"some":"record"}'; echo '{"ts":1,"host":5,"unknown":true}'
  echo '{"timestamp":"2026-11-22T08:00:00.0+0000","event_type":"modbus","modbus":[1,{"request":2}]}'
  echo '{"timestamp":"2026-11-22T08:00:00.0+0000","event_type":"dnp3","dnp3":{"request":[],"response":7}}'
  echo '{"timestamp":"2026-11-22T08:00:00.0+0000","event_type":"enip","enip":{"request":{"cip":{"service":[],"path":[[],{}],"multiple":{}}}}}'
  grep hart_ip "$data/ics.ndjson"; } >"$dir/damaged"
"$otinv" build "$dir/damaged" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && grep -q '10.30.0.40' "$dir/out" && grep -q '10.31.0.58' "$dir/out"
ok $? "damage: the run goes on, status 2"
grep -q '4 lines were not JSON' "$dir/err"
ok $? "damage: counted"
printf '#separator \\x09\n#set_separator\t,\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n1.0\tC1\n2.0\tC2\n' >"$dir/logs/conn.log"
"$otinv" build "$dir/logs/conn.log" "$data/conn.log" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] && grep -q 'a Zeek log in columns is not read: write it as JSON (LogAscii::use_json=T)' "$dir/err" &&
    [ "$(wc -l <"$dir/err")" -eq 2 ] && grep -q '10.31.0.40' "$dir/out"
ok $? "Zeek's columns: one word on what to do, and the other files are read"

# --- Suricata itself -----------------------------------------------------

suricata=${SURICATA:-$(command -v suricata)}
if [ -z "$suricata" ] || [ ! -d "$captures" ]; then
	skip "Suricata's hosts are ours" "no suricata or no captures"
else
	bad=0
	for f in modbus/icsnpp-functions dnp3/cold-restart it/ftp it/kerberos it/tls-expired; do
		f=$f.pcap
		mkdir -p "$dir/suri" && rm -f "$dir"/suri/*
		"$suricata" ${SURICATA_CONFIG:+-c "$SURICATA_CONFIG"} -r "$captures/$f" -l "$dir/suri" -k none \
		    -S /dev/null >/dev/null 2>&1
		"$otdissect" "$captures/$f" 2>/dev/null | "$otinv" build >"$dir/a" 2>/dev/null
		"$otinv" build "$dir/suri/eve.json" >"$dir/b" 2>/dev/null
		for i in a b; do
			grep -o '"ips":\[[^]]*\]' "$dir/$i" | tr '[],' '\n' | grep '"[0-9a-f.:]*"' | sort -u >"$dir/$i.ips"
		done
		cmp -s "$dir/a.ips" "$dir/b.ips" || { bad=1; echo "# $f: $(diff "$dir/a.ips" "$dir/b.ips" | tr '\n' ' ')"; }
	done
	ok $bad "Suricata's hosts are ours"
fi

echo "1..$n"
exit $failed
