# Read by bash before the script. What the level does not allow is said in its words, once, where the host looks for it.
command_not_found_handle() {
    if [[ $UNDERSTUDY_ISOLATION == full ]]; then
        local reason="not allowed at isolation full: starting programs (${1:0:100}); $UNDERSTUDY_ALLOWING"
    else
        local reason="not among the granted programs: ${1:0:100}; $UNDERSTUDY_ALLOWING"
    fi
    printf '%s\n' "$reason" >>/result/denied
    printf '%s\n' "$reason" >&2
    return 127
}
unset BASH_ENV
