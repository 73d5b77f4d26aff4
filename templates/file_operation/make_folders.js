// Makes folders; with the folders that they are in where it is fine that a folder is there already.
function execute(params) {
  const files = understudy.files;
  const made = [];
  for (const folder of params.folders) {
    if (kind(folder)) {
      if (params.ignore_existing && isFolder(folder)) continue;
      return { success: false, error: `${folder} exists already` };
    }
    const above = folder.replace(/\/+$/, "").split("/").slice(0, -1).join("/");
    if (above && !isFolder(above) && !params.ignore_existing) return { success: false, error: `There is no folder ${above}` };
    files.mkdir(folder);
    made.push(folder);
  }
  understudy.log.info(`Made ${made.length} folders`);
  return { success: true, made };
}
