// Sorts the lines of files by character codes (as sort does under LC_ALL=C), one of each only if told so.
function execute(params) {
  let lines = [...params.inputs].flatMap((path) => split(understudy.files.read(path)));
  if (params.unique) lines = [...new Set(lines)];
  lines.sort(codes);
  if (params.descending) lines.reverse();
  understudy.files.write(params.output, lines.map((line) => line + "\n").join(""));
  understudy.log.info(`Wrote ${lines.length} lines to ${params.output}`);
  return { success: true, lines: lines.length, output: params.output };
}

function split(text) {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Compares texts by character codes, not by the halves of surrogate pairs. */
function codes(a, b) {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++)
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  return left.length - right.length;
}
