function execute(params) {
  const output = params.output;
  // The steps go here.
  understudy.log.info(`Wrote ${rows.length} rows to ${output}`);
  return { success: true, rows: rows.length, output };
}

/** A file's text without a byte order mark. */
function readText(path) {
  const content = understudy.files.read(path).replace(/^\uFEFF/, "");
  if (content.includes("\0")) throw new Error(`${path} holds NUL characters, as UTF-16 without a mark does; convert it to UTF-8 first`);
  return content;
}

/** The delimiter, the columns and a map for each row; each of several columns of one name is an object of its own. */
function readCsv(path, given) {
  let content = readText(path);
  let delimiter = given;
  // Spreadsheets say so in a line before the header.
  const told = /^sep=(.)\r?\n/i.exec(content);
  if (told) {
    delimiter = told[1];
    content = content.slice(told[0].length);
  }
  delimiter ||= foundDelimiter(path, content);
  const [names = [], ...records] = parseCsv(path, content, delimiter);
  const columns = names.map((name) => (names.indexOf(name) === names.lastIndexOf(name) ? name : { name }));
  const rows = records.map((fields, number) => {
    if (fields.length !== columns.length)
      throw new Error(`${path}, row ${number + 1} has ${fields.length} fields, but there are ${columns.length} columns`);
    return new Map(columns.map((column, index) => [column, fields[index]]));
  });
  return [delimiter, columns, rows];
}

/** Records of fields as RFC 4180 has them: a field in quotes may hold delimiters, line breaks and doubled quotes. */
function parseCsv(path, text, delimiter, most = Infinity) {
  const records = [];
  let fields = [];
  let at = 0;
  while (at < text.length && records.length < most) {
    let field = "";
    let quoted = false;
    if (text[at] === '"') {
      quoted = true;
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) throw new Error(`${path} is no CSV: a quoted field does not end`);
        field += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        field += '"';
        at++;
      }
      if (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r")
        throw new Error(`${path} is no CSV: a quoted field goes on after its quote`);
    } else {
      const start = at;
      while (at < text.length && text[at] !== delimiter && text[at] !== "\n" && text[at] !== "\r") at++;
      field = text.slice(start, at);
    }
    fields.push(field);
    if (text[at] === delimiter) {
      at++;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") continue;
      fields.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    if (fields.length > 1 || fields[0] !== "" || quoted) records.push(fields);
    fields = [];
  }
  return records;
}

/** The delimiter that gives a header of several columns and, if there are more than one, rows of the same width. */
function foundDelimiter(path, content) {
  let found = [",", ";", "\t", "|"].filter((each) => (widths(path, content, each, 1)[0] ?? 0) > 1);
  if (found.length > 1) {
    found = found.filter((each) => new Set(widths(path, content, each, Infinity)).size === 1);
    if (found.length !== 1) throw new Error(`It cannot be told what separates the fields of ${path}; give the parameter 'delimiter'`);
  }
  return found[0] ?? ",";
}

/** The widths of the first records; none if the text cannot be read with this delimiter. */
function widths(path, content, delimiter, most) {
  try {
    return parseCsv(path, content, delimiter, most).map((fields) => fields.length);
  } catch {
    return [];
  }
}

/** The keys of all objects in the order in which they first appear, and the objects. */
function readJson(path) {
  const rows = parseJson(path, readText(path));
  return [keys(path, rows), rows];
}

/** The keys of all objects in the order in which they first appear, and the objects, one a line. */
function readJsonl(path) {
  const lines = readText(path).split("\n").filter((line) => line.trim() !== "");
  const rows = lines.map((line) => parseJson(path, line));
  return [keys(path, rows), rows];
}

