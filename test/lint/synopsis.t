#!/bin/sh
# Each manual's SYNOPSIS says what --help says, word by word, and each option
# that --help names is in the manual.
bin=${OTKIT_BIN:-.}
. "${0%/*}/../tap.sh"
LC_ALL=C.UTF-8
export LC_ALL
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# The forms of a synopsis, each on a line, its words apart by one space;
# brackets, bars and dots are words. Lines may break anywhere, and mdoc writes
# an argument in small letters.
forms() # PROGRAM
{
	sed -e 's/…/.../g' -e 's/[‐‑−–]/-/g' | tr -s ' \t\n' '\n\n\n' |
	    sed -e 's/\([][|]\)/\n\1\n/g' -e 's/\.\.\./\n...\n/g' | sed -e '/^$/d' |
	    awk -v name="$1" '
		$0 == name { if (line) print line; line = name; next }
		{ line = line " " (substr($0, 1, 1) == "-" ? $0 : tolower($0)) }
		END { if (line) print line }' | sort -u
}

usage() # PROGRAM [SUBCOMMAND]
{
	# a subcommand's own subcommand stands behind a slash
	"$bin/$1" $(echo "$2" | tr / ' ') --help </dev/null |
	    sed -n -e '/^usage: /,/^$/p' | sed -e 's/^usage: //'
}

# SYNOPSIS as mandoc shows it, until the next section; pages "program-subcommand" are its, too.
synopsis() # PROGRAM
{
	for page in "man/$1.1" "man/$1"-*.1; do
		[ -f "$page" ] && mandoc -T utf8 -O width=200 "$page" |
		    sed "s/.$(printf "\\b")//g" |
		    sed -n -e '/^SYNOPSIS/,/^DESCRIPTION/p' | sed -e '1d' -e '$d'
	done
}

for program in otcap otdissect otinv calchain nis2report; do
	text="$program: SYNOPSIS is the usage"
	if ! command -v mandoc >/dev/null 2>&1; then
		skip "$text" "no mandoc"
		continue
	fi
	if ! [ -f "man/$program.1" ]; then
		ok 1 "man/$program.1 is there"
		continue
	fi
	case $program in
	otcap) subs=extract ;;
	otinv) subs='build show why diff register vuln export merge' ;;
	calchain)
		subs='keygen init key append import show export verify repair prove check
		    witness/request witness/answer witness/accept witness/serve
		    timestamp/query timestamp/accept timestamp/verify
		    status due on assess windows budget decide'
		;;
	nis2report)
		subs='attest check classify cra deadlines diff gap init klassa plan stage vendors zones
		    incident/attach incident/close incident/correct incident/fields
		    incident/note incident/open incident/reopen incident/set
		    incident/show incident/submit'
		;;
	*) subs= ;;
	esac
	for s in ${subs:-""}; do
		usage "$program" $s
	done | forms "$program" >"$tmp/must"
	for s in '' $subs; do
		usage "$program" $s
	done | forms "$program" >"$tmp/may"
	synopsis "$program" | forms "$program" >"$tmp/are"
	# a program's own --help may name its subcommands' forms in short
	comm -23 "$tmp/must" "$tmp/are" | sed 's/^/# not in the manual: /' >"$tmp/diff"
	comm -13 "$tmp/may" "$tmp/are" | sed 's/^/# not in --help: /' >>"$tmp/diff"
	[ -s "$tmp/must" ] && ! [ -s "$tmp/diff" ]
	ok $? "$text"
	cat "$tmp/diff"

	for page in "man/$program.1" "man/$program"-*.1; do
		[ -f "$page" ] && mandoc -T utf8 -O width=200 "$page"
	done | sed "s/.$(printf "\\b")//g" | sed -e 's/[‐‑−–]/-/g' >"$tmp/page"
	missing=
	for s in '' $subs; do
		for o in $("$bin/$program" $(echo "$s" | tr / ' ') --help </dev/null |
		    sed -n -E 's/^  (-., |    )--([a-z0-9-]+).*/\2/p'); do
			case $o in
			help|version) continue ;;
			esac
			grep -q -e "--$o\\([^a-z-]\\|$\\)" "$tmp/page" || missing="$missing --$o"
		done
	done
	ok $([ -z "$missing" ]; echo $?) "$program: the manual has every option"
	[ -z "$missing" ] || echo "# missing:$missing"
done

echo "1..$n"
exit $failed
