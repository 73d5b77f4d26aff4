# Copies one file as cp does: into the destination if that is a folder, else under that name.
def execute(params):
    files = understudy.files
    source = params["source"]
    target = params["destination"]
    if not files.exists(source):
        return {"success": False, "error": "There is no " + source}
    if is_folder(source):
        return {"success": False, "error": source + " is a folder, not a file"}
    if is_folder(target):
        target = join(target, source)
    elif target.endswith("/"):
        return {"success": False, "error": "There is no folder " + target}
    files.copy(source, target)
    understudy.log.info("Copied %s to %s" % (source, target))
    return {"success": True, "copied": [target]}
