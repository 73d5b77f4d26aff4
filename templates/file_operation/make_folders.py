# Makes folders, with the folders that they are in.
def execute(params):
    files = understudy.files
    made = []
    for folder in params["folders"]:
        if files.exists(folder):
            if params["ignore_existing"] and is_folder(folder):
                continue
            return {"success": False, "error": folder + " exists already"}
        files.mkdir(folder)
        made.append(folder)
    understudy.log.info("Made %d folders" % len(made))
    return {"success": True, "made": made}
