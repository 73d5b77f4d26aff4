# Read by bash before the script. What the level does not allow is said in its words, where the host looks for it.
unset BASH_ENV
command_not_found_handle() {
    local reason
    if [[ $UNDERSTUDY_ISOLATION == full ]]; then
        reason="not allowed at isolation full: starting programs (isolation partial would allow it)"
    else
        reason="not allowed: program '${1:0:100}' is not granted; grants.programs = [\"${1:0:100}\"] would allow it"
    fi
    printf '%s\n' "$reason" >>"${RESULT%/*}/denied"
    printf '%s: %s\n' "${1:0:100}" "$reason" >&2
    return 127
}
