# Copies files, and what patterns of names match, into a folder.
# All that it reads and writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
folder=$PARAM_FOLDER
if ! is_there "$folder" && [[ $PARAM_CREATE_FOLDER == true ]]; then mkdir -p -- "$folder"; fi
[[ -d $folder ]] || fail "$folder is no folder"
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
    [[ ! -d $source || $PARAM_RECURSIVE == true ]] || fail "$source is a folder, not a file"
done
copy_options "$PARAM_FOLLOW" "$PARAM_KEEP"
if [[ $PARAM_RECURSIVE == true ]]; then options+=(--recursive); fi
cp "${options[@]}" --target-directory="$folder" -- "${paths[@]}"
if [[ $PARAM_KEEP != content ]]; then
    for source in "${paths[@]}"; do
        lands "$source" "$folder"
        keeps like "$source" "$landed"
    done
fi
echo "{\"success\": true, \"copied\": ${#paths[@]}}" >"$RESULT"
