// What is shown of an automation on more than one page, and what a person can do with it.
import { get, part, post } from "./api.js";
import { dialog } from "./dialogs.js";
import { diff } from "./diff.js";
import { announce, h, section, tag } from "./dom.js";
import { count, kind, millis, share, time, words } from "./format.js";
import { table } from "./table.js";

const ISOLATION = {
  full: "no network, no other programs",
  partial: "no network; only the programs listed",
  minimal: "only the hosts and programs listed",
};

/** What a script is allowed to do, in words. */
export function grants({ grants: granted = {}, isolation = "full", triggers = [] }) {
  const list = (values, none) => (values?.length ? h("ul", { className: "paths" }, values.map((value) => h("li", null, h("code", null, value)))) : h("span", { className: "dim" }, none));
  const rows = [
    ["Read", list(granted.reads, "nothing but its own folder")],
    ["Write", list(granted.writes, "nothing")],
    ["Reach", list(granted.hosts, "no host")],
    ["Start", list(granted.programs, "no program")],
    ...(granted.secrets?.length ? [["Know", list(granted.secrets, "")]] : []),
    ["Isolation", `${isolation}: ${ISOLATION[isolation] ?? ""}`],
  ];
  if (triggers.length) rows.push(["Started by", list(triggers, "")]);
  return h("dl", { className: "grants" }, rows.map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value))));
}

function cases(automation) {
  return automation.evidence?.cases ?? [];
}

/** What the rehearsal has shown, case by case, with the changes as diffs. */
export function evidence(automation, { opened = 1 } = {}) {
  const all = cases(automation);
  if (all.length === 0) return h("p", { className: "dim" }, "Not rehearsed at this version. ", h("code", null, `understudy rehearse ${automation.id}`));
  const heldOut = all.filter((each) => each.heldOut);
  return [
    h("p", null, `${all.filter(({ passed }) => passed).length} of ${count(all.length, "case")} passed`, heldOut.length > 0 && `, among them ${heldOut.filter(({ passed }) => passed).length} of ${heldOut.length} that the template had not seen`, ". Nothing of yours was changed: it ran on a copy."),
    verdict(automation),
    automation.evidence?.source === "defaults" && h("p", { className: "warn" }, "It has no tests of its own: that it succeeds once with its defaults proves little."),
    h("p", { className: automation.rehearsal?.compared ? "dim" : "warn" }, `${compared(automation)}.`),
    all.map((each, index) => oneCase(automation.id, each, index, index < opened || !each.passed)),
  ];
}

function oneCase(id, { name, passed, heldOut, durationMillis, problems = [], errors = [], changes = [] }, index, open) {
  return h(
    "details",
    { className: "case", open, "data-key": `case-${id}-${index}` },
    h("summary", null, tag(passed ? "passed" : "failed", passed ? "good" : "bad"), " ", name, h("span", { className: "dim" }, `  ${count(changes.length, "change")}${heldOut ? ", held out" : ""}${durationMillis === undefined ? "" : `, ${millis(durationMillis)}`}`)),
    problems.map((text) => h("p", { className: "bad" }, text)),
    errors.length > 0 && h("pre", { className: "dim" }, errors.join("\n")),
    changes.length === 0 && h("p", { className: "dim" }, "It changes no file."),
    changes.map((change) => [
      h("p", { className: "change" }, tag(change.kind, change.kind === "deleted" ? "bad" : change.kind === "created" ? "good" : "warn"), " ", h("code", null, change.path)),
      change.diff && diff(change.diff, `Difference of ${change.path}`),
    ]),
  );
}

/** What a rehearsal in which something failed allows. */
function verdict({ rehearsal }) {
  if (!rehearsal?.total || rehearsal.passed === rehearsal.total) return null;
  const threshold = `${Math.round(rehearsal.minSuccessRate * 1000) / 10} % (auto_deploy_threshold)`;
  return rehearsal.deployable
    ? h("p", { className: "warn" }, `At least ${threshold} passed, so you may approve it in spite of what failed below.`)
    : h("p", { className: "bad" }, `Fewer than ${threshold} passed, so it cannot be approved.`);
}

/** What the script was held against beside its template's own idea of the command. */
export function compared({ rehearsal }) {
  const { realProgram = 0, recorded = 0 } = rehearsal?.compared ?? {};
  const parts = [realProgram > 0 && `the real program in ${count(realProgram, "situation")}`, recorded > 0 && count(recorded, "recorded result")].filter(Boolean);
  return parts.length === 0 ? "Never compared with the real program" : `Same as ${parts.join(" and ")}`;
}

