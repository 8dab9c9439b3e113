#!/bin/sh
# What fuzzing found once stays fixed; and the shipped capture, cut at many
# places, ends in a message and not in a crash. With the sanitizers where the
# library was built with them (LIB_SAN names it), else without.
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
lib=${LIB_SAN:-$build/libotkit.a} flags=
[ -z "${LIB_SAN:-}" ] || flags="-fsanitize=address,undefined -fno-sanitize-recover=all"
if [ ! -e "$lib" ]; then
	echo "1..0 # SKIP $lib not built"
	exit 0
fi
out=out/fuzz/replay
mkdir -p "$out"
n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1"; sed 's/^/# /' "$out/log" | head -20; }

for f in test/fuzz/fuzz_*.c; do
	t=${f#test/fuzz/fuzz_}
	t=${t%.c}
	more=$(sed -n 's/^ \* link: \([^*]*\).*/\1/p' $f)
	${CC:-cc} -std=c17 -D_GNU_SOURCE -Ilib -O1 -g $flags -o "$out/fuzz_$t" $f test/fuzz/check.c \
	    test/fuzz/onefile.c $more "$lib" -lpcap -ljansson -lcrypto -lnettle -lz -lseccomp -lxml2 -lm >"$out/log" 2>&1 &&
	    ok "fuzz_$t builds for replay" || not_ok "fuzz_$t builds for replay"
done
for d in test/fuzz/corpus/*/; do
	t=$(basename "$d")
	case $t in proto-*) OTKIT_PROTO=${t#proto-}; export OTKIT_PROTO ;; *) unset OTKIT_PROTO ;; esac
	"$out/fuzz_${t%%-*}" "$d" >"$out/log" 2>&1 && ok "$t: $(cat "$out/log") found once" || not_ok "$t"
done
unset OTKIT_PROTO
f=examples/lab.pcapng
if [ -e $f ]; then
	head -c 20000 $f > "$out/beginning"
	step=$(($(wc -c <$f) / 12))
	"$out/fuzz_pcap" --cut 97 "$out/beginning" >"$out/log" 2>&1 &&
	    ok "$f cut: $(cat "$out/log")" || not_ok "$f cut"
	"$out/fuzz_pcap" --cut $step $f >"$out/log" 2>&1 &&
	    ok "all of $f: $(cat "$out/log")" || not_ok "all of $f"
else
	ok "# SKIP $f not there"
fi
echo "1..$n"
