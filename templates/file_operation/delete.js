// Deletes files, and what patterns of names match; whole folders only if told so. Of a link the link itself.
function execute(params) {
  const deleted = [];
  for (const path of expand(params.paths)) {
    const what = kind(path);
    if (!what) {
      if (params.ignore_missing) continue;
      return { success: false, error: `There is no ${path}` };
    }
    if (path.endsWith("/") && what !== "directory") return { success: false, error: `${path} is no folder` };
    if (what === "directory" && !params.recursive) return { success: false, error: `${path} is a folder, not a file` };
    understudy.files.remove(path);
    deleted.push(path);
  }
  understudy.log.info(`Deleted ${deleted.length} files`);
  return { success: true, deleted };
}
