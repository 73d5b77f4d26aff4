# Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
def execute(params):
    files = understudy.files
    source = params["source"]
    target = params["destination"]
    if not files.exists(source):
        return {"success": False, "error": "There is no " + source}
    if is_folder(target):
        target = join(target, source)
    copied = copy(source, target)
    understudy.log.info("Copied %s to %s (%d files)" % (source, target, len(copied)))
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


def is_folder(path):
    return understudy.files.exists(path) and understudy.files.info(path)["kind"] == "directory"


def join(folder, path):
    return folder.rstrip("/") + "/" + path.rstrip("/").rpartition("/")[2]
