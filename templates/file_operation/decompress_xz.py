# Puts what each file with .xz at its end holds in its place, as xz -d does: of the same permissions, owner and time.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
import lzma
import os


def execute(params):
    files = understudy.files
    sources = expand(params["sources"])
    unpacked = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        if not files.exists(source):
            return {"success": False, "error": "There is no " + source}
        if is_folder(source):
            return {"success": False, "error": source + " is a folder, not a file"}
        if kind(source) == "link" and not params["overwrite"]:
            return {"success": False, "error": source + " is a link, not a file"}
        if not source.endswith((".xz", ".txz")):
            return {"success": False, "error": source + " does not end in .xz"}
        target = without_ending(source, ".xz", ".txz")
        if kind(target) and not params["overwrite"]:
            return {"success": False, "error": target + " exists already"}
        unpack_one(source, target)
        if not params["keep"]:
            files.remove(source)
        unpacked.append(target)
    understudy.log.info("Unpacked %d files" % len(unpacked))
    return {"success": True, "unpacked": unpacked}


def unpack_one(source, target):
    with lzma.open(real(source), "rb") as packed, open(real(target), "wb") as file:
        while chunk := packed.read(1 << 16):
            file.write(chunk)
    understudy.files.copyAttributes(source, target)
