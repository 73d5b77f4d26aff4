F# /// automation
# id = "checksum-folder"
# description = "Checks the files of a folder against its list of checksums, and begins the list if there is none."
# language = "bash"
# isolation = "partial"
# grants = { writes = ["{folder}"], programs = ["sha256sum", "find", "sort", "xargs"] }
# limits = { wall = "5m", cpu = "2m" }
# parameters.folder = { type = "path", default = "~/Archive", description = "The folder." }
#
# [[tests]]
# name = "begins the list"
# params = { folder = "~/understudy-test/archive" }
# files = [{ path = "~/understudy-test/archive/a.txt", text = "abc" }]
# [tests.expect]
# result = { begun = true }
# changes = [{ path = "~/understudy-test/archive/SHA256SUMS", kind = "created", text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ./a.txt\n" }]
#
# [[tests]]
# name = "is content while nothing has changed"
# params = { folder = "~/understudy-test/archive" }
# files = [
#   { path = "~/understudy-test/archive/a.txt", text = "abc" },
#   { path = "~/understudy-test/archive/SHA256SUMS", text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ./a.txt\n" },
# ]
# expect = { changes = [], result = { begun = false } }
#
# [[tests]]
# name = "fails when a file has changed"
# params = { folder = "~/understudy-test/archive" }
# files = [
#   { path = "~/understudy-test/archive/a.txt", text = "abd" },
#   { path = "~/understudy-test/archive/SHA256SUMS", text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  ./a.txt\n" },
# ]
# expect = { success = false }
# ///
set -euo pipefail
export LC_ALL=C

cd -- "$PARAM_FOLDER"
if [[ -e SHA256SUMS ]]; then
    sha256sum --check --quiet SHA256SUMS
    echo '{"success": true, "begun": false}' >"$RESULT"
else
    list=$(find . -type f -print0 | sort -z | xargs -0 -r sha256sum --)
    printf '%s\n' "$list" >SHA256SUMS
    echo '{"success": true, "begun": true}' >"$RESULT"
fi
