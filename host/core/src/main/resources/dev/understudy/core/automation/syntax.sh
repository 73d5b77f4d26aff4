# Reads a script as Bash does before it runs one, and says where that fails.
problem=$("$BASH" -n -s <<<"$PARAM_TEXT" 2>&1)
if [[ $problem =~ line\ ([0-9]+):\ ([^$'\n']*) ]]; then
    message=${BASH_REMATCH[2]//\\/\\\\}
    echo "{\"line\": ${BASH_REMATCH[1]}, \"column\": 1, \"message\": \"${message//\"/\\\"}\"}" >"$RESULT"
fi
