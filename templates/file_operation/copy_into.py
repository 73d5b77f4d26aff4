# Copies files, and what patterns of names match, into a folder.
def execute(params):
    files = understudy.files
    folder = params["folder"]
    sources = expand(params["sources"])
    if not files.exists(folder) and params["create_folder"]:
        files.mkdir(folder)
    if not is_folder(folder):
        return {"success": False, "error": folder + " is no folder"}
    copied = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        if not files.exists(source):
            return {"success": False, "error": "There is no " + source}
        if is_folder(source) and not params["recursive"]:
            return {"success": False, "error": source + " is a folder, not a file"}
        copied += copy(source, join(folder, source))
    understudy.log.info("Copied %d files to %s" % (len(copied), folder))
    return {"success": True, "copied": copied}


def copy(source, target):
    files = understudy.files
    if not is_folder(source):
        files.copy(source, target)
        return [target]
    names = files.list(source)
    files.mkdir(target)
    copied = []
    for name in names:
        copied += copy(join(source, name), join(target, name))
    return copied


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
