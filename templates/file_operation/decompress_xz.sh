# Puts what each file with .xz at its end holds in its place, as xz -d does.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
set -euo pipefail

expand "$PARAM_SOURCES"
options=(--decompress)
if [[ $PARAM_KEEP == true ]]; then options+=(--keep); fi
if [[ $PARAM_OVERWRITE == true ]]; then options+=(--force); fi
for source in "${paths[@]}"; do
    is_there "$source" || fail "There is no $source"
    case $source in
        *.txz) target=${source%.*}.tar ;;
        *.xz) target=${source%.*} ;;
        *) fail "$source does not end in .xz" ;;
    esac
    [[ ! -e $target || $PARAM_OVERWRITE == true ]] || fail "$target exists already"
    xz "${options[@]}" -- "$source"
    keeps like "$source" "$target"
done
echo "{\"success\": true, \"unpacked\": ${#paths[@]}}" >"$RESULT"
