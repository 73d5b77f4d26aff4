// What starts automations by itself: when it fires next, what has fired, what was missed, and a pause.
import { get, part, post } from "../api.js";
import { announce, empty, h, replace, section, tag } from "../dom.js";
import { instant, kind, time, words } from "../format.js";
import { table } from "../table.js";

export default { title: "Triggers", open };

async function open(body) {
  let shown = "";
  async function refresh() {
    const found = await get("triggers");
    const fingerprint = JSON.stringify(found);
    if (fingerprint === shown) return;
    shown = fingerprint;
    const { triggers, firings } = found;
    replace(
      body,
      triggers.length === 0 && firings.length === 0
        ? empty("No automation that runs has a trigger.", "understudy customize ID", 'A line in its metadata makes one: triggers = [{ cron = "0 9 * * MON-FRI" }]')
        : [section("Watched", triggers.length === 0 ? h("p", { className: "dim" }, "Nothing.") : watched(triggers, refresh)), section("Latest firings", firings.length === 0 ? h("p", { className: "dim" }, "Nothing has fired yet.") : fired(firings))],
    );
  }
  await refresh();
  return { refresh };
}

function watched(triggers, changed) {
  return table(
    "Triggers",
    [
      { name: "Automation", text: ({ automationId }) => automationId, sort: ({ automationId }) => automationId },
      { name: "Kind", text: (each) => words(each.kind), sort: (each) => each.kind },
      { name: "Trigger", wide: true, text: ({ trigger }) => h("code", null, trigger) },
      { name: "Next", text: ({ next, pausedSince }) => (pausedSince ? [tag("paused", "warn"), " since ", time(pausedSince)] : next ? time(next) : h("span", { className: "dim" }, "when it happens")), sort: ({ next }) => (next ? instant(next) : null) },
      { name: "Pause", text: ({ automationId, pausedSince, trigger }) => h("button", { type: "button", "data-key": `pause-${automationId}-${trigger}`, "aria-label": `${pausedSince ? "Resume" : "Pause"} the triggers of ${automationId}`, onclick: () => pause(automationId, pausedSince ? "resume" : "pause", changed) }, pausedSince ? "Resume" : "Pause") },
    ],
    triggers,
    { key: "triggers", link: ({ automationId }) => `#/automations/${encodeURIComponent(automationId)}` },
  );
}

async function pause(id, act, changed) {
  await post(`triggers/${part(id)}/${act}`);
  announce(act === "pause" ? `The triggers of ${id} fire nothing until you resume them` : `The triggers of ${id} fire again`);
  await changed();
}

function fired(firings) {
  return table(
    "Latest firings",
    [
      { name: "Automation", text: ({ automationId }) => automationId, sort: ({ automationId }) => automationId },
      { name: "When", newest: true, text: ({ at }) => time(at), sort: ({ at }) => instant(at) },
      { name: "Cause", wide: true, text: ({ cause }) => h("code", null, cause) },
      { name: "State", text: ({ state }) => tag(words(state), kind(state)), sort: ({ state }) => state },
      { name: "Note", wide: true, text: ({ note }) => note },
      { name: "Run", text: ({ runId }) => runId && h("a", { href: `#/runs/${encodeURIComponent(runId)}` }, runId) },
    ],
    firings,
    { key: "firings", link: ({ automationId }) => `#/automations/${encodeURIComponent(automationId)}` },
  );
}
