# Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
set -euo pipefail

[[ -e $PARAM_SOURCE ]] || fail "There is no $PARAM_SOURCE"
cp -r -- "$PARAM_SOURCE" "$PARAM_DESTINATION"
echo '{"success": true, "copied": 1}' >"$RESULT"
