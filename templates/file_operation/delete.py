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
