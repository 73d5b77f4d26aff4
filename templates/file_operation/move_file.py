# Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
def execute(params):
    source = params["source"]
    target = params["destination"]
    if not kind(source):
        return {"success": False, "error": "There is no " + source}
    if source.endswith("/") and kind(source) != "directory":
        return {"success": False, "error": source + " is no folder"}
    if target.endswith("/") and not is_folder(target) and kind(source) != "directory":
        return {"success": False, "error": "There is no folder " + target}
    moved = join(target, source) if is_folder(target) else target
    understudy.files.move(source, target)
    understudy.log.info("Moved %s to %s" % (source, moved))
    return {"success": True, "moved": [moved]}
