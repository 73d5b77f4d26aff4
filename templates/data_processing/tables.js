function execute(params) {
  const output = params.output;
  // The steps go here.
  understudy.log.info(`Wrote ${rows.length} rows to ${output}`);
  return { success: true, rows: rows.length, output };
}

/** The names of the columns, and an object for each row. */
function readCsv(path, delimiter) {
  const [columns = [], ...records] = parseCsv(understudy.files.read(path).replace(/^\uFEFF/, ""), delimiter);
  const rows = records.map((fields, number) => {
    if (fields.length !== columns.length)
      throw new Error(`${path}, record ${number + 2} has ${fields.length} fields, but there are ${columns.length} columns`);
    return object(columns.map((column, index) => [column, fields[index]]));
  });
  return [columns, rows];
}

/** Records of fields as RFC 4180 has them: a field in quotes may hold delimiters, line breaks and doubled quotes. */
function parseCsv(text, delimiter) {
  const records = [];
  let fields = [];
  let at = 0;
  while (at < text.length) {
    let field = "";
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Error("a quoted field does not end");
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      if (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r")
        throw new Error("a quoted field goes on after its quote");
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
      field = text.slice(start, at);
    }
    fields.push(field);
    if (text[at] === delimiter) {
      at++;
      if (at === text.length) fields.push("");
      else if (text[at] !== "\n" && text[at] !== "\r") continue;
      else fields.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    if (fields.length > 1 || fields[0] !== "") records.push(fields);
    fields = [];
  }
  return records;
}

/** The keys of all objects in the order in which they first appear, and the objects. */
function readJson(path) {
  const rows = JSON.parse(understudy.files.read(path));
  return [keys(path, rows), rows.map((row) => object(Object.entries(row)))];
}

/** The keys of all objects in the order in which they first appear, and the objects, one a line. */
function readJsonl(path) {
  const lines = understudy.files.read(path).split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => JSON.parse(line));
  return [keys(path, rows), rows.map((row) => object(Object.entries(row)))];
}

function keys(path, rows) {
  const isObject = (row) => row !== null && typeof row === "object" && !Array.isArray(row);
  if (!Array.isArray(rows) || !rows.every(isObject)) throw new Error(`${path} is no list of objects`);
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function writeCsv(path, columns, rows, delimiter) {
  const quoted = (field) => (/["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field);
  const line = (fields) => (fields.length === 1 && fields[0] === "" ? '""' : fields.map(quoted).join(delimiter)) + "\n";
  const lines = rows.map((row) => line(columns.map((column) => text(row.get(column)))));
  understudy.files.write(path, line(columns) + lines.join(""));
}

function writeJson(path, columns, rows) {
  const objects = rows.map((row) => jsonObject(columns, row, ",\n    ", ": "));
  const inner = objects.map((row) => (row === "{}" ? "  {}" : `  {\n    ${row.slice(1, -1)}\n  }`)).join(",\n");
  understudy.files.write(path, objects.length === 0 ? "[]\n" : `[\n${inner}\n]\n`);
}

function writeJsonl(path, columns, rows) {
  understudy.files.write(path, rows.map((row) => jsonObject(columns, row, ", ", ": ") + "\n").join(""));
}

function makeFolderOf(path) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (folder !== "" && !understudy.files.exists(folder)) understudy.files.mkdir(folder);
}

/** Written by hand, since an object's own keys would come in another order where they look like numbers. */
function jsonObject(columns, row, comma, colon) {
  const present = columns.filter((column) => row.has(column));
  return `{${present.map((column) => JSON.stringify(column) + colon + JSON.stringify(row.get(column))).join(comma)}}`;
}

/** A row: values by column, in order, whatever the columns are called. */
function object(entries) {
  return new Map(entries);
}

function select(columns, wanted) {
  requireColumns(columns, wanted);
  return [...wanted];
}

function keep(columns, wanted) {
  requireColumns(columns, wanted);
  return columns.filter((column) => [...wanted].includes(column));
}

function drop(columns, unwanted) {
  requireColumns(columns, unwanted);
  return columns.filter((column) => ![...unwanted].includes(column));
}

function rename(columns, rows, oldNames, newNames) {
  requireColumns(columns, oldNames);
  const names = new Map([...oldNames].map((name, index) => [name, newNames[index]]));
  const name = (column) => (names.has(column) ? names.get(column) : column);
  return [columns.map(name), rows.map((row) => object([...row].map(([column, value]) => [name(column), value])))];
}

function keepEqual(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => same(text(row.get(column)), value));
}

function keepDifferent(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => !same(text(row.get(column)), value));
}

function keepExact(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => text(row.get(column)) === value);
}

function keepNotExact(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => text(row.get(column)) !== value);
}

function keepContaining(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => text(row.get(column)).includes(value));
}

function keepMatching(columns, rows, column, expression) {
  requireColumns(columns, [column]);
  const pattern = new RegExp(expression, "u");
  return rows.filter((row) => pattern.test(text(row.get(column))));
}

function keepBelow(columns, rows, column, limit) {
  requireColumns(columns, [column]);
  return rows.filter((row) => compare(text(row.get(column)), limit) < 0);
}

