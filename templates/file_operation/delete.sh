# Deletes files, and what patterns of names match; whole folders only if told so. Of a link the link itself.
set -euo pipefail

expand "$PARAM_PATHS"
deleted=0
for path in "${paths[@]}"; do
    if ! is_there "$path"; then
        [[ $PARAM_IGNORE_MISSING == true ]] || fail "There is no $path"
        continue
    fi
    [[ ! -d $path || -L $path || $PARAM_RECURSIVE == true ]] || fail "$path is a folder, not a file"
    rm -rf -- "$path"
    deleted=$((deleted + 1))
done
echo "{\"success\": true, \"deleted\": $deleted}" >"$RESULT"
