#!/bin/sh
# run.sh FOLDER: the recorded incident from the raw capture to the reports, the timeline and the evidence, in a new
# folder. Programs are those of $PATH. What people would have known is set; a report that lacks something says so (1).
set -eu
x=$(cd "$(dirname "$0")" && pwd)
mkdir "$1" && cd "$1"
export LOGNAME=per.ek
at() { printf -- '--now 2026-11-18T%s:00+01:00' "$1"; }
may() { "$@" || [ $? -eq 1 ]; }
cp "$x/incident.pcapng" .
otdissect incident.pcapng >events.ndjson
otinv build --site "$x/site.json" events.ndjson >inventory.ndjson
nis2report incident open $(at 09:40) -s "$x/site.json" -t 'Trycket i renrum 2 föll' INC-1
nis2report incident set $(at 09:41) INC-1 occurred_at '2026-11-18 09:12' detected_at '2026-11-18 09:14' \
    aware_at '2026-11-18 09:25' ended_at '2026-11-18 09:19' ongoing no suspected_malicious no supplier_origin yes \
    affected_assets 'AHU-2, ANALYS-3, VAG-1'
nis2report incident attach $(at 09:42) INC-1 "$x/bms.csv" "$x/lims.csv" "$x/jump.log"
may nis2report significant $(at 09:45) -s "$x/site.json" -f markdown -o significant.md INC-1
seen='-l sv -e events.ndjson -i inventory.ndjson'
for s in upplysning incidentanmalan lagesrapport delrapport slutrapport; do
	may nis2report stage $(at 10:00) $seen -s "$x/site.json" -o $s.txt $s INC-1
done
nis2report incident submit $(at 10:05) -r C-1 $seen -s "$x/site.json" --report upplysning.txt upplysning INC-1
may nis2report deadlines $(at 10:10) -f ndjson -o deadlines.ndjson INC-1
span='--from 2026-11-18T09:05:00+01:00 --to 2026-11-18T09:25:00+01:00'
nis2report timeline $(at 11:00) $span -s "$x/site.json" -f ndjson -o timeline.ndjson --clock bms=+12s \
    --source "bms=csv:$x/bms.csv,map=$x/../timeline/bms.json" --source "jump=syslog:$x/jump.log,zone=Europe/Stockholm" \
    --source "lims=csv:$x/lims.csv,map=$x/../timeline/lims.json" events.ndjson "$x/notes.ndjson"
may nis2report evidence $(at 12:00) $span -s "$x/site.json" -e events.ndjson -c incident.pcapng -o evidence INC-1
