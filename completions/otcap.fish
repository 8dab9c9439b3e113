# fish completion for otcap(1): the program itself says what could come next.
function __otcap_candidates
    set -l cur (commandline -ct)
    set -l words (commandline -opc)
    set -l sub
    # behind a subcommand, that one is asked
    if set -q words[2]; and not string match -q -- '-*' $words[2]
        set sub $words[2]
        set -e words[2]
    end
    for line in ($words[1] $sub --complete -- $words[2..-1] "$cur" 2>/dev/null)
        switch $line
            case :file
                __fish_complete_path "$cur"
            case :dir
                __fish_complete_directories "$cur"
            case '*'
                echo $line
        end
    end
end
complete -c otcap -f -a '(__otcap_candidates)'
