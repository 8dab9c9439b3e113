#!/bin/sh
# otdissect beside tshark on real captures; skipped, and said, without them.
OTDISSECT=${OTDISSECT:-./otdissect}
export OTDISSECT
exec /usr/bin/python3 test/differential/compare.py "${OTKIT_CAPTURES:-../shared/captures}"
