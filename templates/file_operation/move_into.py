# Moves files, and what patterns of names match, into a folder.
def execute(params):
    files = understudy.files
    folder = params["folder"]
    sources = expand(params["sources"])
    if not files.exists(folder) and params["create_folder"]:
        files.mkdir(folder)
    if not is_folder(folder):
        return {"success": False, "error": folder + " is no folder"}
    moved = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        if not files.exists(source):
            return {"success": False, "error": "There is no " + source}
        target = join(folder, source)
        files.move(source, target)
        moved.append(target)
    understudy.log.info("Moved %d files to %s" % (len(moved), folder))
    return {"success": True, "moved": moved}
