#!/bin/sh
# Fuzzes targets: each for SECONDS, or makes what they have found small.
#
#     test/fuzz/run.sh SECONDS [TARGET ...]         each for so long, JOBS (1) at a time
#     test/fuzz/run.sh --short SECONDS              all in little time, JOBS (1) at a time
#     test/fuzz/run.sh --minimise [TARGET ...]      corpora of what tells something new alone
#     test/fuzz/run.sh --build                      nothing but the programs
#
# Targets: fuzz_NAME.c by its name, and proto-NAME for each dissector. Corpora and findings stay in
# out/fuzz/. Exit 1 when something was found: replay it with the line printed, and keep it under
# test/fuzz/corpus/TARGET/ once fixed.
#
# --short is for a machine that tests each commit: each target that is no dissector for SECONDS (half
# of it for small readers, which have thousands of runs in a second), and all dissectors in one
# program (the first byte of an input says which) for six times as long: each for so long would take
# the 20 minutes that all the other tests may take.
set -u
cd "$(dirname "$0")/../.."
usage() { sed -n '4,7s/^# *//p' "$0" >&2; exit 2; }
mode=run seconds=
case ${1:-} in
--minimise) mode=minimise ;;
--build) mode=build ;;
--short) mode=short seconds=${2:-}; shift ;;
*) seconds=${1:-} ;;
esac
case $mode:$seconds in run:*[!0-9]*|short:*[!0-9]*|run:|short:) usage ;; esac
[ $# -eq 0 ] || shift
cc=${FUZZ_CC:-clang} out=out/fuzz
command -v "$cc" >/dev/null || { echo "fuzz: $cc is not installed (Debian: clang)" >&2; exit 2; }
lld=$(command -v ld.lld >/dev/null && echo -fuse-ld=lld)

# --- building ---------------------------------------------------------

flags="-O1 -gline-tables-only -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p "$out/bin"
make -s -j2 BUILD="$out/build" CC="$cc" CFLAGS="$flags -fsanitize=fuzzer-no-link" "$out/build/libotkit.a" \
    >"$out/make.log" 2>&1 || { tail -20 "$out/make.log" >&2; exit 2; }
all=$(ls test/fuzz/fuzz_*.c | sed 's|.*/fuzz_\(.*\)\.c|\1|')
export cc out lld flags
printf '%s\n' $all | xargs -P 2 -I T sh -c '
	b=$out/bin/fuzz_T src=test/fuzz/fuzz_T.c
	more=$(sed -n "s/^ \* link: \([^*]*\).*/\1/p" $src)
	[ -e $b ] && [ -z "$(find $out/build/libotkit.a test/fuzz/*.[ch] $more -newer $b)" ] ||
	$cc -std=c17 -D_GNU_SOURCE -Ilib $flags -fsanitize=fuzzer $lld -o $b $src test/fuzz/check.c $more \
	    $out/build/libotkit.a -lpcap -ljansson -lcrypto -lnettle -lz -lseccomp -lxml2 -lm' || exit 2
[ $mode != build ] || exit 0
python3 test/fuzz/seeds.py "$out/seeds" || exit 2

# --- one target -------------------------------------------------------

# Without these two the fuzzer's own book-keeping takes three quarters of the time.
book=-entropic=0
ASAN_OPTIONS=${ASAN_OPTIONS:-malloc_context_size=3:quarantine_size_mb=16:max_malloc_fill_size=0}
export ASAN_OPTIONS

# TARGET: its program, its length, and for a dissector which one
settle() {
	corpus=$out/corpus/$1 found=$out/found/$1 bin=$out/bin/fuzz_${1%%-*} len=4096 dict=
	case $1 in proto-*) OTKIT_PROTO=${1#proto-}; export OTKIT_PROTO ;; *) unset OTKIT_PROTO ;; esac
	case $1 in tcp|again|inventory|dcc|ledger|access|syslog|csv|incident|assess) len=8192 ;; esac
	[ ! -e "$out/seeds/$1.dict" ] || dict=-dict=$out/seeds/$1.dict
	mkdir -p "$corpus" "$found" "$out/seeds/$1"
	[ -d "test/fuzz/corpus/$1" ] && cp -n test/fuzz/corpus/"$1"/* "$corpus/" 2>/dev/null
}

# TARGET SECONDS
fuzz() {
	settle "$1"
	before=$(ls "$found" | wc -l)
	"$bin" $book -max_total_time="$2" -max_len=$len -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
	    -artifact_prefix="$found/" $dict "$corpus" "$out/seeds/$1" >"$out/$1.log" 2>&1
	rc=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$1.log")
	rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$out/$1.log")
	cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$out/$1.log" | tail -1)
	new=$(($(ls "$found" | wc -l) - before))
	word=nothing
	if [ $rc -ne 0 ] || [ $new -gt 0 ]; then
		word="see $out/$1.log"
		echo "$1" >>"$out/bad"
	fi
	printf '%-16s %9s %8s %8s %7s  %s\n' "$1" "${runs:-?}" "${rate:-?}" "$(ls "$corpus" | wc -l)" "${cover:-?}" "$word"
	if [ $new -gt 0 ]; then
		printf '  %s%s %s\n' "${OTKIT_PROTO:+OTKIT_PROTO=$OTKIT_PROTO }" "$bin" "$found/$(ls -t "$found" | head -1)"
	fi
}

# DIR: files and their bytes
size() { echo "$(ls "$1" | wc -l) files, $(cat "$1"/* 2>/dev/null | wc -c) bytes"; }

# TARGET: of its corpus what covers all that all of it covers. What was found once and stays
# fixed is not touched: each of test/fuzz/corpus tells of a fault.
minimise() {
	settle "$1"
	[ -n "$(ls "$corpus")" ] || return 0
	was=$(size "$corpus")
	rm -rf "$corpus.new"
	mkdir -p "$corpus.new"
	if "$bin" -merge=1 -max_len=$len -timeout=20 -rss_limit_mb=4096 -artifact_prefix="$found/" "$corpus.new" "$corpus" \
	    >"$out/$1.log" 2>&1; then
		rm -rf "$corpus"
		mv "$corpus.new" "$corpus"
		printf '%-16s %s, then %s\n' "$1" "$was" "$(size "$corpus")"
	else
		rm -rf "$corpus.new"
		printf '%-16s see %s\n' "$1" "$out/$1.log"
		echo "$1" >>"$out/bad"
	fi
}

# --- all of them ------------------------------------------------------

protos=$(sed -n 's/^\t\.name = "\(.*\)",$/proto-\1/p' lib/proto/*.c | sort)
others=$(printf '%s\n' $all | grep -v -x proto)
rm -f "$out/bad"
[ $mode = minimise ] || printf '%-16s %9s %8s %8s %7s  %s\n' TARGET RUNS PER-S CORPUS COVER FOUND
case $mode in
minimise)
	[ $# -gt 0 ] || set -- $others $protos
	for t; do minimise "$t"; done
	;;
*)
	[ $mode = run ] || set -- $others proto
	[ $# -gt 0 ] || set -- $others $protos
	running=0
	for t; do
		for_long=$seconds
		case $mode-$t in
		short-proto) for_long=$((6 * seconds)) ;;
		short-decide|short-entry|short-keys|short-kev|short-note|short-packets|short-proof|short-site|\
		short-timestamp|short-vendor)
			for_long=$(((seconds + 1) / 2)) ;;
		esac
		( fuzz "$t" "$for_long" ) &
		running=$((running + 1))
		if [ $running -ge "${JOBS:-1}" ]; then wait; running=0; fi
	done
	wait
	;;
esac
[ ! -e "$out/bad" ]
