# Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
def execute(params):
    source = params["source"]
    target = params["destination"]
    if not kind(source):
        return {"success": False, "error": "There is no " + source}
    copied = join(target, source) if is_folder(target) else target
    copy(source, target, params["follow"], params["keep"])
    understudy.log.info("Copied %s to %s" % (source, copied))
    return {"success": True, "copied": [copied]}
