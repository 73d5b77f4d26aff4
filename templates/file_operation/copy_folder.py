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
