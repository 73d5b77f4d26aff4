// Copies a file or a whole folder as cp -r does: into the destination if that is a folder, else under that name.
function execute(params) {
  const source = params.source;
  const target = params.destination;
  if (!kind(source)) return { success: false, error: `There is no ${source}` };
  const copied = isFolder(target) ? join(target, source) : target;
  copy(source, target, params.follow, params.keep);
  understudy.log.info(`Copied ${source} to ${copied}`);
  return { success: true, copied: [copied] };
}
