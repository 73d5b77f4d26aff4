// /// automation
// id = "deduplicate-csv"
// description = "Writes a table without rows that repeat an earlier one, by all columns or by those that you name."
// language = "js"
// grants = { reads = ["{input}"], writes = ["{output}"] }
// parameters.input = { type = "path", description = "The CSV file to read." }
// parameters.output = { type = "path", description = "The CSV file to write." }
// parameters.columns = { type = "list", default = [], description = "The columns that make two rows the same; all if empty." }
//
// [[tests]]
// name = "keeps the first of rows with one address"
// params = { input = "~/understudy-test/in.csv", output = "~/understudy-test/out.csv", columns = ["mail"] }
// files = [{ path = "~/understudy-test/in.csv", text = "name,mail\nAda,a@x.org\n\"Ada, again\",a@x.org\nBob,b@x.org\n" }]
// [tests.expect]
// result = { rows = 3, kept = 2 }
// changes = [{ path = "~/understudy-test/out.csv", kind = "created", text = "name,mail\nAda,a@x.org\nBob,b@x.org\n" }]
//
// [[tests]]
// name = "says which column is missing"
// params = { input = "~/understudy-test/in.csv", output = "~/understudy-test/out.csv", columns = ["phone"] }
// files = [{ path = "~/understudy-test/in.csv", text = "name,mail\nAda,a@x.org\n" }]
// expect = { success = false }
// ///
function execute({ input, output, columns }) {
  const rows = parse(understudy.files.read(input));
  const head = rows.shift() ?? [];
  const names = columns.length > 0 ? columns : head;
  const places = names.map((name) => head.indexOf(name));
  const missing = names.filter((name, i) => places[i] < 0);
  if (missing.length > 0) return { success: false, error: `${input} has no column ${missing.join(", ")}` };
  const seen = new Set();
  const kept = rows.filter((row) => {
    const key = JSON.stringify(places.map((place) => row[place]));
    return !seen.has(key) && seen.add(key);
  });
  understudy.files.write(output, [head, ...kept].map(line).join(""));
  return { success: true, rows: rows.length, kept: kept.length };
}

/** Rows of fields; a field in quotes may hold commas, line ends and doubled quotes. */
function parse(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === "" && row.length === 0 && quoted === undefined && plain === "") break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
    if (end === "") break;
  }
  return rows;
}

function line(row) {
  return `${row.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(",")}\n`;
}
