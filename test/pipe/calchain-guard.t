#!/bin/sh
# Where one could lock oneself out: the last key of its kind, a time to come; and what an append
# that was cut short left is recorded, however many fail after it.
bin=$(cd "${OTKIT_BIN:-.}" && pwd)
. "${0%/*}/../tap.sh"
told=err
LC_ALL=C.UTF-8
export LC_ALL
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
calchain=$bin/calchain

# The exit status, and what stderr says (a pattern, on one line; "" for nothing).
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

anna=$("$calchain" keygen -n anna --no-passphrase anna.pem)
bo=$("$calchain" keygen -n bo --no-passphrase bo.pem)
log=$("$calchain" keygen -n lab.example --no-passphrase log.pem)
newlog=$("$calchain" keygen -n lab.example --no-passphrase newlog.pem)
"$calchain" init -k anna.pem -l log.pem -n anna -o lab.example l >/dev/null
note one >one
key="$calchain key"
k='-k anna.pem -l log.pem -r x'

# --- the last key
cp -r l before
# shellcheck disable=SC2086
for how in retire revoke; do
	says 2 "the last admin key in use" "$how: not the last admin" $key $how $k --vkey "$anna" l
	says 2 "the last log key in use" "$how: not the last log" $key $how $k --vkey "$log" l
done
diff -r l before
ok $? "and nothing was changed"
# shellcheck disable=SC2086
{
	says 0 "" "another admin" $key add $k --role admin --vkey "$bo" l
	says 0 "" "then one may go" $key retire $k --vkey "$anna" l
	k='-k bo.pem -l log.pem -r x'
	says 2 "the last admin key in use" "but not both" $key retire $k --vkey "$bo" l
	says 0 "" "a log's key is replaced" $key rotate $k --replaces "$log" --vkey "$newlog" l
	k='-k bo.pem -l newlog.pem -r x'
	says 2 "the last log key in use" "and the new one is the last" $key revoke $k --vkey "$newlog" l
	says 2 "no key in use" "one that is gone is told as before" $key retire $k --vkey "$log" l
	says 0 "" "--force ends it" $key retire --force $k --vkey "$newlog" l
	says 2 "no key of this log in use" "and nobody appends" "$calchain" append -k bo.pem -l newlog.pem l one
}
says 0 "" "it verifies all the same" "$calchain" verify -q l

# --- a time to come: the clock's, and years ahead of it
rm -rf l
year=$(($(date -u +%Y) + 3))
says 2 "days ahead of the clock" "no ledger of a year to come" \
    "$calchain" init --now $year-01-01 -k anna.pem -l log.pem -n anna -o lab.example l
[ ! -e l ]
ok $? "and none is made"
"$calchain" init -k anna.pem -l log.pem -n anna -o lab.example l >/dev/null
says 2 "days ahead of the clock" "no record of a year to come" \
    "$calchain" append --now $year-01-01 -k anna.pem -l log.pem l one
says 2 "days ahead of the clock" "no key from then" \
    "$calchain" key add --now $year-01-01 -k anna.pem -l log.pem -r x --role author --vkey "$bo" l
[ "$(wc -l <l/records.ndjson)" -eq 1 ]
ok $? "and nothing was written"
says 0 "" "an hour is nothing" "$calchain" append --now "$(date -u -d '1 hour' +%Y-%m-%dT%H:%M:%SZ)" \
    -k anna.pem -l log.pem l one
says 0 "" "--force takes it" "$calchain" append --force --now $year-01-01 -k anna.pem -l log.pem l one
says 2 "the clock is wrong" "and the next is refused, as was said" \
    "$calchain" append -k anna.pem -l log.pem l one

# --- what was cut short is recorded in the end
rm -rf l
"$calchain" init -k anna.pem -l log.pem -n anna -o lab.example l >/dev/null
i=0
while [ $i -lt 40 ]; do
	note "number $i, of some length, so that the file is longer than what may be written"
	i=$((i + 1))
done >many
"$calchain" append -k anna.pem -l log.pem l many >/dev/null
printf '{"timestamp":"2026-11-22T' >>l/records.ndjson
# the file of the tail is short; the records' is longer than the limit
limited() # how often
{
	for _ in $(seq "$1"); do
		# 8 blocks, of 512 or 1024 bytes
		(trap '' XFSZ; ulimit -f 8; "$calchain" append -k anna.pem -l log.pem l one) >out 2>>told
		status=$?
		[ $status -eq 2 ] || return 1
	done
}
: >told
limited 3
ok $? "the append that finds a tail fails, and the next two"
[ "$(grep -c 'was cut short: 25 bytes .* torn/42-0' told)" -eq 3 ]
ok $? "each says what was set aside"
[ "$(ls l/torn)" = 42-0 ] && [ "$(cat l/torn/42-0)" = '{"timestamp":"2026-11-22T' ]
ok $? "which is there once"
grep -q recovery l/records.ndjson
[ $? -eq 1 ]
ok $? "and in no record yet"
printf 'half' >>l/records.ndjson
"$calchain" append -k anna.pem -l log.pem l one >out 2>err
[ $? -eq 0 ] && [ "$(wc -l <err)" -eq 2 ]
ok $? "one that succeeds, after another tail"
[ "$(jq -r 'select(.event_type == "recovery") | "\(.seq) \(.recovery.file) \(.recovery.bytes) \(.recovery.sha256)"' \
    l/records.ndjson)" = "42 torn/42-0 25 $(printf '{"timestamp":"2026-11-22T' | sha256sum | cut -c1-64)
43 torn/42-1 4 $(printf half | sha256sum | cut -c1-64)" ]
ok $? "records both"
says 0 "" "the next" "$calchain" append -k anna.pem -l log.pem l one
[ "$(grep -c '"event_type":"recovery"' l/records.ndjson)" -eq 2 ]
ok $? "does not again"
"$calchain" verify l >out 2>err
ok $? "it verifies"
# names that are not ours are nobody's tail
mkdir l/torn/45-7
: >l/torn/45-07
: >l/torn/900-0
ln -s /etc/passwd l/torn/45-1
says 0 "" "other things in torn/ are left alone" "$calchain" append -k anna.pem -l log.pem l one
[ "$(grep -c '"event_type":"recovery"' l/records.ndjson)" -eq 2 ]
ok $? "and not recorded"

echo "1..$n"
exit $failed
