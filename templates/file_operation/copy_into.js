// Copies files, and what patterns of names match, into a folder.
function execute(params) {
  const files = understudy.files;
  const folder = params.folder;
  const sources = expand(params.sources);
  if (!kind(folder) && params.create_folder) files.mkdir(folder);
  if (!isFolder(folder)) return { success: false, error: `${folder} is no folder` };
  const copied = [];
  for (const [number, source] of sources.entries()) {
    understudy.progress(number / sources.length, source);
    const target = join(folder, source);
    if (!kind(source)) return { success: false, error: `There is no ${source}` };
    if (isFolder(source) && !params.recursive) return { success: false, error: `${source} is a folder, not a file` };
    if (copied.includes(target)) return { success: false, error: `${source} would replace another copy of that name` };
    copy(source, folder, params.follow, params.keep);
    copied.push(target);
  }
  understudy.log.info(`Copied ${copied.length} files to ${folder}`);
  return { success: true, copied };
}
