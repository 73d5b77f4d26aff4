// Deletes files, and what patterns of names match; whole folders only if told so.
function execute(params) {
  const files = understudy.files;
  const deleted = [];
  for (const path of expand(params.paths)) {
    if (!files.exists(path)) {
      if (params.ignore_missing) continue;
      return { success: false, error: `There is no ${path}` };
    }
    if (isFolder(path) && !params.recursive) return { success: false, error: `${path} is a folder, not a file` };
    remove(path);
    deleted.push(path);
  }
  understudy.log.info(`Deleted ${deleted.length} files`);
  return { success: true, deleted };
}

function remove(path) {
  if (isFolder(path)) for (const name of [...understudy.files.list(path)]) remove(`${path.replace(/\/+$/, "")}/${name}`);
  understudy.files.remove(path);
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
