# Compresses each file into one with .gz at its end, as gzip does.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
options=("-$PARAM_LEVEL")
if [[ $PARAM_KEEP == true ]]; then options+=(--keep); fi
if [[ $PARAM_OVERWRITE == true ]]; then options+=(--force); fi
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
    [[ $source != *.gz ]] || fail "$source is compressed already"
    [[ ! -e $source.gz || $PARAM_OVERWRITE == true ]] || fail "$source.gz exists already"
    gzip "${options[@]}" -- "$source"
    keeps like "$source" "$source.gz"
done
echo "{\"success\": true, \"compressed\": ${#paths[@]}}" >"$RESULT"
