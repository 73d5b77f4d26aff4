import csv
import io
import json
import re


def execute(params):
    output = params["output"]
    # The steps go here.
    understudy.log.info("Wrote %d rows to %s" % (len(rows), output))
    return {"success": True, "rows": len(rows), "output": output}


def read_text(path):
    """A file's text without a byte order mark."""
    content = understudy.files.read(path).removeprefix("\ufeff")
    if "\0" in content:
        raise ValueError(path + " holds NUL characters, as UTF-16 without a mark does; convert it to UTF-8 first")
    return content


def read_csv(path, delimiter):
    """The delimiter, the columns and a dictionary for each row; each of several columns of one name is (name, number)."""
    content = read_text(path)
    # Spreadsheets say so in a line before the header.
    told = re.match("sep=(.)\r?\n", content, re.IGNORECASE)
    if told:
        delimiter, content = told.group(1), content[told.end() :]
    delimiter = delimiter or found_delimiter(path, content)
    records = parse_csv(path, content, delimiter)
    names = next(records, [])
    columns = [(name, names[:place].count(name) + 1) if names.count(name) > 1 else name for place, name in enumerate(names)]
    rows = []
    for fields in records:
        if len(fields) != len(columns):
            raise ValueError("%s, row %d has %d fields, but there are %d columns" % (path, len(rows) + 1, len(fields), len(columns)))
        rows.append(dict(zip(columns, fields)))
    return delimiter, columns, rows


def parse_csv(path, content, delimiter):
    """Records of fields as RFC 4180 has them, without blank lines."""
    csv.field_size_limit(2**31 - 1)
    try:
        for fields in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True):
            if fields:
                yield fields
    except csv.Error as error:
        raise ValueError("%s is no CSV: %s" % (path, error))


def found_delimiter(path, content):
    """The delimiter that gives a header of several columns and, if there are more than one, rows of the same width."""
    found = [each for each in ",;\t|" if header_width(path, content, each) > 1]
    if len(found) > 1:
        found = [each for each in found if is_even(path, content, each)]
        if len(found) != 1:
            raise ValueError("It cannot be told what separates the fields of %s; give the parameter 'delimiter'" % path)
    return found[0] if found else ","


def header_width(path, content, delimiter):
    try:
        return len(next(parse_csv(path, content, delimiter), []))
    except ValueError:
        return 0


def is_even(path, content, delimiter):
    try:
        return len({len(fields) for fields in parse_csv(path, content, delimiter)}) == 1
    except ValueError:
        return False


def read_json(path):
    """The keys of all objects in the order in which they first appear, and the objects."""
    rows = parse_json(path, read_text(path))
    return keys(path, rows), rows


def read_jsonl(path):
    """The keys of all objects in the order in which they first appear, and the objects, one a line."""
    rows = [parse_json(path, line) for line in read_text(path).split("\n") if line.strip()]
    return keys(path, rows), rows


def parse_json(path, content):
    """JSON as RFC 8259 has it; a number is a tuple of the text that it is written as, so that none is rounded."""
    try:
        return json.loads(
            content,
            parse_int=lambda number: (number,),
            parse_float=lambda number: (number,),
            parse_constant=lambda name: refuse("%s is no JSON: it holds %s" % (path, name)),
            object_pairs_hook=lambda pairs: once(path, pairs),
        )
    except json.JSONDecodeError as error:
        raise ValueError("%s is no JSON: %s" % (path, error))


def refuse(reason):
    raise ValueError(reason)


def once(path, pairs):
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice = next(key for place, (key, _) in enumerate(pairs) if key in dict(pairs[:place]))
        refuse("%s has an object with two values of '%s'" % (path, twice))
    return fields


def keys(path, rows):
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(path + " is no list of objects")
    return list(dict.fromkeys(key for row in rows for key in row))


