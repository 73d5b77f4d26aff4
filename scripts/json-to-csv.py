# /// automation
# id = "json-to-csv"
# description = "Converts JSON (a list of objects, or one object a line) to CSV; what is nested becomes columns like a.b."
# language = "python"
# grants = { reads = ["{input}"], writes = ["{output}"] }
# parameters.input = { type = "path", description = "The JSON file to read." }
# parameters.output = { type = "path", description = "The CSV file to write." }
#
# [[tests]]
# name = "flattens and keeps the order of columns"
# params = { input = "~/understudy-test/in.json", output = "~/understudy-test/out.csv" }
# files = [{ path = "~/understudy-test/in.json", text = '[{"id": 1, "who": {"name": "Ada, L."}}, {"id": 2, "tags": ["x", "y"], "ok": true}]' }]
# [tests.expect]
# result = { rows = 2 }
# changes = [{ path = "~/understudy-test/out.csv", kind = "created", text = "id,who.name,tags,ok\n1,\"Ada, L.\",,\n2,,\"[\"\"x\"\", \"\"y\"\"]\",true\n" }]
#
# [[tests]]
# name = "reads one object a line"
# params = { input = "~/understudy-test/in.json", output = "~/understudy-test/out.csv" }
# files = [{ path = "~/understudy-test/in.json", text = "{\"a\": 1}\n{\"a\": 2}\n" }]
# expect = { changes = [{ path = "~/understudy-test/out.csv", kind = "created", text = "a\n1\n2\n" }] }
#
# [[tests]]
# name = "refuses what is no table"
# params = { input = "~/understudy-test/in.json", output = "~/understudy-test/out.csv" }
# files = [{ path = "~/understudy-test/in.json", text = "[1, 2]" }]
# expect = { success = false }
# ///
import csv
import io
import json


def execute(params):
    rows = [flat(row) for row in objects(understudy.files.read(params["input"]))]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    understudy.files.write(params["output"], text.getvalue())
    return {"success": True, "rows": len(rows), "columns": columns}


def objects(text):
    try:
        rows = json.loads(text)
    except json.JSONDecodeError:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("it holds something that is no object")
    return rows


def flat(value, prefix=""):
    """One field a column: objects in objects by their path, lists as JSON."""
    fields = {}
    for name, inner in value.items():
        if isinstance(inner, dict):
            fields.update(flat(inner, prefix + name + "."))
        elif inner is None or isinstance(inner, str):
            fields[prefix + name] = inner
        else:
            fields[prefix + name] = json.dumps(inner)
    return fields
