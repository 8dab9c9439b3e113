#!/bin/sh
# tidy.sh TOOL FILE ...: clang-tidy, or clang alone, with the compiler's warnings. What was clean is
# looked at again when the file, a header that it needs, or what is asked for has changed: $BUILD/lint.
# Prints what the tool does. Called by lint.sh.
build=${BUILD:-build} tool=$1
shift
warn=$(sed -n '/^WARN  *=/,/[^\\]$/p' Makefile | tr -d '\\\n' | sed 's/^WARN *= *//')
xml=$(pkg-config --cflags libxml-2.0 2>/dev/null || echo -I/usr/include/libxml2)
set -- "$@" -- -std=c17 -D_GNU_SOURCE -DOTKIT_VERSION='"0"' -DOTKIT_RELEASED='"0"' -Ilib "-I$build" \
    $xml $warn -include base/banned.h

# Which files, before "--"; all behind it is the compiler's.
files=
while [ "$1" != -- ]; do
	files="$files $1"
	shift
done
for f in $files; do
	stamp=$build/lint/$f.$tool
	needs=$(sed -e 's/^[^:]*://' -e 's/\\$//' "$build/${f%.c}.d" 2>/dev/null | grep -v '^$' | tr '\n' ' ')
	[ -n "$needs" ] || needs=$(git ls-files -co --exclude-standard '*.h' 2>/dev/null)
	if [ "$*" = "$(cat "$stamp" 2>/dev/null)" ] &&
	    [ -z "$(find $f .clang-tidy $needs -newer "$stamp" 2>&1 | head -n 1)" ]; then
		continue
	fi
	case $tool in
	clang-tidy)
		# what is tested is the programs: of the others the warnings, and the one
		# check without which it does not start
		case $f in
		lib/*|cmd/*) checks= ;;
		*) checks='--checks=-*,clang-diagnostic-*,bugprone-suspicious-memset-usage' ;;
		esac
		out=$(clang-tidy -quiet $checks "$f" "$@" 2>/dev/null)
		;;
	*) out=$($tool -Werror -fsyntax-only "$@" "$f" 2>&1) ;;
	esac && [ -z "$out" ] && mkdir -p "${stamp%/*}" && echo "$*" >"$stamp" && continue
	printf '%s\n' "$out" | grep -E '^[^ ]*:[0-9]+:[0-9]+: ' | sed "s|^$PWD/||" ||
	    echo "$f:1: $tool does not end well"
done
