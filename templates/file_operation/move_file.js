// Moves or renames one file or folder as mv does: into the destination if that is a folder, else to that name.
function execute(params) {
  const source = params.source;
  const target = params.destination;
  const what = kind(source);
  if (!what) return { success: false, error: `There is no ${source}` };
  if (source.endsWith("/") && what !== "directory") return { success: false, error: `${source} is no folder` };
  if (target.endsWith("/") && !isFolder(target) && what !== "directory") return { success: false, error: `There is no folder ${target}` };
  const moved = isFolder(target) ? join(target, source) : target;
  understudy.files.move(source, target);
  understudy.log.info(`Moved ${source} to ${moved}`);
  return { success: true, moved: [moved] };
}
