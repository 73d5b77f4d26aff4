// Copies files, and what patterns of names match, into a folder.
function execute(params) {
  const files = understudy.files;
  const folder = params.folder;
  const sources = expand(params.sources);
  if (!files.exists(folder) && params.create_folder) files.mkdir(folder);
  if (!isFolder(folder)) return { success: false, error: `${folder} is no folder` };
  const copied = [];
  for (const [number, source] of sources.entries()) {
    understudy.progress(number / sources.length, source);
    if (!files.exists(source)) return { success: false, error: `There is no ${source}` };
    if (isFolder(source) && !params.recursive) return { success: false, error: `${source} is a folder, not a file` };
    copied.push(...copy(source, join(folder, source)));
  }
  understudy.log.info(`Copied ${copied.length} files to ${folder}`);
  return { success: true, copied };
}

function copy(source, target) {
  const files = understudy.files;
  if (!isFolder(source)) {
    files.copy(source, target);
    return [target];
  }
  const names = [...files.list(source)];
  files.mkdir(target);
  return names.flatMap((name) => copy(join(source, name), join(target, name)));
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