/** How often the rehearsal's cases passed. */
export function rehearsed({ rehearsal }) {
  if (!rehearsal?.total) return h("span", { className: "dim" }, "not yet");
  return tag(`${rehearsal.passed} of ${rehearsal.total}`, rehearsal.passed === rehearsal.total ? "good" : rehearsal.deployable ? "warn" : "bad");
}

export function state({ state: name }) {
  return tag(words(name), kind(name));
}

const ACTS = {
  approve: {
    text: "Approve",
    title: (id) => `Let ${id} run?`,
    says: "From now on it may do this, on your files, without asking again:",
    done: "runs from now on",
    shown: ["rehearsed", "suspended", "rejected"],
    primary: true,
  },
  reject: {
    text: "Reject",
    title: (id) => `Reject ${id}?`,
    says: "It is put away and proposed once more; rejected a second time, not before its task was seen half as often again. Like patterns are proposed less. Nothing of yours changes.",
    done: "was rejected",
    shown: ["draft", "rehearsed"],
    danger: true,
  },
  suspend: { text: "Suspend", title: (id) => `Suspend ${id}?`, says: "It does not run until you approve it again. A run under way ends first.", done: "is suspended", shown: ["deployed", "rolled_back"] },
  rollback: { text: "Roll back", title: (id) => `Roll ${id} back?`, says: "It runs at its last good earlier version from now on.", done: "runs at another version now", shown: ["deployed"] },
  retire: { text: "Retire", title: (id) => `Retire ${id}?`, says: "It never runs again and is not proposed again. Its versions and runs are kept.", done: "is retired", shown: ["deployed", "suspended", "rolled_back"], danger: true },
};

/** Plugins that failed, whose part is missing. */
export function leftOut(problems = []) {
  return problems.length > 0 && section("Left out", h("ul", { className: "findings" }, problems.map((each) => h("li", { className: "bad" }, each))));
}

/** Asks whether to do it, naming what follows from it, and does it. */
export function ask(act, automation, changed) {
  const { text, title, says, done, primary, danger } = ACTS[act];
  dialog({
    title: title(automation.id),
    body: [automation.description && h("p", null, automation.description), h("p", null, says), act === "approve" && grants(automation), act === "approve" && h("p", { className: "dim" }, `Version ${automation.version}. Its changes are made all together after success, or not at all, and `, h("code", null, "understudy undo"), " takes them back.")],
    actions: [
      { text: "Cancel" },
      {
        text,
        primary,
        danger,
        async act() {
          await post(`automations/${part(automation.id)}/${act}`);
          announce(`${automation.id} ${done}`);
          dispatchEvent(new Event("automations-changed"));
          await changed();
        },
      },
    ],
  });
}

/** Which acts its state allows. */
export function possible(automation) {
  return Object.keys(ACTS).filter((act) => ACTS[act].shown.includes(automation.state) && (act !== "rollback" || automation.version > 1));
}

/** A button for each thing that a person can do with it now. */
export function actions(automation, changed) {
  return possible(automation).map((act) => {
    const { text, primary, danger } = ACTS[act];
    return h("button", { type: "button", className: primary ? "primary" : danger ? "danger" : "", "data-key": `${act}-${automation.id}`, "data-act": act, onclick: () => ask(act, automation, changed) }, text);
  });
}

/** The figures of an automation's versions. */
export function versions(automation) {
  return table(
    `Versions of ${automation.id}`,
    [
      { name: "Version", newest: true, text: ({ version }) => version, sort: ({ version }) => version },
      { name: "Written", newest: true, text: ({ created }) => time(created), sort: ({ created }) => created },
      { name: "By", text: ({ author }) => words(author) },
      { name: "Rehearsal", text: rehearsed },
      { name: "Approved", text: ({ approved }) => (approved ? time(approved) : h("span", { className: "dim" }, "no")) },
      { name: "Runs", number: true, text: ({ runs }) => runs, sort: ({ runs }) => runs },
      { name: "Succeeded", number: true, text: ({ successRate }) => share(successRate), sort: ({ successRate }) => successRate },
      { name: "Took", number: true, text: ({ averageDurationMillis }) => millis(averageDurationMillis ?? NaN), sort: ({ averageDurationMillis }) => averageDurationMillis },
      { name: "Saved", number: true, text: ({ timeSavedMillis }) => millis(timeSavedMillis ?? NaN), sort: ({ timeSavedMillis }) => timeSavedMillis },
      { name: "Now", text: ({ deployed, rolledBack }) => (deployed ? tag("runs", "good") : rolledBack ? tag("rolled back", "warn") : "") },
    ],
    automation.versions ?? [],
    { key: "versions" },
  );
}

/** An automation with all that is known of it. */
export function fetchAutomation(id) {
  return get(`automations/${part(id)}`);
}