def write_csv(path, columns, rows, delimiter):
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter or ",", lineterminator="\n")
    writer.writerow([heading(column) for column in columns])
    for row in rows:
        writer.writerow([text(row.get(column)) for column in columns])
    understudy.files.write(path, output.getvalue())


def write_json(path, columns, rows):
    understudy.files.write(path, json_text(objects(columns, rows), ",", ": ", "  ") + "\n")


def write_jsonl(path, columns, rows):
    lines = [json_text(row, ", ", ": ", None) + "\n" for row in objects(columns, rows)]
    understudy.files.write(path, "".join(lines))


def make_folder_of(path):
    folder = path.rpartition("/")[0]
    if folder and not understudy.files.exists(folder):
        understudy.files.mkdir(folder)


def objects(columns, rows):
    names = distinct([heading(column) for column in columns])
    return [{name: row[column] for column, name in zip(columns, names) if column in row} for row in rows]


def heading(column):
    """The name of a column, also of one of several that have it."""
    return column[0] if isinstance(column, tuple) else column


def distinct(names):
    """All different: the second 'note' becomes 'note_2'."""
    used = []
    for name in names:
        fresh, number = name, 2
        while fresh in used:
            fresh, number = "%s_%d" % (name, number), number + 1
        used.append(fresh)
    return used


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
    renamed = [names.get(column, column) for column in columns]
    for name in new_names:
        if [heading(column) for column in renamed].count(name) > 1:
            raise ValueError("There would be two columns '%s'" % name)
    return renamed, [{names.get(column, column): value for column, value in row.items()} for row in rows]


def keep_equal(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if same(text(row.get(column)), value)]


def keep_different(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if not same(text(row.get(column)), value)]


def keep_containing(columns, rows, column, value):
    require(columns, [column])
    return [row for row in rows if value in text(row.get(column))]


def keep_matching(columns, rows, column, expression):
    require(columns, [column])
    return [row for row in rows if re.search(expression, text(row.get(column)))]


def keep_below(columns, rows, column, limit):
    return compared(columns, rows, column, limit, lambda order: order < 0)


def keep_above(columns, rows, column, limit):
    return compared(columns, rows, column, limit, lambda order: order > 0)


def keep_at_most(columns, rows, column, limit):
    return compared(columns, rows, column, limit, lambda order: order <= 0)


def keep_at_least(columns, rows, column, limit):
    return compared(columns, rows, column, limit, lambda order: order >= 0)


def compared(columns, rows, column, limit, passes):
    """Rows whose value stands so to the limit; where that is a number, a row without a value does not."""
    require(columns, [column])
    values = [text(row.get(column)) for row in rows]
    if not is_number(limit):
        return [row for row, value in zip(rows, values) if passes((value > limit) - (value < limit))]
    for value in values:
        if not is_number(value) and not is_missing(value):
            raise ValueError("'%s' in column '%s' is no number" % (value, column))
    bound = size(limit)
    sizes = [size(value) if is_number(value) else None for value in values]
    return [row for row, own in zip(rows, sizes) if own is not None and passes((own > bound) - (own < bound))]


def sort(columns, rows, by, descending):
    """Sorts by number where all values of a column are numbers, else by character codes; equal rows keep their order."""
    require(columns, by)
    for column in reversed(by):
        rows = sort_one(rows, column, descending)
    return rows


def sort_one(rows, column, descending):
    values = [text(row.get(column)) for row in rows]
    present = [value for value in values if not is_missing(value)]
    numbers = [value for value in present if is_number(value)]
    if not numbers or len(numbers) < len(present):
        require_plain(column, present)
        return sorted(rows, key=lambda row: text(row.get(column)), reverse=descending)
    # What has no value comes last, in either direction.
    known = [row for row in rows if not is_missing(text(row.get(column)))]
    unknown = [row for row in rows if is_missing(text(row.get(column)))]
    return sorted(known, key=lambda row: size(text(row.get(column))), reverse=descending) + unknown


