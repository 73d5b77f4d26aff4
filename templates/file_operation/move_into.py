# Moves files, and what patterns of names match, into a folder.
def execute(params):
    files = understudy.files
    folder = params["folder"]
    sources = expand(params["sources"])
    if not files.exists(folder) and params["create_folder"]:
        files.mkdir(folder)
    if not is_folder(folder):
        return {"success": False, "error": folder + " is no folder"}
    moved = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        if not files.exists(source):
            return {"success": False, "error": "There is no " + source}
        target = join(folder, source)
        files.move(source, target)
        moved.append(target)
    understudy.log.info("Moved %d files to %s" % (len(moved), folder))
    return {"success": True, "moved": moved}


def expand(patterns):
    """Puts what a pattern matches in its place; one that matches nothing stays as it is, as in a shell."""
    paths = []
    for pattern in patterns:
        matches = matching(pattern) if any(mark in pattern for mark in "*?[") else []
        paths += matches or [pattern]
    return paths


def matching(pattern):
    """The files that a pattern matches; like a shell's, a wildcard leaves names that begin with a dot alone."""
    hidden = pattern.rpartition("/")[2].startswith(".")
    paths = understudy.files.glob(pattern)
    return [path for path in paths if hidden or not path.rpartition("/")[2].startswith(".")]


def is_folder(path):
    return understudy.files.exists(path) and understudy.files.info(path)["kind"] == "directory"


def join(folder, path):
    return folder.rstrip("/") + "/" + path.rstrip("/").rpartition("/")[2]
