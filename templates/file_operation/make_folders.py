# Makes folders; with the folders that they are in where it is fine that a folder is there already.
def execute(params):
    files = understudy.files
    made = []
    for folder in params["folders"]:
        if kind(folder):
            if params["ignore_existing"] and is_folder(folder):
                continue
            return {"success": False, "error": folder + " exists already"}
        above = folder.rstrip("/").rpartition("/")[0]
        if above and not is_folder(above) and not params["ignore_existing"]:
            return {"success": False, "error": "There is no folder " + above}
        files.mkdir(folder)
        made.append(folder)
    understudy.log.info("Made %d folders" % len(made))
    return {"success": True, "made": made}
