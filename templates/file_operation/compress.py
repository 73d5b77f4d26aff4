# Compresses each file into one with .gz at its end, as gzip does.
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
        if source.endswith(".gz"):
            return {"success": False, "error": source + " is compressed already"}
        if files.exists(target) and not params["overwrite"]:
            return {"success": False, "error": target + " exists already"}
        with open(real(source), "rb") as plain, gzip.open(real(target), "wb", params["level"]) as packed:
            while chunk := plain.read(1 << 16):
                packed.write(chunk)
        if not params["keep"]:
            files.remove(source)
        compressed.append(target)
    understudy.log.info("Compressed %d files" % len(compressed))
    return {"success": True, "compressed": compressed}
