# Tries what a jail must not allow and writes one line "question=ok" or "question=<what happened>" for each.
answer() { printf '%s=%s\n' "$1" "$2" >>/result/answers; }
must_fail() {
    local question=$1
    shift
    if ("$@") 2>/dev/null; then answer "$question" "$* was possible"; else answer "$question" ok; fi
}

if echo works >scratch && [[ $(<scratch) == works ]]; then answer scratch ok; else answer scratch "its workspace is not writable"; fi

write_outside() { echo x >/usr/canary || echo x >/etc/canary || echo x >/canary || echo x >/dev/canary || echo x >/understudy/canary; }
must_fail write write_outside

read_secret() { [[ -e $SECRET ]] || [[ -e /root ]] || [[ -e /home ]] || [[ -e /proc/1/root/$SECRET ]]; }
must_fail secret read_secret

# The value that is there already: were this not a jail, nothing would change.
same_sysctl() {
    local value
    value=$(</proc/sys/kernel/randomize_va_space) && echo "$value" >/proc/sys/kernel/randomize_va_space
}
must_fail sysctl same_sysctl

open_socket() { exec 7<>/dev/udp/127.0.0.1/9; }
must_fail socket open_socket

must_fail unshare unshare --user sleep 0

# Its own processes are all that it sees: init, this shell, and what this shell starts.
seen=(/proc/[0-9]*)
if ((${#seen[@]} <= 4)); then answer pids ok; else answer pids "it sees ${#seen[@]} processes"; fi
host_pid() { [[ $HOST_PID -gt 16 ]] && kill -0 "$HOST_PID"; }
must_fail host-pid host_pid

# What belongs to a fork server, and to other runs in its jail.
shopt -s nullglob dotglob
others=(/server/*)
if ((${#others[@]} == 0)); then answer server ok; else answer server "it sees ${others[*]}"; fi
leaked() {
    local descriptor
    for descriptor in /proc/self/fd/*; do
        [[ ${descriptor##*/} -gt 2 && -p $descriptor ]] && return 0
    done
    return 1
}
must_fail descriptors leaked

while read -r name value _; do
    case $name in
    Seccomp:) if [[ $value == 2 ]]; then answer filter ok; else answer filter "the filter is not loaded ($value)"; fi ;;
    NoNewPrivs:) if [[ $value == 1 ]]; then answer privileges ok; else answer privileges "new privileges are possible"; fi ;;
    CapPrm:) permitted=$value ;;
    CapBnd:) if [[ $value$permitted =~ ^0+$ ]]; then answer capabilities ok; else answer capabilities "it has $value"; fi ;;
    esac
done </proc/self/status

sh -c 'i=0; while [ $i -lt "$FORKS" ]; do sleep 0.7 & i=$((i+1)); done' 2>/dev/null
running=(/proc/[0-9]*)
if ((${#running[@]} < FORKS)); then answer processes ok; else answer processes "${#running[@]} at once"; fi
exit 0
