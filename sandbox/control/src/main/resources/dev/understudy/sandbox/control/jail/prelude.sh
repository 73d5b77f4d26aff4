# Read by bash before the script. What the level does not allow is said in its words, where the host looks for it.
unset BASH_ENV
command_not_found_handle() {
    local reason
    if [[ $UNDERSTUDY_ISOLATION == full ]]; then
        reason="not allowed at isolation full: starting programs (isolation partial would allow it)"
    else
        reason="not allowed: program '${1:0:100}' is not granted; grants.programs = [\"${1:0:100}\"] would allow it"
    fi
    printf '%s\n%s\n' "$reason" "${BASH_LINENO[0]}" >>"${RESULT%/*}/denied"
    printf '%s: %s\n' "${1:0:100}" "$reason" >&2
    return 127
}
# A command that fails where the script neither stops nor looks is told of a rehearsal, by the rules of set -e.
if [[ -n ${UNDERSTUDY_REHEARSAL-} ]]; then
    understudy_unnoticed() {
        # It fails at the end of its input also where it has read all that there was, a line without an end.
        [[ $3 == read || $3 == read\ * ]] && return
        printf 'line %s: %s ended with status %s\n' "$2" "${3:0:100}" "$1" >>"${RESULT%/*}/unnoticed"
    }
    set -o errtrace
    trap 'understudy_unnoticed "$?" "$LINENO" "$BASH_COMMAND"' ERR
    unset UNDERSTUDY_REHEARSAL
fi
