// Leaves out each line that is the same as the line before it, as uniq does.
function execute(params) {
  const lines = understudy.files.read(params.input).split("\n");
  if (lines.at(-1) === "") lines.pop();
  const kept = lines.filter((line, number) => number === 0 || line !== lines[number - 1]);
  understudy.files.write(params.output, kept.map((line) => line + "\n").join(""));
  understudy.log.info(`Wrote ${kept.length} of ${lines.length} lines to ${params.output}`);
  return { success: true, lines: kept.length, output: params.output };
}
