# Sorts the lines of files by character codes (as sort does under LC_ALL=C), one of each only if told so.
def execute(params):
    lines = []
    for path in params["inputs"]:
        lines += split(understudy.files.read(path))
    if params["unique"]:
        lines = set(lines)
    lines = sorted(lines, reverse=params["descending"])
    understudy.files.write(params["output"], "".join(line + "\n" for line in lines))
    understudy.log.info("Wrote %d lines to %s" % (len(lines), params["output"]))
    return {"success": True, "lines": len(lines), "output": params["output"]}


def split(text):
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
