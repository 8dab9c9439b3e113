#!/bin/sh
# Real captures through otdissect and otinv, held against what a reference
# dissector saw in them, and what a person says their hosts are.
bin=${OTKIT_BIN:-.}
captures=${OTKIT_CAPTURES:-../shared/captures}
python=${PYTHON:-/usr/bin/python3}
data=test/pipe/data
n=0
failed=0
here=$(cd "$bin" && pwd)
otinv=$here/otinv
otdissect=$here/otdissect
[ -x "$otinv" ] && [ -x "$otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
[ -r "$captures/expected.tsv" ] || { echo "1..0 # SKIP no captures in $captures"; exit 0; }
"$python" -c '' 2>/dev/null || { echo "1..0 # SKIP no Python: $python"; exit 0; }
# roles that follow from a MAC's maker need the registry
[ -r /usr/share/ieee-data/oui.csv ] || [ -r /usr/share/ieee-data/oui.txt ] ||
	{ echo "1..0 # SKIP no /usr/share/ieee-data"; exit 0; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-captures-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT

mkdir "$dir/inv"
cut -f1 "$captures/expected.tsv" | tail -n +2 | while read -r f; do
	(cd "$captures" && "$otdissect" "$f") 2>/dev/null |
	    "$otinv" build - 2>>"$dir/err" >"$dir/inv/$(echo "$f" | tr / _).ndjson"
done

"$python" test/pipe/captures.py "$captures" "$dir/inv" $data/captures-known.tsv \
    $data/captures-roles.tsv >"$dir/said" 2>&1
while read -r word text; do
	case $word in
	ok|not)
		n=$((n + 1))
		[ "$word" = ok ] && echo "ok $n - $text" || { echo "not ok $n - $text"; failed=1; }
		;;
	*)
		echo "# $word $text"
		;;
	esac
done <"$dir/said"
echo "1..$n"
[ $failed -eq 0 ] && [ $n -eq 7 ]
