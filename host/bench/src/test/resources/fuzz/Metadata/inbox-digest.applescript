G-- /// automation
-- id = "inbox-digest"
-- description = "Writes who has sent the unread mails of Mail's inbox, and about what, to a file. macOS only."
-- language = "applescript"
-- grants = { writes = ["{digest}"] }
-- parameters.digest = { type = "path", default = "~/inbox.md", description = "The file to write." }
-- parameters.most = { type = "integer", default = 20, description = "How many mails to list at most." }
--
-- [[tests]]
-- name = "writes the digest"
-- params = { digest = "~/understudy-test/inbox.md", most = 5 }
-- ///
on run argv
	set digestPath to system attribute "PARAM_DIGEST"
	set most to (system attribute "PARAM_MOST") as integer
	set theLines to {}
	tell application "Mail"
		set unreadMails to (messages of inbox whose read status is false)
		set total to count of unreadMails
		repeat with i from 1 to total
			if i > most then exit repeat
			set theMail to item i of unreadMails
			set end of theLines to "- " & (sender of theMail) & ": " & (subject of theMail)
		end repeat
	end tell
	set text item delimiters of AppleScript to linefeed
	set theText to "# " & total & " unread" & linefeed & linefeed & (theLines as text) & linefeed
	set theFile to open for access (POSIX file digestPath) with write permission
	set eof theFile to 0
	write theText to theFile as «class utf8»
	close access theFile
	return "{\"success\": true, \"unread\": " & total & "}"
end run
