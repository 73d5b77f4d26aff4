// What waits for a person's answer: each proposal with its reason, its script, what it may touch and what its rehearsal changed.
import { get } from "../api.js";
import { script } from "../diff.js";
import { empty, h, replace, section, tag } from "../dom.js";
import { count, instant, kind, millis, number, share, time, words } from "../format.js";
import { actions, ask, evidence, fetchAutomation, grants, possible, rehearsed } from "../parts.js";
import { table } from "../table.js";

export default { title: "Approvals", open };

async function open(body) {
  const proposals = h("div");
  const patterns = h("div");
  replace(body, proposals, patterns);
  let waiting = [];
  let shown = "";

  async function refresh() {
    const [{ automations }, found] = await Promise.all([get("automations"), get("patterns")]);
    const ids = automations.filter(({ state }) => state === "rehearsed" || state === "draft").map(({ id }) => id);
    waiting = await Promise.all(ids.map(fetchAutomation));
    const fingerprint = JSON.stringify([waiting, found, automations]);
    if (fingerprint === shown) return;
    shown = fingerprint;
    replace(
      proposals,
      waiting.length === 0
        ? empty("Nothing waits for your approval.", "understudy learn", "It reads your shell histories, finds what repeats and writes automations for it. While this host is up, it looks every few minutes.")
        : [h("p", null, `${count(waiting.length, "automation")} written for what you repeat. None of them runs before you approve it. `, h("span", { className: "dim keys-hint" }, h("kbd", null, "j"), " ", h("kbd", null, "k"), " next and previous, ", h("kbd", null, "a"), " approve, ", h("kbd", null, "x"), " reject")), waiting.map((each, index) => proposal(each, patternOf(each, found.patterns), index, refresh))],
    );
    replace(patterns, section("What repeats", patternTable(found.patterns, automations)));
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

function reason({ patternId }, pattern) {
  if (!pattern) return h("p", { className: "dim" }, patternId ? "The pattern that it was written for is no longer among those seen." : "A person wrote it, for no pattern.");
  const { occurrences, first, last, averageDurationMillis, automationPotential, parts = {}, variables = [], example } = pattern;
  return [
    h("p", null, `Seen ${count(occurrences, "time")} from `, time(first), " to ", time(last), `, ${millis(averageDurationMillis)} each by hand: ${millis(occurrences * averageDurationMillis)} in all.`),
    h("p", null, h("b", null, `Potential ${number(automationPotential, 2)}`), ` = ${number(parts.frequency, 2)} frequency + ${number(parts.timeSavings, 2)} time savings + ${number(parts.recency, 2)} recency`),
    example && h("p", null, "For example: ", h("code", null, example)),
    variables.length > 0 && h("p", { className: "dim" }, "What varies: ", variables.map(({ name, distinctValues }) => `${name} (${distinctValues} values)`).join(", ")),
  ];
}

function patternTable(patterns, automations) {
  if (patterns.length === 0) return empty("No patterns yet: nothing was seen three times within a day.", "understudy learn");
  const made = new Map(automations.map((each) => [each.patternId, each]));
  return table(
    "Patterns",
    [
      { name: "Task", wide: true, text: ({ taskType, parameters }) => [h("b", null, taskType), " ", h("span", { className: "dim shape" }, shape(parameters))], sort: ({ taskType }) => taskType },
      { name: "Potential", number: true, text: ({ automationPotential }) => number(automationPotential, 2), sort: ({ automationPotential }) => automationPotential },
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
