# Deletes files, and what patterns of names match; whole folders only if told so. Of a link the link itself.
def execute(params):
    deleted = []
    for path in expand(params["paths"]):
        what = kind(path)
        if not what:
            if params["ignore_missing"]:
                continue
            return {"success": False, "error": "There is no " + path}
        if path.endswith("/") and what != "directory":
            return {"success": False, "error": path + " is no folder"}
        if what == "directory" and not params["recursive"]:
            return {"success": False, "error": path + " is a folder, not a file"}
        understudy.files.remove(path)
        deleted.append(path)
    understudy.log.info("Deleted %d files" % len(deleted))
    return {"success": True, "deleted": deleted}
