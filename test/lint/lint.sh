#!/bin/sh
# lint.sh: the rules that a machine can keep. Run from the top of the tree,
# best after a build: the symbols of lib/net and lib/proto are read from the
# objects under $BUILD (build). Prints "file:line: what", exits 1 on findings.
LC_ALL=C.UTF-8
export LC_ALL
BUILD=${BUILD:-build}
CC=${CC:-cc}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' INT TERM
found=$tmp/found
: >"$found"

# All files of the project, one a line.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files -co --exclude-standard
else
	find . -name node_modules -prune -o -path "./$BUILD" -prune -o -path ./out -prune -o \
	    -type f -print | sed 's|^\./||'
fi | sort -u | while IFS= read -r f; do
	[ -f "$f" ] && printf '%s\n' "$f"
done >"$tmp/files"

# grep -I tells text from data
xargs -d '\n' grep -I -l -e '' <"$tmp/files" | sort >"$tmp/text"
grep -E '\.[ch]$' "$tmp/text" >"$tmp/c"
grep -E '\.h$' "$tmp/c" | grep '^lib/' >"$tmp/headers"
while IFS= read -r f; do
	case $f in
	*.c|*.h|*.json|*.ndjson|*.md|*.[1-9]) ;;
	*)
		read -r first <"$f"
		case $first in
		'#!'*sh*) printf '%s\n' "$f" ;;
		esac
		;;
	esac
done <"$tmp/text" >"$tmp/scripts" 2>/dev/null

checks=0
rule() # what the next findings are about
{
	checks=$((checks + 1))
	before=$(wc -l <"$found")
	name=$1
}

# Findings on stdin, "file:line: what"; said under the rule's name.
report()
{
	cat >>"$found"
	if [ "$(wc -l <"$found")" -gt "$before" ]; then
		echo "-- $name"
		tail -n +$((before + 1)) "$found"
	fi
}

# grep over the files that a list names: report_lines LIST PATTERN WHAT
lines()
{
	xargs -d '\n' grep -H -n -P -e "$2" <"$1" 2>/dev/null |
	    sed -E "s|^([^:]*:[0-9]+):.*|\\1: $3|"
}

# --- text -------------------------------------------------------------

# A captured text, a table or a licence is as it is.
grep -v -E '^COPYING$|\.(ndjson|tsv|csv|log|pcap|pcapng|golden)$|^test/golden/' "$tmp/text" >"$tmp/own"

rule "trailing blanks"
lines "$tmp/own" '[ \t]+$' 'blanks at the end of the line' | report

rule "spaces before tabs"
lines "$tmp/own" '^\t* +\t' 'a tab behind spaces in the indentation' | report

rule "C is indented by tabs (drawings in comments are not)"
xargs -d '\n' awk '
	FNR == 1 { comment = 0 }
	/^ {8}|^        / && !comment { print FILENAME ":" FNR ": eight spaces of indentation, use a tab" }
	/\/\*/ { comment = 1 }
	/\*\// { comment = 0 }' <"$tmp/c" | report

rule "carriage returns"
lines "$tmp/own" '\r$' 'a carriage return' | report

