# Unpacks a tar archive, packed by gzip or not, into a folder, with modes and times; as root with owners as well.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
set -euo pipefail

[[ -f $PARAM_ARCHIVE ]] || fail "There is no $PARAM_ARCHIVE"
[[ -d $PARAM_FOLDER ]] || fail "There is no folder $PARAM_FOLDER"
# As root tar takes no account of it.
if [[ -n ${UNDERSTUDY_OWNERS-} ]]; then umask 0; fi
tar --extract --file "$PARAM_ARCHIVE" --directory "$PARAM_FOLDER"
note_owners "$PARAM_ARCHIVE" "$PARAM_FOLDER"
echo '{"success": true}' >"$RESULT"
