# Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
def execute(params):
    files = understudy.files
    source = params["source"]
    target = params["destination"]
    if not files.exists(source):
        return {"success": False, "error": "There is no " + source}
    if is_folder(target):
        target = join(target, source)
    elif target.endswith("/") and not is_folder(source):
        return {"success": False, "error": "There is no folder " + target}
    files.move(source, target)
    understudy.log.info("Moved %s to %s" % (source, target))
    return {"success": True, "moved": [target]}
