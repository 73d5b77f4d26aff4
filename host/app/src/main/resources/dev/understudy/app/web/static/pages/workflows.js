// Workflows with what slows them down and what would help.
import { get, part, post } from "../api.js";
import { trendChart } from "../charts.js";
import { dialog } from "../dialogs.js";
import { announce, empty, h, replace, section, tag } from "../dom.js";
import { count, instant, kind, millis, number, percent, share, time, words } from "../format.js";
import { leftOut } from "../parts.js";
import { table } from "../table.js";

export default { title: "Workflows", open: (body, name) => (name ? openOne(body, name) : openAll(body)) };

/** Rebuilds the page only when what the host says is new, and keeps its charts' resources in order. */
function page(body, fetchAll, build) {
  let shown = "";
  let charts = [];
  const close = () => charts.forEach((chart) => chart.close());
  async function refresh() {
    const data = await fetchAll();
    const fingerprint = JSON.stringify(data);
    if (fingerprint === shown) return;
    shown = fingerprint;
    close();
    charts = [];
    replace(body, build(data, (chart) => (charts.push(chart), chart.element), refresh));
  }
  return refresh().then(() => ({ refresh, close }));
}

function openAll(body) {
  return page(
    body,
    () => Promise.all([get("workflows"), get("recommendations"), analytics()]),
    ([{ workflows }, { recommendations }, { effects, problems }], _, refresh) => {
      if (workflows.length === 0) return empty("No executions of workflows are known yet.", "understudy workflows import FILE", "While this host is up, exporters can send OpenTelemetry traces to http://127.0.0.1:4318/v1/traces.");
      return [leftOut(problems), section("All workflows", list(workflows)), advice("Most worth changing", recommendations, effects, refresh), effects.length > 0 && section("What followed advice has brought", effectTable(effects))];
    },
  );
}

/** What is known of the recommendations that were accepted, and the plugins that failed. */
async function analytics() {
  const { trends, problems } = await get("analytics");
  return { effects: trends.effectiveness, problems };
}

function list(workflows) {
  return table(
    "Workflows",
    [
      { name: "Workflow", text: ({ workflow }) => workflow, sort: ({ workflow }) => workflow },
      { name: "Score", number: true, text: ({ score }) => number(score), sort: ({ score }) => score },
      { name: "Executions", number: true, text: ({ executions }) => number(executions), sort: ({ executions }) => executions },
      { name: "Mean", number: true, text: ({ mean_ms }) => millis(mean_ms), sort: ({ mean_ms }) => mean_ms },
      { name: "p95", number: true, text: ({ p95_ms }) => millis(p95_ms), sort: ({ p95_ms }) => p95_ms },
      { name: "Success", number: true, text: ({ success_rate }) => share(success_rate, 1), sort: ({ success_rate }) => success_rate },
      { name: "Bottlenecks", number: true, text: ({ bottlenecks }) => number(bottlenecks.length), sort: ({ bottlenecks }) => bottlenecks.length },
      { name: "Advice", number: true, text: ({ recommendations }) => number(recommendations), sort: ({ recommendations }) => recommendations },
    ],
    workflows,
    { key: "workflows", link: ({ workflow }) => `#/workflows/${encodeURIComponent(workflow)}` },
  );
}

/** For which the host has figures at hand. */
const PERIODS = [["1h", "the last hour"], ["24h", "24 hours"], ["7d", "7 days"], ["30d", "30 days"], ["90d", "90 days"]];
let period = "30d";

/** Chooses how far back the page goes; it stays chosen for other workflows. */
function periodChoice(chosen) {
  const select = h("select", { "data-key": "period", onchange: () => ((period = select.value), chosen()) }, PERIODS.map(([value, text]) => h("option", { value }, text)));
  select.value = period;
  return h("p", null, h("label", null, "Period, back from the newest record: ", select));
}

/** A workflow in the chosen period; one that was not executed in it says so, and another can be chosen. */
async function inPeriod(name) {
  try {
    return await get(`workflows/${part(name)}?period=${period}`);
  } catch (error) {
    if (error.status !== 404 || period === "90d") throw error;
    return { workflow: name, missing: true };
  }
}

