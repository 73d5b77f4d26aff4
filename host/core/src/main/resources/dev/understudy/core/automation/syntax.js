/** Makes a function of a script, which runs none of it, and says where that fails. */
function execute(params) {
  const text = params.text.replace(/^#!.*/, "");
  const asPlain = problemOf(Function, text);
  // What a plain script cannot be may still be a module: in a function, its own words are taken out.
  const isModule = asPlain !== undefined && asModule(text) !== text;
  const problem = asPlain && later(asPlain, problemOf((async () => {}).constructor, asModule(text)));
  if (problem) return problem;
  const code = text.replace(/^\/\/.*$/gm, "");
  return /\bexecute\b/.test(code) || (isModule && /\bexport\s+default\b/.test(code)) ? {} : { missing: true };
}

function problemOf(Maker, text) {
  try {
    new Maker(text);
    return undefined;
  } catch (problem) {
    const [, line, column, message] = /:(\d+):(\d+) ([^\n]*)/.exec(problem.message) ?? [null, 1, 0, String(problem)];
    return { line: Number(line), column: Number(column) + 1, message };
  }
}

/** Of the mistakes of the two readings the one that is farther on; none if one reading is without. */
function later(asPlain, asModule) {
  return asModule && asPlain.line > asModule.line ? asPlain : asModule;
}

/** Everything keeps its line and column. */
function asModule(text) {
  const blank = (found) => found.replace(/[^\n]/g, " ");
  return text
    .replace(/^[ \t]*import\b(?!\s*[.(])\s*(?:[\w$*{}\s,]+?\bfrom\s*)?(["'])[^"'\n]*\1(?:\s*with\s*\{[^}]*\})?;?/gm, blank)
    .replace(/^[ \t]*export\s*(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})(?:\s*from\s*(["'])[^"'\n]*\1)?;?/gm, blank)
    .replace(/^([ \t]*)export(\s+)default\b(?=\s)/gm, (_, indent, gap) => `${indent}void  ${gap}       `)
    .replace(/^([ \t]*)export(?=\s+(?:async|class|const|function|let|var)\b)/gm, (_, indent) => `${indent}      `);
}
