# Packs files and folders into a tar archive, named in it as seen from a folder.
import os
import tarfile


def execute(params):
    sources = expand(params["sources"])
    for source in sources:
        if not understudy.files.exists(source):
            return {"success": False, "error": "There is no " + source}
    archive = real(params["archive"])
    mode = "w:gz" if params["compress"] else "w"
    with tarfile.open(archive, mode) as tar:
        for number, source in enumerate(sources):
            understudy.progress(number / len(sources), source)
            tar.add(real(source), arcname=member(source, params["folder"]))
    understudy.log.info("Packed %d files and folders into %s" % (len(sources), archive))
    return {"success": True, "archive": archive, "packed": sources}


def member(path, folder):
    """The path seen from the folder; one that is not below it loses its leading slash, as with tar."""
    path, folder = real(path), real(folder).rstrip("/") + "/"
    return path[len(folder):] if path.startswith(folder) else path.lstrip("/")


def real(path):
    return os.path.expanduser(path)


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