def require_plain(column, values):
    """Refuses a column of numbers like 9,5 or 1'000, which would be sorted as texts."""
    foreign = "[-+]?[0-9]+([.' \u00a0\u202f][0-9]{3})*,[0-9]+|[-+]?[0-9]{1,3}([,'\u00a0\u202f][0-9]{3})+([.][0-9]+)?"
    odd = [value for value in values if re.fullmatch(foreign, value.strip())]
    if odd and all(value in odd or is_number(value.strip()) for value in values):
        raise ValueError("'%s' in column '%s' is a number in the way of some country; write it like 1234.5" % (odd[0], column))


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
    names = list(by) + ([column + "_" + function for column in measured for function in functions] or ["count"])
    if distinct(names) != names:
        raise ValueError("Two columns of the result would have one name: " + ", ".join(names))
    groups = {}
    for row in rows:
        groups.setdefault(tuple(text(row.get(column)) for column in by), []).append(row)
    results = []
    for members in groups.values():
        result = {column: members[0].get(column) for column in by}
        if not measured:
            result["count"] = (str(len(members)),)
        for column in measured:
            values = [text(row.get(column)) for row in members if text(row.get(column)) != ""]
            for function in functions:
                result[column + "_" + function] = aggregate(function, column, values)
        results.append(result)
    return names, results


def aggregate(function, column, values):
    if function == "count":
        return (str(len(values)),)
    for value in values:
        if not is_number(value):
            raise ValueError("'%s' in column '%s' is no number" % (value, column))
    if not values:
        return ("0",) if function == "sum" else ""
    if function in ("min", "max"):
        best = (min if function == "min" else max)(values, key=lambda value: size(value))
        return (best,) if is_json_number(best) else best
    scaled, place = total(column, values)
    return (plain(scaled, place) if function == "sum" else mean(scaled, place, len(values)),)


def total(column, values):
    """The exact sum, as a whole number and the power of ten to multiply it with."""
    parts = [decimal(value) for value in values]
    place = min(exponent for _, exponent in parts)
    if max(abs(exponent) for _, exponent in parts) > 1000:
        raise ValueError("A number in column '%s' is too large or too small to be added" % column)
    return sum(digits * 10 ** (exponent - place) for digits, exponent in parts), place


def mean(scaled, place, count):
    """Exact where it ends within 40 more decimal places, else to 16 digits."""
    digits, rest = divmod(abs(scaled) * 10**40, count)
    cut = 0 if rest == 0 else len(str(digits)) - 16
    if cut > 0:
        digits = (digits + 5 * 10 ** (cut - 1)) // 10**cut
    else:
        cut = 0
    return plain(-digits if scaled < 0 else digits, place - 40 + cut)


def plain(digits, place):
    """A whole number times a power of ten, without an exponent."""
    if place >= 0:
        return str(digits * 10**place)
    whole = str(abs(digits)).rjust(1 - place, "0")
    after = whole[place:].rstrip("0")
    return ("-" if digits < 0 else "") + whole[:place] + ("." + after if after else "")


def decimal(value):
    """A number's digits as a whole number, and the power of ten to multiply it with."""
    mantissa, _, exponent = value.lower().partition("e")
    before, _, after = mantissa.partition(".")
    return int(before + after), int(exponent or "0") - len(after)


def size(value):
    """What orders numbers exactly, however long: the sign, the place of the first digit, the digits."""
    mantissa, _, exponent = value.lower().partition("e")
    before, _, after = mantissa.lstrip("+-").partition(".")
    digits = (before + after).lstrip("0")
    if not digits:
        return 0, 0, ""
    place = int(exponent or "0") + len(before) - len(before + after) + len(digits)
    digits = digits.rstrip("0")
    if not value.startswith("-"):
        return 1, place, digits
    return -1, -place, "".join(chr(105 - ord(digit)) for digit in digits) + "~"


def head(rows, count):
    return rows[:count]


