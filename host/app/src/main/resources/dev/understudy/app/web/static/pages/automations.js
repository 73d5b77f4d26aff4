// All automations; or one, with its versions, what it may do, its script, and what can be done with it.
import { get } from "../api.js";
import { script } from "../diff.js";
import { empty, facts, h, replace, section, tag } from "../dom.js";
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
    replace(body, automations.length === 0 ? empty("No automations yet.", "understudy learn", "It writes one for each task that you repeat often enough. A script of your own: understudy new automation NAME") : list(automations));
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
    h("div", { className: "actions start" }, h("span", { className: "current-state" }, state(automation)), actions(automation, changed)),
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
      { name: "Run", text: (run) => h("code", null, run.runId ?? run.id) },
    ],
    runs,
    { key: "automation-runs" },
  );
}
