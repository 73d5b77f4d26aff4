// The only way this page makes elements. Text is always a text node; nothing is ever parsed as HTML.

const PROPERTIES = new Set(["className", "disabled", "hidden", "open", "checked", "type", "value", "max", "htmlFor", "tabIndex", "colSpan", "title"]);

/** Makes an element: properties and attributes by name, `on…` as listeners, children as nodes or text; null and false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/**
 * Replaces what an element holds, and keeps where the person is: the focused element and opened details are found again by
 * their `data-key`.
 */
export function replace(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : undefined;
  const toggled = new Map();
  for (const each of element.querySelectorAll("details[data-key]")) toggled.set(each.dataset.key, each.open);
  element.replaceChildren();
  append(element, children);
  for (const each of element.querySelectorAll("details[data-key]")) {
    if (toggled.has(each.dataset.key)) each.open = toggled.get(each.dataset.key);
  }
  if (focused !== undefined) {
    const again = element.querySelector(`[data-key="${CSS.escape(focused)}"]`);
    (again?.matches("a,button,summary,input,[tabindex]") ? again : again?.querySelector("a,button,summary,input"))?.focus({ preventScroll: true });
  }
}

const PAUSE_MILLIS = 400;
const LINES_KEPT = 5;
let waiting = [];
let timer = 0;

/** Has a screen reader say a line; of many in quick succession only the latest few. */
export function announce(text) {
  waiting = [...waiting, text].slice(-LINES_KEPT);
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    const announcer = document.getElementById("announcer");
    announcer.append(...waiting.map((line) => h("p", null, line)));
    waiting = [];
    while (announcer.childElementCount > LINES_KEPT) announcer.firstElementChild.remove();
  }, PAUSE_MILLIS);
}

/** A titled part of a page. */
export function section(title, ...children) {
  return h("section", { className: "panel" }, h("h2", null, title), children);
}

/** What to show where there is nothing yet: why, and the command that changes it. */
export function empty(text, command, more) {
  return h("div", { className: "empty" }, h("p", null, text), command && h("p", null, h("code", { className: "command" }, command)), more && h("p", { className: "dim" }, more));
}

/** A failure, with what to do about it. */
export function problem(error) {
  return h(
    "div",
    { className: "problem", role: "alert" },
    h("strong", null, error.message),
    error.detail && h("p", null, error.detail),
    error.remedy && h("p", null, error.remedy),
  );
}

export function tag(text, kind) {
  return h("span", { className: `tag ${kind}` }, text);
}

/** A list of terms and what they are; entries without a value are left out. */
export function facts(entries) {
  return h(
    "dl",
    { className: "facts" },
    entries.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value))),
  );
}
