// Keyboard: letters go to pages and act on the page; `?` lists them. They can be switched off (WCAG 2.1.4).
import { h } from "./dom.js";
import { dialog, isOpen } from "./dialogs.js";
import { pageKeys } from "./router.js";

const PAGES = { o: ["", "Overview"], p: ["approvals", "Approvals (proposals)"], a: ["automations", "Automations"], r: ["runs", "Runs"], i: ["triggers", "Triggers"], w: ["workflows", "Workflows"], t: ["tuning", "Tuning"], l: ["plugins", "Plugins"], u: ["audit", "Audit log"] };
const PATIENCE_MILLIS = 1500;

let goUntil = 0;

function enabled() {
  return localStorage.getItem("keys") !== "off";
}

/** Moves the focus to the next or previous of the things that a page lists. */
export function step(by) {
  const stops = [...document.querySelectorAll("main [data-stop]")].filter((each) => each.offsetParent !== null);
  if (stops.length === 0) return;
  const at = stops.findIndex((each) => each === document.activeElement || each.contains(document.activeElement));
  const next = stops[Math.min(stops.length - 1, Math.max(0, at === -1 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const GENERAL = {
  j: { does: "Next row or proposal", act: () => step(1) },
  k: { does: "Previous row or proposal", act: () => step(-1) },
  d: { does: "Switch between light, dark and the system's theme", act: () => document.getElementById("theme").click() },
};

export function listen() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isOpen()) return;
    if (event.target.closest("input:not([type=checkbox]),textarea,select,[contenteditable]")) return;
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    if (!enabled()) return;
    const key = event.key;
    if (goUntil > event.timeStamp) {
      goUntil = 0;
      if (PAGES[key]) {
        event.preventDefault();
        location.hash = `#/${PAGES[key][0]}`;
      }
      return;
    }
    if (key === "g") {
      goUntil = event.timeStamp + PATIENCE_MILLIS;
      return;
    }
    const found = pageKeys()[key] ?? GENERAL[key];
    if (found) {
      event.preventDefault();
      found.act();
    }
  });
}

export function help() {
  const row = (keys, text) => h("tr", null, h("td", null, keys.flatMap((key) => [h("kbd", null, key), " "])), h("td", null, text));
  const here = Object.entries(pageKeys());
  const box = h("input", { type: "checkbox", id: "keys-on", checked: enabled(), onchange: () => localStorage.setItem("keys", box.checked ? "on" : "off") });
  dialog({
    title: "Keyboard",
    body: [
      h(
        "table",
        { className: "keys" },
        h("caption", { className: "unseen" }, "Keys and what they do"),
        h("tbody", null, here.map(([key, { does }]) => row([key], `${does} (this page)`)), Object.entries(GENERAL).map(([key, { does }]) => row([key], does)), Object.entries(PAGES).map(([key, [, name]]) => row(["g", key], `Go to ${name}`)), row(["Tab"], "Next control"), row(["Enter"], "Open or press what has the focus"), row(["Esc"], "Close a dialog"), row(["?"], "This list")),
      ),
      h("p", null, h("label", { htmlFor: "keys-on" }, box, " Single letters act (? always does)")),
    ],
    actions: [{ text: "Close" }],
  });
}
