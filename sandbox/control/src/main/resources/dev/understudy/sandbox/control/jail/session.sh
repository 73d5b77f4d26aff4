# One input of a session in Bash: what the inputs before have set comes back, the input runs, and what is set then is told.
exec </dev/null
# Nothing of it runs: after its first line the shell only reads. What is missing in the end goes on in the next line.
__said=$( { eval "set -n
$PARAM_INPUT"; } 2>&1 )
if [[ $__said == *'unexpected end of file'* || $__said == *'unexpected EOF'* || $__said == *'delimited by end-of-file'* ]]; then
    printf '{"unfinished": true}' >"$RESULT"
    exit
fi
unset __said
if [[ $PARAM_PURPOSE == wholeness ]]; then
    printf '{"unfinished": false}' >"$RESULT"
    exit
fi
__tell() {
    local __code=$1 __name __names __skip __state
    __skip=' BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_ENV'
    __skip+=' BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO'
    __skip+=' BASH_VERSION COMP_WORDBREAKS DIRSTACK EPOCHREALTIME EPOCHSECONDS EUID FUNCNAME GROUPS HISTCMD HOSTNAME HOSTTYPE IFS'
    __skip+=' LINENO MACHTYPE OLDPWD OSTYPE PARAM_CODE PARAM_INPUT PARAM_PURPOSE PARAM_STATE PIPESTATUS PPID PWD RANDOM RESULT'
    __skip+=' SECONDS SHELLOPTS SHLVL SRANDOM UID UNDERSTUDY_ISOLATION _ '
    __state="cd -- ${PWD@Q}"$'\n'$(declare -p IFS 2>/dev/null || :)$'\n'
    local IFS=$' \t\n'
    __names=$(compgen -A variable)
    for __name in $__names; do
        [[ $__skip == *" $__name "* || $__name == __* ]] && continue
        __state+=$(declare -p "$__name" 2>/dev/null || :)$'\n'
    done
    __names=$(compgen -A function)
    for __name in $__names; do
        [[ $__name == __* || $__name == command_not_found_handle ]] && continue
        __state+=$(declare -f "$__name")$'\n'
    done
    __state+=$(shopt -p; set +o; alias -p)
    __state=${__state//\\/\\\\}
    __state=${__state//\"/\\\"}
    __state=${__state//$'\n'/\\n}
    __state=${__state//$'\t'/\\t}
    __state=${__state//$'\r'/\\r}
    __state=${__state//$'\e'/\\u001b}
    printf '{"code": %d, "state": "%s"}' "$__code" "$__state" >"$RESULT"
}
trap '__tell "$?"; exit 0' EXIT
BASH_ARGV0=bash
eval "$PARAM_STATE" 2>/dev/null
__code() { return "$PARAM_CODE"; }
__code
eval "$PARAM_INPUT"
