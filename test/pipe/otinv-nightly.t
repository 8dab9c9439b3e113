#!/bin/sh
# The example that runs every night: one inventory by date, a mail only when there
# is something to tell, old ones kept for so long, nothing lost when it fails.
bin=${OTKIT_BIN:-.}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-nightly-XXXXXX") || exit 1
told=$dir/err
trap 'rm -rf "$dir"' EXIT
for p in otcap otdissect otinv; do
	[ -x "$bin/$p" ] || { echo "Bail out! $bin/$p is not built"; exit 1; }
done
bin=$(cd "$bin" && pwd)
script=examples/nightly/otinv-nightly
PATH=$bin:$PATH
export PATH
unset COLUMNS

# A mail program that keeps what it was given.
cat >"$dir/mail" <<E
#!/bin/sh
[ ! -e "$dir/nomail" ] || exit 1
{ echo "\$1|\$2|\$3"; cat; } >"$dir/sent"
E
chmod 755 "$dir/mail"

mkdir "$dir/cap"
: >"$dir/err"
OTKIT_CAPTURES=$dir/cap
OTKIT_INVENTORY=$dir/inv
OTKIT_SITE=$PWD/examples/site.json
OTKIT_MAIL=$dir/mail
OTKIT_MAIL_TO=ot@example.org
export OTKIT_CAPTURES OTKIT_INVENTORY OTKIT_SITE OTKIT_MAIL OTKIT_MAIL_TO

# night DATE: runs it; what it said is in err, its status in $status
night()
{
	rm -f "$dir/sent"
	sh "$script" "$1" >"$dir/out" 2>"$dir/err"
	status=$?
}

aged() # FILE SECONDS: as if it was written so long ago
{
	touch -d "@$(($(date +%s) - $2))" "$1"
}

# capture NAME SECONDS: the sample laboratory's, finished so long ago
capture()
{
	[ -e "$dir/cap/$1" ] || cp examples/lab.pcapng "$dir/cap/$1"
	aged "$dir/cap/$1" "$2"
}

night 2026-11-20
[ $status -eq 2 ] && grep -q 'no new capture' "$dir/err"
ok $? "no capture: said, status 2"
[ ! -e "$dir/inv/.night" ] && [ ! -e "$dir/inv/.last" ]
ok $? "and no trace of the run"

"$bin/otcap" -r examples/lab.pcapng -c 700 -w "$dir/cap/a.pcapng" 2>/dev/null
capture a.pcapng 1000
night 2026-11-20
[ $status -eq 0 ] && [ -s "$dir/inv/2026-11-20.ndjson" ] && [ ! -e "$dir/sent" ]
ok $? "the first night: an inventory, no mail"
aged "$dir/inv/.last" 900

capture b.pcapng 600
touch "$dir/nomail"
night 2026-11-21
[ $status -eq 2 ] && [ ! -e "$dir/inv/2026-11-21.ndjson" ]
ok $? "a mail that cannot be sent: status 2, the night is not done"
rm "$dir/nomail"
night 2026-11-21
[ $status -eq 0 ] && [ -s "$dir/inv/2026-11-21.ndjson" ] && [ -s "$dir/sent" ]
ok $? "and is done by the next run, with a mail"
head -1 "$dir/sent" | grep -Eq '^-s\|network 2026-11-21: [0-9]+ changes: [0-9]+ high.*\|ot@example.org$'
ok $? "its subject counts the changes"
grep -q '^high ' "$dir/sent"
ok $? "its lines are those of otinv diff --text"
aged "$dir/inv/.last" 500

capture c.pcapng 300
night 2026-11-22
[ $status -eq 0 ] && [ -s "$dir/inv/2026-11-22.ndjson" ] && [ ! -e "$dir/sent" ] && [ ! -s "$dir/out" ]
ok $? "a quiet night: an inventory, no mail, not a word"
aged "$dir/inv/.last" 200

capture d.pcapng 0
night 2026-11-23
[ $status -eq 2 ] && grep -q 'no new capture' "$dir/err"
ok $? "a capture of this minute is left for the next night"
capture d.pcapng 150
head -c 300000 examples/lab.pcapng >"$dir/cap/e.pcapng"
capture e.pcapng 150
night 2026-11-23
[ $status -eq 0 ] && [ -s "$dir/inv/2026-11-23.ndjson" ] && grep -q 'not all could be read' "$dir/err"
ok $? "a capture that is cut off: said, and the night is done"

mkdir "$dir/inv/.night"
exec 9<"$dir/inv"
flock 9
night 2026-11-24
exec 9<&-
[ $status -eq 2 ] && grep -q 'another run' "$dir/err" && [ -d "$dir/inv/.night" ]
ok $? "two at a time: the second one says so and leaves the first alone"

touch -d '500 days ago' "$dir/inv/2026-11-20.ndjson"
aged "$dir/inv/.last" 140
capture f.pcapng 130
night 2026-11-24
[ $status -eq 0 ] && [ ! -e "$dir/inv/2026-11-20.ndjson" ] && [ -e "$dir/inv/2026-11-21.ndjson" ]
ok $? "old inventories go after OTKIT_KEEP_DAYS"
aged "$dir/inv/.last" 125
rm "$dir/cap/"*
# one frame by hand: 10.20.0.177 asks for itself
{
	printf '\324\303\262\241\2\0\4\0\0\0\0\0\0\0\0\0\377\377\0\0\1\0\0\0'
	printf '\0\0\043\151\0\0\0\0\052\0\0\0\052\0\0\0'
	printf '\377\377\377\377\377\377\0\0\136\0\123\167\10\6\0\1\10\0\6\4\0\1'
	printf '\0\0\136\0\123\167\12\24\0\261\0\0\0\0\0\0\12\24\0\261'
} >"$dir/cap/one.pcap"
aged "$dir/cap/one.pcap" 124
night 2026-11-25
grep -q '10\.20\.0\.177' "$dir/inv/2026-11-25.ndjson" && grep -q '10\.20\.0\.177' "$dir/sent"
ok $? "a new device is told"
aged "$dir/inv/.last" 123
capture g.pcapng 122
night 2026-11-25
[ $status -eq 0 ] && grep -q '10\.20\.0\.177' "$dir/inv/2026-11-25.ndjson" && [ ! -e "$dir/sent" ]
ok $? "a second run on the same day adds to the first, and tells nothing twice"
night 24/11
[ $status -eq 2 ]
ok $? "what is no date is refused"
(unset OTKIT_CAPTURES; sh "$script" >/dev/null 2>"$dir/err"; [ $? -ne 0 ] && grep -q 'folder of captures' "$dir/err")
ok $? "without a folder of captures it says what it needs"

grep -q '^10 2 \* \* \* .*otinv-nightly$' examples/nightly/crontab &&
    grep -q '^OnCalendar=' examples/nightly/otinv-nightly.timer &&
    grep -q '^ExecStart=.*/otinv-nightly$' examples/nightly/otinv-nightly.service
ok $? "a crontab, a timer and a service run it"

echo "1..$n"
exit $failed