/** How the duration of each step went; those that get worse come first, and are marked. */
function stepTrends({ workflow, step_trends = [], degradations = [] }, keep) {
  if (step_trends.length === 0) return [];
  const worse = (step) => degradations.some(({ series }) => series.startsWith(`${step} of ${workflow}:`));
  return section("Trend of each step", h("div", { className: "charts" }, step_trends.map(({ step, trend }) => keep(trendChart({ title: worse(step) ? `${step} (getting worse)` : step, fills: FILLS, format: millis, times: trend.map(({ at }) => instant(at)), lines: [{ name: "mean", values: trend.map(({ mean_ms }) => mean_ms), colour: worse(step) ? 3 : 1 }] })))));
}

function openOne(body, name) {
  return page(
    body,
    () => Promise.all([inPeriod(name), analytics(), period]),
    ([workflow, { effects, problems }], keep, refresh) => {
      if (workflow.missing) return [h("p", null, h("a", { href: "#/workflows" }, "All workflows")), periodChoice(refresh), empty("It was not executed in this period.")];
      const { executions, parts = {}, trend = [] } = workflow;
      const times = trend.map(({ at }) => instant(at));
      return [
        h("p", null, h("a", { href: "#/workflows" }, "All workflows")),
        periodChoice(refresh),
        leftOut(problems),
        h("div", { className: "tiles" }, [["Score", number(workflow.optimization_score), "of 100"], ["Executions", number(executions.count), "recorded"], ["Mean", millis(executions.mean_ms), `median ${millis(executions.median_ms)}`], ["p95", millis(executions.p95_ms), `p99 ${millis(executions.p99_ms)}`], ["Success", share(executions.success_rate, 1), `slowest ${millis(executions.max_ms)}`]].map(([label, value, note]) => h("div", { className: "tile" }, h("span", { className: "dim" }, label), h("b", null, value), h("small", { className: "dim" }, note)))),
        h("p", null, `To gain are ${share(parts.performance)} in time, ${share(parts.reliability)} in reliability, ${share(parts.resources)} in resources.`),
        section("Trend", h("div", { className: "charts" }, keep(trendChart({ title: "Mean duration", fills: FILLS, format: millis, times, lines: [{ name: "mean", values: trend.map(({ mean_ms }) => mean_ms), colour: 1 }] })), keep(trendChart({ title: "Executions", fills: FILLS, format: (value) => number(value, Number.isInteger(value) ? 0 : 1), times, lines: [{ name: "executions", values: trend.map((each) => each.executions), colour: 2 }] })), keep(trendChart({ title: "Success", fills: FILLS, max: 1, format: (value) => share(value), times, lines: [{ name: "success", values: trend.map(({ success_rate }) => success_rate), colour: 4 }] })))),
        stepTrends(workflow, keep),
        section("Steps", stepTable(workflow.steps)),
        section("Bottlenecks", findings(workflow.bottlenecks, "No step stands out.", (each) => [h("span", null, each.description), h("span", { className: "dim" }, ` (${millis(each.impact_ms)})`), alike(each)])),
        section("Getting worse", findings(workflow.degradations, "Nothing gets worse.", (each) => [h("span", null, each.description), h("span", { className: "dim" }, `, since `, time(each.since), `, probability ${share(each.probability)}`, each.crossing && [", reaches its limit ", time(each.crossing)]), alike(each)])),
        advice("Worth changing", workflow.recommendations, effects, refresh),
      ];
    },
  );
}

function stepTable(steps) {
  return table(
    "Steps",
    [
      { name: "Step", text: ({ name }) => name, sort: ({ name }) => name },
      { name: "Times", number: true, text: (step) => number(step.count), sort: (step) => step.count },
      { name: "Mean", number: true, text: ({ mean_ms }) => millis(mean_ms), sort: ({ mean_ms }) => mean_ms },
      { name: "Median", number: true, text: ({ median_ms }) => millis(median_ms), sort: ({ median_ms }) => median_ms },
      { name: "p95", number: true, text: ({ p95_ms }) => millis(p95_ms), sort: ({ p95_ms }) => p95_ms },
      { name: "p99", number: true, text: ({ p99_ms }) => millis(p99_ms), sort: ({ p99_ms }) => p99_ms },
      { name: "Longest", number: true, text: ({ max_ms }) => millis(max_ms), sort: ({ max_ms }) => max_ms },
      { name: "Success", number: true, text: ({ success_rate }) => share(success_rate, 1), sort: ({ success_rate }) => success_rate },
    ],
    steps,
    { key: "steps" },
  );
}

