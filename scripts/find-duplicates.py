# /// automation
# id = "find-duplicates"
# description = "Finds files with the same contents in a folder and writes a list of them; deletes none."
# language = "python"
# grants = { reads = ["{folder}"], writes = ["{list}"] }
# limits = { wall = "10m", cpu = "5m" }
# parameters.folder = { type = "path", default = "~/Pictures", description = "The folder to search." }
# parameters.list = { type = "path", default = "~/duplicates.txt", description = "The file to write." }
#
# [[tests]]
# name = "groups what is the same"
# params = { folder = "~/understudy-test/pictures", list = "~/understudy-test/duplicates.txt" }
# files = [
#   { path = "~/understudy-test/pictures/a.png", text = "same" },
#   { path = "~/understudy-test/pictures/sub/b.png", text = "same" },
#   { path = "~/understudy-test/pictures/c.png", text = "else" },
#   { path = "~/understudy-test/pictures/empty.png", text = "" },
#   { path = "~/understudy-test/pictures/empty-too.png", text = "" },
# ]
# [tests.expect]
# result = { groups = 1, wasted = 4 }
# changes = [{ path = "~/understudy-test/duplicates.txt", kind = "created", text = "4 bytes each\n  a.png\n  sub/b.png\n\n" }]
# ///
import hashlib
import os


def execute(params):
    folder = os.path.expanduser(params["folder"])
    by_size = grouped(paths(folder), os.path.getsize)
    # Only files of one size can be the same, so few have to be read.
    alike = [path for size, group in by_size.items() if size > 0 and len(group) > 1 for path in group]
    groups = [sorted(group) for group in grouped(alike, sha256).values() if len(group) > 1]
    text, wasted = "", 0
    for group in sorted(groups):
        size = os.path.getsize(group[0])
        wasted += size * (len(group) - 1)
        names = "".join("  %s\n" % os.path.relpath(path, folder) for path in group)
        text += "%d bytes each\n%s\n" % (size, names)
    understudy.files.write(params["list"], text)
    return {"success": True, "groups": len(groups), "wasted": wasted}


def paths(folder):
    found = [os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return [path for path in found if not os.path.islink(path)]


def grouped(items, key):
    groups = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def sha256(path):
    checksum = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            checksum.update(chunk)
    return checksum.digest()
