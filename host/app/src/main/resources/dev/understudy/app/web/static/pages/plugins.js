// Plugin jars: their state, what each provides and, for one that was refused, why.
import { get } from "../api.js";
import { empty, h, replace, tag } from "../dom.js";
import { kind, words } from "../format.js";
import { table } from "../table.js";

export default { title: "Plugins", open };

async function open(body) {
  let shown = "";
  async function refresh() {
    const { plugins } = await get("plugins");
    const fingerprint = JSON.stringify(plugins);
    if (fingerprint === shown) return;
    shown = fingerprint;
    const waiting = plugins.filter(({ state }) => state === "waiting_for_approval");
    replace(
      body,
      h("p", { className: "dim" }, "Plugin jars are trusted code, so they are approved on the command line only, by somebody who has the file before them."),
      waiting.map(({ id }) => h("p", null, tag("waits for approval", "warn"), " ", h("code", { className: "command" }, `understudy plugins approve ${id}`))),
      plugins.length === 0 ? empty("No plugins: the built-in ones are missing.", "mvn package -DskipTests") : list(plugins),
    );
  }
  await refresh();
  return { refresh };
}

function list(plugins) {
  return table(
    "Plugins",
    [
      { name: "Plugin", text: ({ id }) => h("b", null, id), sort: ({ id }) => id },
      { name: "Version", text: ({ version }) => version },
      { name: "State", text: ({ state }) => tag(words(state), kind(state)), sort: ({ state }) => state },
      { name: "Provides", wide: true, text: ({ provides = {}, reason }) => [Object.entries(provides).map(([point, names]) => h("div", null, h("span", { className: "dim" }, `${point}: `), names.join(", "))), reason && h("div", { className: "bad" }, reason)] },
      { name: "SHA-256", text: ({ sha256 = "" }) => h("code", { title: sha256 }, sha256.slice(0, 12)) },
    ],
    plugins,
    { key: "plugins" },
  );
}
