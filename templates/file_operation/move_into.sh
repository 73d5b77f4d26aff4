# Moves files, and what patterns of names match, into a folder.
set -euo pipefail

expand "$PARAM_SOURCES"
folder=$PARAM_FOLDER
if [[ ! -e $folder && $PARAM_CREATE_FOLDER == true ]]; then mkdir -p -- "$folder"; fi
[[ -d $folder ]] || fail "$folder is no folder"
for source in "${paths[@]}"; do
    [[ -e $source ]] || fail "There is no $source"
    mv -f -- "$source" "$folder/"
done
echo "{\"success\": true, \"moved\": ${#paths[@]}}" >"$RESULT"
