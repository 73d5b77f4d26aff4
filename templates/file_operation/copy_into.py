# Copies files, and what patterns of names match, into a folder.
def execute(params):
    files = understudy.files
    folder = params["folder"]
    sources = expand(params["sources"])
    if not kind(folder) and params["create_folder"]:
        files.mkdir(folder)
    if not is_folder(folder):
        return {"success": False, "error": folder + " is no folder"}
    copied = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        target = join(folder, source)
        if not kind(source):
            return {"success": False, "error": "There is no " + source}
        if is_folder(source) and not params["recursive"]:
            return {"success": False, "error": source + " is a folder, not a file"}
        if target in copied:
            return {"success": False, "error": source + " would replace another copy of that name"}
        copy(source, folder, params["follow"], params["keep"])
        copied.append(target)
    understudy.log.info("Copied %d files to %s" % (len(copied), folder))
    return {"success": True, "copied": copied}
