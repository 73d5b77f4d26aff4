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

# Notes for a host that is root, since in its jail all files belong to one user: what is at the last path has the owner of the
# one before ("like"), or is what was there ("moved").
keeps() {
    [[ -n ${UNDERSTUDY_OWNERS-} ]] || return 0
    local from=$2 to=$3
    [[ $from == /* ]] || from=$PWD/$from
    [[ $to == /* ]] || to=$PWD/$to
    printf '%s\0' "$1" "$from" "$to" >>"$UNDERSTUDY_OWNERS"
}

# Notes for a host that is root who owns what an archive holds, unpacked into a folder.
note_owners() {
    [[ -n ${UNDERSTUDY_OWNERS-} ]] || return 0
    local folder=$2 LC_ALL=C i name owner names numbers members
    [[ $folder == /* ]] || folder=$PWD/$folder
    local list=(tar --list --quoting-style=escape --file "$1")
    mapfile -t members < <("${list[@]}" 2>/dev/null)
    mapfile -t numbers < <("${list[@]}" --verbose --numeric-owner 2>/dev/null)
    mapfile -t names < <("${list[@]}" --verbose 2>/dev/null)
    for i in "${!members[@]}"; do
        printf -v name '%b.' "${members[i]}"
        read -r _ owner _ <<<"${numbers[i]}"
        numbers[i]=$owner
        read -r _ owner _ <<<"${names[i]}"
        printf '%s\0' is "${owner%/*}" "${numbers[i]%/*}" "${owner#*/}" "${numbers[i]#*/}" "$folder/${name%.}" >>"$UNDERSTUDY_OWNERS"
    done
}

# Sets "landed" to where a copy of the first goes to by the second, before it is there.
lands() {
    landed=$2
    if [[ -d $2 ]]; then
        landed=${1%"${1##*[!/]}"}
        landed=${2%/}/${landed##*/}
    fi
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
