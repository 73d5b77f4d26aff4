// Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
function execute(params) {
  const files = understudy.files;
  const source = params.source;
  let target = params.destination;
  if (!files.exists(source)) return { success: false, error: `There is no ${source}` };
  if (isFolder(target)) target = join(target, source);
  else if (target.endsWith("/") && !isFolder(source)) return { success: false, error: `There is no folder ${target}` };
  files.move(source, target);
  understudy.log.info(`Moved ${source} to ${target}`);
  return { success: true, moved: [target] };
}
