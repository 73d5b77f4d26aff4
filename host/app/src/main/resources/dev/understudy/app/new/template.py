# Writes the lines of a text in order.
def execute(params):
    lines = understudy.files.read(params["input"]).splitlines()
    lines.sort(reverse=params["descending"])
    understudy.files.write(params["output"], "".join(line + "\n" for line in lines))
    return {"success": True, "lines": len(lines)}
