// All automations; or one, with its versions, what it may do, its script, and what can be done with it.
import { get, part, post } from "../api.js";
import { dialog } from "../dialogs.js";
import { script } from "../diff.js";
import { announce, empty, facts, h, replace, section, tag } from "../dom.js";
import { kind, millis, number, share, time, words } from "../format.js";
import { actions, evidence, fetchAutomation, grants, rehearsed, state, versions } from "../parts.js";
import { table } from "../table.js";

export default { title: "Automations", open: (body, id) => (id ? openOne(body, id) : openAll(body)) };

async function openAll(body) {
  let shown = "";
  async function refresh() {
    const { automations } = await get("automations");
    const fingerprint = JSON.stringify(automations);
    if (fingerprint === shown) return;
    shown = fingerprint;
    replace(body, h("p", null, h("button", { type: "button", "data-key": "adopt", onclick: () => adopt(refresh) }, "Adopt a script…")), automations.length === 0 ? empty("No automations yet.", "understudy learn", "It writes one for each task that you repeat often enough. A script of your own: understudy new automation NAME") : list(automations));
  }
  await refresh();
  return { refresh };
}

function version({ version: newest, deployedVersion }) {
  return deployedVersion && deployedVersion !== newest ? `${newest} (runs ${deployedVersion})` : newest;
}

function list(automations) {
  return table(
    "Automations",
    [
      { name: "Automation", text: ({ id }) => id, sort: ({ id }) => id },
      { name: "State", text: (each) => [state(each), each.experimentUnderWay && [" ", tag("A/B", "info")]], sort: (each) => each.state },
      { name: "Version", number: true, text: version, sort: (each) => each.version },
      { name: "Rehearsal", text: rehearsed, sort: ({ rehearsal }) => (rehearsal?.total ? rehearsal.passed / rehearsal.total : null) },
      { name: "Runs", number: true, text: ({ runs }) => number(runs?.total), sort: ({ runs }) => runs?.total },
      { name: "Succeeded", number: true, text: ({ successRate }) => share(successRate ?? NaN), sort: ({ successRate }) => successRate },
      { name: "Latest", text: ({ recentRuns }) => latest(recentRuns ?? []) },
      { name: "Took", number: true, text: ({ averageDurationMillis }) => millis(averageDurationMillis ?? NaN), sort: ({ averageDurationMillis }) => averageDurationMillis },
      { name: "Saved", number: true, text: ({ timeSavedMillis }) => millis(timeSavedMillis ?? NaN), sort: ({ timeSavedMillis }) => timeSavedMillis },
      { name: "Language", text: ({ language }) => language, sort: ({ language }) => language },
    ],
    automations,
    { key: "automations", link: ({ id }) => `#/automations/${encodeURIComponent(id)}` },
  );
}

/** A mark for each of the latest runs, oldest first. */
function latest(runs) {
  if (runs.length === 0) return "";
  const good = runs.filter(({ outcome }) => outcome === "succeeded").length;
  return h("span", { className: "marks", role: "img", "aria-label": `${good} of the latest ${runs.length} succeeded` }, runs.toReversed().map(({ outcome }) => h("span", { className: kind(outcome), title: words(outcome) }, outcome === "succeeded" ? "●" : "✕")));
}

async function openOne(body, id) {
  let shown = "";
  async function refresh() {
    const automation = await fetchAutomation(id);
    const fingerprint = JSON.stringify(automation);
    if (fingerprint === shown) return;
    shown = fingerprint;
    replace(body, one(automation, refresh));
  }
  await refresh();
  return { refresh };
}

function one(automation, changed) {
  const runs = automation.recentRuns ?? [];
  const parameters = automation.parameters ?? [];
  return [
    h("p", null, h("a", { href: "#/automations" }, "All automations")),
    h("p", { className: "lead" }, automation.description),
    h("div", { className: "actions start" }, h("span", { className: "current-state" }, state(automation)), actions(automation, changed), runnable(automation) && h("button", { type: "button", "data-key": "run-now", onclick: () => runNow(automation) }, "Run now…")),
    h(
      "div",
      { className: "columns" },
      section("What it is", facts([["Language", automation.language], ["Template", words(automation.template)], ["Version", String(version(automation))], ["Rehearsal", rehearsed(automation)], ["Runs", automation.runs?.total ? `${automation.runs.succeeded} of ${automation.runs.total} succeeded` : "none yet"], ["File", h("code", null, automation.file)], ["By hand", h("code", null, `understudy run ${automation.id}`)]])),
      section("What it may do", grants(automation)),
    ),
    parameters.length > 0 && section("Parameters", parameterTable(automation.id, parameters)),
    section("Versions", versions(automation)),
    runs.length > 0 && section("Latest runs", runTable(runs)),
    section("What its rehearsal changed", evidence(automation, { opened: 0 })),
    section("Script", script(automation.script, `Script of ${automation.id}`)),
  ];
}

