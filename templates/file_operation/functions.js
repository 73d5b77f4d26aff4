// Functions of the scripts in this folder: a script gets those that it calls, and what these call.
/** Puts what a pattern matches in its place; one that matches nothing stays as it is, as in a shell. */
function expand(patterns) {
  return [...patterns].flatMap((pattern) => {
    const matches = understudy.files.glob(pattern);
    return matches.length > 0 ? [...matches] : [pattern.replace(/\\(.)/gs, "$1")];
  });
}

/** Copies a file or folder; with a slash at its end, a link's name means the folder that it leads to. */
function copy(source, target, follow, keep) {
  const named = follow === "none" && source.endsWith("/");
  understudy.files.copy(source, target, { follow: named ? "named" : follow, keep });
}

/** What is at a path itself, a link being one wherever it leads; empty if nothing is. */
function kind(path) {
  const itself = { follow: "none" };
  return understudy.files.exists(path, itself) ? understudy.files.info(path, itself).kind : "";
}

function isFolder(path) {
  return understudy.files.exists(path) && understudy.files.info(path).kind === "directory";
}

function join(folder, path) {
  const name = path.replace(/\/+$/, "").split("/").pop();
  return `${folder.replace(/\/+$/, "")}/${name}`;
}
