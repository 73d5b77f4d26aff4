# Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
set -euo pipefail

[[ -e $PARAM_SOURCE ]] || fail "There is no $PARAM_SOURCE"
mv -f -- "$PARAM_SOURCE" "$PARAM_DESTINATION"
echo '{"success": true, "moved": 1}' >"$RESULT"
