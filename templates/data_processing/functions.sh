# Functions of the scripts in this folder: a script gets those that it calls, and what these call.

# Fills the array "items" from a JSON list of texts.
read_list() {
    local rest=$1 text
    local item='^[[,] ?"(([^"\\]|\\.)*)"(.*)$'
    items=()
    while [[ $rest =~ $item ]]; do
        rest=${BASH_REMATCH[3]}
        # The escapes of JSON are those of printf, but for the quote.
        printf -v text '%b' "${BASH_REMATCH[1]//\\\"/\"}"
        items+=("$text")
    done
}
