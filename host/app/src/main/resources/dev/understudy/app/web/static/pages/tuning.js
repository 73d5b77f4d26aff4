// Tuning: the session that is under way, and what earlier ones have found.
import { get } from "../api.js";
import { empty, h, replace, section, tag } from "../dom.js";
import { kind, number, time, words } from "../format.js";
import { table } from "../table.js";

const PAUSE_MILLIS = 3000;

export default { title: "Tuning", open };

async function open(body) {
  let shown = "";
  let timer = 0;

  async function refresh() {
    const { sessions } = await get("tuning");
    clearTimeout(timer);
    // Sessions are other processes, which do not tell this host how far they are.
    if (sessions.some(isRunning)) timer = setTimeout(() => refresh().catch(() => {}), PAUSE_MILLIS);
    const fingerprint = JSON.stringify(sessions);
    if (fingerprint === shown) return;
    shown = fingerprint;
    const running = sessions.filter(isRunning);
    const earlier = sessions.filter((each) => !isRunning(each));
    replace(
      body,
      sessions.length === 0
        ? empty("Nothing has been tuned yet.", "understudy tune --objective 'make bench' --metric 'took ([0-9.]+)' --param jobs=int:1..64", "It tries settings by measured trials, tells honestly whether one is better than the default, and changes nothing for good unless you say so.")
        : [section("Under way", running.length === 0 ? h("p", { className: "dim" }, "No session is under way.") : running.map(session)), earlier.length > 0 && section("Earlier sessions", list(earlier))],
    );
  }

  await refresh();
  return { refresh, close: () => clearTimeout(timer) };
}

function isRunning({ state }) {
  return state === "running";
}

function session({ session: id, objective, trials, budget, created }) {
  return h(
    "div",
    { className: "live-run" },
    h("p", null, tag("running", "info"), " ", h("code", null, objective), h("span", { className: "dim" }, ` session ${id}, since `, time(created))),
    h("progress", { max: Math.max(1, budget), value: Math.min(trials, budget), "aria-label": `Trials of session ${id}` }),
    h("p", null, `${number(trials)} of at most ${number(budget)} trials`),
  );
}

function list(sessions) {
  return table(
    "Earlier tuning sessions",
    [
      { name: "Session", newest: true, text: ({ session: id }) => id, sort: ({ session: id }) => Number(id) },
      { name: "Begun", newest: true, text: ({ created }) => time(created), sort: ({ created }) => created },
      { name: "Objective", wide: true, text: ({ objective }) => h("code", null, objective), sort: ({ objective }) => objective },
      { name: "Trials", number: true, text: ({ trials, budget }) => `${trials} of ${budget}`, sort: ({ trials }) => trials },
      { name: "State", text: ({ state }) => tag(words(state), kind(state)), sort: ({ state }) => state },
      { name: "Verdict", wide: true, text: ({ verdict, state, session: id }) => verdict || (state === "interrupted" && ["To go on: ", h("code", null, `understudy tune --resume ${id}`)]) },
    ],
    sessions,
    { key: "tuning" },
  );
}
