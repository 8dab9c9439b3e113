#compdef otcap
# zsh completion for otcap(1): the program itself says what could come next.

local -a candidates sub
local line from=2

# behind a subcommand, that one is asked
if (( CURRENT > 2 )) && [[ $words[2] != -* ]]; then
	sub=($words[2])
	from=3
fi
for line in "${(@f)$($words[1] $sub --complete -- "${(@Q)words[from,CURRENT]}" 2>/dev/null)}"; do
	case $line in
	:file|:dir)
		[[ $words[CURRENT] == --*=* ]] && compset -P '*='
		if [[ $line == :dir ]]; then
			_files -/
		else
			_files
		fi
		return
		;;
	?*) candidates+=("$line") ;;
	esac
done
compadd -a candidates
