D// /// automation
// id = "collect-todos"
// description = "Gathers the lines of notes that begin with TODO or an open box into one list, with where each stands."
// language = "js"
// grants = { reads = ["{folder}"], writes = ["{list}"] }
// parameters.folder = { type = "path", default = "~/notes", description = "The folder with the notes." }
// parameters.list = { type = "path", default = "~/todo.md", description = "The file to write." }
//
// [[tests]]
// name = "finds both kinds and leaves done ones out"
// params = { folder = "~/understudy-test/notes", list = "~/understudy-test/todo.md" }
// files = [
//   { path = "~/understudy-test/notes/a.md", text = "# A\nTODO: call Ada\n- [x] done\n" },
//   { path = "~/understudy-test/notes/sub/b.md", text = "- [ ] buy milk\n" },
// ]
// [tests.expect]
// result = { open = 2 }
// changes = [{ path = "~/understudy-test/todo.md", kind = "created", text = "- [ ] call Ada (a.md:2)\n- [ ] buy milk (sub/b.md:1)\n" }]
// ///
function execute({ folder, list }) {
  const { files } = understudy;
  const notes = files.glob(`${files.escape(folder)}/**/*.md`).filter((path) => files.exists(path));
  const todos = notes.flatMap((path) => {
    const name = path.slice(path.indexOf(folder.replace(/^~/, "")) + folder.replace(/^~/, "").length + 1);
    return files.read(path).split("\n").flatMap((line, i) => {
      const found = /^\s*(?:[-*]\s*\[ \]|TODO:?)\s+(.*)$/.exec(line);
      return found ? [`- [ ] ${found[1]} (${name}:${i + 1})\n`] : [];
    });
  });
  files.write(list, todos.join(""));
  return { success: true, open: todos.length };
}
