// Starts the page: session, live connection, navigation, theme.
import { announce, h, problem, replace } from "./dom.js";
import { get, openSession } from "./api.js";
import { count } from "./format.js";
import { themeChanged } from "./charts.js";
import { connect, on } from "./live.js";
import { help, listen } from "./keys.js";
import { refresh, show } from "./router.js";

const byId = (id) => document.getElementById(id);
const nav = byId("nav");

function wireNavigation() {
  const menu = byId("menu");
  const toggle = (open) => {
    menu.setAttribute("aria-expanded", String(open));
    nav.classList.toggle("open", open);
  };
  menu.addEventListener("click", () => toggle(menu.getAttribute("aria-expanded") !== "true"));
  addEventListener("hashchange", () => {
    toggle(false);
    show({ focus: true });
  });
  byId("skip").addEventListener("click", (event) => {
    // The address is the router's, so the link must not change it.
    event.preventDefault();
    byId("main").focus();
  });
  byId("help").addEventListener("click", help);
}

const THEMES = ["system", "light", "dark"];

function wireTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const name = () => root.dataset.theme ?? "system";
  const label = () => {
    button.textContent = `Theme: ${name()}`;
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(name()) + 1) % THEMES.length];
    if (next === "system") {
      delete root.dataset.theme;
      localStorage.removeItem("theme");
    } else {
      root.dataset.theme = next;
      localStorage.setItem("theme", next);
    }
    label();
    themeChanged();
  });
  label();
}

function showConnection({ state, pauseMillis, again }) {
  byId("connection").dataset.state = state;
  byId("connection-text").textContent = state === "open" ? "live" : "not connected";
  const banner = byId("banner");
  banner.hidden = state === "open";
  if (state === "lost") {
    const seconds = Math.round(pauseMillis / 1000);
    replace(
      banner,
      h("strong", null, "The connection to Understudy is lost. "),
      "What you see may be out of date. Is ",
      h("code", null, "understudy up"),
      ` still running? Trying again in ${count(seconds, "second")}. `,
      h("button", { type: "button", "data-key": "try-now", onclick: connect }, "Try now"),
    );
    // The host may well be there, and no longer know this browser.
    session();
    return;
  }
  if (again) {
    announce("Connected again");
    session();
    refresh();
  }
}

async function session() {
  try {
    const { version, user } = await openSession();
    byId("about").textContent = `Understudy ${version}${user ? `, ${user}` : ""}`;
  } catch (error) {
    if (error.status === 401) replace(byId("banner"), problem(error));
  }
}

/** How many automations and proposals wait for an answer, beside the page where it is given. */
async function countWaiting() {
  try {
    const [{ automations }, { proposals }] = await Promise.all([get("automations"), get("proposals")]);
    const waiting = automations.filter(({ state }) => state === "rehearsed").length + proposals.length;
    const badge = byId("waiting");
    badge.hidden = waiting === 0;
    badge.textContent = String(waiting);
    badge.setAttribute("aria-label", `${waiting} waiting`);
  } catch {
    // As above.
  }
}

/** Kinds of events after which lists may look different. */
const SILENT = new Set(["clock_jumped", "folder_back"]);

on("connection", showConnection);
on("analytics", refresh);
on("changed", () => {
  refresh();
  countWaiting();
});
on("gap", refresh);
on("event", ({ event, automation, text }) => {
  announce(automation ? `${automation}: ${text}` : text);
  if (SILENT.has(event)) return;
  refresh();
});
addEventListener("automations-changed", countWaiting);

wireNavigation();
wireTheme();
listen();
show({ focus: false });
session();
countWaiting();
connect();
