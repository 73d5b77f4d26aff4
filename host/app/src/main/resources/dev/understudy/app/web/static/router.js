// Which page the address names, and what of it is shown now.
import { problem, replace, announce, h } from "./dom.js";
import { ApiError } from "./api.js";
import overview from "./pages/overview.js";
import approvals from "./pages/approvals.js";
import automations from "./pages/automations.js";
import runs from "./pages/runs.js";
import workflows from "./pages/workflows.js";
import triggers from "./pages/triggers.js";
import tuning from "./pages/tuning.js";
import plugins from "./pages/plugins.js";
import audit from "./pages/audit.js";

/** A page has a title and `open(main, argument)`, which returns {refresh, close, keys}, each of them optional. */
const PAGES = { overview, approvals, automations, runs, triggers, workflows, tuning, plugins, audit };

let current = {};
let visit = 0;

function address() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const argument = rest.length ? safelyDecoded(rest.join("/")) : "";
  return name === "" ? { name: "overview", argument } : { name, argument };
}

function safelyDecoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Shows the page that the address names. */
export async function show({ focus }) {
  const { name, argument } = address();
  const page = PAGES[name];
  const main = document.getElementById("main");
  const mine = ++visit;
  current.close?.();
  current = {};
  for (const link of document.querySelectorAll("nav a[data-page]")) {
    if (link.dataset.page === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const title = page ? argument || page.title : "No such page";
  document.title = `${title} · Understudy`;
  delete main.dataset.shown;
  const body = h("div", { className: "page" });
  replace(main, h("h1", null, title), body);
  if (focus) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
    announce(title);
  }
  if (!page) {
    replace(body, h("p", null, "There is nothing at this address. ", h("a", { href: "#/" }, "Go to the overview.")));
    main.dataset.shown = "nothing";
    return;
  }
  try {
    const opened = (await page.open(body, argument)) ?? {};
    if (mine === visit) current = opened;
    else opened.close?.();
  } catch (error) {
    if (mine === visit) fail(body, error);
  }
  if (mine === visit) main.dataset.shown = name;
}

function fail(body, error) {
  if (!(error instanceof ApiError)) throw error;
  replace(body, problem(error), h("p", null, h("button", { type: "button", onclick: () => show({ focus: true }) }, "Try again")));
}

let asked = 0;

/** Has the page fetch anew what it shows; what comes within a moment is one request. */
export function refresh() {
  if (asked || document.hidden) {
    stale = document.hidden;
    return;
  }
  asked = setTimeout(async () => {
    asked = 0;
    try {
      await current.refresh?.();
    } catch (error) {
      // What is shown stays; the banner says that the connection is gone.
      if (!(error instanceof ApiError)) throw error;
    }
  }, 300);
}

let stale = false;
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && stale) {
    stale = false;
    refresh();
  }
});

/** The keys of the page that is shown: from key to {does, act}. */
export function pageKeys() {
  return current.keys ?? {};
}
