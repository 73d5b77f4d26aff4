# Functions of the scripts in this folder: a script gets those that it calls, and what these call.
import os
import re


def expand(patterns):
    """Puts what a pattern matches in its place; one that matches nothing stays as it is, as in a shell."""
    paths = []
    for pattern in patterns:
        paths += understudy.files.glob(pattern) or [re.sub(r"(?s)\\(.)", r"\1", pattern)]
    return paths


def copy(source, target, follow, keep):
    """Copies a file or folder; with a slash at its end, a link's name means the folder that it leads to."""
    named = follow == "none" and source.endswith("/")
    understudy.files.copy(source, target, "named" if named else follow, keep)


def kind(path):
    """What is at a path itself, a link being one wherever it leads; empty if nothing is."""
    return understudy.files.info(path, "none")["kind"] if understudy.files.exists(path, "none") else ""


def member(path, folder):
    """The path seen from the folder; one that is not below it loses its leading slash, as tar and zip do it."""
    path, folder = real(path).rstrip("/"), real(folder).rstrip("/")
    if path == folder:
        return "."
    return path[len(folder) + 1:] if path.startswith(folder + "/") else path.lstrip("/")


def real(path):
    return os.path.expanduser(path)


def is_folder(path):
    return understudy.files.exists(path) and understudy.files.info(path)["kind"] == "directory"


def join(folder, path):
    return folder.rstrip("/") + "/" + path.rstrip("/").rpartition("/")[2]


def without_ending(path, plain, of_tar):
    """The name of what is in a packed file."""
    return path[:-len(of_tar)] + ".tar" if path.endswith(of_tar) else path[:-len(plain)]
