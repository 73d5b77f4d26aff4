// Tuning: what is measured now, and what earlier sessions found.
import { get } from "../api.js";
import { empty, facts, h, replace, section, tag } from "../dom.js";
import { kind, millis, number, time, words } from "../format.js";
import { table } from "../table.js";

export default { title: "Tuning", open };

async function open(body) {
  let shown = "";
  async function refresh() {
    const data = await get("tuning");
    const fingerprint = JSON.stringify(data);
    if (fingerprint === shown) return;
    shown = fingerprint;
    const { running, recent = [] } = data;
    if (!running && recent.length === 0) {
      replace(body, empty("Nothing has been tuned yet.", "understudy tune", "It measures parameter sets one after the other, keeps the best, and puts everything back on request."));
      return;
    }
    replace(body, section("Now", running ? session(running) : h("p", { className: "dim" }, "No session is under way.")), recent.length > 0 && section("Earlier sessions", list(recent)));
  }
  await refresh();
  return { refresh };
}

function shownValue(value) {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? h("code", null, JSON.stringify(value)) : typeof value === "number" ? number(value, 4) : String(value);
}

function session({ objective, evaluations, budget, best, elapsedMillis, strategy }) {
  return [
    h("progress", { max: Math.max(1, budget), value: Math.min(evaluations, budget), "aria-label": "Evaluations made" }),
    facts([["Objective", objective], ["Strategy", strategy], ["Evaluations", `${number(evaluations)} of ${number(budget)}`], ["Best so far", shownValue(best)], ["Takes", millis(elapsedMillis)]]),
  ];
}

function list(sessions) {
  return table(
    "Earlier tuning sessions",
    [
      { name: "Objective", text: ({ objective }) => objective, sort: ({ objective }) => objective },
      { name: "Started", newest: true, text: ({ startedAt }) => time(startedAt), sort: ({ startedAt }) => startedAt },
      { name: "Strategy", text: ({ strategy }) => strategy ?? "" },
      { name: "Evaluations", number: true, text: ({ evaluations }) => number(evaluations), sort: ({ evaluations }) => evaluations },
      { name: "Best", wide: true, text: ({ best }) => shownValue(best) },
      { name: "State", text: ({ state }) => state && tag(words(state), kind(state)) },
    ],
    sessions,
    { key: "tuning" },
  );
}
