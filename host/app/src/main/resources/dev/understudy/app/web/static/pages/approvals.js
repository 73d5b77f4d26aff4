// What waits for a person's answer: each proposal with its reason, its script, what it may touch and what its rehearsal changed.
import { get, post } from "../api.js";
import { dialog } from "../dialogs.js";
import { diff, script } from "../diff.js";
import { announce, empty, h, replace, section, tag } from "../dom.js";
import { count, instant, kind, millis, number, share, time, words } from "../format.js";
import { actions, ask, evidence, fetchAutomation, grants, leftOut, possible, rehearsed } from "../parts.js";
import { table } from "../table.js";

export default { title: "Approvals", open };

async function open(body) {
  const proposals = h("div");
  const handedIn = h("div");
  const patterns = h("div");
  replace(body, handedIn, proposals, patterns);
  let waiting = [];
  let shown = "";

  async function refresh() {
    const [{ automations }, found, programs] = await Promise.all([get("automations"), get("patterns"), get("proposals")]);
    const ids = automations.filter(({ state }) => state === "rehearsed" || state === "draft").map(({ id }) => id);
    waiting = await Promise.all(ids.map(fetchAutomation));
    const fingerprint = JSON.stringify([waiting, found, automations, programs]);
    if (fingerprint === shown) return;
    shown = fingerprint;
    replace(handedIn, programs.proposals.map((each) => ofProgram(each, refresh)));
    replace(
      proposals,
      waiting.length === 0
        ? empty("Nothing waits for your approval.", "understudy learn", "It reads your shell histories, finds what repeats and writes automations for it. While this host is up, it looks every few minutes.")
        : [h("p", null, `${count(waiting.length, "automation")} waiting. None of them runs before you approve it. `, h("span", { className: "dim keys-hint" }, h("kbd", null, "j"), " ", h("kbd", null, "k"), " next and previous, ", h("kbd", null, "a"), " approve, ", h("kbd", null, "x"), " reject")), waiting.map((each, index) => proposal(each, patternOf(each, found.patterns), index, refresh))],
    );
    replace(patterns, leftOut(found.problems), routineTable(found.patterns), section("What repeats", patternTable(found.patterns, automations)));
  }

  function focused() {
    const id = document.activeElement?.closest("article[data-id]")?.dataset.id;
    return waiting.find((each) => each.id === id);
  }

  const answer = (act) => () => {
    const automation = focused();
    if (automation && possible(automation).includes(act)) ask(act, automation, refresh);
  };

  await refresh();
  return { refresh, keys: { a: { does: "Approve the proposal that has the focus", act: answer("approve") }, x: { does: "Reject the proposal that has the focus", act: answer("reject") } } };
}

/** What a program has proposed; taken, it is rehearsed on a copy of the person's files and waits below for their approval. */
function ofProgram(proposed, changed) {
  const { number: n, automationId, proposedBy, at, description, cases, passed, total } = proposed;
  return section(
    `${proposedBy} proposes ${automationId}`,
    h("p", null, description, " ", h("span", { className: "dim" }, "Proposed ", time(at), ". Nothing comes of it before you take and approve it.")),
    grants(proposed),
    h("h3", null, `Its own tests, away from your files: ${passed} of ${total} passed`),
    h(
      "ul",
      null,
      cases.map((each) => h("li", null, tag(each.outcome, kind(each.outcome === "left" ? "draft" : each.outcome)), ` ${each.name} `, each.problems.map((text) => h("div", { className: "dim" }, text)), each.changes.map((change) => h("div", null, `${change.kind} `, h("code", null, change.path))))),
    ),
    h("details", { "data-key": `proposed-${n}` }, h("summary", null, h("h3", null, "Script")), diff(proposed.diff, `Script of proposal ${n}`)),
    h("div", { className: "actions" }, decision(proposed, "reject", changed), decision(proposed, "take", changed)),
  );
}

