# /// automation
# id = "tidy-downloads"
# description = "Moves files from a folder of downloads into a folder per type: pictures, documents, archives and so on."
# language = "python"
# grants = { writes = ["{folder}"] }
# parameters.folder = { type = "path", default = "~/Downloads", description = "The folder to tidy." }
# parameters.days = { type = "integer", default = 30, description = "Move only what is older than this, in days." }
#
# [[tests]]
# name = "sorts by type and leaves folders and what it does not know alone"
# params = { folder = "~/understudy-test/downloads", days = 0 }
# files = [
#   { path = "~/understudy-test/downloads/cat.JPG", text = "cat" },
#   { path = "~/understudy-test/downloads/bill.pdf", text = "bill" },
#   { path = "~/understudy-test/downloads/src.tar.gz", text = "src" },
#   { path = "~/understudy-test/downloads/README", text = "readme" },
#   { path = "~/understudy-test/downloads/kept/old.pdf", text = "old" },
# ]
# [tests.expect]
# result = { moved = 3 }
# changes = [
#   { path = "~/understudy-test/downloads/cat.JPG", kind = "deleted" },
#   { path = "~/understudy-test/downloads/pictures/cat.JPG", kind = "created", text = "cat" },
#   { path = "~/understudy-test/downloads/bill.pdf", kind = "deleted" },
#   { path = "~/understudy-test/downloads/documents/bill.pdf", kind = "created", text = "bill" },
#   { path = "~/understudy-test/downloads/src.tar.gz", kind = "deleted" },
#   { path = "~/understudy-test/downloads/archives/src.tar.gz", kind = "created", text = "src" },
# ]
#
# [[tests]]
# name = "keeps both of two files with one name"
# params = { folder = "~/understudy-test/downloads", days = 0 }
# files = [
#   { path = "~/understudy-test/downloads/a.png", text = "new" },
#   { path = "~/understudy-test/downloads/pictures/a.png", text = "old" },
# ]
# [tests.expect]
# changes = [
#   { path = "~/understudy-test/downloads/a.png", kind = "deleted" },
#   { path = "~/understudy-test/downloads/pictures/a (2).png", kind = "created", text = "new" },
# ]
#
# [[tests]]
# name = "leaves new files alone"
# params = { folder = "~/understudy-test/downloads", days = 1 }
# files = [{ path = "~/understudy-test/downloads/a.png", text = "new" }]
# expect = { changes = [], result = { moved = 0 } }
# ///
import time

FOLDERS = {
    "pictures": "jpg jpeg png gif webp svg heic tif tiff bmp",
    "documents": "pdf doc docx odt rtf txt md epub ppt pptx odp",
    "tables": "csv tsv xls xlsx ods json xml",
    "archives": "zip tar gz tgz bz2 xz 7z rar",
    "music": "mp3 wav flac ogg m4a",
    "films": "mp4 mkv mov avi webm",
    "programs": "deb rpm appimage dmg exe msi iso",
}


def execute(params):
    files = understudy.files
    folder = params["folder"].rstrip("/")
    oldest = time.time() - params["days"] * 86400
    moved = 0
    for name in files.list(folder):
        path = folder + "/" + name
        kind = folder_for(name)
        info = files.info(path, follow="none")
        if kind is None or info["kind"] != "file" or info["modified"] > oldest:
            continue
        files.mkdir(folder + "/" + kind)
        target = free(folder + "/" + kind + "/" + name)
        files.move(path, target)
        understudy.log.info("Moved %s to %s" % (path, target))
        moved += 1
    return {"success": True, "moved": moved}


def folder_for(name):
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    for folder, endings in FOLDERS.items():
        if ending in endings.split():
            return folder
    return None


def free(path):
    """The path, or the same with a number before its ending if it is taken."""
    stem, dot, ending = path.rpartition(".")
    number, candidate = 2, path
    while understudy.files.exists(candidate, follow="none"):
        candidate = "%s (%d)%s%s" % (stem, number, dot, ending)
        number += 1
    return candidate
