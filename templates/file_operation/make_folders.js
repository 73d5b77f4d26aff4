// Makes folders, with the folders that they are in.
function execute(params) {
  const files = understudy.files;
  const made = [];
  for (const folder of params.folders) {
    if (files.exists(folder)) {
      if (params.ignore_existing && isFolder(folder)) continue;
      return { success: false, error: `${folder} exists already` };
    }
    files.mkdir(folder);
    made.push(folder);
  }
  understudy.log.info(`Made ${made.length} folders`);
  return { success: true, made };
}
