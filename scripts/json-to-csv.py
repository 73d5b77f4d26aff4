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
# name = "keeps every digit, and passes a byte order mark over"
# params = { input = "~/understudy-test/in.json", output = "~/understudy-test/out.csv" }
# files = [{ path = "~/understudy-test/in.json", text = "\uFEFF[{\"id\": 12345678901234567890, \"x\": 1.10, \"y\": 1e400, \"z\": [-0]}]" }]
# expect = { changes = [{ path = "~/understudy-test/out.csv", kind = "created", text = "id,x,y,z\n12345678901234567890,1.10,1e400,[-0]\n" }] }
#
# [[tests]]
# name = "refuses what is no JSON, or has two values for one column"
# params = { input = "~/understudy-test/in.json", output = "~/understudy-test/out.csv" }
# files = [{ path = "~/understudy-test/in.json", text = '[{"a.b": 1, "a": {"b": 2}}]' }]
# expect = { success = false }
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
    rows = [flat(row) for row in objects(understudy.files.read(params["input"]).removeprefix("\ufeff"))]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    understudy.files.write(params["output"], text.getvalue())
    return {"success": True, "rows": len(rows), "columns": columns}


def objects(text):
    try:
        rows = parsed(text)
    except json.JSONDecodeError:
        rows = [parsed(line) for line in text.split("\n") if line.strip()]
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise ValueError("it holds something that is no object")
    return rows


def parsed(text):
    """JSON; a number is a tuple of the text that it is written as, so that none is rounded."""
    number = lambda digits: (digits,)
    return json.loads(text, parse_int=number, parse_float=number, parse_constant=no_json, object_pairs_hook=once)


def no_json(name):
    raise ValueError("%s is no JSON" % name)


def once(pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("an object has two values of one key: %s" % ", ".join(key for key, _ in pairs))
    return fields


def flat(value, prefix=""):
    """One field a column: objects in objects by their path, lists as JSON."""
    fields = []
    for name, inner in value.items():
        if isinstance(inner, dict):
            fields += flat(inner, prefix + name + ".").items()
        else:
            fields.append((prefix + name, inner if inner is None or isinstance(inner, str) else written(inner)))
    return once(fields)


def written(value):
    if isinstance(value, tuple):
        return value[0]
    if isinstance(value, list):
        return "[%s]" % ", ".join(written(item) for item in value)
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (json.dumps(key), written(inner)) for key, inner in value.items())
    return json.dumps(value)
