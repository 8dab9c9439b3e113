#!/bin/sh
# otdissect with clang's memory sanitizer over each capture: nothing may depend on memory that was
# never written. Valgrind says the same of all programs, twenty times slower.
#
#     test/lab/msan.sh
#
# OTKIT_CAPTURES: the folder of captures. Debian: clang, libclang-rt-14-dev. Of the libraries only
# those that msan.c knows are told to write; jansson reads its own memory, so otinv, nis2report and
# calchain cannot be run so. Exit: 0 nothing found, 1 see what was printed, 2 it could not be run.
set -eu
cd "$(dirname "$0")/../.."
captures=${OTKIT_CAPTURES:-../shared/captures} out=${OUT:-build/msan} cc=${FUZZ_CC:-clang}
command -v "$cc" >/dev/null || { echo "msan: $cc is not installed (Debian: clang)" >&2; exit 2; }
[ -d "$captures" ] || { echo "msan: $captures: no captures there" >&2; exit 2; }
mkdir -p "$out"
flags="-O1 -g -fsanitize=memory -fno-omit-frame-pointer"
$cc -std=c17 $flags -c -o "$out/msan.o" test/lab/msan.c
wrap=$(sed -n 's/^DIGEST(\([a-z0-9_]*\),.*/\1/p; s/^__wrap_\([a-zA-Z0-9_]*\)(.*/\1/p' test/lab/msan.c |
    sed 's/^/-Wl,--wrap=/' | tr '\n' ' ')
make -s -j2 BUILD="$out" BIN="$out" CC="$cc" CFLAGS="$flags" LDFLAGS="$wrap $out/msan.o" "$out/otdissect" \
    >"$out/make.log" 2>&1 || { tail -20 "$out/make.log" >&2; exit 2; }
find -L "$captures" -type f \( -name '*.pcap*' -o -name '*.cap*' \) | sort >"$out/captures"
[ -s "$out/captures" ] || { echo "msan: $captures: no captures there" >&2; exit 2; }
status=0
while read -r f; do
	"$out/otdissect" --no-sandbox "$f" >"$out/events" 2>"$out/said" || true
	if grep -q MemorySanitizer "$out/said"; then
		echo "$f"
		cat "$out/said"
		status=1
	fi
done <"$out/captures"
echo "msan: $(wc -l <"$out/captures") captures, $([ $status -eq 0 ] && echo "no finding" || echo "see above")"
exit $status
