# bash completion for otdissect(1): the program itself says what could come next.
_otdissect()
{
	local cur=${COMP_WORDS[COMP_CWORD]} line

	COMPREPLY=()
	[[ $cur == "=" ]] && cur=
	while IFS= read -r line; do
		case $line in
		:file) compopt -o default ;;
		:dir) compopt -o dirnames ;;
		"$cur"*) COMPREPLY+=("$line") ;;
		esac
	done < <("$1" --complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _otdissect otdissect
