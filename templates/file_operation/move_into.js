// Moves files, and what patterns of names match, into a folder.
function execute(params) {
  const files = understudy.files;
  const folder = params.folder;
  const sources = expand(params.sources);
  if (!kind(folder) && params.create_folder) files.mkdir(folder);
  if (!isFolder(folder)) return { success: false, error: `${folder} is no folder` };
  const moved = [];
  for (const [number, source] of sources.entries()) {
    understudy.progress(number / sources.length, source);
    const target = join(folder, source);
    if (!kind(source)) return { success: false, error: `There is no ${source}` };
    if (source.endsWith("/") && kind(source) !== "directory") return { success: false, error: `${source} is no folder` };
    if (moved.includes(target)) return { success: false, error: `${source} would replace another that was moved there` };
    files.move(source, folder);
    moved.push(target);
  }
  understudy.log.info(`Moved ${moved.length} files to ${folder}`);
  return { success: true, moved };
}
