import csv
import io
import json
import re


def execute(params):
    output = params["output"]
    # The steps go here.
    understudy.log.info("Wrote %d rows to %s" % (len(rows), output))
    return {"success": True, "rows": len(rows), "output": output}


def read_csv(path, delimiter):
    """The names of the columns, and a dictionary for each row."""
    text = understudy.files.read(path).removeprefix("\ufeff")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = next(reader, [])
    rows = []
    for fields in reader:
        if fields and len(fields) != len(columns):
            raise ValueError("%s, line %d has %d fields, but there are %d columns" % (path, reader.line_num, len(fields), len(columns)))
        if fields:
            rows.append(dict(zip(columns, fields)))
    return columns, rows


def read_json(path):
    """The keys of all objects in the order in which they first appear, and the objects."""
    rows = json.loads(understudy.files.read(path))
    return keys(path, rows), rows


def read_jsonl(path):
    """The keys of all objects in the order in which they first appear, and the objects, one a line."""
    rows = [json.loads(line) for line in understudy.files.read(path).split("\n") if line.strip()]
    return keys(path, rows), rows


def keys(path, rows):
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(path + " is no list of objects")
    return list(dict.fromkeys(key for row in rows for key in row))


def write_csv(path, columns, rows, delimiter):
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([text(row.get(column)) for column in columns])
    understudy.files.write(path, output.getvalue())


def write_json(path, columns, rows):
    understudy.files.write(path, json.dumps(objects(columns, rows), ensure_ascii=False, indent=2) + "\n")


def write_jsonl(path, columns, rows):
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in objects(columns, rows)]
    understudy.files.write(path, "".join(lines))


def make_folder_of(path):
    folder = path.rpartition("/")[0]
    if folder and not understudy.files.exists(folder):
        understudy.files.mkdir(folder)


def objects(columns, rows):
    return [{column: row[column] for column in columns if column in row} for row in rows]


def select(columns, wanted):
    require(columns, wanted)
    return list(wanted)


def keep(columns, wanted):
    require(columns, wanted)
    return [column for column in columns if column in wanted]


def drop(columns, unwanted):
    require(columns, unwanted)
    return [column for column in columns if column not in unwanted]


def rename(columns, rows, old_names, new_names):
    require(columns, old_names)
    names = dict(zip(old_names, new_names))
    renamed = [{names.get(column, column): value for column, value in row.items()} for row in rows]
    return [names.get(column, column) for column in columns], renamed


def keep_equal(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if same(text(row.get(column)), value)]


def keep_different(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if not same(text(row.get(column)), value)]


def keep_exact(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if text(row.get(column)) == value]


def keep_not_exact(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if text(row.get(column)) != value]


def keep_containing(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if value in text(row.get(column))]


def keep_matching(columns, rows, column, expression):
    require(columns, [column])
    return [row for row in rows if re.search(expression, text(row.get(column)))]


def keep_below(columns, rows, column, limit):
    require(columns, [column])
    return [row for row in rows if compare(text(row.get(column)), limit) < 0]


def keep_above(columns, rows, column, limit):
    require(columns, [column])
    return [row for row in rows if compare(text(row.get(column)), limit) > 0]


def keep_at_most(columns, rows, column, limit):
    require(columns, [column])
    return [row for row in rows if compare(text(row.get(column)), limit) <= 0]


def keep_at_least(columns, rows, column, limit):
    require(columns, [column])
    return [row for row in rows if compare(text(row.get(column)), limit) >= 0]


def sort(columns, rows, by, descending):
    """Sorts by number where all of a column are numbers, else by character codes; equal rows keep their order."""
    require(columns, by)
    for column in reversed(by):
        numbers = all(is_number(text(row.get(column))) for row in rows)
        rows = sorted(rows, key=lambda row: float(text(row.get(column))) if numbers else text(row.get(column)), reverse=descending)
    return rows


def sort_text(columns, rows, by, descending):
    """Sorts by character codes; equal rows keep their order."""
    require(columns, by)
    return sorted(rows, key=lambda row: [text(row.get(column)) for column in by], reverse=descending)


def sort_numbers(columns, rows, by, descending):
    """Sorts by number; rows without a number come last, and equal rows keep their order."""
    require(columns, by)
    for column in reversed(by):
        numbers = [row for row in rows if is_number(text(row.get(column)))]
        others = [row for row in rows if not is_number(text(row.get(column)))]
        rows = sorted(numbers, key=lambda row: float(text(row.get(column))), reverse=descending) + others
    return rows


def unique(columns, rows, by):
    """Keeps the first of the rows that are the same in the given columns (in all, if none is given)."""
    require(columns, by)
    first = {}
    for row in rows:
        first.setdefault(tuple(text(row.get(column)) for column in by or columns), row)
    return list(first.values())


def group(columns, rows, by, functions, measured):
    """One row for each group, in the order in which they first appear."""
    require(columns, list(by) + list(measured))
    groups = {}
    for row in rows:
        groups.setdefault(tuple(text(row.get(column)) for column in by), []).append(row)
    results = []
    for members in groups.values():
        result = {column: members[0].get(column) for column in by}
        if not measured:
            result["count"] = len(members)
        for column in measured:
            values = [text(row.get(column)) for row in members if text(row.get(column)) != ""]
            for function in functions:
                result[column + "_" + function] = aggregate(function, column, values)
        results.append(result)
    names = [column + "_" + function for column in measured for function in functions] or ["count"]
    return list(by) + names, results


def aggregate(function, column, values):
    if function == "count":
        return len(values)
    for value in values:
        if not is_number(value):
            raise ValueError("'%s' in column %s is no number" % (value, column))
    if not values:
        return 0 if function == "sum" else ""
    if function == "min":
        return whole(min(map(float, values)))
    if function == "max":
        return whole(max(map(float, values)))
    # Added in the last decimal place that occurs, so that prices do not gather the errors of binary fractions.
    unit = 10 ** max(len(value.partition(".")[2]) for value in values)
    total = sum(round(float(value) * unit) for value in values) / unit
    return whole(total / len(values) if function == "mean" else total)


def whole(number):
    return int(number) if number == int(number) else number


def fill(columns, rows):
    """Gives each row all columns; what it lacks is null."""
    return [{column: row.get(column) for column in columns} for row in rows]


def head(rows, count):
    return rows[:count]


def infer(rows):
    """Reads what looks like a number as one."""
    return [{column: number(value) for column, value in row.items()} for row in rows]


def number(value):
    if not isinstance(value, str) or not is_number(value):
        return value
    return int(value) if "." not in value else float(value)


def is_number(value):
    digits = value.removeprefix("-")
    before, dot, after = digits.partition(".")
    if not (before.isascii() and before.isdigit() and (before == "0" or before[0] != "0")):
        return False
    return not dot or (after.isascii() and after.isdigit())


def same(value, other):
    return value == other or (is_number(value) and is_number(other) and float(value) == float(other))


def compare(value, limit):
    """Compares numbers by size, other texts by character codes."""
    if is_number(limit):
        if not is_number(value):
            raise ValueError("'%s' is no number" % value)
        value, limit = float(value), float(limit)
    return (value > limit) - (value < limit)


def text(value):
    """A value as a CSV file would have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json_text(value)


def json_text(value):
    return json.dumps(value, ensure_ascii=False)


def require(columns, wanted):
    for column in wanted:
        if column not in columns:
            raise ValueError("There is no column '%s'; there are %s" % (column, ", ".join(columns)))
