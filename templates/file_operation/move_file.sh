# Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
# All that it reads and writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB" } above allows more.
set -euo pipefail

is_there "$PARAM_SOURCE" || fail "There is no $PARAM_SOURCE"
lands "$PARAM_SOURCE" "$PARAM_DESTINATION"
mv -f -- "$PARAM_SOURCE" "$PARAM_DESTINATION"
keeps moved "$PARAM_SOURCE" "$landed"
echo '{"success": true, "moved": 1}' >"$RESULT"
