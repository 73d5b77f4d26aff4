# Makes folders; with the folders that they are in where it is fine that a folder is there already.
set -euo pipefail

expand "$PARAM_FOLDERS"
options=()
if [[ $PARAM_IGNORE_EXISTING == true ]]; then options+=(--parents); fi
made=0
for folder in "${paths[@]}"; do
    if is_there "$folder"; then
        [[ -d $folder && $PARAM_IGNORE_EXISTING == true ]] || fail "$folder exists already"
        continue
    fi
    mkdir "${options[@]}" -- "$folder"
    made=$((made + 1))
done
echo "{\"success\": true, \"made\": $made}" >"$RESULT"