def infer(rows):
    """Reads what is written like a number of JSON, and like no code or date, as one."""
    return [{column: inferred(value) for column, value in row.items()} for row in rows]


def inferred(value):
    return (value,) if isinstance(value, str) and re.fullmatch("-?(0|[1-9][0-9]*)([.][0-9]+)?", value) else value


def is_number(value):
    return re.fullmatch("[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,9})?", value) is not None


def is_json_number(value):
    return re.fullmatch("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?", value) is not None


def is_missing(value):
    """Whether a cell among numbers says that there is none."""
    return re.fullmatch("(#?n/?a|nan|null|none|-+|[?.])?", value.strip(), re.IGNORECASE) is not None


def same(value, other):
    """Numbers are the same by size, but 007 is no number here: what begins with a zero is a code."""
    if value == other or re.match("[+]|-?0[0-9]", value) or re.match("[+]|-?0[0-9]", other):
        return value == other
    return is_number(value) and is_number(other) and size(value) == size(other)


def text(value):
    """A value as a CSV file would have it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json_text(value, ", ", ": ", None)


def json_text(value, comma, colon, step, margin=""):
    """JSON of a value: on one line, or with each element on a line that is set in by another step."""
    if isinstance(value, tuple):
        return value[0]
    if isinstance(value, dict):
        parts = [json.dumps(key, ensure_ascii=False) + colon + json_text(field, comma, colon, step, margin + (step or "")) for key, field in value.items()]
    elif isinstance(value, list):
        parts = [json_text(item, comma, colon, step, margin + (step or "")) for item in value]
    else:
        return json.dumps(value, ensure_ascii=False)
    first, last = "{}" if isinstance(value, dict) else "[]"
    if step is None or not parts:
        return first + comma.join(parts) + last
    line = "\n" + margin + step
    return first + line + (comma + line).join(parts) + "\n" + margin + last


def require(columns, wanted):
    names = [heading(column) for column in columns]
    for name in wanted:
        if name not in names:
            raise ValueError("There is no column '%s'; there are %s" % (name, ", ".join(names)))
        if name not in columns:
            raise ValueError("There are %d columns '%s'" % (names.count(name), name))


def read_csvkit(path, delimiter):
    """As csvcut and csvgrep read: any line end, no dialect found out, and of several columns of one name the first."""
    content = re.sub("\r\n?", "\n", read_text(path))
    records = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    names = next(records, [])
    if not names:
        raise ValueError(path + " does not begin with the names of its columns")
    columns = [(name, place) if name in names[:place] else name for place, name in enumerate(names)]
    rows = []
    for fields in records:
        if len(fields) > len(columns):
            raise ValueError("%s, row %d has %d fields, but there are %d columns" % (path, len(rows) + 1, len(fields), len(columns)))
        rows.append(dict(zip(columns, fields)))
    return columns, rows


def require_whole(columns, rows):
    """csvgrep writes rows that are too short as they are."""
    for row in rows:
        if len(row) < len(columns):
            raise ValueError("A row that is kept has %d fields, but there are %d columns" % (len(row), len(columns)))


def read_agate(path, delimiter):
    """As csvsort and csvjson read with -I: the dialect is found out, and what says that there is no value is None."""
    content = re.sub("\r\n?", "\n", read_text(path))
    options = {"dialect": sniffed(content[:1024])}
    if delimiter:
        options["delimiter"] = delimiter
    records = csv.reader(io.StringIO(content, newline=""), **options)
    names = next(records, [])
    if not names:
        raise ValueError(path + " does not begin with the names of its columns")
    letters = "abcdefghijklmnopqrstuvwxyz"
    columns = distinct([name or letters[place % 26] * (place // 26 + 1) for place, name in enumerate(names)])
    rows = []
    for fields in records:
        if len(fields) > len(columns):
            raise ValueError("%s, row %d has %d fields, but there are %d columns" % (path, len(rows) + 1, len(fields), len(columns)))
        cells = [cell(field) for field in fields] + [None] * (len(columns) - len(fields))
        rows.append(dict(zip(columns, cells)))
    return columns, rows


def sniffed(sample):
    try:
        return csv.Sniffer().sniff(sample, [",", "\t", ";", " ", ":", "|"])
    except csv.Error:
        return "excel"


def cell(value):
    """A cell as csvkit's -I takes it."""
    return None if value.strip().lower() in ("", "na", "n/a", "none", "null", ".") else value


