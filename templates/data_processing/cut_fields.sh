# Keeps some fields of each line as cut does: quotes mean nothing, and a line without the delimiter stays whole.
set -euo pipefail

read_list "$PARAM_FIELDS"
fields=$(
    IFS=,
    echo "${items[*]}"
)
cut --delimiter="$PARAM_DELIMITER" --fields="$fields" -- "$PARAM_INPUT" >"$PARAM_OUTPUT"
echo '{"success": true}' >"$RESULT"
