E# /// automation
# id = "back-up"
# description = "Copies what is new or changed in a folder to a backup, reads every copy back, and keeps a list of checksums."
# language = "python"
# grants = { reads = ["{folder}"], writes = ["{backup}"] }
# limits = { wall = "10m", cpu = "5m", disk = "1GiB" }
# parameters.folder = { type = "path", default = "~/Documents", description = "The folder to back up." }
# parameters.backup = { type = "path", default = "~/backup", description = "The folder to keep the copies in." }
#
# [[tests]]
# name = "copies what is new and what has changed, and nothing else"
# params = { folder = "~/understudy-test/work", backup = "~/understudy-test/backup" }
# files = [
#   { path = "~/understudy-test/work/a.txt", text = "new text" },
#   { path = "~/understudy-test/work/sub/b.txt", text = "b" },
#   { path = "~/understudy-test/work/same.txt", text = "same" },
#   { path = "~/understudy-test/backup/a.txt", text = "old text" },
#   { path = "~/understudy-test/backup/same.txt", text = "same" },
# ]
# [tests.expect]
# result = { copied = 2, files = 3 }
# changes = [
#   { path = "~/understudy-test/backup/a.txt", kind = "changed", text = "new text" },
#   { path = "~/understudy-test/backup/sub/b.txt", kind = "created", text = "b" },
#   { path = "~/understudy-test/backup/SHA256SUMS", kind = "created", text = "cb0208b0b1fa06bc59f85c8b2be1e45ff2ef6ddbf0cef02e9f276b8208ea48ab  a.txt\n0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5  same.txt\n3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  sub/b.txt\n" },
# ]
#
# [[tests]]
# name = "says so if there is no such folder"
# params = { folder = "~/understudy-test/nowhere", backup = "~/understudy-test/backup" }
# expect = { success = false }
# ///
import hashlib
import os


def execute(params):
    folder, backup = os.path.expanduser(params["folder"]), os.path.expanduser(params["backup"])
    if not os.path.isdir(folder):
        return {"success": False, "error": "There is no folder " + folder}
    sums, copied = [], 0
    for name in names(folder):
        source, copy = os.path.join(folder, name), os.path.join(backup, name)
        checksum = sha256(source)
        if os.path.islink(copy) or not os.path.exists(copy) or sha256(copy) != checksum:
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if os.path.islink(copy):
                os.remove(copy)
            understudy.files.copy(source, copy, keep="attributes")
            if sha256(copy) != checksum:
                return {"success": False, "error": copy + " differs from what it was copied from"}
            copied += 1
        sums.append("%s  %s\n" % (checksum, name))
    understudy.files.write(os.path.join(backup, "SHA256SUMS"), "".join(sums))
    return {"success": True, "files": len(sums), "copied": copied}


def names(folder):
    """All files below the folder as seen from it, in order; links, pipes and the like are left alone."""
    found = []
    for parent, _, files 