# Tries what a jail without namespaces must not allow and writes one line "question=ok" or "question=<what happened>" for each.
answer() { printf '%s=%s\n' "$1" "$2" >>"$RESULT"; }
must_fail() {
    local question=$1
    shift
    if ("$@") 2>/dev/null; then answer "$question" "$* was possible"; else answer "$question" ok; fi
}

if echo works >scratch && [[ $(<scratch) == works ]]; then answer scratch ok; else answer scratch "its workspace is not writable"; fi

write_outside() { echo x >"$PLANTED/new" || echo x >/tmp/understudy-canary || echo x >/var/tmp/understudy-canary; }
must_fail write write_outside
replace() { echo x >>"$PLANTED/secret" || : >"$PLANTED/secret"; }
must_fail replace replace

read_secret() { read -r _ <"$PLANTED/secret" || [[ -n $(<"$PLANTED/secret") ]] || read -r _ </etc/passwd; }
must_fail secret read_secret
metadata() { /bin/chmod 0600 "$PLANTED/secret"; }
must_fail metadata metadata

# The value that is there already: were this not a jail, nothing would change.
same_sysctl() {
    local value
    value=$(</proc/sys/kernel/randomize_va_space) && echo "$value" >/proc/sys/kernel/randomize_va_space
}
must_fail sysctl same_sysctl

open_socket() { exec 7<>/dev/udp/127.0.0.1/9 || exec 7<>/dev/tcp/127.0.0.1/9; }
must_fail socket open_socket

must_fail unshare unshare --user sleep 0

host_pid() { kill -0 "$HOST_PID"; }
must_fail host-pid host_pid
read_others() { read -r _ <"/proc/$HOST_PID/status" || read -r _ </proc/1/cmdline; }
must_fail others read_others

sh -c 'i=0; while [ $i -lt "$FORKS" ]; do sleep 0.7 & i=$((i+1)); done' 2>/dev/null
status=$?
if ((status != 0)); then answer processes ok; else answer processes "$FORKS at once"; fi
wait

# An orphan that no parent could end.
( (sleep 60 >/dev/null 2>&1 </dev/null & echo "$!" >orphan) )
answer orphan "$(<orphan)"
exit 0
