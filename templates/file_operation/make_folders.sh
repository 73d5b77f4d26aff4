# Makes folders, with the folders that they are in.
set -euo pipefail

expand "$PARAM_FOLDERS"
made=0
for folder in "${paths[@]}"; do
    if [[ -e $folder ]]; then
        [[ -d $folder && $PARAM_IGNORE_EXISTING == true ]] || fail "$folder exists already"
        continue
    fi
    mkdir -p -- "$folder"
    made=$((made + 1))
done
echo "{\"success\": true, \"made\": $made}" >"$RESULT"
