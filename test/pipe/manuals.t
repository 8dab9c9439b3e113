#!/bin/sh
# The examples of every manual and the commands of the README, run as written.
# "$ " lines of the manuals must work from the top of the tree on what is
# shipped; "# " lines need an interface and root, and are only shown.
LC_ALL=C
PATH=$PWD:$PATH
export LC_ALL PATH
n=0
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
top=$PWD

# A place to write in, where the examples' paths work.
for f in examples man lib test; do ln -s "$top/$f" "$tmp/$f"; done
cd "$tmp" || exit 2
otdissect examples/lab.pcapng | otinv build --site examples/site.json > today.ndjson
cp today.ndjson lab.ndjson
cp today.ndjson tuesday.ndjson
cp examples/site.json lab.json
ln -s "$top/examples/lab.pcapng" tuesday.pcapng
mkdir documents events
otdissect examples/lab.pcapng | gzip > events/2026-11-22.ndjson.gz
nis2report gap -f ndjson -s examples/site.json monday.ndjson > october.ndjson
nis2report gap -f ndjson -s examples/site.json today.ndjson > november.ndjson
cp examples/site.json site.json
otdissect -p modbus,arp,bacnet examples/lab.pcapng | otinv build --site examples/site.json > monday.ndjson
cp monday.ndjson yesterday.ndjson
cp monday.ndjson old.ndjson
cp today.ndjson new.ndjson
cp -r test/pipe/data/csaf csaf
cp test/pipe/data/vuln-kev.json kev.json

try() { # try WHERE COMMAND
	n=$((n + 1))
	sh -c "$2" > out.txt 2> err.txt < /dev/null
	s=$?
	# 1 is the answer "no" of diff and gap; what is written to a file prints nothing
	if [ $s -le 1 ] && { [ -s out.txt ] || printf '%s' "$2" | grep -q '>\|--out\|-w \|-o \|^cp \|key add '; }; then
		echo "ok $n - $1: $2"
	else
		echo "not ok $n - $1: $2"
		echo "#   status $s: $(head -n 1 err.txt)"
	fi
}

for page in man/*.[157]; do
	# mdoc's escapes: \(dq a quote, \e a backslash, \- a minus
	sed -n 's/^\.Dl \$ //p' "$page" |
		sed 's/\\(dq/"/g; s/\\(aq/'"'"'/g; s/\\e/\\/g; s/\\-/-/g; s/\\&//g; s/\\(ti/~/g; s/\\(ha/^/g' > cmds
	while IFS= read -r c; do
		try "$page" "$c"
	done < cmds
done
sed -n 's/^    \.\//.\//p' "$top/README.md" | sed 's/^\.\///; s/| \.\//| /g' > cmds
while IFS= read -r c; do
	try README.md "$c"
done < cmds
# every protocol stands in otdissect(1)
missing=
sed -n '/^\.Sh PROTOCOLS/,/^\.Sh EXIT/p' "$top/man/otdissect.1" > protocols
for p in $(sed -n 's/^	\.name = "\(.*\)",$/\1/p' "$top"/lib/proto/*.c); do
	grep -qw -- "$p" protocols || missing="$missing $p"
done
n=$((n + 1))
if [ -s protocols ] && [ -z "$missing" ]; then
	echo "ok $n - otdissect.1 names every protocol"
else
	echo "not ok $n - otdissect.1 names every protocol: not$missing"
fi
# and otevent(5) every record that a program's --schema has
missing=
records=0
for c in otcap otdissect 'otinv build' 'nis2report attest' 'nis2report classify' 'nis2report cra' \
    'nis2report deadlines' 'nis2report diff' 'nis2report evidence' 'nis2report gap' \
    'nis2report incident show' 'nis2report incident fields' 'nis2report klassa' 'nis2report plan' \
    'nis2report significant' 'nis2report stage' 'nis2report timeline' 'nis2report vendors' \
    'nis2report zones'; do
	for r in $($c --schema < /dev/null 2> /dev/null | jq -r '.["$id"] // empty' | sed 's/^otkit://'); do
		records=$((records + 1))
		grep -qw -- "$r" "$top/man/otevent.5" || missing="$missing $r ($c)"
	done
done
n=$((n + 1))
if [ $records -gt 100 ] && [ -z "$missing" ]; then
	echo "ok $n - otevent.5 names every record"
else
	echo "not ok $n - otevent.5 names every record: of $records not$missing"
fi
echo "1..$n"
