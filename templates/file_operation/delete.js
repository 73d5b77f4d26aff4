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
