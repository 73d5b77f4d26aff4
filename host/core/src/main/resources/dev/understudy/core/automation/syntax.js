/** Makes a function of a script, which runs none of it, and says where that fails. */
function execute(params) {
  const text = params.text.replace(/^#!.*/, "");
  const isModule = /^\s*(export\s|import\s[^(])/m.test(text);
  const blank = (found) => found.replace(/[^\n]/g, " ");
  const plain = isModule ? text.replace(/^\s*export\s+(default\s+)?|^\s*import\s[^(\n]*$/gm, blank) : text;
  const Maker = isModule ? (async () => {}).constructor : Function;
  try {
    new Maker(plain);
  } catch (problem) {
    const [, line, column, message] = /:(\d+):(\d+) ([^\n]*)/.exec(problem.message) ?? [null, 1, 0, String(problem)];
    return { line: Number(line), column: Number(column) + 1, message };
  }
  return /\bexecute\b/.test(plain.replace(/^\/\/.*$/gm, "")) || /export\s+default/.test(text) ? {} : { missing: true };
}
