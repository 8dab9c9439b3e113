# fish completion for otdissect(1): the program itself says what could come next.
function __otdissect_candidates
    set -l cur (commandline -ct)
    set -l words (commandline -opc)
    set -l sub
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
complete -c otdissect -f -a '(__otdissect_candidates)'
