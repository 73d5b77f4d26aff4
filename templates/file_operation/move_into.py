# Moves files, and what patterns of names match, into a folder.
def execute(params):
    files = understudy.files
    folder = params["folder"]
    sources = expand(params["sources"])
    if not kind(folder) and params["create_folder"]:
        files.mkdir(folder)
    if not is_folder(folder):
        return {"success": False, "error": folder + " is no folder"}
    moved = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        target = join(folder, source)
        if not kind(source):
            return {"success": False, "error": "There is no " + source}
        if source.endswith("/") and kind(source) != "directory":
            return {"success": False, "error": source + " is no folder"}
        if target in moved:
            return {"success": False, "error": source + " would replace another that was moved there"}
        files.move(source, folder)
        moved.append(target)
    understudy.log.info("Moved %d files to %s" % (len(moved), folder))
    return {"success": True, "moved": moved}
