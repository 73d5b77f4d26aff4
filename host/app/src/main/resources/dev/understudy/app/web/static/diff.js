// Scripts and unified diffs, each line as text.
import { h } from "./dom.js";

const LINES_SHOWN = 200;

function kind(line) {
  if (line.startsWith("+++") || line.startsWith("---")) return "file";
  if (line.startsWith("+")) return "added";
  if (line.startsWith("-")) return "removed";
  if (line.startsWith("@@")) return "hunk";
  return "same";
}

function cut(text) {
  const lines = text.replace(/\n$/, "").split("\n");
  const left = lines.length - LINES_SHOWN;
  return { lines: lines.slice(0, LINES_SHOWN), left };
}

/** A unified diff; what is added and removed differs by its sign as well as by its colour. */
export function diff(text, label) {
  const { lines, left } = cut(text);
  const shown = lines.filter((line, index) => !(index < 2 && kind(line) === "file"));
  return h(
    "pre",
    { className: "code diff", tabIndex: 0, "aria-label": label },
    shown.map((line) => h("span", { className: kind(line) }, `${line}\n`)),
    left > 0 && h("span", { className: "hunk" }, `… ${left} more lines`),
  );
}

/** A script with line numbers, its metadata block dimmed. */
export function script(text, label) {
  const lines = text.replace(/\n$/, "").split("\n");
  const mark = (line) => line.replace(/^\s*(#|\/\/|--)\s*/, "").trim();
  const from = lines.findIndex((line) => mark(line) === "/// automation");
  const to = lines.findIndex((line, index) => index > from && mark(line) === "///");
  return h(
    "pre",
    { className: "code script", tabIndex: 0, "aria-label": label },
    lines.map((line, index) => h("span", { className: from >= 0 && index >= from && index <= to ? "metadata" : "" }, `${line}\n`)),
  );
}