function parameterTable(id, parameters) {
  return table(
    `Parameters of ${id}`,
    [
      { name: "Name", text: ({ name }) => h("code", null, name) },
      { name: "Type", text: ({ type }) => type },
      { name: "Default", wide: true, text: (each) => (each.default === null || each.default === undefined ? tag("must be given", "warn") : h("code", null, typeof each.default === "string" ? each.default : JSON.stringify(each.default))) },
      { name: "What for", wide: true, text: ({ description }) => description },
    ],
    parameters,
  );
}

function runTable(runs) {
  return table(
    "Latest runs",
    [
      { name: "Started", newest: true, text: (run) => time(run.started ?? run.startedAt), sort: (run) => run.started ?? run.startedAt },
      { name: "Version", number: true, text: ({ version: at }) => at },
      { name: "Outcome", text: ({ outcome, undone }) => [tag(words(outcome), kind(outcome)), undone && [" ", tag("undone", "warn")]], sort: ({ outcome }) => outcome },
      { name: "Took", number: true, text: ({ durationMillis }) => millis(durationMillis), sort: ({ durationMillis }) => durationMillis },
      { name: "Run", text: (run) => h("a", { href: `#/runs/${encodeURIComponent(run.runId ?? run.id)}` }, h("code", null, run.runId ?? run.id)) },
    ],
    runs,
    { key: "automation-runs" },
  );
}

function runnable({ state: now }) {
  return now === "deployed" || now === "rolled_back";
}

/** Asks for its parameters, starts it for real, and goes to the run's page. */
function runNow({ id, parameters = [] }) {
  const fields = parameters.map((each) => {
    const standard = each.default === null || each.default === undefined ? "" : typeof each.default === "string" ? each.default : JSON.stringify(each.default);
    return { name: each.name, standard, required: each.default === null || each.default === undefined, input: h("input", { id: `run-${each.name}`, value: standard, autocomplete: "off" }), each };
  });
  dialog({
    title: `Run ${id} now?`,
    body: [
      h("p", null, "It runs for real. Its changes are made all together after success, or not at all, and can be undone."),
      fields.map(({ name, input, each, required }) => h("p", { className: "field" }, h("label", { htmlFor: `run-${name}` }, h("code", null, name), ` (${each.type}${required ? ", must be given" : ""}) ${each.description ?? ""}`), h("br"), input)),
    ],
    actions: [
      { text: "Cancel" },
      {
        text: "Run",
        primary: true,
        async act() {
          // What was left as it is stays the default, which may depend on the day.
          const given = fields.filter(({ input, standard, required }) => required || input.value !== standard).map(({ name, input }) => [name, input.value]);
          const { id: run } = await post(`automations/${part(id)}/run`, { parameters: Object.fromEntries(given) });
          announce(`${id} was started`);
          location.hash = `#/runs/${encodeURIComponent(run)}`;
        },
      },
    ],
  });
}

/** Takes a script file of a person's own; it becomes a draft, or a new version of the automation with its id. */
function adopt(changed) {
  const file = h("input", { type: "file", id: "adopt-file", accept: ".py,.js,.sh,.bash,.applescript" });
  dialog({
    title: "Adopt a script of your own",
    body: [h("p", null, "It becomes an automation: a draft that runs only once it was rehearsed and you approved it, or a new version of the one with its id. A script without metadata gets its head written."), h("p", null, h("label", { htmlFor: "adopt-file" }, "File: "), file)],
    actions: [
      { text: "Cancel" },
      {
        text: "Adopt",
        primary: true,
        async act() {
          const [chosen] = file.files;
          if (!chosen) throw new Error("No file is chosen");
          const adopted = await post("automations", { name: chosen.name, text: await chosen.text() });
          announce(`${adopted.id} was adopted`);
          dispatchEvent(new Event("automations-changed"));
          await changed();
          location.hash = `#/automations/${encodeURIComponent(adopted.id)}`;
        },
      },
    ],
  });
}
