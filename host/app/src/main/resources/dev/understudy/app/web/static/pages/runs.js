// Runs: those under way, as they go, and those that have ended.
import { get, part, post } from "../api.js";
import { dialog } from "../dialogs.js";
import { announce, empty, facts, h, replace, section, tag } from "../dom.js";
import { count, instant, kind, millis, number, time, words } from "../format.js";
import { on } from "../live.js";
import { table } from "../table.js";

const RUNS_SHOWN = 100;

export default { title: "Runs", open: (body, id) => (id ? openOne(body, id) : openAll(body)) };

async function openAll(body) {
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
    if (phase === "output") return;
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
    h("p", null, tag("running", "info"), " ", automationId ? h("a", { href: `#/automations/${encodeURIComponent(automationId)}`, "data-key": `live-${id}` }, name) : name, startedAt && h("span", { className: "dim" }, " since ", time(startedAt)), " ", h("a", { href: `#/runs/${encodeURIComponent(id)}` }, h("code", null, id))),
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
      { name: "Run", text: ({ id }) => h("a", { href: `#/runs/${encodeURIComponent(id)}` }, h("code", null, id)) },
    ],
    runs,
    { key: "runs", link: ({ automationId }) => automationId && `#/automations/${encodeURIComponent(automationId)}` },
  );
}

const LINES_SHOWN = 500;

/** One run: what it prints as it comes, what it changed, its entries in the log, and a way back. */
async function openOne(body, id) {
  const head = h("div");
  const printed = h("pre", { className: "output", tabIndex: 0, "aria-label": `Output of ${id}`, "aria-live": "off" });
  const rest = h("div");
  const output = section("Output", printed);
  replace(body, h("p", null, h("a", { href: "#/runs" }, "All runs")), head, output, rest);
  let shown = "";
  let waiting = true;

  function print(lines) {
    if (waiting) printed.replaceChildren();
    waiting = false;
    const atEnd = printed.scrollTop + printed.clientHeight >= printed.scrollHeight - 4;
    for (const { channel, text } of lines) printed.append(h("span", { className: channel === "stderr" || channel === "error" ? "bad" : "" }, `${text}\n`));
    while (printed.childElementCount > LINES_SHOWN) printed.firstElementChild.remove();
    if (atEnd) printed.scrollTop = printed.scrollHeight;
  }

  async function refresh() {
    let run;
    try {
      run = await get(`runs/${part(id)}`);
    } catch (error) {
      if (error.status !== 404) throw error;
      replace(head, h("p", { className: "dim" }, "It has not begun: a run of the same automation goes before it, or there is no such run."));
      return;
    }
    const fingerprint = JSON.stringify({ ...run, progress: null, output: null });
    if (fingerprint === shown) return;
    shown = fingerprint;
    if (waiting) {
      if (run.output) print(run.output);
      else replace(printed, run.endedAt ? "It printed nothing, or this host does not remember it." : "Nothing yet.");
    }
    replace(head, about(run, refresh));
    replace(rest, changes(run), entries(run));
  }

  const off = on("run", (event) => {
    if (event.id !== id) return;
    if (event.phase === "output") print(event.lines);
    else if (event.phase !== "progress") refresh();
  });
  try {
    await refresh();
  } catch (error) {
    off();
    throw error;
  }
  return { refresh, close: off };
}

function about(run, changed) {
  const { id, automationId, version, outcome, startedAt, endedAt, durationMillis, cause, mode, error, parameters, outputLeftOut, undoable } = run;
  return [
    h("div", { className: "actions start" }, tag(endedAt ? words(outcome) : "running", endedAt ? kind(outcome) : "info"), undoable && h("button", { type: "button", "data-key": "undo", onclick: () => undo(run, changed) }, "Undo")),
    error && h("p", { className: "guest bad" }, error),
    facts([
      ["Automation", automationId ? h("a", { href: `#/automations/${encodeURIComponent(automationId)}` }, `${automationId}${version ? `, version ${version}` : ""}`) : "a script file"],
      ["Started", time(startedAt)],
      ["Took", durationMillis === null ? "" : millis(durationMillis)],
      ["By", words(cause)],
      ["For", mode === "rehearse" ? "rehearsal" : "real"],
      ["Given", Object.keys(parameters).length ? h("ul", { className: "paths" }, Object.entries(parameters).map(([name, value]) => h("li", null, h("code", null, `${name} = ${typeof value === "string" ? value : JSON.stringify(value)}`)))) : "nothing"],
      ["Output", outputLeftOut ? `${count(outputLeftOut, "earlier line")} left out` : ""],
      ["By hand", h("code", null, `understudy log --automation ${automationId ?? ""}`.trim())],
      ["Run", h("code", null, id)],
    ]),
  ];
}

function changes({ changedFiles, endedAt }) {
  return section("Changes", changedFiles.length === 0 ? h("p", { className: "dim" }, endedAt ? "It changed no file." : "They are made all together when it has succeeded.") : h("ul", { className: "paths" }, changedFiles.map(({ path, kind: how }) => h("li", null, tag(words(how), "plain"), " ", h("code", null, path)))));
}

function entries({ log }) {
  return section(
    "Log",
    table(
      "Entries of the audit log about it",
      [
        { name: "When", text: ({ at }) => time(at) },
        { name: "What", text: ({ kind: what }) => words(what) },
        { name: "Details", wide: true, text: ({ details }) => h("code", { className: "guest" }, JSON.stringify(details)) },
      ],
      log,
    ),
  );
}

function undo({ id, changedFiles }, changed) {
  dialog({
    title: "Undo this run?",
    body: [h("p", null, `What it changed (${count(changedFiles.length, "file")}) becomes as it was before, unless somebody has changed it since: then nothing is taken back.`)],
    actions: [
      { text: "Cancel" },
      {
        text: "Undo",
        danger: true,
        async act() {
          await post(`runs/${part(id)}/undo`);
          announce(`The run ${id} was undone`);
          await changed();
        },
      },
    ],
  });
}