def read_csvkit_json(path):
    """As in2csv reads JSON: what is nested becomes columns like a/b."""
    rows = parse_json(path, read_text(path))
    keys(path, rows)
    rows = [dict(paths("", row)) for row in rows]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if not columns or "" in columns:
        raise ValueError(path + " has a key without a name, or none at all")
    return columns, [{column: csvkit_value(path, value) for column, value in row.items()} for row in rows]


def paths(name, value):
    if not isinstance(value, (dict, list)):
        return [(name.strip("/"), value)]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for key, inner in items for found in paths("%s%s/" % (name, key), inner)]


def csvkit_value(path, value):
    if isinstance(value, bool):
        return str(value)
    if not isinstance(value, tuple):
        return None if value is None else cell(value)
    if "e" in value[0].lower():
        raise ValueError("%s holds %s, which in2csv writes in another way" % (path, value[0]))
    return "0" if value[0] == "-0" else value[0]


def sort_csvkit(columns, rows, by, descending):
    """As csvsort -I: by character codes, what has no value is greatest and ends the comparison of two rows that lack it."""
    require(columns, by)
    missing = type("Missing", (), {"__lt__": lambda self, other: False, "__gt__": lambda self, other: other is not None})
    return sorted(rows, key=lambda row: tuple(missing() if row[column] is None else row[column] for column in by), reverse=descending)


def write_csvkit(path, columns, rows):
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([heading(column) for column in columns])
    for row in rows:
        writer.writerow([row.get(column) for column in columns])
    understudy.files.write(path, output.getvalue())


def write_csvkit_json(path, columns, rows):
    understudy.files.write(path, json_text(objects(columns, rows), ", ", ": ", None))


def read_miller(path):
    """As Miller reads CSV; further columns of one name are called name_2, name_3."""
    content = read_text(path).replace("\r\n", "\n")
    if "\r" in content:
        raise ValueError(path + " has line ends that Miller reads in a way of its own")
    try:
        records = [fields or [""] for fields in csv.reader(io.StringIO(content, newline=""), strict=True)]
    except csv.Error as error:
        raise ValueError("%s is no CSV: %s" % (path, error))
    if not records:
        return [], []
    columns = distinct(records[0])
    for number, fields in enumerate(records):
        if len(fields) != len(columns):
            raise ValueError("%s, record %d has %d fields, but there are %d columns" % (path, number, len(fields), len(columns)))
        for field in fields:
            if '"' in field and field[0] != '"' and '"%s' % field.replace('"', '""') not in content:
                raise ValueError("%s, record %d has a quote inside a field without quotes" % (path, number))
    return columns, [dict(zip(columns, fields)) for fields in records[1:]]


def miller_number(value):
    """The number that Miller 6 takes a text of a file for; None if it takes it for a text (as it does 007, +5 and Inf)."""
    if re.fullmatch("-?(0|[1-9][0-9]*)|-?0[xX][0-9a-fA-F]+|-?0[bB][01]+|-?0[oO][0-7]+", value):
        number = int(value, 0)
        if number >= 2**63 and re.match("-?0[a-zA-Z]", value):
            raise ValueError("'%s' is a number that Miller reads in a way of its own" % value)
        return number if -(2**63) <= number < 2**63 else None
    if not re.fullmatch("-?([0-9]+[.][0-9]*|[.][0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?", value):
        return None
    number = float(value)
    return None if number in (float("inf"), float("-inf")) else number


