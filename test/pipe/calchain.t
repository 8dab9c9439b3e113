#!/bin/sh
# calchain from the outside: keys, a ledger, records into it, its keys' changes, and what
# is refused.
bin=$(cd "${OTKIT_BIN:-.}" && pwd)
top=$PWD
. "${0%/*}/../tap.sh"
told=err
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
calchain=$bin/calchain

# The exit status, and what stderr says (a pattern; "" for nothing).
says() # status pattern text command...
{
	want=$1
	pattern=$2
	text=$3
	shift 3
	"$@" >out 2>err </dev/null
	got=$?
	if [ -n "$pattern" ]; then
		[ $got -eq "$want" ] && grep -q -e "$pattern" err && [ "$(wc -l <err)" -eq 1 ]
	else
		[ $got -eq "$want" ] && [ ! -s err ]
	fi
	ok $? "$text"
}

note() # text
{
	printf '{"event_type":"note","note":{"text":"%s"}}\n' "$1"
}

sums()
{
	find "$1" -type f -exec sha256sum {} + | sort | sha256sum
}

# --- keys
echo 'ett långt lösenord' >pass
echo 'ett annat' >wrong
says 0 "" "a key is made" "$calchain" keygen -n anna -p pass anna.pem
anna=$(cat out)
grep -q 'BEGIN ENCRYPTED PRIVATE KEY' anna.pem
ok $? "its private half is encrypted"
[ "$(stat -c %a anna.pem)" = 600 ]
ok $? "and its owner's alone"
openssl pkey -in anna.pem -passin file:pass -pubout -outform DER 2>err | tail -c 32 | base64 >pub
printf '\001%s' "" >type
id=$( (printf 'anna\n\001'; base64 -d pub) | sha256sum | cut -c 1-8)
[ "$anna" = "anna+$id+$( (printf '\001'; base64 -d pub) | base64 -w0)" ]
ok $? "openssl reads it, and its verifier key is C2SP's"
says 2 'exists' "an existing file stays" "$calchain" keygen -n anna -p pass anna.pem
says 2 'name' "a name without blanks" "$calchain" keygen -n "Anna Ek" --no-passphrase x.pem
[ ! -e x.pem ]
ok $? "and no file is left then"
"$calchain" keygen -n bo --no-passphrase bo.pem >bo.vkey
bo=$(cat bo.vkey)
"$calchain" keygen -n log.example --no-passphrase log.pem >/dev/null
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem 2>/dev/null

# --- a ledger
says 0 "" "a ledger begins" "$calchain" init -k anna.pem -p pass -n anna -o lab.example/cal led
log=$(cat out)
case $log in lab.example/cal+*) true ;; *) false ;; esac
ok $? "and prints the log's verifier key"
says 0 "" "it verifies" "$calchain" verify led
grep -q 'nothing was compared with a head kept elsewhere' out
ok $? "and says what that does not tell"
says 0 "" "with its key trusted too" "$calchain" verify --vkey "$log" led
says 1 "" "another log's key is not its own" "$calchain" verify --vkey "lab.example/cal+$(
	printf 'lab.example/cal\n\001%s' "$(head -c 32 /dev/zero | tr '\0' 'x')" | sha256sum | cut -c 1-8)+$(
	(printf '\001'; head -c 32 /dev/zero | tr '\0' 'x') | base64 -w0)" led
grep -q '^led: trust: ' out
ok $? "which is what it says"
says 2 'empty folder' "a folder with something in it is none" \
    "$calchain" init -k anna.pem -p pass -n anna -o x.example .

# --- records
note one >one
{ note two; note three; } >two
says 0 "" "records are appended" "$calchain" append -k anna.pem -p pass led one two
jq -e '.appended | .first == 2 and .last == 4' out >/dev/null
ok $? "their numbers are told"
[ "$(jq -r '[.seq, .event_type, .author, .note.text // "-"] | join(" ")' led/records.ndjson)" = "1 ledger anna -
2 note anna one
3 note anna two
4 note anna three" ]
ok $? "they are there"
says 0 "" "it verifies" "$calchain" verify led

# the same by the words of otledger(5)
digest=$(sed -n 3p led/records.ndjson | tr -d '\n' |
    sed 's/,"digest":"[0-9a-f]*","signature":"[^"]*"}$//' | sha256sum | cut -c 1-64)
[ "$digest" = "$(sed -n 3p led/records.ndjson | jq -r .digest)" ]
ok $? "a digest is that of the bytes before it"
[ "$(sed -n 3p led/records.ndjson | tr -d '\n' | sha256sum | cut -c 1-64)" = \
    "$(sed -n 4p led/records.ndjson | jq -r .prev)" ]
ok $? "a record goes on from the line before it"
printf 'otkit-record/v1\n%s\n' "$digest" >signed
sed -n 3p led/records.ndjson | jq -r .signature | base64 -d >sig
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; base64 -d pub; } >pub.der
openssl pkeyutl -verify -pubin -inkey pub.der -keyform DER -rawin -in signed -sigfile sig >/dev/null 2>err
ok $? "openssl holds the signature"
says 0 "" "a digest is found as people type it" "$calchain" verify -d "$(echo "$digest" | cut -c 1-16 |
    sed 's/..../& /g' | tr a-f A-F)" led
