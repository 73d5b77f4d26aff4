# /// automation
# id = "__ID__"
# description = "Says hello."
# language = "bash"
# grants = { reads = [], writes = [], programs = [] }
# parameters.name = { type = "string", default = "world", description = "Whom to greet." }
#
# [[tests]]
# name = "greets"
# params = { name = "Ada" }
# expect = { success = true, result = { greeted = true } }
# ///
set -euo pipefail

echo "Hello, $PARAM_NAME!"
echo '{"success": true, "greeted": true}' >"$RESULT"