/** JSON as RFC 8259 has it, objects as maps in their order; a number keeps the text that it is written as, so that none is rounded. */
function parseJson(path, text) {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error.message}`);
  }
  const tokens = text.matchAll(/"(?:[^"\\]|\\.)*"|[-+.0-9eE]+|true|false|null|[{}[\],:]/g);
  return jsonValue(path, tokens, tokens.next().value[0]);
}

/** The value that begins with a token; the text is known to be JSON. */
function jsonValue(path, tokens, token) {
  const next = () => tokens.next().value[0];
  if (token === "[") {
    const items = [];
    for (let each = next(); each !== "]"; each = next()) if (each !== ",") items.push(jsonValue(path, tokens, each));
    return items;
  }
  if (token === "{") {
    const fields = new Map();
    for (let each = next(); each !== "}"; each = next()) {
      if (each === ",") continue;
      const key = JSON.parse(each);
      if (fields.has(key)) throw new Error(`${path} has an object with two values of '${key}'`);
      next();
      fields.set(key, jsonValue(path, tokens, next()));
    }
    return fields;
  }
  return /^[-0-9]/.test(token) ? { number: token } : JSON.parse(token);
}

function keys(path, rows) {
  if (!Array.isArray(rows) || !rows.every((row) => row instanceof Map)) throw new Error(`${path} is no list of objects`);
  return [...new Set(rows.flatMap((row) => [...row.keys()]))];
}

function writeCsv(path, columns, rows, given) {
  const delimiter = given || ",";
  const quoted = (field) => (/["\r\n]/.test(field) || field.includes(delimiter) ? `"${field.replaceAll('"', '""')}"` : field);
  const line = (fields) => (fields.length === 1 && fields[0] === "" ? '""' : fields.map(quoted).join(delimiter)) + "\n";
  const lines = rows.map((row) => line(columns.map((column) => text(row.get(column)))));
  understudy.files.write(path, line(columns.map((column) => heading(column))) + lines.join(""));
}

function writeJson(path, columns, rows) {
  understudy.files.write(path, jsonText(objects(columns, rows), "  ", "") + "\n");
}

function writeJsonl(path, columns, rows) {
  understudy.files.write(path, objects(columns, rows).map((row) => jsonText(row, null, "") + "\n").join(""));
}

function makeFolderOf(path) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (folder !== "" && !understudy.files.exists(folder)) understudy.files.mkdir(folder);
}

function objects(columns, rows) {
  const names = distinct(columns.map((column) => heading(column)));
  const fields = (row) => columns.map((column, index) => [names[index], row.get(column)]).filter((_, index) => row.has(columns[index]));
  return rows.map((row) => new Map(fields(row)));
}

/** The name of a column, also of one of several that have it. */
function heading(column) {
  return typeof column === "string" ? column : column.name;
}

/** All different: the second 'note' becomes 'note_2'. */
function distinct(names) {
  const used = new Set();
  for (const name of names) {
    let fresh = name;
    for (let number = 2; used.has(fresh); number++) fresh = `${name}_${number}`;
    used.add(fresh);
  }
  return [...used];
}

function select(columns, wanted) {
  requireColumns(columns, wanted);
  return [...wanted];
}

function rename(columns, rows, oldNames, newNames) {
  requireColumns(columns, oldNames);
  const names = new Map([...oldNames].map((name, index) => [name, newNames[index]]));
  const name = (column) => (names.has(column) ? names.get(column) : column);
  const renamed = columns.map(name);
  for (const each of newNames)
    if (renamed.filter((column) => heading(column) === each).length > 1) throw new Error(`There would be two columns '${each}'`);
  return [renamed, rows.map((row) => new Map([...row].map(([column, value]) => [name(column), value])))];
}

function keepEqual(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => same(text(row.get(column)), value));
}

function keepDifferent(columns, rows, column, value) {
  requireColumns(columns, [column]);
  return rows.filter((row) => !same(text(row.get(column)), value));
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
  return compared(columns, rows, column, limit, (order) => order < 0);
}

function keepAbove(columns, rows, column, limit) {
  return compared(columns, rows, column, limit, (order) => order > 0);
}

function keepAtMost(columns, rows, column, limit) {
  return compared(columns, rows, column, limit, (order) => order <= 0);
}

function keepAtLeast(columns, rows, column, limit) {
  return compared(columns, rows, column, limit, (order) => order >= 0);
}