# A manual's lines end where a macro ends, and a test's table holds texts that
# are found by searching for them whole.
rule "100 columns in C, 120 elsewhere"
grep -v -E '\.(json|md|[1-9])$' "$tmp/own" | while IFS= read -r f; do
	case $f in
	test/*.[ch]) pattern="^[^\"']{101,}$" ;;
	*.[ch]) pattern='^.{101,}$' ;;
	*.js) pattern='^.{161,}$' ;;
	test/*) pattern="^[^\"']{121,}$" ;;
	*) pattern='^.{121,}$' ;;
	esac
	expand -t 8 "$f" | grep -n -E "$pattern" | sed -E "s|^([0-9]+):.*|$f:\\1: too long|"
done | report

rule "a line feed at the end of the file"
while IFS= read -r f; do
	[ -s "$f" ] && [ -n "$(tail -c 1 "$f")" ] && echo "$f:$(($(wc -l <"$f") + 1)): no line feed"
done <"$tmp/own" | report

rule "no host of a package registry"
# the words are split so that this file does not find itself
lines "$tmp/own" \
    'https?://[^\s"'"'"'<>]*(npm''js|py''pi\.|python''hosted|crates\.''io|ruby''gems|proxy\.go''lang|deb\.deb''ian\.org|arti''factory|registry\.)' \
    'the address of a package registry' | report

# --- C ----------------------------------------------------------------

rule "files of 700 lines at most (reasons for more: test/lint/long-files)"
grep -E '^(lib|cmd)/.*\.[ch]$' "$tmp/c" | while IFS= read -r f; do
	n=$(wc -l <"$f")
	if [ "$n" -gt 700 ] && ! grep -q "^$f	." test/lint/long-files 2>/dev/null; then
		echo "$f:$n: $n lines"
	fi
done | report

rule "reasons in test/lint/long-files are still needed"
if [ -f test/lint/long-files ]; then
	grep -n -v '^#' test/lint/long-files | while IFS=":	" read -r line f reason; do
		if [ ! -f "$f" ] || [ "$(wc -l <"$f")" -le 700 ]; then
			echo "test/lint/long-files:$line: $f is not longer than 700 lines"
		elif [ -z "$reason" ]; then
			echo "test/lint/long-files:$line: no reason"
		fi
	done
fi | report

rule "banned calls"
lines "$tmp/c" \
    '^(?!#pragma|#undef)(?!\s*\*)[^"]*(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|gets|strtok|strncpy|strncat|atoi|atol|atoll|atof|system|popen|tmpnam|mktemp|gmtime|localtime|ctime|asctime|alloca)\s*\(' \
    'a banned call (lib/base/banned.h)' | report

rule "output that depends on the clock, chance or the locale"
grep -E '^(lib|cmd)/' "$tmp/c" | grep -v -E '^lib/base/(stamp|diag)\.c$' >"$tmp/steady"
lines "$tmp/steady" \
    '^[^"*]*(?<![\w.>])(time|gettimeofday|rand|random|srand|drand48|arc4random|setlocale|localtime_r|tzset)\s*\(' \
    'depends on the clock, chance or the locale (stamp_now is the clock)' | report

rule "the place of a reader is rd_at()"
grep -E '^lib/' "$tmp/c" | grep -v '^lib/base/rd\.h$' >"$tmp/readers"
lines "$tmp/readers" '([\w\]]+)(->|\.)p \+ (?:[\w.\[\]]|->)*\1\2off\b' \
    'p + off of a reader: undefined where it has no bytes (rd_at of base\/rd.h)' | report

# Which folders a folder may include, besides itself.
rule "includes go upwards"
while IFS= read -r f; do
	case $f in
	lib/base/*) may='base' ;;
	lib/json/*) may='base|json' ;;
	lib/capture/*) may='base|json|capture' ;;
	lib/net/*) may='base|net|capture/packet\.h' ;;
	lib/proto/ev.[ch] | lib/proto/engine*.[ch] | lib/proto/stats.c)
		may='base|net|proto|capture/packet\.h|json/jw\.h' ;;
	lib/proto/remote_access.c) may='base|net|proto|json/scan\.h' ;;      # its list is JSON
	lib/proto/*) may='base|net|proto|capture/packet\.h|rules/vendors-[a-z]*\.inc' ;;
	lib/chain/*) may='base|json|chain' ;;
	lib/metrology/*) may='base|json|metrology' ;;
	lib/model/*) may='base|json|model' ;;
	lib/inv/wire.c) may='inv|proto' ;;              # the dissectors' words, for foreign records
	lib/inv/*) may='base|json|model|inv' ;;
	lib/watch/*) may='base|json|model|watch' ;;
	lib/assess/*) may='base|json|model|chain|inv|assess' ;;     # chain: signatures of attestations
	# inventory and ledger: what records say of an incident (prefill.h)
	# captures: packets cut out of them are evidence (package.h)
	lib/incident/*) may='base|json|capture|extract|model|chain|ledger|inv|assess|incident' ;;
	lib/extract/*) may='base|json|capture|net|extract' ;;
	# wire.h: the dissectors' words, for what Suricata says
	lib/timeline/*) may='base|json|model|inv/wire\.h|assess/ruledoc\.h|timeline' ;;
	lib/report/*) may='base|json|model|inv|assess|incident|timeline|report' ;;
	lib/archive/*) may='base|json|model|chain|archive' ;;
	lib/ledger/*) may='base|json|model|chain|metrology|ledger' ;;
	lib/relay/*) may='base|json|model|relay' ;;
	lib/*) may='' ;;
	*) continue ;;
	esac
	dir=${f#lib/}
	dir=${dir%%/*}
	# a quoted name without a folder is of the same folder
	grep -n '^#[[:space:]]*include "' "$f" | grep -v -E "\"($may)(/|\")" | grep '/.*"' |
	    sed -E "s|^([0-9]+):.*(\".*\").*|$f:\\1: lib/$dir may not include \\2|"
	case $f in
	lib/net/*|lib/proto/*)
		grep -n -E '^#[[:space:]]*include <(pcap|jansson|sys/socket|sys/stat|fcntl|unistd|netinet|arpa|openssl|zlib)' \
		    "$f" | sed -E "s|^([0-9]+):.*(<.*>).*|$f:\\1: lib/$dir sees no files, sockets or libraries: \\2|" |
		    grep -v -E '^lib/(net/cid|proto/ja|proto/engine)\.c:[0-9]+: .*<openssl/(evp|crypto)\.h>$'
		;;
	esac
done <"$tmp/c" | report

rule "headers compile alone"
while IFS= read -r f; do
	h=${f#lib/}
	printf '#include "%s"\n#include "%s"\n' "$h" "$h" |
	    $CC -std=c17 -D_GNU_SOURCE -Ilib -Wall -Wextra -Wno-unused-function \
	    -Wno-unused-parameter -Wno-unused-variable -Werror -x c -fsyntax-only -include base/banned.h - >"$tmp/out" 2>&1 ||
	    echo "$f:1: does not compile alone: $(grep -m 1 -E 'error' "$tmp/out" | sed 's/.*error: //')"
done <"$tmp/headers" | report

# Warnings of clang, and what .clang-tidy asks for; where that is not there, the warnings alone.
# The build folder has tables that some files include.
rule "clang's warnings and clang-tidy"
tool=
for t in clang-tidy clang; do
	[ -n "$tool" ] || ! command -v $t >/dev/null 2>&1 || tool=$t
done
if [ -z "$tool" ]; then
	echo "-- $name: not looked at, neither is here (Debian: clang-tidy)"
elif [ ! -d "$BUILD/rules" ]; then
	echo "-- $name: not looked at, $BUILD has no tables: build first"
else
	[ $tool = clang-tidy ] || echo "-- $name: warnings alone, no clang-tidy"
	grep '\.c$' "$tmp/c" | xargs -d '\n' -P 2 -n 12 sh test/lint/tidy.sh $tool | sort -u | report
fi

rule "cppcheck (what it is not asked for: test/lint/cppcheck)"
if command -v cppcheck >/dev/null 2>&1; then
	grep -E '^(lib|cmd)/.*\.c$' "$tmp/c" >"$tmp/programs"
	mkdir -p "$BUILD/lint/cppcheck"
	cppcheck -q -j2 --std=c11 --enable=warning,portability --cppcheck-build-dir="$BUILD/lint/cppcheck" \
	    -Ilib "-I$BUILD" -D_GNU_SOURCE '-DOTKIT_VERSION="0"' '-DOTKIT_RELEASED="0"' \
	    --include=test/lint/cppcheck.h --suppress=missingIncludeSystem \
	    --suppressions-list=test/lint/cppcheck --template='{file}:{line}: {id}: {message}' \
	    --file-list="$tmp/programs" 2>&1 | grep . | sort -u | report
else
	echo "-- $name: not looked at, no cppcheck"
fi

# --- symbols ----------------------------------------------------------

# Objects whose source is still there: nm prints " U name".
symbols() # PATTERN-OF-FILES WHAT-NOT MESSAGE
{
	find "$BUILD/lib" -name '*.o' 2>/dev/null | sort | while IFS= read -r o; do
		src=${o#"$BUILD/"}
		src=${src%.o}.c
		[ -f "$src" ] || continue
		printf '%s\n' "$src" | grep -q -E "$1" || continue
		nm -u "$o" | awk '{ print $NF }' | sed 's/@.*//' | grep -x -E "$2" |
		    sed "s|^|$src:1: $3 |"
	done
}

