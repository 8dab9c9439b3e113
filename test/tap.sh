# tap.sh: what tests in shell share. In a test, before it goes elsewhere:
#
#     . "${0%/*}/../tap.sh"
#     told=$dir/err                   # said of a test that fails, where there is such a file
#     command; ok $? "it works"
#     echo "1..$n"; exit $failed
n=0
failed=0
told=

ok() # status text
{
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
		[ ! -s "$told" ] || head -n 20 "$told" | sed 's/^/# /'
	fi
}

skip() # text reason
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# says STATUS TEXT COMMAND...: that exit status, one line on stderr that holds TEXT
says()
{
	status=$1
	want=$2
	shift 2
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	[ $? -eq "$status" ] && grep -qF -- "$want" "$dir/err" && [ "$(wc -l <"$dir/err")" -eq 1 ]
	status=$?
	ok $status "says \"$want\""
	[ $status -eq 0 ] || sed 's/^/# /' "$dir/err"
}