def sort_miller(columns, rows, by, flag):
    """As mlr sort: rows with the same texts stay together, and the first of them says when they come."""
    require(columns, by)
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in by), []).append(row)
    order = lambda values: [miller_order(value) if flag in ("-nf", "-nr") else value for value in values]
    return [row for values in sorted(groups, key=order, reverse=flag in ("-r", "-nr")) for row in groups[values]]


def miller_order(value):
    """Numbers come before blanks, and blanks before other texts."""
    number = miller_number(value)
    if number is not None:
        return 0, number, ""
    return (1 if value == "" else 2), 0, value


def keep_miller_text(columns, rows, column, operator, value):
    """As mlr filter compares a field with a text: by its letters."""
    require(columns, [column])
    return [row for row in rows if (row[column] == value) == (operator == "==")]


def keep_miller_number(columns, rows, column, operator, value):
    """As mlr filter compares a field with a number: by size, or by letters where the field is no number."""
    require(columns, [column])
    limit = miller_number(value)
    kept = []
    for row in rows:
        own = miller_number(row[column])
        left, right = (row[column], value) if own is None or limit is None else (own, limit)
        order = (left > right) - (left < right)
        if order in {"==": [0], "!=": [-1, 1], "<": [-1], ">": [1], "<=": [-1, 0], ">=": [0, 1]}[operator]:
            kept.append(row)
    return kept


def rename_miller(columns, rows, old_names, new_names):
    for name in new_names:
        if name in columns:
            raise ValueError("There is a column '%s' already, which mlr rename would take away" % name)
    return rename(columns, rows, old_names, new_names)


def group_miller(columns, rows, by, functions, measured):
    """As mlr stats1."""
    require(columns, list(by) + list(measured))
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in by), []).append(row)
    results = []
    for members in groups.values():
        result = {column: members[0][column] for column in by}
        for column in measured:
            values = [row[column] for row in members if row[column] != ""]
            for function in functions:
                result[column + "_" + function] = aggregate_miller(function, column, values)
        results.append(result)
    return list(by) + [column + "_" + function for column in measured for function in functions], results