if [ -d "$BUILD/lib/net" ] && [ -d "$BUILD/lib/proto" ]; then
	rule "lib/net and lib/proto take memory at the start only"
	symbols '^lib/(net|proto)/' \
	    '(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf|mmap)' \
	    'calls' | grep -v -E '^lib/(net/(flow|frag|tcp)|proto/(crew|pend|engine|ev|gather|hints|keep|rollup))\.c:1: calls (malloc|calloc|free)$' |
	    report
	rule "lib/net and lib/proto see no files and no sockets"
	symbols '^lib/(net|proto)/' \
	    '(f?open(64|at|at64)?|fdopen|freopen|read|write|pread|pwrite|close|f(read|write|printf|puts|putc)|__fprintf_chk|socket|connect|bind|listen|accept4?|send(to|msg|mmsg)?|recv(from|msg|mmsg)?|ioctl|getaddrinfo|getenv|unlink|rename|stat|fstat|poll|select)' \
	    'calls' | report
	rule "nothing under lib/ prints or exits, but diag and opt"
	symbols '^lib/' '(stdout|stderr|printf|__printf_chk|puts|putchar|perror|exit|_exit|quick_exit|err|errx|warn|warnx)' \
	    'uses' | grep -v -E '^lib/base/(diag|opt)\.c:' | report
	rule "nothing sends a packet"
	symbols '^(lib|cmd)/' '(pcap_inject|pcap_sendpacket|send|sendto|sendmsg|sendmmsg)' 'calls' |
	    grep -v '^lib/relay/' | report
