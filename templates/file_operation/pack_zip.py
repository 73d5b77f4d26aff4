# Packs files into a zip archive, named in it as seen from a folder; what else the archive holds stays in it.
import os
import zipfile


def execute(params):
    sources = expand(params["sources"])
    members = {}
    for source in sources:
        if not understudy.files.exists(source):
            return {"success": False, "error": "There is no " + source}
        collect(source, params["folder"], params["recursive"], members)
    archive = real(params["archive"])
    others = entries(archive, members)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for entry, contents in others:
            packed.writestr(entry, contents)
        for number, (name, path) in enumerate(members.items()):
            understudy.progress(number / len(members), name)
            packed.write(real(path), name)
    understudy.log.info("Packed %d files into %s" % (len(members), archive))
    return {"success": True, "archive": archive, "packed": list(members)}


def collect(path, folder, recursive, members):
    """Notes the path, and with it what is in it, under its name in the archive."""
    if not is_folder(path):
        members[member(path, folder)] = path
        return
    members[member(path, folder) + "/"] = path
    if recursive:
        for name in understudy.files.list(path):
            collect(path.rstrip("/") + "/" + name, folder, recursive, members)


def entries(archive, members):
    """What the archive holds beside the members that are about to be written."""
    if not understudy.files.exists(archive) or understudy.files.info(archive)["size"] == 0:
        return []
    with zipfile.ZipFile(archive) as packed:
        return [(entry, packed.read(entry)) for entry in packed.infolist() if entry.filename not in members]