function keepAbove(columns, rows, column, limit) {
  requireColumns(columns, [column]);
  return rows.filter((row) => compare(text(row.get(column)), limit) > 0);
}

function keepAtMost(columns, rows, column, limit) {
  requireColumns(columns, [column]);
  return rows.filter((row) => compare(text(row.get(column)), limit) <= 0);
}

function keepAtLeast(columns, rows, column, limit) {
  requireColumns(columns, [column]);
  return rows.filter((row) => compare(text(row.get(column)), limit) >= 0);
}

/** Sorts by number where all of a column are numbers, else by character codes; equal rows keep their order. */
function sort(columns, rows, by, descending) {
  requireColumns(columns, by);
  const sign = descending ? -1 : 1;
  const orders = [...by].map((column) => {
    const value = (row) => text(row.get(column));
    if (rows.every((row) => isNumber(value(row)))) return (a, b) => sign * (Number(value(a)) - Number(value(b)));
    return (a, b) => sign * codes(value(a), value(b));
  });
  return [...rows].sort((a, b) => orders.reduce((order, next) => order || next(a, b), 0));
}

/** Sorts by character codes; equal rows keep their order. */
function sortText(columns, rows, by, descending) {
  requireColumns(columns, by);
  const sign = descending ? -1 : 1;
  const order = (column) => (a, b) => sign * codes(text(a.get(column)), text(b.get(column)));
  const orders = [...by].map(order);
  return [...rows].sort((a, b) => orders.reduce((result, next) => result || next(a, b), 0));
}

/** Sorts by number; rows without a number come last, and equal rows keep their order. */
function sortNumbers(columns, rows, by, descending) {
  requireColumns(columns, by);
  const sign = descending ? -1 : 1;
  for (const column of [...by].reverse()) {
    const value = (row) => text(row.get(column));
    const numbers = rows.filter((row) => isNumber(value(row)));
    const others = rows.filter((row) => !isNumber(value(row)));
    rows = [...numbers.sort((a, b) => sign * (Number(value(a)) - Number(value(b)))), ...others];
  }
  return rows;
}

/** Keeps the first of the rows that are the same in the given columns (in all, if none is given). */
function unique(columns, rows, by) {
  requireColumns(columns, by);
  const counted = by.length > 0 ? [...by] : columns;
  const first = new Map();
  for (const row of rows) {
    const key = JSON.stringify(counted.map((column) => text(row.get(column))));
    if (!first.has(key)) first.set(key, row);
  }
  return [...first.values()];
}

/** One row for each group, in the order in which they first appear. */
function group(columns, rows, by, functions, measured) {
  requireColumns(columns, [...by, ...measured]);
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify([...by].map((column) => text(row.get(column))));
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const results = [...groups.values()].map((members) => {
    const result = object([...by].map((column) => [column, members[0].get(column)]));
    if (measured.length === 0) result.set("count", members.length);
    for (const column of measured) {
      const values = members.map((row) => text(row.get(column))).filter((value) => value !== "");
      for (const name of functions) result.set(`${column}_${name}`, aggregate(name, column, values));
    }
    return result;
  });
  const names = [...measured].flatMap((column) => [...functions].map((name) => `${column}_${name}`));
  return [[...by, ...(names.length > 0 ? names : ["count"])], results];
}

function aggregate(name, column, values) {
  if (name === "count") return values.length;
  for (const value of values) if (!isNumber(value)) throw new Error(`'${value}' in column ${column} is no number`);
  if (values.length === 0) return name === "sum" ? 0 : "";
  if (name === "min") return Math.min(...values.map(Number));
  if (name === "max") return Math.max(...values.map(Number));
  // Added in the last decimal place that occurs, so that prices do not gather the errors of binary fractions.
  const unit = 10 ** Math.max(...values.map((value) => (value.split(".")[1] ?? "").length));
  const total = values.reduce((sum, value) => sum + Math.round(Number(value) * unit), 0) / unit;
  return name === "mean" ? total / values.length : total;
}

/** Gives each row all columns; what it lacks is null. */
function fillRows(columns, rows) {
  return rows.map((row) => object(columns.map((column) => [column, row.has(column) ? row.get(column) : null])));
}

function head(rows, count) {
  return rows.slice(0, count);
}

/** Reads what looks like a number as one. */
function infer(rows) {
  const number = (value) => (typeof value === "string" && isNumber(value) ? Number(value) : value);
  return rows.map((row) => object([...row].map(([column, value]) => [column, number(value)])));
}

function isNumber(value) {
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(value);
}

function same(value, other) {
  return value === other || (isNumber(value) && isNumber(other) && Number(value) === Number(other));
}

/** Compares numbers by size, other texts by character codes. */
function compare(value, limit) {
  if (!isNumber(limit)) return codes(value, limit);
  if (!isNumber(value)) throw new Error(`'${value}' is no number`);
  return Number(value) - Number(limit);
}

/** Compares texts by character codes, not by the halves of surrogate pairs. */
function codes(a, b) {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++)
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  return left.length - right.length;
}

/** A value as a CSV file would have it. */
function text(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function requireColumns(columns, wanted) {
  for (const column of wanted)
    if (!columns.includes(column)) throw new Error(`There is no column '${column}'; there are ${columns.join(", ")}`);
}