grep -q 'record 3 (note' out
ok $? "with its record"
says 1 "" "one that is not there is not" "$calchain" verify -d 0123456789abcdef led
says 0 "" "records are shown" "$calchain" show led
[ "$(wc -l <out)" -eq 5 ] && [ "$(wc -L <out)" -le 80 ]
ok $? "a line each, within 80 columns"
says 0 "" "or as written" "$calchain" show --json led 3
sed -n 3p led/records.ndjson | cmp -s - out
ok $? "byte for byte"

# --- refused
before=$(sums led)
refused() # pattern text line
{
	{ note good; printf '%s\n' "$3"; note good; } >bad
	"$calchain" append -k anna.pem -p pass led bad >out 2>err
	got=$?
	[ $got -eq 2 ] && grep -q "bad:2: .*$1" err && grep -q 'nothing was written' err &&
	    [ ! -s out ] && [ "$(sums led)" = "$before" ]
	ok $? "$2"
}
refused 'note.text' "a record that does not hold to its schema refuses all" '{"event_type":"note","note":{}}'
refused 'note.txet' "a member that nobody knows, too" '{"event_type":"note","note":{"text":"a","txet":"b"}}'
refused 'no kind' "and a kind that nobody knows" '{"event_type":"nota","nota":{"text":"a"}}'
refused "the ledger's own" "a key cannot be slipped in" '{"event_type":"signer","signer":{}}'
refused 'beside' "nor an envelope" '{"event_type":"note","seq":9,"note":{"text":"a"}}'
refused 'twice' "nor two payloads" '{"event_type":"note","note":{"text":"a"},"note":{"text":"b"}}'
refused 'not JSON' "nor what is not JSON" '{"event_type":"note","note":{"text":"a"}'
refused 'calibration.results\[0\].unit' "a place deep in the record is named" \
    '{"event_type":"calibration","calibration":{"instrument":"A","certificate":"1","performed":"2026-01-01","laboratory":{"name":"X"},"verdict":"pass","results":[{"point":1,"unit":7}]}}'
refused 'calibration.performed' "a day that is none is refused" \
    '{"event_type":"calibration","calibration":{"instrument":"A","certificate":"1","performed":"2026-02-30","laboratory":{"name":"X"},"verdict":"pass"}}'
says 2 'wrong passphrase' "a wrong passphrase" "$calchain" append -k anna.pem -p wrong led one
says 2 'passphrase' "none, and no terminal" setsid "$calchain" append -k anna.pem led one
says 2 'no key of this log' "a key of nobody" "$calchain" append -k bo.pem led one
says 2 'Ed25519 key is expected' "a key of another kind" "$calchain" append -k rsa.pem led one
says 2 'nobody.pem: No such file' "a key that is missing" "$calchain" append -k nobody.pem led one
says 2 'no private key' "a file that is no key" "$calchain" append -k one led one
says 2 'the clock is wrong' "a clock that is behind" \
    "$calchain" append --now 2020-01-01T00:00:00Z -k anna.pem -p pass led one
: >none
says 2 'no record' "nothing to append" "$calchain" append -k anna.pem -p pass led none
says 2 'No such file' "no ledger" "$calchain" append -k anna.pem -p pass nowhere one
says 0 "" "a check alone" "$calchain" append --dry-run led one
[ "$(sums led)" = "$before" ]
ok $? "and nothing was changed by any of it"

# --- whose signatures count
says 0 "" "a key more" "$calchain" key add -k anna.pem -p pass -r "ny tekniker" --role author --vkey "$bo" led
says 0 "" "its holder appends, and the log seals" "$calchain" append -k bo.pem -l anna.pem -p pass led one
says 2 'no administrator' "but adds no keys" "$calchain" key add -k bo.pem -l anna.pem -p pass -r x \
    --role author --vkey "$("$calchain" keygen -n eva --no-passphrase eva.pem)" led
