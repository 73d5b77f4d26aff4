# Functions of the scripts in this folder: a script gets those that it calls, and what these call.

fail() {
    echo "$1" >&2
    exit 1
}

# Fills the array "paths" from a JSON list; a pattern stands for what it matches, and for itself if that is nothing.
# Under "set -f" nothing is a pattern.
expand() {
    local rest=$1 text matches
    local item='^[[,] ?"(([^"\\]|\\.)*)"(.*)$'
    paths=()
    while [[ $rest =~ $item ]]; do
        rest=${BASH_REMATCH[3]}
        # The escapes of JSON are those of printf, but for the quote.
        printf -v text '%b.' "${BASH_REMATCH[1]//\\\"/\"}"
        text=${text%.}
        [[ $text != "~/"* ]] || text=$HOME/${text:2}
        if [[ $- == *f* ]]; then
            paths+=("$text")
            continue
        fi
        matches=()
        if [[ $text == *[*?[]* ]]; then
            local IFS=
            shopt -s nullglob globstar
            matches=($text)
            shopt -u nullglob globstar
        fi
        if ((${#matches[@]} > 0)); then paths+=("${matches[@]}"); else paths+=("${text//\\/}"); fi
    done
}

# Whether there is something, be it a link that leads nowhere.
is_there() {
    [[ -e $1 || -L ${1%/} ]]
}

# Fills the array "options" with those of cp for what is followed and kept.
copy_options() {
    options=()
    case $1 in
        none) options+=(--no-dereference) ;;
        named) options+=(-H) ;;
        all) options+=(--dereference) ;;
    esac
    case $2 in
        attributes) options+=(-p) ;;
        all) options+=(--preserve=all) ;;
    esac
}
