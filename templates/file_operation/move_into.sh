# Moves files, and what patterns of names match, into a folder.
# All that it reads and writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
folder=$PARAM_FOLDER
if ! is_there "$folder" && [[ $PARAM_CREATE_FOLDER == true ]]; then mkdir -p -- "$folder"; fi
[[ -d $folder ]] || fail "$folder is no folder"
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
done
mv -f --target-directory="$folder" -- "${paths[@]}"
for source in "${paths[@]}"; do
    lands "$source" "$folder"
    keeps moved "$source" "$landed"
done
echo "{\"success\": true, \"moved\": ${#paths[@]}}" >"$RESULT"
