// Functions of the scripts in this folder: a script gets those that it calls, and what these call.
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
