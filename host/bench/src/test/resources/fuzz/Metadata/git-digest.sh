F# /// automation
# id = "git-digest"
# description = "Writes a digest of the last day of a git repository: who committed what, and which files changed most."
# language = "bash"
# isolation = "partial"
# grants = { reads = ["{repository}"], writes = ["{digest}"], programs = ["git"] }
# parameters.repository = { type = "path", description = "The folder of the repository." }
# parameters.digest = { type = "path", default = "~/git-digest.md", description = "The file to write." }
# parameters.since = { type = "string", default = "1 day ago", description = "How far to look back, as git understands it." }
#
# [[tests]]
# name = "says so where there is no repository"
# params = { repository = "~/understudy-test/plain", digest = "~/understudy-test/digest.md" }
# files = [{ path = "~/understudy-test/plain/a.txt", text = "a" }]
# expect = { success = false }
# ///
set -euo pipefail

# The repository belongs to another user than the one that the jail runs as.
run_git() {
    git -c safe.directory='*' --no-pager -C "$PARAM_REPOSITORY" "$@"
}

run_git rev-parse --git-dir >/dev/null || { echo "$PARAM_REPOSITORY is no git repository" >&2; exit 1; }
commits=$(run_git rev-list --count --since="$PARAM_SINCE" HEAD)
{
    echo "# ${PARAM_REPOSITORY##*/}: $commits commits since $PARAM_SINCE"
    echo
    run_git log --since="$PARAM_SINCE" --no-merges --date=format:'%H:%M' --format='- %ad **%an**: %s'
    echo
    echo "## Changed most"
    echo
    declare -A lines=()
    while IFS=$'\t' read -r added deleted file; do
        [[ $added =~ ^[0-9]+$ ]] || continue
        lines[$file]=$((${lines[$file]:-0} + added + deleted))
    done < <(run_git log --since="$PARAM_SINCE" --no-merges --numstat --format=)
    for file in "${!lines[@]}"; do echo "- $file: ${lines[$file]} lines"; done
} >"$PARAM_DIGEST"
echo "{\"success\": true, \"commits\": $commits}" >"$RESULT"
