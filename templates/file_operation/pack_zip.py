# Packs files into a zip archive, named in it as seen from a folder; what else the archive holds stays in it.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
import os
import zipfile


def execute(params):
    sources = expand(params["sources"])
    members = {}
    for source in sources:
        if not kind(source):
            return {"success": False, "error": "There is no " + source}
        collect(source, params, members, [])
    archive = real(params["archive"])
    others = entries(archive, members)
    # The format knows no time before 1980 or after 2107: the nearest is written, as zip does.
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed:
        for entry, contents in others:
            packed.writestr(entry, contents)
        for number, (name, path) in enumerate(members.items()):
            understudy.progress(number / len(members), name)
            if params["links"] and kind(path) == "link":
                write_link(packed, name, real(path))
            else:
                packed.write(real(path), name)
    understudy.log.info("Packed %d files into %s" % (len(members), archive))
    return {"success": True, "archive": archive, "packed": list(members)}


def collect(path, params, members, above):
    """Notes the path, and with it what is in it, under its name in the archive; links by what they lead to."""
    what = kind(path)
    if what == "link" and not params["links"]:
        try:
            what = understudy.files.info(path)["kind"]
        except FileNotFoundError:
            understudy.log.warn(path + " leads nowhere and is left out")
            return
    if what != "directory":
        members[member(path, params["folder"])] = path
        return
    place = os.path.realpath(real(path))
    if place in above:
        understudy.log.warn(path + " leads back to its own folder and is left out")
        return
    name = member(path, params["folder"])
    if name != ".":
        members[name + "/"] = path
    if params["recursive"]:
        for name in understudy.files.list(path):
            collect(path.rstrip("/") + "/" + name, params, members, above + [place])


def write_link(packed, name, path):
    entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    packed.writestr(entry, os.readlink(path))


def entries(archive, members):
    """What the archive holds beside the members that are about to be written."""
    if not understudy.files.exists(archive) or understudy.files.info(archive)["size"] == 0:
        return []
    with zipfile.ZipFile(archive) as packed:
        return [(entry, packed.read(entry)) for entry in packed.infolist() if entry.filename not in members]
