// /// automation
// id = "watch-page"
// description = "Fetches a web page and says whether it has changed since the last time; keeps its text in a file."
// language = "js"
// isolation = "minimal"
// grants = { writes = ["{kept}"], hosts = ["{host}"] }
// parameters.host = { type = "string", default = "example.org", description = "The host to ask." }
// parameters.path = { type = "string", default = "/", description = "The page on that host." }
// parameters.kept = { type = "path", default = "~/watched-page.txt", description = "The file that keeps the page's text." }
//
// [[tests]]
// name = "keeps a page that it sees for the first time"
// params = { host = "x.example", path = "/news", kept = "~/understudy-test/news.txt" }
// responses = [{ url = "https://x.example/news", text = "<html><script>1</script><h1>One</h1>\n<p>and  two</p></html>" }]
// [tests.expect]
// result = { changed = false }
// changes = [{ path = "~/understudy-test/news.txt", kind = "created", text = "One\nand two\n" }]
//
// [[tests]]
// name = "says what is new"
// params = { host = "x.example", path = "/news", kept = "~/understudy-test/news.txt" }
// files = [{ path = "~/understudy-test/news.txt", text = "One\nand two\n" }]
// responses = [{ url = "https://x.example/news", text = "<h1>One</h1>\n<p>and three</p>" }]
// [tests.expect]
// result = { changed = true, added = ["and three"], removed = ["and two"] }
// changes = [{ path = "~/understudy-test/news.txt", kind = "changed", text = "One\nand three\n" }]
//
// [[tests]]
// name = "changes nothing while the page is away"
// params = { host = "x.example", path = "/news", kept = "~/understudy-test/news.txt" }
// responses = [{ url = "https://x.example/news", status = 503, text = "away" }]
// expect = { success = false }
// ///
function execute({ host, path, kept }) {
  const { files, http } = understudy;
  const response = http(`https://${host}${path}`);
  if (response.status !== 200) return { success: false, error: `${host} answered ${response.status}` };
  const now = lines(response.text);
  const before = files.exists(kept) ? files.read(kept).split("\n").slice(0, -1) : null;
  files.write(kept, now.map((line) => `${line}\n`).join(""));
  if (before === null) return { success: true, changed: false };
  const added = now.filter((line) => !before.includes(line));
  const removed = before.filter((line) => !now.includes(line));
  added.forEach((line) => understudy.log.info(`+ ${line}`));
  removed.forEach((line) => understudy.log.info(`- ${line}`));
  return { success: true, changed: added.length + removed.length > 0, added, removed };
}

/** What a person reads of a page, line by line. */
function lines(html) {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[^>]*>/g, "")
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "");
}
