// The audit log: every run, approval, grant and change, newest first.
import { get } from "../api.js";
import { announce, empty, h, problem, replace } from "../dom.js";
import { count, millis, time, words } from "../format.js";
import { table } from "../table.js";

const ENTRIES_A_PAGE = 100;
const FIRST = ["run", "version", "from", "to", "outcome", "error", "reason"];
const LEFT_OUT = new Set(["sha256", "changes", "isolation", "tier"]);

export default { title: "Audit log", open };

async function open(body) {
  const failure = h("div");
  const content = h("div");
  let entries = [];
  let more = false;

  async function fetchPage(before) {
    const page = await get(`audit?limit=${ENTRIES_A_PAGE}${before === undefined ? "" : `&before=${before}`}`);
    more = page.entries.length === ENTRIES_A_PAGE;
    return page.entries;
  }

  function showEntries() {
    replace(
      content,
      entries.length === 0 ? empty("Nothing is in the log yet.", "understudy learn") : list(entries),
      more && h("p", null, h("button", { type: "button", "data-key": "older", onclick: older }, "Show older entries")),
    );
  }

  async function older() {
    try {
      entries = [...entries, ...(await fetchPage(entries.at(-1).number))];
      showEntries();
      announce(`${count(entries.length, "entry", "entries")} shown`);
    } catch (error) {
      replace(failure, problem(error));
    }
  }

  async function refresh() {
    const newest = await fetchPage();
    if (entries.length > 0 && newest[0]?.number === entries[0].number) return;
    const kept = entries.filter(({ number }) => number < (newest.at(-1)?.number ?? 0));
    if (kept.length > 0) more = true;
    entries = [...newest, ...kept];
    showEntries();
  }

  replace(body, h("p", { className: "dim" }, "Each entry is chained to the last by its hash. To verify the chain: ", h("code", { className: "command" }, "understudy log --verify")), failure, content);
  await refresh();
  return { refresh };
}

function list(entries) {
  return table(
    "Audit log",
    [
      { name: "Entry", newest: true, text: ({ number }) => h("span", { className: "dim" }, number), sort: ({ number }) => number },
      { name: "When", newest: true, text: ({ at }) => time(at), sort: ({ at }) => at },
      { name: "What", text: ({ kind }) => h("b", null, words(kind)), sort: ({ kind }) => kind },
      { name: "Automation", text: ({ automation }) => automation && h("a", { href: `#/automations/${encodeURIComponent(automation)}` }, automation), sort: ({ automation }) => automation },
      { name: "Details", wide: true, text: ({ details }) => h("span", { className: "guest" }, described(details ?? {})) },
      { name: "Hash", text: ({ hash = "" }) => h("code", { className: "dim", title: hash }, hash.slice(0, 8)) },
    ],
    entries,
    { key: "audit" },
  );
}

/** The details in one line, what a person reads first in front. */
function described(details) {
  const others = Object.keys(details).filter((name) => !FIRST.includes(name) && !LEFT_OUT.has(name));
  return [...FIRST.filter((name) => name in details), ...others].map((name) => said(name, details[name])).filter(Boolean).join(", ");
}

function said(name, value) {
  if (value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0)) return "";
  if (name === "durationMillis") return `took ${millis(value)}`;
  if (name === "changed") return `${count(value, "file")} changed`;
  if (name === "outcome" || name === "error" || name === "reason") return words(value);
  if (name === "parameters") return Object.entries(value).map(([key, each]) => `${key}=${typeof each === "object" ? JSON.stringify(each) : each}`).join(" ");
  return `${name} ${Array.isArray(value) ? value.join(" ") : typeof value === "object" ? JSON.stringify(value) : value}`;
}
