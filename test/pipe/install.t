#!/bin/sh
# make install: what is put where, with which modes; and the installed programs
# do the main job from a folder that knows nothing of this tree.
LC_ALL=C
export LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL DESTDIR PREFIX
bin=${OTKIT_BIN:-.}
make=${MAKE:-make}
n=0
failed=0
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-install-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
root=$dir/root
share=$root/usr/share

ok() # status text
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
		[ ! -s "$dir/why" ] || head -n 20 "$dir/why" | sed 's/^/# /'
	fi
	: >"$dir/why"
}

skip() # text reason
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

if ! command -v "$make" >/dev/null 2>&1; then
	echo "1..0 # SKIP no make"
	exit 0
fi

# What is built is installed as it is: "all" is told to be old. The umask of a
# careful root must not make it unreadable for others.
(umask 077 && "$make" -o all install DESTDIR="$root" PREFIX=/usr BIN="$bin") >"$dir/why" 2>&1
ok $? "make install"

# --- what is where -------------------------------------------------------

programs="calchain nis2report otcap otdissect otinv"
{
	for p in $programs; do
		echo "755 usr/bin/$p"
		echo "644 usr/share/bash-completion/completions/$p"
		echo "644 usr/share/fish/vendor_completions.d/$p.fish"
		echo "644 usr/share/zsh/site-functions/_$p"
	done
	for f in README.md COPYING; do echo "644 usr/share/doc/otkit/$f"; done
	for f in examples/* examples/*/*; do
		[ "$f" = examples/README.md ] || [ -d "$f" ] && continue
		[ -x "$f" ] && echo "755 usr/share/doc/otkit/$f" || echo "644 usr/share/doc/otkit/$f"
	done
	for f in lib/schema/*.json; do echo "644 usr/share/otkit/schema/${f##*/}"; done
	for f in lib/rules/*.json; do echo "644 usr/share/otkit/rules/${f##*/}"; done
	for f in man/*.[1-8]; do echo "644 usr/share/man/man${f##*.}/${f##*/}"; done
} | sort >"$dir/want"
(cd "$root" && find . -type f -printf '%m %P\n') | sort >"$dir/got"
diff "$dir/want" "$dir/got" >"$dir/why"
ok $? "binaries, manuals, completions, schemas, rules, examples: all of them, and nothing else"
[ -z "$(cd "$root" && find . ! -type f ! -type d)" ]
ok $? "no links into the tree"
[ -z "$(cd "$root" && find . -mindepth 1 -type d ! -perm 755)" ]
ok $? "folders can be entered by all"
for p in $programs; do
	[ -f "man/$p.1" ] || echo "$p: no manual" >>"$dir/why"
	cmp "$bin/$p" "$root/usr/bin/$p" >>"$dir/why" 2>&1
done
[ ! -s "$dir/why" ]
ok $? "each program is the one that was built, and has a manual"
for pair in lib/schema:share/otkit/schema lib/rules:share/otkit/rules man:share/man; do
	find "${pair%:*}" -name '*.[j1-8]*' -type f | while read -r f; do
		g=$(find "$root/usr/${pair#*:}" -name "${f##*/}")
		cmp "$f" "$g" >>"$dir/why" 2>&1
	done
done
[ ! -s "$dir/why" ]
ok $? "schemas, rules and manuals are whole"

# --- elsewhere -----------------------------------------------------------

mkdir "$dir/elsewhere"
top=$(pwd)
case $bin in /*) built=$bin ;; *) built=$top/$bin ;; esac
lab=$share/doc/otkit/examples/lab.pcapng
site=$share/doc/otkit/examples/site.json
"$built/otcap" -r "$lab" | "$built/otdissect" | "$built/otinv" build --site "$site" |
    "$built/nis2report" gap --site "$site" -f ndjson >"$dir/want" 2>"$dir/why"
(
	cd "$dir/elsewhere" || exit 1
	PATH=$root/usr/bin:/usr/bin:/bin
	export PATH
	otcap -r "$lab" | otdissect | otinv build --site "$site" |
	    nis2report gap --site "$site" -f ndjson
) >"$dir/got" 2>>"$dir/why"
[ -s "$dir/want" ] && cmp "$dir/want" "$dir/got" >>"$dir/why" 2>&1 && [ ! -s "$dir/why" ]
ok $? "the installed programs do the main job from another folder"
[ -z "$(ls -A "$dir/elsewhere")" ]
ok $? "and leave nothing there"
(
	cd "$dir/elsewhere" || exit 1
	for p in $programs; do
		"$root/usr/bin/$p" --version | grep -q "^$p " || echo "$p --version"
		"$root/usr/bin/$p" --help | grep -q "^usage: $p" || echo "$p --help"
	done
) >"$dir/why" 2>/dev/null
[ ! -s "$dir/why" ]
ok $? "each says what it is"
(
	cd "$dir/elsewhere" || exit 1
	"$root/usr/bin/otcap" -r "$lab" | "$root/usr/bin/otdissect" |
	    "$root/usr/bin/otinv" build --site "$site" |
	    "$root/usr/bin/nis2report" gap --site "$site" -f ndjson --rules "$share/otkit/rules"
) >"$dir/got" 2>"$dir/why"
cmp "$dir/want" "$dir/got" >>"$dir/why" 2>&1
ok $? "the installed rules are those built in, to the digest"
"$root/usr/bin/nis2report" gap --schema >"$dir/c" 2>"$dir/why"
[ "$(sed -n 2p "$dir/c" | jq -S .)" = "$(jq -S . "$share/otkit/schema/finding.json")" ]
ok $? "so are the schemas"

# --- completions ---------------------------------------------------------

if command -v bash >/dev/null 2>&1; then
	for p in $programs; do
		(
			cd "$dir/elsewhere" || exit 1
			PATH=$root/usr/bin:$PATH bash -c '
				. "$1" && complete -p "$2" >/dev/null || exit 1
				f=$(complete -p "$2") && f=${f#*-F } && f=${f%% *}
				COMP_WORDS=("$2" --he) COMP_CWORD=1 COMP_LINE="$2 --he" COMP_POINT=${#COMP_LINE}
				$f "$2" --he "$2"
				for w in "${COMPREPLY[@]}"; do [ "${w% }" = --help ] && exit 0; done
				echo "${COMPREPLY[@]}"
				exit 1' - "$share/bash-completion/completions/$p" "$p"
		) >"$dir/why" 2>&1
		ok $? "bash completes $p --he"
	done
else
	skip "bash completes" "no bash"
fi

# --- again, and elsewhere ------------------------------------------------

find "$root" -type f -exec sha256sum {} + | sort >"$dir/before"
"$make" -o all install DESTDIR="$root" PREFIX=/usr BIN="$bin" >"$dir/why" 2>&1
ok $? "installed over itself"
find "$root" -type f -exec sha256sum {} + | sort | cmp -s - "$dir/before"
ok $? "nothing is other than before"
"$make" -o all install DESTDIR="$dir/local" BIN="$bin" >"$dir/why" 2>&1 &&
    [ -x "$dir/local/usr/local/bin/otcap" ] && [ ! -e "$dir/local/usr/bin" ]
ok $? "the prefix is /usr/local unless another is given"

echo "1..$n"
exit $failed
