// Moves files, and what patterns of names match, into a folder.
function execute(params) {
  const files = understudy.files;
  const folder = params.folder;
  const sources = expand(params.sources);
  if (!files.exists(folder) && params.create_folder) files.mkdir(folder);
  if (!isFolder(folder)) return { success: false, error: `${folder} is no folder` };
  const moved = [];
  for (const [number, source] of sources.entries()) {
    understudy.progress(number / sources.length, source);
    if (!files.exists(source)) return { success: false, error: `There is no ${source}` };
    const target = join(folder, source);
    files.move(source, target);
    moved.push(target);
  }
  understudy.log.info(`Moved ${moved.length} files to ${folder}`);
  return { success: true, moved };
}

/** Puts what a pattern matches in its place; one that matches nothing stays as it is, as in a shell. */
function expand(patterns) {
  return [...patterns].flatMap((pattern) => {
    const matches = /[*?[]/.test(pattern) ? matching(pattern) : [];
    return matches.length > 0 ? matches : [pattern];
  });
}

/** The files that a pattern matches; like a shell's, a wildcard leaves names that begin with a dot alone. */
function matching(pattern) {
  const hidden = pattern.split("/").pop().startsWith(".");
  return [...understudy.files.glob(pattern)].filter((path) => hidden || !path.split("/").pop().startsWith("."));
}

function isFolder(path) {
  return understudy.files.exists(path) && understudy.files.info(path).kind === "directory";
}

function join(folder, path) {
  const name = path.replace(/\/+$/, "").split("/").pop();
  return `${folder.replace(/\/+$/, "")}/${name}`;
}