const FILLS = "Executions in another hour add a point.";
const FINDINGS_SHOWN = 12;

function findings(all, none, line) {
  if (all.length === 0) return h("p", { className: "dim" }, none);
  const item = (each) => h("li", null, tag(words(each.kind), "plain"), h("span", null, line(each)));
  return [
    h("ul", { className: "findings" }, all.slice(0, FINDINGS_SHOWN).map(item)),
    all.length > FINDINGS_SHOWN && h("details", { "data-key": `more-${none}` }, h("summary", null, `${all.length - FINDINGS_SHOWN} more`), h("ul", { className: "findings" }, all.slice(FINDINGS_SHOWN).map(item))),
  ];
}

/** Those that say the same, folded away. */
function alike({ also = [] }) {
  return also.length > 0 && h("details", null, h("summary", null, `${count(also.length, "more says", "more say")} so`), h("ul", null, also.map((each) => h("li", null, each.description))));
}

function advice(title, recommendations, effects, changed) {
  const accepted = new Set(effects.map(({ recommendation_id }) => recommendation_id));
  if (recommendations.length === 0) return section(title, h("p", { className: "dim" }, "The recorded executions give no advice."));
  return section(
    title,
    table(
      title,
      [
        { name: "What", wide: true, text: (each) => [h("div", null, each.description), h("code", { className: "dim" }, each.recommendation_id)] },
        { name: "Expected", number: true, text: (each) => [h("b", null, percent(each.expected_improvement)), h("div", { className: "dim" }, `${number(each.expected_interval?.low)} to ${number(each.expected_interval?.high)}`)], sort: (each) => each.expected_improvement },
        { name: "Of", text: ({ objective }) => words(objective), sort: ({ objective }) => objective },
        { name: "Effort", text: (each) => words(each.implementation_effort) },
        { name: "Risk", text: (each) => tag(words(each.risk_level), each.risk_level === "high" ? "warn" : "plain") },
        { name: "Follow", text: (each) => (accepted.has(each.recommendation_id) ? tag("accepted", "good") : h("button", { type: "button", "data-key": `accept-${each.recommendation_id}`, "data-accept": each.recommendation_id, "aria-label": `Accept ${each.recommendation_id}`, onclick: () => accept(each, changed) }, "Accept")) },
      ],
      recommendations,
      { key: `advice-${title}` },
    ),
  );
}

function accept(recommendation, changed) {
  dialog({
    title: "Accept this recommendation?",
    body: [h("p", null, recommendation.description), h("p", null, "This notes that you follow it from now on. Later executions are compared with those before, at the same load; nothing else is changed.")],
    actions: [
      { text: "Cancel" },
      {
        text: "Accept",
        primary: true,
        async act() {
          await post(`recommendations/${part(recommendation.recommendation_id)}/accept`);
          announce("Noted: its effect will be measured from now on");
          await changed();
        },
      },
    ],
  });
}

function effectTable(effects) {
  return table(
    "Effects",
    [
      { name: "Recommendation", wide: true, text: ({ description, recommendation_id }) => [h("div", null, description), h("code", { className: "dim" }, recommendation_id)] },
      { name: "Verdict", text: ({ verdict }) => tag(words(verdict), kind(verdict)), sort: ({ verdict }) => verdict },
      { name: "Expected", number: true, text: ({ expected_improvement }) => percent(expected_improvement), sort: ({ expected_improvement }) => expected_improvement },
      { name: "Actual", number: true, text: ({ actual_improvement }) => percent(actual_improvement), sort: ({ actual_improvement }) => actual_improvement },
      { name: "Executions since", number: true, text: ({ executions_since }) => number(executions_since), sort: ({ executions_since }) => executions_since },
      { name: "Accepted", newest: true, text: ({ at }) => time(at), sort: ({ at }) => at },
    ],
    effects,
    { key: "effects" },
  );
}
