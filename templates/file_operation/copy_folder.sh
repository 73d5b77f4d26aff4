# Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
# All that it reads and writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB" } above allows more.
set -euo pipefail

is_there "$PARAM_SOURCE" || fail "There is no $PARAM_SOURCE"
copy_options "$PARAM_FOLLOW" "$PARAM_KEEP"
lands "$PARAM_SOURCE" "$PARAM_DESTINATION"
cp -r "${options[@]}" -- "$PARAM_SOURCE" "$PARAM_DESTINATION"
if [[ $PARAM_KEEP != content ]]; then keeps like "$PARAM_SOURCE" "$landed"; fi
echo '{"success": true, "copied": 1}' >"$RESULT"
