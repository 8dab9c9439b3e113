#!/bin/sh
# The main job on the capture that comes with the programs: packets in, an
# inventory and a gap assessment out, under out/ of the current folder. In the
# tree: make demo. Installed: run it from any folder.
set -eu
here=$(dirname "$0")
lang=${DEMO_LANG:-en}
now=${DEMO_NOW:-2026-11-22}
# the programs just built, else the installed ones
if [ -x "$here/../otcap" ]; then
	PATH=$(cd "$here/.." && pwd):$PATH
fi
mkdir -p out

echo "\$ otcap -r $here/lab.pcapng | otdissect | otinv build --site $here/site.json > out/lab.ndjson"
otcap -r "$here/lab.pcapng" | otdissect | otinv build --site "$here/site.json" > out/lab.ndjson

echo
echo '$ otinv show out/lab.ndjson'
otinv show out/lab.ndjson

# 1 is the answer "there are gaps", not a failure
gap() {
	nis2report gap --site "$here/site.json" --lang "$lang" --now "$now" "$@" out/lab.ndjson ||
	    [ $? -eq 1 ]
}
echo
echo "\$ nis2report gap --site $here/site.json --lang $lang --now $now out/lab.ndjson"
gap --format text
gap --format html --force --out out/gap.html
echo
echo "The same as a page: out/gap.html"
