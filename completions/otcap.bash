# bash completion for otcap(1): the program itself says what could come next.
_otcap()
{
	local cur=${COMP_WORDS[COMP_CWORD]} line from=1
	local -a sub=()

	# behind a subcommand, that one is asked
	if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]]; then
		sub=("${COMP_WORDS[1]}")
		from=2
	fi
	COMPREPLY=()
	[[ $cur == "=" ]] && cur=
	while IFS= read -r line; do
		case $line in
		:file) compopt -o default ;;
		:dir) compopt -o dirnames ;;
		"$cur"*) COMPREPLY+=("$line") ;;
		esac
	done < <("$1" "${sub[@]}" --complete -- \
	    "${COMP_WORDS[@]:from:COMP_CWORD-from+1}" 2>/dev/null)
}
complete -F _otcap otcap