const DECISIONS = {
  take: { text: "Take…", title: ({ automationId }) => `Take the proposal of ${automationId}?`, says: "It becomes a version of that automation, exactly as it was handed in, and is rehearsed on a copy of your files, which may take a while. It runs only once you approve it.", done: ({ automationId }) => `${automationId} was taken and rehearsed`, primary: true },
  reject: { text: "Reject…", title: ({ automationId }) => `Put the proposal of ${automationId} away?`, says: "Nothing comes of it.", done: ({ automationId }) => `The proposal of ${automationId} was rejected`, danger: true },
};

function decision(proposed, act, changed) {
  const { text, title, says, done, primary, danger } = DECISIONS[act];
  const ask = () =>
    dialog({
      title: title(proposed),
      body: [h("p", null, says)],
      actions: [
        { text: "Cancel" },
        {
          text: text.replace("…", ""),
          primary,
          danger,
          async act() {
            await post(`proposals/${proposed.number}/${act}`);
            announce(done(proposed));
            dispatchEvent(new Event("automations-changed"));
            await changed();
          },
        },
      ],
    });
  return h("button", { type: "button", className: primary ? "primary" : "danger", "data-key": `${act}-proposal-${proposed.number}`, "aria-label": `${text.replace("…", "")} the proposal of ${proposed.automationId}`, onclick: ask }, text);
}

function patternOf({ patternId }, patterns) {
  return patterns.find(({ id }) => id === patternId);
}

function proposal(automation, pattern, index, changed) {
  const { id, description } = automation;
  const heading = `proposal-${id}`;
  return h(
    "article",
    { className: "panel proposal", "data-id": id, "aria-labelledby": heading },
    h(
      "details",
      { open: index === 0, "data-key": `proposal-${id}` },
      h("summary", { "data-stop": true }, h("span", { className: "proposal-head" }, h("h2", { id: heading }, id), rehearsed(automation), pattern && h("span", { className: "dim" }, `${count(pattern.occurrences, "time")}, ${millis(pattern.averageDurationMillis)} each`)), h("span", { className: "proposal-what" }, description)),
      h("div", { className: "columns" }, h("div", null, h("h3", null, "Why"), reason(automation, pattern)), h("div", null, h("h3", null, "What it may do"), grants(automation))),
      h("h3", null, "What its rehearsal changed"),
      evidence(automation),
      h("details", { "data-key": `script-${id}` }, h("summary", null, h("h3", null, `Script (${automation.language})`)), script(automation.script, `Script of ${id}`)),
      automation.state === "draft" && h("p", { className: "dim" }, "A draft can be approved once it has passed its rehearsal: ", h("code", null, `understudy rehearse ${id}`)),
    ),
    h("div", { className: "actions" }, h("a", { href: `#/automations/${encodeURIComponent(id)}`, "aria-label": `Details of ${id}` }, "Details"), h("span", { className: "push" }), actions(automation, changed).toReversed()),
  );
}

function reason({ patternId, proposedBy }, pattern) {
  if (proposedBy) return h("p", null, h("b", null, proposedBy), " proposed it, and you took it. It is exactly as it was handed in.");
  if (!pattern) return h("p", { className: "dim" }, patternId ? "The pattern that it was written for is no longer among those seen." : "A person wrote it, for no pattern.");
  const { occurrences, first, last, averageDurationMillis, automationPotential, parts = {}, variables = [], example } = pattern;
  return [
    h("p", null, `Seen ${count(occurrences, "time")} from `, time(first), " to ", time(last), `, ${millis(averageDurationMillis)} each by hand: ${millis(occurrences * averageDurationMillis)} in all.`),
    h("p", null, h("b", null, `Potential ${number(automationPotential, 2)}`), ` = ${number(parts.frequency, 2)} frequency + ${number(parts.timeSavings, 2)} time savings + ${number(parts.recency, 2)} recency${parts.experience ? ` ${parts.experience < 0 ? "−" : "+"} ${number(Math.abs(parts.experience), 2)} by what you decided about it and its like` : ""}`),
    example && h("p", null, "For example: ", h("code", null, example)),
    pattern.recurrence && h("p", null, h("b", null, `Comes back ${when(pattern)}`), `: ${figuresBehind(pattern.recurrence)}.`),
    variables.length > 0 && h("p", { className: "dim" }, "What varies: ", variables.map(({ name, distinctValues }) => `${name} (${distinctValues} values)`).join(", ")),
  ];
}

