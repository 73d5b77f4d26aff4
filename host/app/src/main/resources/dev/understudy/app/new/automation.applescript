-- /// automation
-- id = "__ID__"
-- description = "Says hello."
-- language = "applescript"
-- grants = { reads = [], writes = [] }
-- parameters.name = { type = "string", default = "world", description = "Whom to greet." }
--
-- [[tests]]
-- name = "greets"
-- params = { name = "Ada" }
-- ///
on run argv
	set whom to system attribute "PARAM_NAME"
	log "Hello, " & whom & "!"
	return "{\"success\": true}"
end run
