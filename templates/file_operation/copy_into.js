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
