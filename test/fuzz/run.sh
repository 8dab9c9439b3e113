#!/bin/sh
# Fuzzes every target for SECONDS each, one after the other, on one core.
#
#     test/fuzz/run.sh SECONDS [TARGET ...]
#
# Targets: pcap line shape site rec register csaf note entry budget decide timeline, and proto-NAME for each
# dissector. Corpora and findings stay in out/fuzz/. Exit 1 when something was found: replay it with
# the line printed, and keep it under test/fuzz/corpus/TARGET/ once fixed.
set -u
cd "$(dirname "$0")/../.."
seconds=${1:?usage: test/fuzz/run.sh SECONDS [TARGET ...]}
shift
cc=${FUZZ_CC:-clang} out=out/fuzz
command -v "$cc" >/dev/null || { echo "fuzz: $cc is not installed (Debian: clang)" >&2; exit 2; }
san=-fsanitize=address,undefined
mkdir -p "$out/bin"
make -s -j2 BUILD="$out/build" CC="$cc" CFLAGS="-O1 -g $san -fsanitize=fuzzer-no-link -fno-sanitize-recover=all" \
    "$out/build/libotkit.a" >"$out/make.log" 2>&1 || { tail -20 "$out/make.log" >&2; exit 2; }
for t in pcap proto line shape site rec register csaf note entry budget decide timeline; do
	case $t in pcap|proto) more=test/fuzz/engine.c ;; *) more= ;; esac
	"$cc" -std=c17 -D_GNU_SOURCE -Ilib -O1 -g $san -fsanitize=fuzzer -fno-sanitize-recover=all \
	    -o "$out/bin/fuzz_$t" test/fuzz/fuzz_$t.c test/fuzz/check.c $more "$out/build/libotkit.a" \
	    -lpcap -ljansson -lcrypto -lnettle -lz -lseccomp -lm || exit 2
done
python3 test/fuzz/seeds.py "$out/seeds" || exit 2

# Without these two the fuzzer's own book-keeping takes three quarters of the time.
book=-entropic=0
ASAN_OPTIONS=${ASAN_OPTIONS:-malloc_context_size=3:quarantine_size_mb=16:max_malloc_fill_size=0}
export ASAN_OPTIONS

protos=$(sed -n 's/^\t\.name = "\(.*\)",$/proto-\1/p' lib/proto/*.c | sort)
[ $# -gt 0 ] || set -- pcap line shape site rec register csaf note entry budget decide timeline $protos
status=0
printf '%-16s %9s %8s %8s %7s  %s\n' TARGET RUNS PER-S CORPUS COVER FOUND
for t; do
	corpus=$out/corpus/$t found=$out/found/$t
	mkdir -p "$corpus" "$found" "$out/seeds/$t"
	[ -d "test/fuzz/corpus/$t" ] && cp -n test/fuzz/corpus/"$t"/* "$corpus/" 2>/dev/null
	bin=$out/bin/fuzz_${t%%-*} len=4096
	case $t in proto-*) OTKIT_PROTO=${t#proto-}; export OTKIT_PROTO ;; *) unset OTKIT_PROTO ;; esac
	dict=$out/seeds/$t.dict
	[ -e "$dict" ] && dict=-dict=$dict || dict=
	before=$(ls "$found" | wc -l)
	"$bin" $book -max_total_time="$seconds" -max_len=$len -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
	    -artifact_prefix="$found/" $dict "$corpus" "$out/seeds/$t" >"$out/$t.log" 2>&1
	rc=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$t.log")
	rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$out/$t.log")
	cover=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$out/$t.log" | tail -1)
	new=$(($(ls "$found" | wc -l) - before))
	word=nothing
	if [ $rc -ne 0 ] || [ $new -gt 0 ]; then
		word="see $out/$t.log"
		status=1
	fi
	size=$(ls "$corpus" | wc -l)
	printf '%-16s %9s %8s %8s %7s  %s\n' "$t" "${runs:-?}" "${rate:-?}" "$size" "${cover:-?}" "$word"
	if [ $new -gt 0 ]; then
		last=$(ls -t "$found" | head -1)
		printf '  %s%s %s\n' "${OTKIT_PROTO:+OTKIT_PROTO=$OTKIT_PROTO }" "$bin" "$found/$last"
	fi
done
exit $status
