E# /// automation
# id = "check-disk-use"
# description = "Adds up what lies in a folder, names its largest parts, and fails if there is more than allowed."
# language = "python"
# grants = { reads = ["{folder}"] }
# limits = { wall = "5m", cpu = "2m" }
# parameters.folder = { type = "path", default = "~/Documents", description = "The folder to look at." }
# parameters.mib = { type = "integer", default = 10240, description = "How much may lie there, in MiB." }
#
# [[tests]]
# name = "names the largest first"
# params = { folder = "~/understudy-test/data", mib = 1 }
# files = [
#   { path = "~/understudy-test/data/small/a.txt", text = "12" },
#   { path = "~/understudy-test/data/large/b.txt", text = "1234" },
#   { path = "~/understudy-test/data/c.txt", text = "123" },
# ]
# expect = { changes = [], result = { bytes = 9, largest = [["large", 4], ["c.txt", 3], ["small", 2]] } }
#
# [[tests]]
# name = "fails above the limit"
# params = { folder = "~/understudy-test/data", mib = 0 }
# files = [{ path = "~/understudy-test/data/a.txt", text = "1" }]
# expect = { success = false }
# ///
import os


def execute(params):
    folder = os.path.expanduser(params["folder"])
    sizes = {name: size(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:10]
    total = sum(sizes.values())
    for name, count in largest:
        understudy.log.info("%10.1f MiB  %s" % (count / 2**20, name))
    if total > params["mib"] * 2**20:
        return {"success": False, "error": "%s holds %.1f MiB, and %d are allowed" % (folder, total / 2**20, params["mib"])}
    return {"success": True, "bytes": total, "largest": [list(each) for each in largest]}


def size(path):
    if os.path.islink(path):
        return 0
    if os.path.isfile(path):
        return os.path.getsize(path)
    # Pipes, sockets and the like take no room.
    return sum(size(os.path.join(path, name)) for name in os.listdir(path)) if os.path.isdir(path) else 0
