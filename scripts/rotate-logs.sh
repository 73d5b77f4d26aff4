# /// automation
# id = "rotate-logs"
# description = "Compresses logs that have grown large, keeps some old ones of each, and begins them anew."
# language = "bash"
# isolation = "partial"
# grants = { writes = ["{folder}"], programs = ["chmod", "gzip", "mv", "stat", "touch"] }
# parameters.folder = { type = "path", default = "~/logs", description = "The folder with the logs." }
# parameters.kib = { type = "integer", default = 1024, description = "From which size on a log is rotated, in KiB." }
# parameters.keep = { type = "integer", default = 5, description = "How many old ones of each log to keep." }
#
# [[tests]]
# name = "compresses a large log and moves the older ones on"
# params = { folder = "~/understudy-test/logs", kib = 0, keep = 2 }
# files = [
#   { path = "~/understudy-test/logs/app.log", text = "one\ntwo\n" },
#   { path = "~/understudy-test/logs/app.log.1.gz", text = "older" },
#   { path = "~/understudy-test/logs/app.log.2.gz", text = "oldest" },
# ]
# [tests.expect]
# result = { rotated = 1 }
# changes = [
#   { path = "~/understudy-test/logs/app.log", kind = "changed", text = "" },
#   { path = "~/understudy-test/logs/app.log.1.gz", kind = "changed" },
#   { path = "~/understudy-test/logs/app.log.2.gz", kind = "changed", text = "older" },
# ]
#
# [[tests]]
# name = "leaves small logs alone"
# params = { folder = "~/understudy-test/logs", kib = 1 }
# files = [{ path = "~/understudy-test/logs/app.log", text = "one\n" }]
# expect = { changes = [], result = { rotated = 0 } }
# ///
set -euo pipefail
shopt -s nullglob

rotated=0
for log in "$PARAM_FOLDER"/*.log; do
    [[ -f $log && ! -L $log ]] || continue
    size=$(stat -c %s -- "$log")
    ((size > 0 && size >= PARAM_KIB * 1024)) || continue
    for ((number = PARAM_KEEP - 1; number >= 1; number--)); do
        [[ ! -e $log.$number.gz ]] || mv -f -- "$log.$number.gz" "$log.$((number + 1)).gz"
    done
    # Written beside the log and emptied in place: a program that has it open goes on writing to it.
    gzip -c -- "$log" >"$log.1.gz"
    chmod --reference="$log" -- "$log.1.gz"
    touch --reference="$log" -- "$log.1.gz"
    : >"$log"
    echo "Rotated $log ($size bytes)"
    rotated=$((rotated + 1))
done
echo "{\"success\": true, \"rotated\": $rotated}" >"$RESULT"
