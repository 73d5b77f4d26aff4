# Functions of the scripts in this folder: a script gets those that it calls, and what these call.
import os


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


def member(path, folder):
    """The path seen from the folder; one that is not below it loses its leading slash, as tar and zip do it."""
    path, folder = real(path), real(folder).rstrip("/") + "/"
    return path[len(folder):] if path.startswith(folder) else path.lstrip("/")


def real(path):
    return os.path.expanduser(path)


def is_folder(path):
    return understudy.files.exists(path) and understudy.files.info(path)["kind"] == "directory"


def join(folder, path):
    return folder.rstrip("/") + "/" + path.rstrip("/").rpartition("/")[2]
