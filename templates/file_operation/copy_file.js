// Copies one file as cp does: into the destination if that is a folder, else under that name.
function execute(params) {
  const files = understudy.files;
  const source = params.source;
  let target = params.destination;
  if (!files.exists(source)) return { success: false, error: `There is no ${source}` };
  if (isFolder(source)) return { success: false, error: `${source} is a folder, not a file` };
  if (isFolder(target)) target = join(target, source);
  else if (target.endsWith("/")) return { success: false, error: `There is no folder ${target}` };
  files.copy(source, target);
  understudy.log.info(`Copied ${source} to ${target}`);
  return { success: true, copied: [target] };
}
