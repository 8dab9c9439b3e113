#!/bin/sh
# Instructions of otdissect per packet, by callgrind: those of a capture less
# those of its beginning, so that start-up does not count; and start-up alone.
# The count hangs on the code and the input alone, not on what else the machine
# does: the number to watch from commit to commit.
#
#     bench/instructions.sh [--gate N] [--top]
#
# --gate N: exit 1 when a capture takes more than N. --top: where they go.
# BIN: where otdissect is. KINDS: which captures. Run make first.
set -eu
cd "$(dirname "$0")/.."
gate= top=
while [ $# -gt 0 ]; do
	case $1 in
	--gate) gate=${2:?--gate N}; shift 2 ;;
	--top) top=1; shift ;;
	*) echo "usage: bench/instructions.sh [--gate N] [--top]" >&2; exit 2 ;;
	esac
done
bin=${BIN:-.} out=out/bench cc=${CC:-cc}
command -v valgrind >/dev/null || { echo "instructions: valgrind is not installed (Debian: valgrind)" >&2; exit 2; }
[ -x "$bin/otdissect" ] || { echo "instructions: $bin/otdissect: not there: run make first" >&2; exit 2; }
mkdir -p "$out"
$cc -std=c17 -D_GNU_SOURCE -O2 -o "$out/gen" bench/gen*.c -lcrypto

# FILE LOG: "packets instructions"
count()
{
	valgrind --tool=callgrind --callgrind-out-file="$2" "$bin/otdissect" --no-sandbox -v "$1" 2>&1 >/dev/null |
	    sed -n 's/,//g; s/^otdissect: \([0-9]*\) packets.*/\1/p; s/.*Collected : //p' | tr '\n' ' '
}

status=0
for kind in ${KINDS:-modbus mixed office s7 enip opcua}; do
	few=2 many=8
	[ $kind != office ] || few=10 many=40   # its packets are long
	for n in $few $many; do
		"$out/gen" $kind $n > "$out/$kind-$n.pcap"
	done
	set -- $(count "$out/$kind-$few.pcap" "$out/callgrind.$kind.few") \
	    $(count "$out/$kind-$many.pcap" "$out/callgrind.$kind.many")
	[ $# -eq 4 ] || { echo "instructions: $kind: callgrind said nothing" >&2; exit 2; }
	each=$((($4 - $2) / ($3 - $1)))
	printf '%-8s %6d instructions a packet, over packets %d to %d\n' $kind $each $(($1 + 1)) "$3"
	if [ -n "$gate" ] && [ $each -gt "$gate" ]; then
		printf 'MISSED   %s: above %s\n' $kind "$gate"
		status=1
	fi
	if [ -n "$top" ]; then
		callgrind_annotate --auto=no "$out/callgrind.$kind.many" | sed -n '/file:function/,$p' |
		    sed -n '3,27p' | sed 's|[^ ]*/\(lib/\)|\1|; s| \[.*||'
	fi
done
# a capture of nothing: a file header alone
head -c 24 "$out/$kind-$few.pcap" > "$out/none.pcap"
set -- $(valgrind --tool=callgrind --callgrind-out-file="$out/callgrind.none" "$bin/otdissect" --no-sandbox \
    "$out/none.pcap" 2>&1 >/dev/null | sed -n 's/.*Collected : //p')
printf 'start-up %6d thousand instructions\n' $(($1 / 1000))
exit $status
