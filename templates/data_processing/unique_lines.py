# Leaves out each line that is the same as the line before it, as uniq does.
def execute(params):
    lines = understudy.files.read(params["input"]).split("\n")
    if lines[-1] == "":
        lines.pop()
    kept = [line for before, line in zip([None] + lines, lines) if line != before]
    understudy.files.write(params["output"], "".join(line + "\n" for line in kept))
    understudy.log.info("Wrote %d of %d lines to %s" % (len(kept), len(lines), params["output"]))
    return {"success": True, "lines": len(kept), "output": params["output"]}
