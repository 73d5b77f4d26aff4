D// /// automation
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
// name = "finds out that the fields are separated by semicolons"
// params = { input = "~/understudy-test/in.csv", output = "~/understudy-test/out.csv", columns = [] }
// files = [{ path = "~/understudy-test/in.csv", text = "\uFEFFname;mail\r\n\"Ada; again\";a@x.org\r\n\r\n\"Ada; again\";a@x.org" }]
// [tests.expect]
// result = { rows = 2, kept = 1 }
// changes = [{ path = "~/understudy-test/out.csv", kind = "created", text = "name;mail\n\"Ada; again\";a@x.org\n" }]
//
// [[tests]]
// name = "says which column is missing"
// params = { input = "~/understudy-test/in.csv", output = "~/understudy-test/out.csv", columns = ["phone"] }
// files = [{ path = "~/understudy-test/in.csv", text = "name,mail\nAda,a@x.org\n" }]
// expect = { success = false }
// ///
function execute({ input, output, columns }) {
  const text = understudy.files.read(input).replace(/^\uFEFF/, "");
  const delimiter = [",", ";", "\t", "|"].find((each) => isTable(text, each)) ?? ",";
  const [head = [], ...rows] = parse(text, delimiter);
  const odd = rows.findIndex((row) => row.length !== head.length);
  if (odd >= 0) return { success: false, error: `${input}: row ${odd + 1} has ${rows[odd].length} fields, but there are ${head.length} columns` };
  const missing = columns.filter((name) => !head.includes(name));
  if (missing.length > 0) return { success: false, error: `${input} has no column ${missing.join(", ")}` };
  const twice = columns.filter((name) => head.indexOf(name) !== head.lastIndexOf(name));
  if (twice.length > 0) return { success: false, error: `${input} has several columns ${twice.join(", ")}` };
  const places = columns.length > 0 ? columns.map((name) => head.indexOf(name)) : head.map((_, place) => place);
  const seen = new Set();
  const kept = rows.filter((row) => {
    const key = JSON.stringify(places.map((place) => row[place]));
    return !seen.has(key) && seen.add(key);
  });
  const written = head.length > 0 ? [head, ...kept] : [];
  understudy.files.writ