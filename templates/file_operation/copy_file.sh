# Copies one file as cp does: into the destination if that is a folder, else under that name.
set -euo pipefail

[[ -e $PARAM_SOURCE ]] || fail "There is no $PARAM_SOURCE"
[[ ! -d $PARAM_SOURCE ]] || fail "$PARAM_SOURCE is a folder, not a file"
cp -- "$PARAM_SOURCE" "$PARAM_DESTINATION"
echo '{"success": true, "copied": 1}' >"$RESULT"