/** Rows whose value stands so to the limit; where that is a number, a row without a value does not. */
function compared(columns, rows, column, limit, passes) {
  requireColumns(columns, [column]);
  if (!isNumber(limit)) return rows.filter((row) => passes(codes(text(row.get(column)), limit)));
  for (const row of rows) {
    const value = text(row.get(column));
    if (!isNumber(value) && !isMissing(value)) throw new Error(`'${value}' in column '${column}' is no number`);
  }
  return rows.filter((row) => isNumber(text(row.get(column))) && passes(sizes(text(row.get(column)), limit)));
}

/** Sorts by number where all values of a column are numbers, else by character codes; equal rows keep their order. */
function sort(columns, rows, by, descending) {
  requireColumns(columns, by);
  return [...by].reverse().reduce((sorted, column) => sortOne(sorted, column, descending), rows);
}

function sortOne(rows, column, descending) {
  const sign = descending ? -1 : 1;
  const value = (row) => text(row.get(column));
  const present = rows.map(value).filter((each) => !isMissing(each));
  if (present.length === 0 || !present.some((each) => isNumber(each)) || !present.every((each) => isNumber(each))) {
    requirePlain(column, present);
    return [...rows].sort((a, b) => sign * codes(value(a), value(b)));
  }
  // What has no value comes last, in either direction.
  const known = rows.filter((row) => !isMissing(value(row)));
  return [...known.sort((a, b) => sign * sizes(value(a), value(b))), ...rows.filter((row) => isMissing(value(row)))];
}

/** Refuses a column of numbers like 9,5 or 1'000, which would be sorted as texts. */
function requirePlain(column, values) {
  const foreign = /^([-+]?[0-9]+([.' \u00a0\u202f][0-9]{3})*,[0-9]+|[-+]?[0-9]{1,3}([,'\u00a0\u202f][0-9]{3})+([.][0-9]+)?)$/;
  const odd = values.filter((value) => foreign.test(value.trim()));
  if (odd.length > 0 && values.every((value) => foreign.test(value.trim()) || isNumber(value.trim())))
    throw new Error(`'${odd[0]}' in column '${column}' is a number in the way of some country; write it like 1234.5`);
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
  const figures = [...measured].flatMap((column) => [...functions].map((name) => `${column}_${name}`));
  const names = [...by, ...(figures.length > 0 ? figures : ["count"])];
  if (new Set(names).size < names.length) throw new Error(`Two columns of the result would have one name: ${names.join(", ")}`);
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify([...by].map((column) => text(row.get(column))));
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  const results = [...groups.values()].map((members) => {
    const result = new Map([...by].map((column) => [column, members[0].get(column)]));
    if (measured.length === 0) result.set("count", { number: String(members.length) });
    for (const column of measured) {
      const values = members.map((row) => text(row.get(column))).filter((value) => value !== "");
      for (const name of functions) result.set(`${column}_${name}`, aggregate(name, column, values));
    }
    return result;
  });
  return [names, results];
}

function aggregate(name, column, values) {
  if (name === "count") return { number: String(values.length) };
  for (const value of values) if (!isNumber(value)) throw new Error(`'${value}' in column '${column}' is no number`);
  if (values.length === 0) return name === "sum" ? { number: "0" } : "";
  if (name === "min" || name === "max") {
    const sign = name === "min" ? 1 : -1;
    const best = values.reduce((least, value) => (sign * sizes(value, least) < 0 ? value : least));
    return isJsonNumber(best) ? { number: best } : best;
  }
  const [scaled, place] = total(column, values);
  return { number: name === "sum" ? plain(scaled, place) : mean(scaled, place, values.length) };
}

/** The exact sum, as a whole number and the power of ten to multiply it with. */
function total(column, values) {
  const parts = values.map((value) => decimal(value));
  if (parts.some(([, exponent]) => Math.abs(exponent) > 1000))
    throw new Error(`A number in column '${column}' is too large or too small to be added`);
  const place = parts.reduce((least, [, exponent]) => Math.min(least, exponent), Infinity);
  return [parts.reduce((sum, [digits, exponent]) => sum + digits * 10n ** BigInt(exponent - place), 0n), place];
}