def aggregate_miller(function, column, values):
    if function == "count":
        return str(len(values))
    numbers = [miller_number(value) for value in values]
    if None in numbers or any(isinstance(number, int) and abs(number) > 2**53 for number in numbers) and any(isinstance(number, float) for number in numbers):
        raise ValueError("Column '%s' holds what Miller computes with in a way of its own" % column)
    if not values:
        return "0" if function == "sum" else ""
    if function in ("min", "max"):
        return values[0] if len(values) == 1 else miller_text((min if function == "min" else max)(numbers))
    if all(isinstance(number, int) for number in numbers):
        whole = sum(numbers)
        if not -(2**63) <= whole < 2**63:
            raise ValueError("The sum of column '%s' is too large for Miller's whole numbers" % column)
        return miller_text(whole if function == "sum" else whole / len(numbers) if whole % len(numbers) else whole // len(numbers))
    added = 0
    for number in numbers:
        added += number
    return miller_text(added if function == "sum" else added / len(numbers))


def miller_text(number):
    """A computed number as Miller writes it, without an exponent."""
    return str(number) if isinstance(number, int) else plain(*decimal(repr(number)))


def infer_miller(rows):
    """Takes texts of a file as mlr writes them into JSON."""
    return [{miller_name(column): miller_value(value) for column, value in row.items()} for row in rows]


def miller_name(column):
    if any(character < " " for character in column):
        raise ValueError("Miller writes a control character in the name of a column that JSON does not allow")
    return column


def miller_value(value):
    """A number where Miller takes a text for one; the same text otherwise."""
    if miller_number(value) is None:
        if any(character < " " and character not in "\t\n" for character in value):
            raise ValueError("Miller writes a control character that JSON does not allow")
        return value
    if not is_json_number(value):
        raise ValueError("Miller writes %s as it stands, which is no number of JSON" % value)
    return (value,)


def write_miller_csv(path, columns, rows):
    # Without a row Miller writes no header either, and it quotes no blank.
    lines = [",".join(miller_field(field) for field in fields) + "\n" for fields in [columns] + [[row[column] for column in columns] for row in rows]]
    understudy.files.write(path, "".join(lines) if rows else "")


def miller_field(field):
    return '"%s"' % field.replace('"', '""') if re.search('[",\r\n]', field) else field


def write_miller_json(path, columns, rows):
    records = [json_text(row, ",", ": ", "  ") for row in objects(columns, rows)]
    understudy.files.write(path, "[\n" + ",\n".join(records) + ("\n]\n" if records else "]\n"))


def read_jq(path):
    """As jq reads a list of objects: of two values of one key the last counts, NaN is null."""
    rows = jq_json(path, read_text(path))
    keys(path, rows)
    return rows


def read_jq_stream(path):
    """As jq -s reads: any values, one after the other."""
    content = read_text(path)
    decoder = json.JSONDecoder(parse_int=lambda number: jq_number(number), parse_float=lambda number: jq_number(number), parse_constant=lambda name: jq_constant(name))
    blank = re.compile("[ \t\r\n]*")
    rows = []
    place = blank.match(content).end()
    while place < len(content):
        row, place = decoder.raw_decode(content, place)
        rows.append(row)
        place = blank.match(content, place).end()
    return rows


def jq_json(path, content):
    try:
        return json.loads(content, parse_int=lambda number: jq_number(number), parse_float=lambda number: jq_number(number), parse_constant=lambda name: jq_constant(name))
    except json.JSONDecodeError as error:
        raise ValueError("%s is no JSON: %s" % (path, error))


def jq_constant(name):
    return None if name == "NaN" else jq_number("-1e400" if name.startswith("-") else "1e400")


def jq_number(number):
    """A number as jq 1.6 writes it; whole numbers beyond 2^53 keep their digits, as they do since jq 1.7."""
    if re.fullmatch("-?[0-9]+", number) and len(number) > 15:
        return (number,)
    value = max(-1.7976931348623157e308, min(1.7976931348623157e308, float(number)))
    digits, exponent = decimal(repr(abs(value)))
    if digits == 0:
        return ("-0" if number.startswith("-") else "0",)
    figures = str(digits).rstrip("0")
    place = len(str(digits)) + exponent
    sign = "-" if value < 0 else ""
    if -4 < place <= len(figures) + 15:
        return (sign + plain(digits, exponent),)
    return ("%s%s%se%s%02d" % (sign, figures[0], "." + figures[1:] if len(figures) > 1 else "", "-" if place < 1 else "+", abs(place - 1)),)


def keep_jq_text(rows, column, operator, value):
    return [row for row in rows if (row.get(column) == value) == (operator == "==")]


def keep_jq_number(rows, column, operator, value):
    """As jq compares with a number: nothing, false and true are less than any number, texts, lists and objects greater."""
    limit = size(value)
    kept = []
    for row in rows:
        own = row.get(column)
        if isinstance(own, tuple):
            order = (size(own[0]) > limit) - (size(own[0]) < limit)
        else:
            order = -1 if own is None or isinstance(own, bool) else 1
        if order in {"==": [0], "!=": [-1, 1], "<": [-1], ">": [1], "<=": [-1, 0], ">=": [0, 1]}[operator]:
            kept.append(row)
    return kept


def pick_jq(rows, columns):
    """As jq's {a, b}: what an object lacks is null."""
    return [{column: row.get(column) for column in columns} for row in rows]


def write_jq(path, rows):
    understudy.files.write(path, jq_text(rows, ",", ": ", "  ") + "\n")


def write_jq_lines(path, rows):
    understudy.files.write(path, "".join(jq_text(row, ",", ":", None) + "\n" for row in rows))


def jq_text(value, comma, colon, step):
    return json_text(value, comma, colon, step).replace("\x7f", "\\u007f")