"$calchain" keygen -n bo --no-passphrase bo2.pem >bo2.vkey
says 0 "" "who replaces their own" "$calchain" key rotate -k bo.pem -l anna.pem -p pass -r "ny dator" \
    --replaces "$bo" --vkey "$(cat bo2.vkey)" led
says 2 'not that of an author in use' "the old one signs no more" \
    "$calchain" append -k bo.pem -l anna.pem -p pass led one
says 0 "" "the new one does" "$calchain" append -k bo2.pem -l anna.pem -p pass led one
says 0 "" "until it is revoked" "$calchain" key revoke -k anna.pem -p pass -r "stulen" --since 2026-11-20 \
    --vkey "$(cat bo2.vkey)" led
says 2 'not that of an author in use' "and then it does not" \
    "$calchain" append -k bo2.pem -l anna.pem -p pass led one
says 0 "" "it verifies" "$calchain" verify led
grep -q 'was revoked (stulen)' out
ok $? "and says what is in doubt"
says 0 "" "the keys are listed" "$calchain" key list --json led
[ "$(jq -r '.ledger_key | "\(.name) \(.role) \(.state) \(.from) \(.to // "-")"' out)" = \
    "lab.example/cal log in_use 1 -
anna admin in_use 1 -
bo author retired 6 7
bo author revoked 8 9" ]
ok $? "each with the records it may sign"
newlog=$("$calchain" keygen -n lab.example/cal --no-passphrase newlog.pem)
cp led/checkpoint outside
says 0 "" "the log's key is replaced" "$calchain" key rotate -k anna.pem -p pass -r "till HSM" \
    --replaces "$log" --vkey "$newlog" led
says 2 'no key of this log' "the old one seals no more" "$calchain" append -k anna.pem -p pass led one
says 0 "" "the new one does" "$calchain" append -k anna.pem -p pass -l newlog.pem led one
says 0 "" "who trusts the first key can go on from it" \
    "$calchain" verify --vkey "$log" --checkpoint outside led

# --- only heads signed
says 0 "" "a ledger whose heads alone are signed" \
    "$calchain" init -k bo.pem -l log.pem -n bo -o log.example --sign checkpoint quick
says 2 '(--author)' "who writes must be said" "$calchain" append -l log.pem quick one
says 0 "" "records without a key" "$calchain" append -l log.pem -a rapport quick one two
says 0 "" "it verifies" "$calchain" verify quick
jq -es '.[2] | .author == "rapport" and (has("signature") or has("key") | not)' \
    quick/records.ndjson >/dev/null
ok $? "they say who wrote and bear no signature"
i=0
while [ $i -lt 50 ]; do note $i; i=$((i + 1)); done >fifty
says 0 "" "heads within a batch" "$calchain" append --every 10 -l log.pem -a rapport quick fifty
[ "$(jq -r '"\(.checkpoint.size) \(.checkpoint.part // false)"' quick/checkpoints.ndjson | tr '\n' ',')" = \
    "1 false,4 false,10 true,20 true,30 true,40 true,50 true,54 false," ]
ok $? "are kept, and marked"
says 0 "" "it verifies" "$calchain" verify quick

# --- the tree anew
cp -r quick whole
rm -r quick/tile
says 2 "" "a tree that is missing cannot be told" "$calchain" verify quick
grep -q '^quick: tile: tile/' out
ok $? "and is said"
says 2 'calchain repair' "nobody appends to it" "$calchain" append -l log.pem -a rapport quick one
says 0 "" "it is made anew" "$calchain" repair quick
cmp -s whole/tile/0/000.p/54 quick/tile/0/000.p/54 && "$calchain" verify -q quick
ok $? "as it was"
sed -i '3s/two/two!/' quick/records.ndjson
says 2 'do not give' "not from records that were changed" "$calchain" repair quick

# --- what is printed is as described
for f in led/records.ndjson led/checkpoints.ndjson; do
	/usr/bin/python3 "$top/test/schema.py" "$f" >err 2>&1
	ok $? "$f holds to its schemas"
done
"$calchain" verify --json led >check.ndjson
"$calchain" append --dry-run led one
"$calchain" key list --json led >>check.ndjson
/usr/bin/python3 "$top/test/schema.py" check.ndjson >err 2>&1
ok $? "answers hold to their schemas"
echo "1..$n"
exit $failed
