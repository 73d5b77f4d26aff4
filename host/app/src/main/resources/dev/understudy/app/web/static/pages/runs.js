// Runs: those under way, as they go, and those that have ended.
import { get } from "../api.js";
import { empty, h, replace, section, tag } from "../dom.js";
import { instant, kind, millis, number, time, words } from "../format.js";
import { on } from "../live.js";
import { table } from "../table.js";

const RUNS_SHOWN = 100;
const LINES_KEPT = 200;

export default { title: "Runs", open };

async function open(body) {
  const under = h("div");
  const ended = h("div");
  replace(body, section("Under way", under), section("Ended", ended));
  const live = new Map();
  let shown = "";
  let asked = 0;

  function showLive() {
    asked = 0;
    replace(under, live.size === 0 ? h("p", { className: "dim" }, "Nothing runs now.") : [...live.values()].map(liveRun));
  }

  function change() {
    // Scripts can report progress thousands of times a second; it is drawn once a frame.
    if (!asked) asked = requestAnimationFrame(showLive);
  }

  function hear(message) {
    const { runId, automationId, phase, at } = message;
    if (phase === "ended") {
      live.delete(runId);
      return change();
    }
    const run = live.get(runId) ?? { runId, automationId, startedAt: at, share: null, text: "", lines: [] };
    if (phase === "progress") Object.assign(run, { share: message.share ?? run.share, text: message.text ?? run.text });
    if (phase === "output") {
      run.lines.push({ channel: message.channel, text: message.text });
      if (run.lines.length > LINES_KEPT) run.lines.shift();
    }
    live.set(runId, run);
    change();
  }

  async function refresh() {
    const { runs } = await get(`runs?limit=${RUNS_SHOWN}`);
    const now = new Set();
    for (const run of runs.filter(({ endedAt }) => !endedAt)) {
      now.add(run.id);
      if (!live.has(run.id)) live.set(run.id, { runId: run.id, automationId: run.automationId, startedAt: run.startedAt, share: run.progress?.share ?? null, text: run.progress?.text ?? "", lines: [] });
    }
    for (const run of runs) if (run.endedAt) live.delete(run.id);
    showLive();
    const past = runs.filter(({ endedAt }) => endedAt);
    const fingerprint = JSON.stringify(past);
    if (fingerprint === shown) return;
    shown = fingerprint;
    replace(ended, past.length === 0 ? empty("No automation has run yet.", "understudy run ID", "An approved automation also runs by its triggers, while this host is up.") : list(past));
  }

  const off = on("run", hear);
  try {
    await refresh();
  } catch (error) {
    off();
    throw error;
  }
  return { refresh, close: off };
}

function liveRun({ runId, automationId, startedAt, share, text, lines }) {
  return h(
    "div",
    { className: "live-run" },
    h("p", null, tag("running", "info"), " ", h("a", { href: `#/automations/${encodeURIComponent(automationId)}`, "data-key": `live-${runId}` }, automationId), h("span", { className: "dim" }, " since ", time(startedAt), " "), h("code", { className: "dim" }, runId)),
    share === null ? h("progress", { "aria-label": `Progress of ${automationId}` }) : h("progress", { max: 1, value: Math.min(1, Math.max(0, share)), "aria-label": `Progress of ${automationId}` }),
    text && h("p", { className: "guest" }, text),
    lines.length > 0 && h("pre", { className: "code output", tabIndex: 0, "aria-label": `Output of ${automationId}` }, lines.map((line) => h("span", { className: line.channel === "stdout" ? "" : "dim" }, line.channel === "stdout" ? `${line.text}\n` : `${line.channel}: ${line.text}\n`))),
  );
}

function changes(run) {
  if (Array.isArray(run.changes)) return run.changes.length;
  return run.changes;
}

function list(runs) {
  return table(
    "Runs that have ended",
    [
      { name: "Automation", text: ({ automationId }) => automationId, sort: ({ automationId }) => automationId },
      { name: "Started", newest: true, text: ({ startedAt }) => time(startedAt), sort: ({ startedAt }) => instant(startedAt) },
      { name: "Outcome", text: ({ outcome, undone }) => [tag(words(outcome), kind(outcome)), undone && [" ", tag("undone", "warn")]], sort: ({ outcome }) => outcome },
      { name: "Took", number: true, text: ({ durationMillis }) => millis(durationMillis), sort: ({ durationMillis }) => durationMillis },
      { name: "Changes", number: true, text: (run) => number(changes(run)), sort: changes },
      { name: "Cause", text: ({ cause }) => words(cause) },
      { name: "Why not", wide: true, text: ({ error }) => error && h("span", { className: "guest" }, error) },
      { name: "Run", text: ({ id }) => h("code", null, id) },
    ],
    runs,
    { key: "runs", link: ({ automationId }) => `#/automations/${encodeURIComponent(automationId)}` },
  );
}
