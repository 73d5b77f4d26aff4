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

function copy(source, target) {
  const files = understudy.files;
  if (!isFolder(source)) {
    files.copy(source, target);
    return [target];
  }
  const names = [...files.list(source)];
  files.mkdir(target);
  return names.flatMap((name) => copy(join(source, name), join(target, name)));
}

function isFolder(path) {
  return understudy.files.exists(path) && understudy.files.info(path).kind === "directory";
}

function join(folder, path) {
  const name = path.replace(/\/+$/, "").split("/").pop();
  return `${folder.replace(/\/+$/, "")}/${name}`;
}
