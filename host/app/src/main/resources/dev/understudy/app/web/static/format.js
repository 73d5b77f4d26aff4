// Figures as the command line writes them. Nothing measured is shown as a dash.
import { h } from "./dom.js";

export const NONE = "–";

export function millis(value) {
  if (!Number.isFinite(value)) return NONE;
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size < 10 && size !== Math.round(size)) return `${sign}${size.toFixed(2)} ms`;
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 60_000) return `${sign}${(size / 1000).toFixed(size < 10_000 ? 2 : 1)} s`;
  const seconds = Math.floor(size / 1000);
  if (seconds < 3600) return sign + two(Math.floor(seconds / 60), "min", seconds % 60, "s");
  if (seconds < 86_400) return sign + two(Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "min");
  return sign + two(Math.floor(seconds / 86_400), "d", Math.floor((seconds % 86_400) / 3600), "h");
}

function two(large, largeUnit, small, smallUnit) {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A share from 0 to 1. */
export function share(value, digits = 0) {
  return Number.isFinite(value) ? `${(100 * value).toFixed(digits)} %` : NONE;
}

/** What is in percent already. */
export function percent(value, digits = 0) {
  return Number.isFinite(value) ? `${value.toFixed(digits)} %` : NONE;
}

export function number(value, digits = 0) {
  return Number.isFinite(value) ? value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits }) : NONE;
}

/** `1 run`, `2 runs`. */
export function count(value, one, many = `${one}s`) {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** As people read it: `limit_exceeded` is `limit exceeded`. */
export function words(name) {
  return String(name ?? "").replaceAll("_", " ");
}

const DAY = new Intl.DateTimeFormat("sv", { dateStyle: "short" });
const CLOCK = new Intl.DateTimeFormat("sv", { timeStyle: "medium" });

/** The time in this machine's zone; the full one is in the title. */
export function time(iso) {
  if (!iso) return NONE;
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return String(iso);
  const today = DAY.format(at) === DAY.format(new Date());
  const text = today ? CLOCK.format(at) : `${DAY.format(at)} ${CLOCK.format(at).slice(0, 5)}`;
  return h("time", { datetime: at.toISOString(), title: `${DAY.format(at)} ${CLOCK.format(at)}` }, text);
}

/** What sorts times: milliseconds, or nothing. */
export function instant(iso) {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

const KINDS = {
  good: ["deployed", "succeeded", "started", "improved", "passed", "intact"],
  info: ["rehearsed", "running"],
  warn: ["draft", "suspended", "rolled_back", "waiting_for_approval", "too_early", "cancelled", "interrupted", "inconclusive"],
  bad: ["failed", "refused", "limit_exceeded", "harmed"],
};

/** Which colour a state has; the text says the same, for those who see none. */
export function kind(state) {
  for (const [name, states] of Object.entries(KINDS)) if (states.includes(state)) return name;
  return "plain";
}
