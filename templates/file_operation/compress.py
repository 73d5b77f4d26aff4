# Compresses each file into one with .gz at its end, as gzip does: of the same permissions, owner and time.
# What it writes may take 64 MiB (limit "disk"); a line like limits = { disk = "1GiB", cpu = "5m", wall = "10m" } above allows more.
import gzip
import os


def execute(params):
    files = understudy.files
    sources = expand(params["sources"])
    compressed = []
    for number, source in enumerate(sources):
        understudy.progress(number / len(sources), source)
        target = source + ".gz"
        if not files.exists(source):
            return {"success": False, "error": "There is no " + source}
        if is_folder(source):
            return {"success": False, "error": source + " is a folder, not a file"}
        if kind(source) == "link" and not params["overwrite"]:
            return {"success": False, "error": source + " is a link, not a file"}
        if source.endswith(".gz"):
            return {"success": False, "error": source + " is compressed already"}
        if kind(target) and not params["overwrite"]:
            return {"success": False, "error": target + " exists already"}
        pack(source, target, params["level"])
        if not params["keep"]:
            files.remove(source)
        compressed.append(target)
    understudy.log.info("Compressed %d files" % len(compressed))
    return {"success": True, "compressed": compressed}


def pack(source, target, level):
    name = os.path.basename(source)
    time = int(understudy.files.info(source)["modified"])
    with open(real(source), "rb") as plain, open(real(target), "wb") as file:
        with gzip.GzipFile(name, "wb", level, file, max(time, 0)) as packed:
            while chunk := plain.read(1 << 16):
                packed.write(chunk)
    understudy.files.copyAttributes(source, target)
