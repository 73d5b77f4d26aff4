# Packs files and folders into a tar archive, named in it as seen from a folder; links as links, with owners and times.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
import os
import tarfile


def execute(params):
    sources = expand(params["sources"])
    for source in sources:
        if not kind(source):
            return {"success": False, "error": "There is no " + source}
    archive = real(params["archive"])
    mode = "w:gz" if params["compress"] else "w"
    with tarfile.open(archive, mode, format=tarfile.GNU_FORMAT) as tar:
        for number, source in enumerate(sources):
            understudy.progress(number / len(sources), source)
            tar.add(real(source), arcname=member(source, params["folder"]))
    understudy.log.info("Packed %d files and folders into %s" % (len(sources), archive))
    return {"success": True, "archive": archive, "packed": sources}
