#!/bin/sh
# The completions of three shells: they parse, and bash's and fish's yield what
# the programs offer.
bin=${OTKIT_BIN:-.}
. "${0%/*}/../tap.sh"

for shell in bash zsh fish; do
	for program in otcap otdissect otinv calchain nis2report; do
		text="$shell reads completions/$program.$shell"
		if command -v $shell >/dev/null 2>&1; then
			$shell -n completions/$program.$shell
			ok $? "$text"
		else
			skip "$text" "no $shell"
		fi
	done
done

# What fish would offer for a line, one candidate a line.
in_fish()
{
	PATH=$bin:$PATH fish -c "source completions/$1.fish; complete -C '$2'"
}

# What bash would offer for words, the last of them being completed; and in
# brackets what it leaves to readline.
in_bash()
{
	program=$1
	shift
	bash -c '
		compopt() { echo "($*)"; }
		source "completions/$1.bash"
		f=_$1
		shift
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		"$f" "$1"
		((${#COMPREPLY[@]})) && printf "%s\n" "${COMPREPLY[@]}"
		true
	' bash "$program" "$bin/$program" "$@"
}

# expect SHELL "a line that must be among them" "text" PROGRAM WORD...
expect()
{
	shell=$1 line=$2 text=$3
	shift 3
	if ! command -v "$shell" >/dev/null 2>&1; then
		skip "$text" "no $shell"
		return
	fi
	out=$("in_$shell" "$@")
	printf '%s\n' "$out" | grep -q -x -e "$line"
	ok $? "$text"
}

expect bash --interface "bash: otcap's options" otcap -
expect bash --format "bash: the beginning of one" otcap --fo
expect bash pcap "bash: values" otcap --format p
expect bash pcap "bash: values behind =" otcap --format = p
expect bash "(-o default)" "bash: files are bash's" otcap -r ""
if [ -e /sys/class/net/lo ]; then
	expect bash lo "bash: interfaces" otcap -i ""
else
	skip "bash: interfaces" "no /sys/class/net/lo"
fi
expect bash extract "bash: a mode" otcap ex
expect bash --packets "bash: its options" otcap extract --pa
expect bash modbus "bash: protocols" otdissect -p mod
expect bash build "bash: subcommands" otinv ""
expect bash --csaf "bash: options of vuln" otinv vuln --cs
expect bash --site "bash: a subcommand's options" otinv build --si
expect bash cyclonedx "bash: the forms of an export" otinv export --format c
expect bash --register "bash: the register's" otinv register --re
expect bash gap "bash: subcommands" nis2report ""
expect bash --lang "bash: a subcommand's options" nis2report gap --la
expect bash sv "bash: a subcommand's values" nis2report gap --lang ""
expect fish --format "fish: the beginning of an option" otcap "otcap --fo"
expect fish pcap "fish: values" otcap "otcap --format p"
expect fish --format=pcap "fish: values behind =" otcap "otcap --format=p"
expect fish build "fish: subcommands" otinv "otinv b"
expect fish --site "fish: a subcommand's options" otinv "otinv build --si"

echo "1..$n"
exit $failed
