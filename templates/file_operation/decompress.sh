# Puts what each file with .gz at its end holds in its place, as gzip -d does.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
options=(--decompress)
if [[ $PARAM_KEEP == true ]]; then options+=(--keep); fi
if [[ $PARAM_OVERWRITE == true ]]; then options+=(--force); fi
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
    case $source in
        *.tgz) target=${source%.*}.tar ;;
        *.gz) target=${source%.*} ;;
        *) fail "$source does not end in .gz" ;;
    esac
    [[ ! -e $target || $PARAM_OVERWRITE == true ]] || fail "$target exists already"
    gzip "${options[@]}" -- "$source"
    keeps like "$source" "$target"
done
echo "{\"success\": true, \"unpacked\": ${#paths[@]}}" >"$RESULT"
