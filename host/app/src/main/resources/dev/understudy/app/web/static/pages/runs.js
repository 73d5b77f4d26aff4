// Runs: those under way, as they go, and those that have ended.
import { get } from "../api.js";
import { empty, h, replace, section, tag } from "../dom.js";
import { instant, kind, millis, number, time, words } from "../format.js";
import { on } from "../live.js";
import { table } from "../table.js";

const RUNS_SHOWN = 100;

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

  function hear({ phase, id, automationId, startedAt, progress }) {
    if (phase === "ended") live.delete(id);
    else live.set(id, { ...(live.get(id) ?? { id, automationId: automationId ?? null, startedAt: startedAt ?? null }), ...(progress && { progress }) });
    change();
  }

  async function refresh() {
    const { runs } = await get(`runs?limit=${RUNS_SHOWN}`);
    live.clear();
    for (const run of runs.filter(({ endedAt }) => !endedAt)) live.set(run.id, run);
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

function liveRun({ id, automationId, startedAt, progress }) {
  const { share = null, text = "" } = progress ?? {};
  const name = automationId ?? "a script file";
  return h(
    "div",
    { className: "live-run" },
    h("p", null, tag("running", "info"), " ", automationId ? h("a", { href: `#/automations/${encodeURIComponent(automationId)}`, "data-key": `live-${id}` }, name) : name, startedAt && h("span", { className: "dim" }, " since ", time(startedAt)), " ", h("code", { className: "dim" }, id)),
    h("progress", { max: 1, ...(share !== null && { value: share }), "aria-label": `Progress of ${name}` }),
    text && h("p", { className: "guest" }, text),
  );
}

function list(runs) {
  return table(
    "Runs that have ended",
    [
      { name: "Automation", text: ({ automationId }) => automationId ?? h("span", { className: "dim" }, "a script file"), sort: ({ automationId }) => automationId },
      { name: "Started", newest: true, text: ({ startedAt }) => time(startedAt), sort: ({ startedAt }) => instant(startedAt) },
      { name: "Outcome", text: ({ outcome }) => tag(words(outcome), kind(outcome)), sort: ({ outcome }) => outcome },
      { name: "Took", number: true, text: ({ durationMillis }) => millis(durationMillis), sort: ({ durationMillis }) => durationMillis },
      { name: "Changes", number: true, text: ({ changes }) => number(changes), sort: ({ changes }) => changes },
      { name: "For", text: ({ mode }) => (mode === "rehearse" ? "rehearsal" : "real"), sort: ({ mode }) => mode },
      { name: "By", wide: true, text: ({ cause }) => words(cause), sort: ({ cause }) => cause },
      { name: "Why not", wide: true, text: ({ error }) => error && h("span", { className: "guest" }, error) },
      { name: "Run", text: ({ id }) => h("code", null, id) },
    ],
    runs,
    { key: "runs", link: ({ automationId }) => automationId && `#/automations/${encodeURIComponent(automationId)}` },
  );
}
