// Copies one file as cp does: into the destination if that is a folder, else under that name.
function execute(params) {
  const source = params.source;
  const target = params.destination;
  const itself = params.follow === "none";
  if (!understudy.files.exists(source) && !(itself && kind(source))) return { success: false, error: `There is no ${source}` };
  if (itself ? kind(source) === "directory" : isFolder(source)) return { success: false, error: `${source} is a folder, not a file` };
  if (target.endsWith("/") && !isFolder(target)) return { success: false, error: `There is no folder ${target}` };
  const copied = isFolder(target) ? join(target, source) : target;
  copy(source, target, params.follow, params.keep);
  understudy.log.info(`Copied ${source} to ${copied}`);
  return { success: true, copied: [copied] };
}
