# Packs files and folders into a tar archive, named in it as seen from a folder.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
folder=${PARAM_FOLDER%/}
members=()
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
    members+=("${source#"$folder"/}")
done
compress=()
if [[ $PARAM_COMPRESS == true ]]; then compress=(--gzip); fi
tar --create "${compress[@]}" --file "$PARAM_ARCHIVE" --directory "$folder" -- "${members[@]}"
echo "{\"success\": true, \"packed\": ${#members[@]}}" >"$RESULT"
