// Runs a script's execute(params) with an 'understudy' object over the real files, and prints its outcome.
const fs = require("fs");
const os = require("os");
const path = require("path");
const vm = require("vm");

const real = (text) => (text === "~" || text.startsWith("~/") ? os.homedir() + text.slice(1) : text);

function globbed(pattern) {
  let found = [pattern.startsWith("/") ? "/" : "."];
  for (const part of pattern.split("/").filter((each) => each !== "")) {
    const source = part.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".").replace(/\[!/g, "[^");
    const matcher = new RegExp(`^${source}$`);
    found = found.flatMap((folder) => {
      if (!/[*?[]/.test(part)) return fs.existsSync(path.join(folder, part)) ? [path.join(folder, part)] : [];
      if (!fs.statSync(folder).isDirectory()) return [];
      const names = fs.readdirSync(folder).filter((name) => matcher.test(name) && (part.startsWith(".") || !name.startsWith(".")));
      return names.map((name) => path.join(folder, name));
    });
  }
  return found.sort();
}

const inside = (source, target) =>
  fs.existsSync(target) && fs.statSync(target).isDirectory() ? path.join(target, path.basename(source)) : target;

const files = {
  read: (file) => fs.readFileSync(real(file), "utf8"),
  write: (file, text) => fs.writeFileSync(real(file), text),
  copy: (source, target) => fs.cpSync(real(source), inside(real(source), real(target)), { recursive: true }),
  move: (source, target) => fs.renameSync(real(source), inside(real(source), real(target))),
  remove: (file) => fs.rmSync(real(file), { recursive: true }),
  mkdir: (folder) => fs.mkdirSync(real(folder), { recursive: true }),
  list: (folder) => fs.readdirSync(real(folder)).sort(),
  glob: (pattern) => globbed(real(pattern)),
  escape: (text) => text.replace(/[*?[]/g, "[$&]"),
  exists: (file) => fs.existsSync(real(file)),
  info: (file) => ({ kind: fs.statSync(real(file)).isDirectory() ? "directory" : "file" }),
};
const say = (text) => console.error(text);
const responses = JSON.parse(process.argv[4]);
function http({ method, url }) {
  const response = responses.shift();
  if (method !== response.method || url !== response.url) throw new Error(`${method} ${url}, not ${JSON.stringify(response)}`);
  return { status: response.status, headers: {}, text: response.text };
}
const understudy = { files, http, log: { debug: say, info: say, warn: say, error: say }, progress: () => {} };

let result;
try {
  vm.runInThisContext("(understudy) => { globalThis.understudy = understudy; }")(understudy);
  vm.runInThisContext(fs.readFileSync(process.argv[2], "utf8"), { filename: process.argv[2] });
  result = execute(JSON.parse(process.argv[3]));
} catch (error) {
  result = { success: false, error: String(error) };
}
console.log(JSON.stringify(result));