else
	echo "-- symbols: not looked at, $BUILD has no objects: build first"
fi

# --- other languages --------------------------------------------------

rule "JSON parses"
grep -E '\.json$' "$tmp/text" | while IFS= read -r f; do
	if command -v jq >/dev/null 2>&1; then
		jq empty "$f" 2>"$tmp/out" || echo "$f:1: $(head -n 1 "$tmp/out")"
	else
		${PYTHON:-python3} -m json.tool "$f" >/dev/null 2>"$tmp/out" ||
		    echo "$f:1: $(head -n 1 "$tmp/out")"
	fi
done | report

rule "scripts parse"
while IFS= read -r f; do
	read -r first <"$f"
	case $first in
	*bash*) shell=bash ;;
	*zsh*) shell=zsh ;;
	*fish*) shell=fish ;;
	*) shell=sh ;;
	esac
	command -v $shell >/dev/null 2>&1 || continue
	$shell -n "$f" 2>"$tmp/out" || echo "$f:1: $(head -n 1 "$tmp/out")"
done <"$tmp/scripts" | report

rule "scripts can be run"
while IFS= read -r f; do
	[ -x "$f" ] || echo "$f:1: not executable"
done <"$tmp/scripts" | report

rule "manuals: mandoc -Tlint"
if command -v mandoc >/dev/null 2>&1; then
	for f in man/*.[1-9]; do
		[ -f "$f" ] && mandoc -Tlint -W warning "$f" 2>&1
	done | sed 's/^mandoc: //' | report
else
	echo "-- $name: not looked at, no mandoc"
fi

n=$(wc -l <"$found")
if [ "$n" -gt 0 ]; then
	echo "lint: $n findings"
	exit 1
fi
echo "lint: $checks rules hold for $(wc -l <"$tmp/files") files"
