#!/bin/sh
# The inventory for people: the map and the page. Both are well-formed whatever names
# devices give themselves, say what they leave out, and are the same each time.
bin=${OTKIT_BIN:-.}
python=${PYTHON:-/usr/bin/python3}
. "${0%/*}/../tap.sh"
dir=$(mktemp -d "${TMPDIR:-/tmp}/otkit-page-XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
otinv=$bin/otinv
otdissect=$bin/otdissect
[ -x "$otinv" ] && [ -x "$otdissect" ] || { echo "Bail out! $otinv is not built"; exit 1; }
unset COLUMNS NO_COLOR

# holds FILE TEXT COMMENT, lacks FILE TEXT COMMENT
holds()
{
	grep -qF -- "$2" "$1"
	ok $? "$3"
}

lacks()
{
	! grep -qF -- "$2" "$1"
	ok $? "$3"
}

says() # STATUS TEXT COMMAND...
{
	status=$1
	want=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$status" ] && grep -qF -- "$want" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ]
	ok $? "says \"$want\""
}

# whole FILE...: what check.py has against it
whole()
{
	"$python" test/pipe/page.py "$@" >"$dir/whole" 2>&1
	status=$?
	ok $status "well-formed: $(basename "$1")"
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/whole"
}

"$otdissect" examples/lab.pcapng 2>/dev/null >"$dir/ev"
"$otinv" build --site examples/site.json "$dir/ev" >"$dir/lab"
for form in svg html; do
	for lang in en sv; do
		"$otinv" export -f $form --lang $lang "$dir/lab" >"$dir/lab-$lang.$form" 2>"$dir/err"
		[ $? -eq 0 ] && [ ! -s "$dir/err" ]
		ok $? "the example as $form in $lang"
		whole "$dir/lab-$lang.$form"
	done
	"$otinv" export -f $form "$dir/lab" | cmp -s - "$dir/lab-en.$form"
	ok $? "the same $form again"
	sed -n '1!G;h;$p' "$dir/lab" | "$otinv" export -f $form | cmp -s - "$dir/lab-en.$form"
	ok $? "and whatever the order of the records"
	"$otinv" export -f $form -a "$dir/lab" >"$dir/all.$form"
	whole "$dir/all.$form"
done

holds "$dir/lab-en.svg" '>Level 2 · supervision<' 'a band for a Purdue level'
holds "$dir/lab-en.svg" '>Building and cleanroom<' 'a box for a zone'
holds "$dir/lab-en.svg" '>HPLC-4<' 'a node by its name in the register'
holds "$dir/lab-en.svg" 'class="m-line w x"' 'a line that writes across zones'
holds "$dir/lab-en.svg" '<title>KONTOR-7 → AHU-2: Modbus, writes</title>' 'a line says whose it is, not by colour alone'
holds "$dir/lab-en.svg" '>1 unanswered attempt not drawn<' 'what is not drawn is counted'
holds "$dir/lab-sv.svg" '>Nivå 2 · övervakning<' 'the levels in Swedish'
holds "$dir/lab-sv.svg" 'Modbus · skriver' 'the lines in Swedish'
lacks "$dir/lab-en.svg" 'href' 'a map of its own leads nowhere'

holds "$dir/lab-en.html" '<div class="number">75<small>%</small></div>' 'the share in the register'
holds "$dir/lab-sv.html" 'av laboratoriet är förtecknat' 'in Swedish'
holds "$dir/lab-en.html" '<code>modbus.mei</code> <span class="at" title=' 'a value names its source'
grep -q 'lab.pcapng #[0-9]*</span>' "$dir/lab-en.html"
ok $? 'and the packet'
holds "$dir/lab-en.html" '<h3 class="odd">Contradictions</h3>' 'contradictions are told'
holds "$dir/lab-en.html" "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" \
    'nothing but its own style and script may run'
lacks "$dir/lab-en.html" '://' 'nothing is fetched'

# a laboratory without a register, a site file, or anything
"$otinv" build "$dir/ev" >"$dir/bare"
"$otinv" export -f html "$dir/bare" >"$dir/bare.html"
whole "$dir/bare.html"
holds "$dir/bare.html" 'have a known maker and firmware' 'without a register: how many are known'
"$otinv" export -f svg "$dir/bare" >"$dir/bare.svg"
whole "$dir/bare.svg"
holds "$dir/bare.svg" '>10.20.0.x<' 'without zones: a box for a network'
holds "$dir/bare.svg" '>Level not known<' 'and no level is made up'

# names that want to be markup, script or another name
"$python" test/pipe/page.py --nasty 60 >"$dir/nasty"
for form in svg html; do
	"$otinv" export -f $form "$dir/nasty" >"$dir/nasty.$form" 2>"$dir/err"
	ok $? "hostile names as $form"
	whole "$dir/nasty.$form"
	lacks "$dir/nasty.$form" '<svg onload' 'no markup of theirs'
	lacks "$dir/nasty.$form" '<script>alert' 'no script of theirs'
done

# many: the map gathers, the page cuts, and both say so
"$python" test/pipe/page.py --many 2000 >"$dir/many"
"$otinv" export -f svg "$dir/many" >"$dir/many.svg"
whole "$dir/many.svg"
[ "$(grep -c 'class="m-chip"' "$dir/many.svg")" -lt 120 ]
ok $? 'two thousand devices are fewer than 120 nodes'
[ "$(grep -c 'class="m-line' "$dir/many.svg")" -lt 40 ]
ok $? 'and fewer than 40 lines'
grep -q '>[0-9]* × sensor<' "$dir/many.svg"
ok $? 'many of a kind are one node'
holds "$dir/many.svg" 'inside a zone not drawn' 'lines that are not drawn are counted'
"$otinv" export -f html "$dir/many" >"$dir/many.html"
whole "$dir/many.html"
holds "$dir/many.html" 'So that the page can be opened' 'the page says what it leaves out'
"$python" test/pipe/page.py --many 5000 >"$dir/more"
"$otinv" export -f html "$dir/more" >"$dir/more.html"
whole "$dir/more.html"
[ "$(wc -c <"$dir/more.html")" -lt 8000000 ]
ok $? 'five thousand devices are a page of less than 8 MB'

: >"$dir/empty"
says 0 'no record in it' "$otinv" export -f svg "$dir/empty"
whole "$dir/out" svg
says 2 'sv, en' "$otinv" export -f svg -l de "$dir/lab"
says 2 'which form' "$otinv" export "$dir/lab"
says 2 'html' "$otinv" export -f pdf "$dir/lab"
echo "1..$n"
exit $failed