/** On which days, and about when. */
function when({ recurrence }) {
  if (!recurrence) return "";
  const { rhythm, days, weekdays, usualTime } = recurrence;
  const on = rhythm === "weekly" ? weekdays.map((day) => day[0] + day.slice(1).toLowerCase()).join("+") : rhythm === "some_days" ? `${days} days` : rhythm;
  return usualTime ? `${on} ~${usualTime}` : on;
}

/** The figures behind it. */
function figuresBehind({ days, activeDays, usualTime, spreadMinutes, cron }) {
  const time = usualTime ? `, most within ${Math.max(1, spreadMinutes)} min of ${usualTime}` : ", at no usual time";
  return `on ${days} of ${activeDays} days on which anything was done${time}${cron ? `; proposed start ${cron}` : ""}`;
}

/** What comes back by the calendar, with its usual hour and days: the routines. */
function routineTable(patterns) {
  const routines = patterns.filter(({ recurrence }) => recurrence && recurrence.rhythm !== "some_days");
  if (routines.length === 0) return [];
  return section(
    "Routines",
    table(
      "Routines",
      [
        { name: "Task", wide: true, text: ({ taskType, parameters }) => [h("b", null, taskType), " ", h("span", { className: "dim shape" }, shape(parameters))], sort: ({ taskType }) => taskType },
        { name: "When", text: (pattern) => when(pattern), sort: ({ recurrence }) => recurrence.usualTime ?? "" },
        { name: "Evidence", wide: true, text: ({ recurrence }) => h("span", { className: "dim" }, figuresBehind(recurrence)) },
      ],
      routines,
      { key: "routines" },
    ),
  );
}

function patternTable(patterns, automations) {
  if (patterns.length === 0) return empty("No patterns yet: nothing was seen three times within a day.", "understudy learn");
  const made = new Map(automations.map((each) => [each.patternId, each]));
  return table(
    "Patterns",
    [
      { name: "Task", wide: true, text: ({ taskType, parameters }) => [h("b", null, taskType), " ", h("span", { className: "dim shape" }, shape(parameters))], sort: ({ taskType }) => taskType },
      { name: "Potential", number: true, text: ({ automationPotential }) => number(automationPotential, 2), sort: ({ automationPotential }) => automationPotential },
      { name: "When", text: (pattern) => when(pattern), sort: (pattern) => when(pattern) },
      { name: "Times", number: true, text: ({ occurrences }) => number(occurrences), sort: ({ occurrences }) => occurrences },
      { name: "Each", number: true, text: ({ averageDurationMillis }) => millis(averageDurationMillis), sort: ({ averageDurationMillis }) => averageDurationMillis },
      { name: "Success", number: true, text: ({ successRate }) => share(successRate), sort: ({ successRate }) => successRate },
      { name: "Last", newest: true, text: ({ last }) => time(last), sort: ({ last }) => instant(last) },
      {
        name: "Automation",
        text: ({ id }) => {
          const automation = made.get(id);
          return automation ? [h("a", { href: `#/automations/${encodeURIComponent(automation.id)}` }, automation.id), " ", tag(words(automation.state), kind(automation.state))] : h("span", { className: "dim" }, "none");
        },
      },
    ],
    patterns,
    { key: "patterns" },
  );
}

/** A command as it was typed; of other tasks the parameters. */
function shape(parameters = {}) {
  if (typeof parameters.command === "string") return parameters.command;
  return Object.entries(parameters)
    .filter(([name]) => name !== "working_directory")
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
