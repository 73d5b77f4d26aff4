# Sorts the lines of files by character codes, one of each only if told so.
set -euo pipefail
export LC_ALL=C

read_list "$PARAM_INPUTS"
inputs=()
for input in "${items[@]}"; do
    [[ $input != "~/"* ]] || input=$HOME/${input:2}
    inputs+=("$input")
done
options=()
if [[ $PARAM_UNIQUE == true ]]; then options+=(--unique); fi
if [[ $PARAM_DESCENDING == true ]]; then options+=(--reverse); fi
sort "${options[@]}" --output="$PARAM_OUTPUT" -- "${inputs[@]}"
echo '{"success": true}' >"$RESULT"
