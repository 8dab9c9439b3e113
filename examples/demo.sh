#!/bin/sh
# The main job on the capture that comes with the programs: packets in, an
# inventory and a gap assessment out. Run from the top of the tree: make demo
set -eu
lang=${DEMO_LANG:-en}
now=${DEMO_NOW:-2026-11-22}
mkdir -p out

echo '$ otcap -r examples/lab.pcapng | otdissect | otinv build --site examples/site.json > out/lab.ndjson'
./otcap -r examples/lab.pcapng | ./otdissect | ./otinv build --site examples/site.json > out/lab.ndjson

echo
echo '$ otinv show out/lab.ndjson'
./otinv show out/lab.ndjson

# 1 is the answer "there are gaps", not a failure
gap() {
	./nis2report gap --site examples/site.json --lang "$lang" --now "$now" "$@" out/lab.ndjson || [ $? -eq 1 ]
}
echo
echo "\$ nis2report gap --site examples/site.json --lang $lang --now $now out/lab.ndjson"
gap --format text
gap --format html --force --out out/gap.html
echo
echo "The same as a page: out/gap.html"
