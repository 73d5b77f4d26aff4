# Copies one file as cp does: into the destination if that is a folder, else under that name.
def execute(params):
    source = params["source"]
    target = params["destination"]
    if not understudy.files.exists(source) and (params["follow"] != "none" or not kind(source)):
        return {"success": False, "error": "There is no " + source}
    if is_folder(source) and (params["follow"] != "none" or kind(source) == "directory"):
        return {"success": False, "error": source + " is a folder, not a file"}
    if target.endswith("/") and not is_folder(target):
        return {"success": False, "error": "There is no folder " + target}
    copied = join(target, source) if is_folder(target) else target
    copy(source, target, params["follow"], params["keep"])
    understudy.log.info("Copied %s to %s" % (source, copied))
    return {"success": True, "copied": [copied]}
