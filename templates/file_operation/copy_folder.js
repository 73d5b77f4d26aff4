// Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
function execute(params) {
  const files = understudy.files;
  const source = params.source;
  let target = params.destination;
  if (!files.exists(source)) return { success: false, error: `There is no ${source}` };
  if (isFolder(target)) target = join(target, source);
  const copied = copy(source, target);
  understudy.log.info(`Copied ${source} to ${target} (${copied.length} files)`);
  return { success: true, copied };
}
