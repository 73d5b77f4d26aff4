# Deletes files, and what patterns of names match; whole folders only if told so.
def execute(params):
    files = understudy.files
    deleted = []
    for path in expand(params["paths"]):
        if not files.exists(path):
            if params["ignore_missing"]:
                continue
            return {"success": False, "error": "There is no " + path}
        if is_folder(path) and not params["recursive"]:
            return {"success": False, "error": path + " is a folder, not a file"}
        delete(path)
        deleted.append(path)
    understudy.log.info("Deleted %d files" % len(deleted))
    return {"success": True, "deleted": deleted}


def delete(path):
    if is_folder(path):
        for name in understudy.files.list(path):
            delete(path.rstrip("/") + "/" + name)
    understudy.files.remove(path)


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
