# Functions of the scripts in this folder: a script gets those that it calls, and what these call.

fail() {
    echo "$1" >&2
    exit 1
}

# Fills the array "paths" from a JSON list; a pattern stands for what it matches, and for itself if that is nothing.
expand() {
    local rest=$1 text matches
    local item='^[[,] ?"(([^"\\]|\\.)*)"(.*)$'
    paths=()
    while [[ $rest =~ $item ]]; do
        rest=${BASH_REMATCH[3]}
        # The escapes of JSON are those of printf, but for the quote.
        printf -v text '%b' "${BASH_REMATCH[1]//\\\"/\"}"
        [[ $text != "~/"* ]] || text=$HOME/${text:2}
        matches=()
        if [[ $text == *[*?[]* ]]; then
            local IFS=
            shopt -s nullglob
            matches=($text)
            shopt -u nullglob
        fi
        if ((${#matches[@]} > 0)); then paths+=("${matches[@]}"); else paths+=("$text"); fi
    done
}