/** Exact where it ends within 40 more decimal places, else to 16 digits. */
function mean(scaled, place, count) {
  const whole = (scaled < 0n ? -scaled : scaled) * 10n ** 40n;
  let digits = whole / BigInt(count);
  const cut = whole % BigInt(count) === 0n ? 0 : Math.max(0, String(digits).length - 16);
  if (cut > 0) digits = (digits + 5n * 10n ** BigInt(cut - 1)) / 10n ** BigInt(cut);
  return plain(scaled < 0n ? -digits : digits, place - 40 + cut);
}

/** A whole number times a power of ten, without an exponent. */
function plain(digits, place) {
  if (place >= 0) return String(digits * 10n ** BigInt(place));
  const whole = String(digits < 0n ? -digits : digits).padStart(1 - place, "0");
  const after = whole.slice(place).replace(/0+$/, "");
  return (digits < 0n ? "-" : "") + whole.slice(0, place) + (after === "" ? "" : `.${after}`);
}

/** A number's digits as a whole number, and the power of ten to multiply it with. */
function decimal(value) {
  const [mantissa, exponent = "0"] = value.toLowerCase().split("e");
  const [before, after = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const digits = BigInt(before + after);
  return [value.startsWith("-") ? -digits : digits, Number(exponent) - after.length];
}

/** Compares two numbers by size, exactly, however long they are. */
function sizes(a, b) {
  const [left, right] = [size(a), size(b)];
  if (left.sign !== right.sign) return left.sign - right.sign;
  if (left.place !== right.place) return left.sign * (left.place - right.place);
  if (left.digits === right.digits) return 0;
  return left.digits < right.digits ? -left.sign : left.sign;
}

/** The sign of a number, the place of its first digit, and its digits. */
function size(value) {
  const [mantissa, exponent = "0"] = value.toLowerCase().split("e");
  const [before, after = ""] = mantissa.replace(/^[-+]/, "").split(".");
  const digits = (before + after).replace(/^0+/, "");
  if (digits === "") return { sign: 0, place: 0, digits };
  return { sign: value.startsWith("-") ? -1 : 1, place: Number(exponent) - after.length + digits.length, digits: digits.replace(/0+$/, "") };
}

function head(rows, count) {
  return rows.slice(0, count);
}

/** Reads what is written like a number of JSON, and like no code or date, as one. */
function infer(rows) {
  const inferred = (value) => (typeof value === "string" && /^-?(0|[1-9][0-9]*)([.][0-9]+)?$/.test(value) ? { number: value } : value);
  return rows.map((row) => new Map([...row].map(([column, value]) => [column, inferred(value)])));
}

function isNumber(value) {
  return /^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,9})?$/.test(value);
}

function isJsonNumber(value) {
  return /^-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]+)?$/.test(value);
}

/** Whether a cell among numbers says that there is none. */
function isMissing(value) {
  return /^(#?n\/?a|nan|null|none|-+|[?.])?$/i.test(value.trim());
}

/** Numbers are the same by size, but 007 is no number here: what begins with a zero is a code. */
function same(value, other) {
  const code = /^([+]|-?0[0-9])/;
  if (value === other || code.test(value) || code.test(other)) return value === other;
  return isNumber(value) && isNumber(other) && sizes(value, other) === 0;
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
  return typeof value === "string" ? value : jsonText(value, null, "");
}

/** JSON of a value: on one line, or with each element on a line that is set in by another step. */
function jsonText(value, step, margin) {
  if (!(value instanceof Map) && !Array.isArray(value)) return value?.number ?? JSON.stringify(value);
  const inner = (each) => jsonText(each, step, margin + (step ?? ""));
  const parts = Array.isArray(value) ? value.map(inner) : [...value].map(([key, field]) => `${JSON.stringify(key)}: ${inner(field)}`);
  const [first, last] = Array.isArray(value) ? "[]" : "{}";
  if (step === null || parts.length === 0) return first + parts.join(", ") + last;
  return `${first}\n${margin}${step}${parts.join(`,\n${margin}${step}`)}\n${margin}${last}`;
}

function requireColumns(columns, wanted) {
  const names = columns.map((column) => heading(column));
  for (const name of wanted) {
    if (!names.includes(name)) throw new Error(`There is no column '${name}'; there are ${names.join(", ")}`);
    if (!columns.includes(name)) throw new Error(`There are ${names.filter((each) => each === name).length} columns '${name}'`);
  }
}
