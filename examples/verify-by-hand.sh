#!/bin/sh
# verify-by-hand.sh [-a CA] [-t KEYS] LEDGER [CHECKPOINT]: is a calibration ledger what was signed?
#
# The whole of what "calchain verify" and "calchain timestamp verify" do, without calchain: with
# openssl(1), sha256sum(1), basenc(1), jq(1), awk(1) and a shell, so that whoever assesses a laboratory
# need not trust the program that wrote the ledger. CHECKPOINT is a checkpoint that was kept elsewhere,
# KEYS a file of verifier keys of logs and witnesses that are trusted, one a line, CA one of
# certificates (PEM) of those whose time stamps are. otledger(5) has the formats. It changes nothing,
# and prints one line: what holds, or the first record that is not right and which check failed.
# Exit status: 0 all holds, 1 something does not, 2 it could not be told.
set -u
LC_ALL=C
export LC_ALL
me=verify-by-hand.sh

fail() { echo "$me: $*" >&2; exit 2; }

usage="usage: $me [-a CA] [-t KEYS] LEDGER [CHECKPOINT]"
ca=
trust=
while getopts a:t: opt 2>/dev/null; do
	case $opt in
	a) ca=$OPTARG ;;
	t) trust=$OPTARG ;;
	*) fail "$usage" ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || [ $# -eq 2 ] || fail "$usage"
ledger=$1
outside=${2-}
for tool in openssl sha256sum basenc base64 jq awk split od xargs cmp; do
	command -v "$tool" >/dev/null || fail "$tool is needed"
done
for f in records.ndjson checkpoints.ndjson checkpoint; do
	[ -r "$ledger/$f" ] || fail "$ledger/$f cannot be read"
done
for f in "$outside" "$ca" "$trust"; do
	[ -z "$f" ] || [ -r "$f" ] || fail "$f cannot be read"
done
tmp=$(mktemp -d "${TMPDIR:-/tmp}/verify-by-hand-XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$tmp/whole" "$tmp/body" "$tmp/keys"

# What is found: record (or "-"), check, why, a line each, with tabs between.
tab=$(printf '\t')
: >"$tmp/found"
found() { printf '%s\t%s\t%s\n' "$1" "$2" "$3" >>"$tmp/found"; }

# Hexadecimal lines in, each of $1 bytes; the SHA-256 of those bytes out, in the same order. The
# bytes go to a file each, and one sha256sum does them all.
hash_each()
{
	rm -rf "$tmp/parts"
	mkdir "$tmp/parts"
	tr a-f A-F | basenc --base16 -d -i | (cd "$tmp/parts" && split -a 8 -d -b "$1" - p)
	hash_files "$tmp/parts"
}
# The SHA-256 of each file of a folder, in order of their names.
hash_files()
{
	[ -z "$(ls -A "$1")" ] ||
	    (cd "$1" && printf '%s\n' * | xargs sha256sum) | cut -c 1-64
}

# --- 1. The lines
#
# A record is one line, its members in a fixed order without blanks, so that it can be cut by
# counting: the digest and the signature are its last 180 bytes (77 without a signature). What is
# before them is the body.

[ -s "$ledger/records.ndjson" ] || fail "$ledger/records.ndjson is empty"
[ -z "$(tail -c 1 "$ledger/records.ndjson")" ] ||
    found - tail "the last line has no end: an append that was cut short"
records=$(wc -l <"$ledger/records.ndjson")
head -n "$records" "$ledger/records.ndjson" >"$tmp/records"

# number, time, type, author, key ID, prev, digest, signature: to $tmp/fields
awk -v tmp="$tmp" '
	function eat(s)	# passes over s in the head of the line
	{
		if (substr(head, at, length(s)) != s)
			return 0
		at += length(s)
		return 1
	}
	function word(	n, w)	# up to the next quote, which is passed over
	{
		n = index(substr(head, at), "\"")
		w = substr(head, at, n - 1)
		at += n
		return w
	}
	function hex(s, n) { return length(s) == n && s !~ /[^0-9a-f]/ }
	function shape()
	{
		head = substr($0, 1, 2048)
		at = 1
		key = "-"
		sig = "-"
		if (!eat("{\"timestamp\":\""))
			return 0
		time = word()
		if (length(time) != 31 || time !~ /^[0-9-]*T[0-9:]*\.[0-9]*\+0000$/ || !eat(",\"event_type\":\""))
			return 0
		type = word()
		if (type !~ /^[a-z_][a-z0-9_]*$/ || !eat(",\"seq\":"))
			return 0
		seq = substr(head, at, index(substr(head, at), ",") - 1)
		at += length(seq)
		if (seq !~ /^[1-9][0-9]*$/ || !eat(",\"clock\":\""))
			return 0
		clock = word()
		if (clock !~ /^(synchronised|unsynchronised|given)$/ || !eat(",\"author\":\""))
			return 0
		author = word()
		if (eat(",\"key\":\"") && !hex(key = word(), 8))
			return 0
		if (!eat(",\"prev\":\"") || !hex(prev = word(), 64) || !eat(",\"" type "\":{"))
			return 0
		end = length($0) - (key == "-" ? 77 : 180)
		tail = substr($0, end + 1)
		digest = substr(tail, 12, 64)
		if (substr(tail, 1, 11) != ",\"digest\":\"" || !hex(digest, 64) || substr($0, end, 1) != "}")
			return 0
		if (key == "-")
			return substr(tail, 76) == "\"}"
		sig = substr(tail, 91, 88)
		if (sig !~ /^[A-Za-z0-9+\/]*==$/)
			return 0
		return substr(tail, 76, 15) == "\",\"signature\":\"" && substr(tail, 179) == "\"}"
	}
	!shape() {
		# behind a line that is none nothing has a place any more
		print NR "\tline\tit has not the shape of a record" >> (tmp "/found")
		exit
	}
	{
		file = sprintf("%08d", NR)
		printf "%s", $0 > (tmp "/whole/" file)
		close(tmp "/whole/" file)
		printf "%s", substr($0, 1, length($0) - (key == "-" ? 77 : 180)) > (tmp "/body/" file)
		close(tmp "/body/" file)
		print substr($0, at - 1, end - at + 2) > (tmp "/payloads")
		print seq, time, type, author, key, prev, digest, sig
	}' OFS="$tab" "$tmp/records" >"$tmp/fields"
n=$(wc -l <"$tmp/fields")

# What lies between is one JSON object: more would be a second author for whoever reads the line as JSON.
[ -e "$tmp/payloads" ] || : >"$tmp/payloads"
jq -R -r 'try (fromjson | if type == "object" then empty else error("") end)
    catch ([input_line_number, "line", "its payload is no JSON object"] | @tsv)' <"$tmp/payloads" >>"$tmp/found"

# --- 2. Digest, number and chain
#
# digest is the SHA-256 of the body. prev is that of the whole line before (without its line feed),
# 64 zeros in the first. Numbers count from 1, times never go back.

hash_files "$tmp/whole" >"$tmp/whole.sha256"
hash_files "$tmp/body" >"$tmp/body.sha256"
paste "$tmp/fields" "$tmp/whole.sha256" "$tmp/body.sha256" | awk -F "$tab" -v OFS="$tab" '
	NR == 1 { before = sprintf("%064d", 0); was = "" }
	$1 != NR { print NR, "seq", "it says that it is record " $1 }
	$6 != before { print NR, "prev", NR == 1 ? "a first record goes on from nothing" : \
	    "it does not go on from record " NR - 1 " as that is now" }
	$2 < was { print NR, "time", "it is older than the record before it" }
	$7 != $10 { print NR, "digest", "its digest is not that of its bytes" }
	{ before = $9; was = $2 }' >>"$tmp/found"

# --- 3. The keys
#
# The first record (ledger) brings the first keys; "signer" records, by an administrator or, for
# their own key, by anybody, add, rotate, retire and revoke others. Such a record counts from the next
# one on, and the one that ends a key is the last that the key may sign. A verifier key is
# <name>+<ID>+<base64 of a type byte, 01, and the key>; the ID is the first 8 digits of the SHA-256
# of name, line feed, type and key.

awk -F "$tab" '$3 == "ledger" || $3 == "signer" { print NR }' "$tmp/fields" >"$tmp/key.lines"
awk 'FILENAME == ARGV[1] { want[$1]; next } FNR in want' "$tmp/key.lines" "$tmp/records" | jq -r '
	[input_line_number] +
	if .event_type == "ledger" then .ledger.keys[] as $k | ["first", $k.role, $k.vkey, "-"]
	else .signer | [.action, .role // "-", .vkey, .replaces // "-"] end | @tsv' \
    >"$tmp/key.asked" 2>"$tmp/err" || found 1 key "a record of keys cannot be read: $(head -n 1 "$tmp/err")"
first() { head -n 1 "$tmp/records" | jq -r ".ledger.$1 // \"\"" 2>/dev/null; }
origin=$(first origin)
sign=$(first sign)
format=$(first format)
case $format in
otledger/1) ;;
otledger/*) fail "$ledger/records.ndjson:1: this knows otledger/1, the ledger is $format" ;;
*) found 1 key "it does not begin a ledger of the format otledger/1" ;;
esac

# Each key as openssl takes it, in a file of its own: DER, which is a fixed beginning and 32 bytes.
cut -f 4 "$tmp/key.asked" | sort -u >"$tmp/key.all"
i=0
while IFS= read -r vkey; do
	i=$((i + 1))
	name=${vkey%%+*}
	rest=${vkey#*+}
	id=${rest%%+*}
	printf '%s' "${rest#*+}" | base64 -d >"$tmp/raw" 2>/dev/null || : >"$tmp/raw"
	is=$({ printf '%s\n' "$name"; cat "$tmp/raw"; } | sha256sum | cut -c 1-8)
	if [ "$(wc -c <"$tmp/raw")" -ne 33 ] || [ "$(od -A n -t x1 -N 1 "$tmp/raw")" != " 01" ] ||
	    [ "$is" != "$id" ]; then
		at=$(awk -F "$tab" -v k="$vkey" '$4 == k { print $1; exit }' "$tmp/key.asked")
		found "$(sed -n "${at}p" "$tmp/key.lines")" key "$name+$id is no Ed25519 key with that ID"
	fi
	{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$tmp/raw"; } >"$tmp/keys/$i"
done <"$tmp/key.all"

# The ring: name, ID, role, from, to (it counts for records behind `from`, up to `to`), file.
awk -F "$tab" -v OFS="$tab" -v origin="$origin" -v out="$tmp/ring" -v found="$tmp/found" '
	function take(vkey,	p) { split(vkey, p, "+"); name = p[1]; id = p[2] }
	function current(	i)	# the key in use of that name and ID; 0: none
	{
		for (i = 1; i <= n; i++)
			if (kname[i] == name && kid[i] == id && kto[i] == last)
				return i
		return 0
	}
	function add(vkey, role, from,	i)	# why not, or ""
	{
		take(vkey)
		if (role != "admin" && role != "author" && role != "log")
			return "a role is admin, author or log"
		if ((role == "log") != (name == origin))
			return "a log, and nobody else, has keys of the name " origin
		for (i = 1; i <= n; i++) {
			if (kname[i] == name && kid[i] == id)
				return name "+" id " is or was in the ledger"
			if (role != "log" && kname[i] == name && kto[i] == last)
				return name " has a key"
		}
		n++
		kname[n] = name; kid[n] = id; krole[n] = role; kfrom[n] = from; kto[n] = last; kfile[n] = file[vkey]
		return ""
	}
	function change(	i, by, old)	# why not, or ""
	{
		if ($2 == "first")
			return seq == 1 ? add($4, $3, 0) : "a ledger record is the first and no other"
		for (i = 1; i <= n; i++)
			if (krole[i] != "log" && kname[i] == author && kid[i] == key && seq > kfrom[i] && seq <= kto[i])
				by = i
		if (!by)
			return author " has no key " key
		if ($2 == "add")
			return krole[by] == "admin" ? add($4, $3, seq) : \
			    author " is no administrator and cannot add a key"
		if ($2 != "rotate" && $2 != "retire" && $2 != "revoke")
			return "add, rotate, retire or revoke is expected"
		take($2 == "rotate" ? $5 : $4)
		if (!(old = current()))
			return name "+" id " is no key in use"
		if (krole[by] != "admin" && by != old)
			return author " is no administrator and cannot end the key of another"
		kto[old] = seq
		return $2 == "rotate" ? add($4, krole[old], seq) : ""
	}
	BEGIN { last = 1e15 }
	FILENAME == ARGV[1] { file[$0] = FNR; next }
	FILENAME == ARGV[2] { seqs[FNR] = $1; next }
	FILENAME == ARGV[3] { authors[FNR] = $4; keys[FNR] = $5; next }
	{
		seq = seqs[$1]
		author = authors[seq]
		key = keys[seq]
		if ((why = change()) != "")
			print seq, "key", why >> found
	}
	END {
		for (i = 1; i <= n; i++)
			print kname[i], kid[i], krole[i], kfrom[i], kto[i], kfile[i] > out
	}' "$tmp/key.all" "$tmp/key.lines" "$tmp/fields" "$tmp/key.asked"
[ -e "$tmp/ring" ] || : >"$tmp/ring"

# --- 4. The signatures
#
# Ed25519 of "otkit-record/v1" LF digest LF, by the author's key of that ID at that time. A ledger that
# signs only checkpoints signs its records of keys all the same.

awk -F "$tab" -v OFS="$tab" -v sign="$sign" -v found="$tmp/found" '
	FILENAME == ARGV[1] {
		name[FNR] = $1; id[FNR] = $2; role[FNR] = $3; from[FNR] = $4; to[FNR] = $5; file[FNR] = $6; n = FNR
		next
	}
	$5 == "-" {
		if (sign == "record" || $3 == "ledger" || $3 == "signer")
			print FNR, "signature", "it is not signed" >> found
		next
	}
	{
		for (i = 1; i <= n; i++)
			if (role[i] != "log" && name[i] == $4 && id[i] == $5 && FNR > from[i] && FNR <= to[i]) {
				print FNR, file[i], $7, $8, name[i] "+" id[i]
				next
			}
		print FNR, "key", $4 " had no key " $5 " then" >> found
	}' "$tmp/ring" "$tmp/fields" >"$tmp/signed"
rm -rf "$tmp/whole" "$tmp/body"
mkdir "$tmp/text" "$tmp/sig"
awk -F "$tab" '{ printf "otkit-record/v1\n%s\n", $3 }' "$tmp/signed" | (cd "$tmp/text" && split -a 8 -d -b 81 -)
cut -f 4 "$tmp/signed" | base64 -d | (cd "$tmp/sig" && split -a 8 -d -b 64 -)
signatures=0
while IFS="$tab" read -r seq key digest base64 name; do
	i=$(printf 'x%08d' "$signatures")
	signatures=$((signatures + 1))
	openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$tmp/keys/$key" -in "$tmp/text/$i" \
	    -sigfile "$tmp/sig/$i" >/dev/null 2>&1 || found "$seq" signature "the signature of $name is false"
done <"$tmp/signed"
rm -rf "$tmp/text" "$tmp/sig"

# --- 5. The tree (RFC 6962)
#
# A leaf is the SHA-256 of a zero byte and the line's SHA-256; a node that of a byte 01 and the two
# below it. $tmp/level.K has the roots of all whole subtrees of 2^K leaves, a line each.

sed 's/^/00/' "$tmp/whole.sha256" | hash_each 33 >"$tmp/level.0"
level=0
while [ "$(wc -l <"$tmp/level.$level")" -gt 1 ]; do
	awk 'NR % 2 { left = $0; next } { print "01" left $0 }' "$tmp/level.$level" |
	    hash_each 65 >"$tmp/level.$((level + 1))"
	level=$((level + 1))
done

# --- 6. The heads
#
# A head is a signed note: origin, number of records, root in base64; an empty line; signatures
# "— name base64" of 4 bytes key ID and 64 bytes Ed25519 over the text. Heads: the newest, all that the
# ledger keeps, and the one from elsewhere. A byte 01 on a line of its own stands between them.

{
	cat "$ledger/checkpoint"
	printf '\001checkpoint\n'
	# a last line without its end is of an append that was cut short
	head -n "$(wc -l <"$ledger/checkpoints.ndjson")" "$ledger/checkpoints.ndjson" | jq -R -j '
	    . as $line | try (fromjson | select(.event_type == "checkpoint") | .checkpoint.note +
	    "\u0001checkpoints.ndjson:\(input_line_number)\n") catch "\u0001checkpoints.ndjson:\(input_line_number)\n"'
	[ -z "$outside" ] || { cat "$outside"; printf '\001%s\n' "$outside"; }
} >"$tmp/notes"
mkdir "$tmp/head" "$tmp/note"
awk -v tmp="$tmp" -v OFS="$tab" '
	/^\001/ {
		k++
		label = substr($0, 2)
		for (cut = n; cut > 0 && line[cut] != ""; cut--)
			;
		if (cut < 4 || cut == n || line[2] !~ /^(0|[1-9][0-9]*)$/ || length(line[3]) != 44 ||
		    line[3] !~ /^[A-Za-z0-9+\/]*=$/)
			print "-", k == 1 ? "seal" : label ~ /^checkpoints.ndjson/ ? "heads" : "outside", \
			    label ": it is no signed checkpoint" >> (tmp "/found")
		else {
			file = tmp "/head/" k
			for (i = 1; i < cut; i++)
				print line[i] > file
			close(file)
			file = tmp "/note/" k
			for (i = 1; i <= n; i++)
				print line[i] > file
			close(file)
			print k, line[1], line[2], line[3], label
			for (i = cut + 1; i <= n; i++) {
				split(line[i], word, " ")
				print k, line[2], word[2], word[3], word[1] > (tmp "/head.sigs")
			}
		}
		n = 0
		next
	}
	{ line[++n] = $0 }' "$tmp/notes" >"$tmp/heads"
cut -f 4 "$tmp/heads" | base64 -d | od -A n -v -t x1 -w32 | tr -d ' ' >"$tmp/head.roots"
paste "$tmp/heads" "$tmp/head.roots" >"$tmp/heads.all"

# The log's signatures: those of the origin's name (68 bytes are 92 characters), by a key that may seal
# a tree of that size. Lines of others, witnesses among them, are passed over.
[ -e "$tmp/head.sigs" ] || : >"$tmp/head.sigs"
awk -F "$tab" -v origin="$origin" '$3 == origin && length($4) == 92' "$tmp/head.sigs" >"$tmp/log.sigs"
cut -f 4 "$tmp/log.sigs" | base64 -d | od -A n -v -t x1 -w68 | tr -d ' ' >"$tmp/log.hex"
mkdir "$tmp/sig"
cut -c 9- "$tmp/log.hex" | tr a-f A-F | basenc --base16 -d -i | (cd "$tmp/sig" && split -a 8 -d -b 64 -)
paste "$tmp/log.sigs" "$tmp/log.hex" | awk -F "$tab" -v OFS="$tab" '
	FILENAME == ARGV[1] { if ($3 == "log") { id[++n] = $2; from[n] = $4; to[n] = $5; file[n] = $6 } next }
	{
		for (i = 1; i <= n; i++)
			if (id[i] == substr($6, 1, 8) && $2 + 0 >= from[i] && $2 + 0 <= to[i])
				print $1, file[i], sprintf("x%08d", FNR - 1)
	}' "$tmp/ring" - >"$tmp/log.known"
: >"$tmp/head.good"
while IFS="$tab" read -r k key sig; do
	if openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$tmp/keys/$key" -in "$tmp/head/$k" \
	    -sigfile "$tmp/sig/$sig" >/dev/null 2>&1; then
		printf '%s\tgood\t%s\n' "$k" "$key"
	else
		printf '%s\tfalse\t-\n' "$k"
	fi
done <"$tmp/log.known" >"$tmp/head.good"

# The root of a tree of any size: its whole subtrees, the smallest last, joined from the right.
# Each line is a size and the hashes still to be joined; each round joins two on every line.
cut -f 3 "$tmp/heads" | sort -n -u | awk -v n="$n" '$1 > 0 && $1 <= n' >"$tmp/sizes"
k=0
while [ "$k" -le "$level" ]; do
	sed "s/^/$k /" "$tmp/level.$k"
	k=$((k + 1))
done | awk '
	FILENAME == ARGV[1] { node[$1, row[$1]++] = $2; if ($1 > top) top = $1; next }
	{
		line = $1
		for (k = 0; k <= top; k++) {
			m = int($1 / 2 ^ k)
			if (m % 2)
				line = line " " node[k, m - 1]
		}
		print line
	}' - "$tmp/sizes" >"$tmp/edges"
while grep -q ' .* ' "$tmp/edges"; do
	awk 'NF > 2 { print "01" $3 $2 }' "$tmp/edges" | hash_each 65 >"$tmp/joined"
	awk 'FILENAME == ARGV[1] { joined[FNR] = $1; next }
	    NF > 2 { line = $1 " " joined[++i]; for (k = 4; k <= NF; k++) line = line " " $k; print line; next }
	    { print }' "$tmp/joined" "$tmp/edges" >"$tmp/edges.new"
	mv "$tmp/edges.new" "$tmp/edges"
done

# Each head: of this ledger, signed by its log, and of these records.
sort -n "$tmp/head.good" | awk -F "$tab" -v OFS="$tab" -v origin="$origin" -v n="$n" -v all="$records" '
	FILENAME == ARGV[1] { split($0, p, " "); root[p[1]] = p[2]; next }
	FILENAME == ARGV[2] { if ($2 == "good") good[$1]; else bad[$1]; next }
	{
		check = FNR == 1 ? "seal" : $5 ~ /^checkpoints.ndjson/ ? "heads" : "outside"
		if ($2 != origin)
			print "-", check, $5 ": it is of " $2 ", the ledger is " origin
		else if ($1 in bad)
			print "-", check, $5 ": the signature of its log is false"
		else if (!($1 in good))
			print "-", check, $5 ": it is signed by no key of this ledger"
		else if ($3 + 0 > all)
			print "-", check == "seal" ? "records" : check, $5 ": it covers " $3 " records, there are " \
			    all ": records are gone, or this is an older copy"
		else if ($3 + 0 > n)
			;	# a line that has no shape came before: that is the finding
		else if (root[$3] != $6)
			print "-", check == "seal" ? "root" : check, \
			    $5 ": the first " $3 " records are not those that it covers"
		if (FNR == 1 && $3 + 0 < all)
			print "-", "tail", "no checkpoint covers records " $3 + 1 " to " all
	}' "$tmp/edges" - "$tmp/heads.all" >>"$tmp/found"

# --- 7. The tree in files (C2SP tlog-tiles)
#
# tile/<L>/<N>: 256 hashes each, of level 8 L; tile/entries/<N>: the lines' SHA-256, each behind its
# length, 32, in two bytes. The last of each level has fewer: <N>.p/<how many>.

tile() # folder, hashes of the level
{
	total=$(wc -l <"$2")
	at=0
	while [ $((at * 256)) -lt "$total" ]; do
		width=$((total - at * 256))
		rest=$((at / 1000))
		path=$(printf '%03d' $((at % 1000)))
		while [ "$rest" -gt 0 ]; do
			path=$(printf 'x%03d/%s' $((rest % 1000)) "$path")
			rest=$((rest / 1000))
		done
		[ "$width" -ge 256 ] || path=$path.p/$width
		sed -n "$((at * 256 + 1)),$((at * 256 + 256))p" "$2" | tr a-f A-F | basenc --base16 -d -i |
		    cmp -s - "$ledger/tile/$1/$path" ||
		    found - tile "tile/$1/$path: its hashes are not those of the records"
		at=$((at + 1))
	done
}
size=$(awk -F "$tab" 'NR == 1 { print $3 }' "$tmp/heads")
if [ "${size:-0}" -eq "$n" ]; then
	sed 's/^/0020/' "$tmp/whole.sha256" >"$tmp/entries"
	tile entries "$tmp/entries"
	k=0
	while [ -s "$tmp/level.$((8 * k))" ]; do
		tile "$k" "$tmp/level.$((8 * k))"
		k=$((k + 1))
		[ -e "$tmp/level.$((8 * k))" ] || break
	done
fi

# --- 8. Those who are trusted (C2SP tlog-cosignature)
#
# A witness's verifier key has the type byte 04. What it signs of a head is "cosignature/v1" LF "time"
# and the seconds since 1970, LF, the head's text; its line has 4 bytes key ID, the seconds in 8 bytes
# and 64 bytes Ed25519. One of the witnesses, and one of the logs, that are trusted has to be there.

seen=
if [ -n "$trust" ]; then
	witnesses=0
	logs=0
	trusted=0
	: >"$tmp/seen"
	while IFS= read -r vkey || [ -n "$vkey" ]; do
		[ -n "$vkey" ] || continue
		name=${vkey%%+*}
		rest=${vkey#*+}
		id=${rest%%+*}
		printf '%s' "${rest#*+}" | base64 -d >"$tmp/raw" 2>/dev/null || : >"$tmp/raw"
		is=$({ printf '%s\n' "$name"; cat "$tmp/raw"; } | sha256sum | cut -c 1-8)
		type=$(od -A n -t x1 -N 1 "$tmp/raw")
		[ "$(wc -c <"$tmp/raw")" -eq 33 ] && [ "$is" = "$id" ] ||
		    fail "$trust: $name+$id is no key with that ID"
		if [ "$type" = " 01" ]; then
			# a log's key: does one of the heads hold by it?
			logs=$((logs + 1))
			file=$(awk -v k="$vkey" '$0 == k { print FNR }' "$tmp/key.all")
			[ -z "$file" ] || ! awk -F "$tab" -v f="$file" '$2 == "good" && $3 == f { yes = 1 }
			    END { exit !yes }' "$tmp/head.good" || trusted=$((trusted + 1))
			continue
		fi
		[ "$type" = " 04" ] || fail "$trust: $name+$id is of another type than 01 and 04"
		witnesses=$((witnesses + 1))
		{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; tail -c 32 "$tmp/raw"; } >"$tmp/witness"
		awk -F "$tab" -v name="$name" '$3 == name && length($4) == 104 { print $1, $2, $4 }' \
		    "$tmp/head.sigs" >"$tmp/lines"
		while read -r k size base64; do
			printf '%s' "$base64" | base64 -d >"$tmp/raw" 2>/dev/null
			[ "$(od -A n -v -t x1 -N 4 "$tmp/raw" | tr -d ' ')" = "$id" ] || continue
			at=$(printf '%d' "0x$(od -A n -v -t x1 -j 4 -N 8 "$tmp/raw" | tr -d ' \n')")
			tail -c 64 "$tmp/raw" >"$tmp/one.sig"
			{ printf 'cosignature/v1\ntime %s\n' "$at"; cat "$tmp/head/$k"; } >"$tmp/one.text"
			if openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey "$tmp/witness" \
			    -in "$tmp/one.text" -sigfile "$tmp/one.sig" >/dev/null 2>&1; then
				echo "$size $(date -u -d "@$at" +%Y-%m-%d) $name" >>"$tmp/seen"
			else
				label=$(awk -F "$tab" -v k="$k" '$1 == k { print $5 }' "$tmp/heads")
				case $k:$label in
				1:*) check=seal ;;
				*:checkpoints.ndjson:*) check=heads ;;
				*) check=outside ;;
				esac
				found - "$check" "$label: the signature of $name+$id is false"
			fi
		done <"$tmp/lines"
	done <"$trust"
	[ "$witnesses" -eq 0 ] || [ -s "$tmp/seen" ] ||
	    found - trust "no head of this ledger was seen by a witness that is trusted"
	[ "$logs" -eq 0 ] || [ "$trusted" -gt 0 ] ||
	    found - trust "no head of this ledger is signed by a key that is trusted"
	# the newest word of each
	seen=$(sort -k 3 -k 1,1nr "$tmp/seen" | awk '!($3 in told) {
	    told[$3]; printf ", the first %s records seen by %s on %s", $1, $3, $2 }')
fi

# --- 9. Time stamps (RFC 3161)
#
# A "time_stamp" line of checkpoints.ndjson names the authority's answer, a file in timestamps/, and what
# was stamped: the SHA-256 of a head's whole note. Certificates count as they were at the stamp's time.

stamps=0
if [ -n "$ca" ]; then
	(cd "$tmp/note" && printf '%s\n' * | xargs sha256sum) >"$tmp/note.sha256"
	head -n "$(wc -l <"$ledger/checkpoints.ndjson")" "$ledger/checkpoints.ndjson" | jq -R -r '
	    try (fromjson | select(.event_type == "time_stamp") | .time_stamp |
	    [.size, .checkpoint, .file, .sha256] | map(tostring | gsub("[^A-Za-z0-9./_-]"; "?")) | join(" "))
	    catch empty' >"$tmp/stamps"
	while read -r size checkpoint file sum; do
		stamps=$((stamps + 1))
		stamped() { found - timestamp "$file: $*"; }
		case $file in
		timestamps/.* | timestamps/*/* | timestamps/) stamped "its file is not in timestamps/"; continue ;;
		timestamps/*) ;;
		*) stamped "its file is not in timestamps/"; continue ;;
		esac
		k=$(awk -v h="$checkpoint" '$1 == h { print $2; exit }' "$tmp/note.sha256")
		if [ -z "$k" ] || [ "$(awk -F "$tab" -v k="$k" '$1 == k { print $3 }' "$tmp/heads")" != "$size" ]; then
			stamped "the head that was stamped is not there any more"
		elif ! [ -f "$ledger/$file" ] || ! [ -r "$ledger/$file" ]; then
			stamped "it cannot be read"
		elif [ "$(sha256sum <"$ledger/$file" | cut -c 1-64)" != "$sum" ]; then
			stamped "it is not the answer that was kept"
		else
			at=$(openssl ts -reply -in "$ledger/$file" -text 2>/dev/null | sed -n 's/^Time stamp: //p')
			: >"$tmp/err"
			at=$(date -u -d "$at" +%s 2>/dev/null) && [ -n "$at" ] &&
			    openssl ts -verify -digest "$checkpoint" -in "$ledger/$file" -CAfile "$ca" \
			    -attime "$at" >/dev/null 2>"$tmp/err" ||
			    stamped "it does not hold:" \
			    "$(sed -n 's/.*error:[^:]*:[^:]*:[^:]*:\([^:]*\):.*/\1/p' "$tmp/err" | head -n 1)"
		fi
	done <"$tmp/stamps"
	[ "$stamps" -gt 0 ] || found - timestamp "there are no time stamps"
fi

# --- What was found: the first record that is not right, then what is of no record.

if [ -s "$tmp/found" ]; then
	awk -F "$tab" -v OFS="$tab" '
		BEGIN {
			m = split("seq digest prev time key signature line records tail root seal tile heads " \
			    "outside timestamp trust", order, " ")
			for (i = 1; i <= m; i++)
				place[order[i]] = i
		}
		{ print $1 == "-" ? "999999999999999" : $1, place[$2], $2, $3 }' "$tmp/found" |
	    sort -n -k 1,1 -k 2,2 >"$tmp/sorted"
	awk -F "$tab" -v ledger="$ledger" -v last=999999999999999 '
		NR == 1 { print ledger ": " ($1 + 0 < last ? "record " $1 ": " : "") $3 ": " $4; next }
		$1 + 0 < last { if (!($1 in seen)) more++; seen[$1]; next }
		!($3 in told) { told[$3]; print ledger ": " $3 ": " $4 }
		END { if (more) print ledger ": and " more " records more or findings about the first" }' "$tmp/sorted"
	exit 1
fi
# the newest is one of checkpoints.ndjson, too, and counts once
heads=$(($(wc -l <"$tmp/heads") - 1))
echo "$ledger: $n records, $signatures signatures, $heads heads: all hold. Head" \
    "$(awk -F "$tab" 'NR == 1 { print $4 }' "$tmp/heads")$seen"
case $stamps in
0) ;;
1) echo "$ledger: 1 time stamp holds" ;;
*) echo "$ledger: $stamps time stamps hold" ;;
esac
[ -n "$outside$seen" ] || echo "$ledger: no checkpoint from elsewhere was compared: that nothing is missing at the" \
    "end, this does not tell"
