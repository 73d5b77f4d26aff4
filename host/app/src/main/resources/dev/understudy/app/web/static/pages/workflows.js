// Workflows with what slows them down and what would help.
import { get, part, post } from "../api.js";
import { trendChart } from "../charts.js";
import { dialog } from "../dialogs.js";
import { announce, empty, h, replace, section, tag } from "../dom.js";
import { count, instant, kind, millis, number, percent, share, time, words } from "../format.js";
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
    () => Promise.all([get("workflows"), get("recommendations"), followed()]),
    ([{ workflows }, { recommendations }, effects], _, refresh) => {
      if (workflows.length === 0) return empty("No executions of workflows are known yet.", "understudy workflows import FILE", "While this host is up, exporters can send OpenTelemetry traces to http://127.0.0.1:4318/v1/traces.");
      return [section("All workflows", list(workflows)), advice("Most worth changing", recommendations, effects, refresh), effects.length > 0 && section("What followed advice has brought", effectTable(effects))];
    },
  );
}

/** What is known of the recommendations that were accepted. */
async function followed() {
  return (await get("analytics")).trends.effectiveness;
}

function list(workflows) {
  return table(
    "Workflows",
    [
      { name: "Workflow", text: ({ workflow }) => workflow, sort: ({ workflow }) => workflow },
      { name: "Score", number: true, text: ({ score }) => number(score), sort: ({ score }) => score },
      { name: "Executions", number: true, text: ({ executions }) => number(executions), sort: ({ executions }) => executions },
      { name: "Mean", number: true, text: ({ meanMillis }) => millis(meanMillis), sort: ({ meanMillis }) => meanMillis },
      { name: "p95", number: true, text: ({ p95Millis }) => millis(p95Millis), sort: ({ p95Millis }) => p95Millis },
      { name: "Success", number: true, text: ({ successRate }) => share(successRate, 1), sort: ({ successRate }) => successRate },
      { name: "Bottlenecks", number: true, text: ({ bottlenecks }) => number(bottlenecks.length), sort: ({ bottlenecks }) => bottlenecks.length },
      { name: "Advice", number: true, text: ({ recommendations }) => number(recommendations), sort: ({ recommendations }) => recommendations },
    ],
    workflows,
    { key: "workflows", link: ({ workflow }) => `#/workflows/${encodeURIComponent(workflow)}` },
  );
}

function openOne(body, name) {
  return page(
    body,
    () => Promise.all([get(`workflows/${part(name)}`), followed()]),
    ([workflow, effects], keep, refresh) => {
      const { executions, parts = {}, trend = [] } = workflow;
      const times = trend.map(({ at }) => instant(at));
      return [
        h("p", null, h("a", { href: "#/workflows" }, "All workflows")),
        h("div", { className: "tiles" }, [["Score", number(workflow.optimizationScore), "of 100"], ["Executions", number(executions.count), "recorded"], ["Mean", millis(executions.meanMillis), `median ${millis(executions.medianMillis)}`], ["p95", millis(executions.p95Millis), `p99 ${millis(executions.p99Millis)}`], ["Success", share(executions.successRate, 1), `slowest ${millis(executions.maxMillis)}`]].map(([label, value, note]) => h("div", { className: "tile" }, h("span", { className: "dim" }, label), h("b", null, value), h("small", { className: "dim" }, note)))),
        h("p", null, `To gain are ${share(parts.performance)} in time, ${share(parts.reliability)} in reliability, ${share(parts.resources)} in resources.`),
        section("Trend", h("div", { className: "charts" }, keep(trendChart({ title: "Mean duration", format: millis, times, lines: [{ name: "mean", values: trend.map(({ meanMillis }) => meanMillis), colour: 1 }] })), keep(trendChart({ title: "Executions", format: (value) => number(value, Number.isInteger(value) ? 0 : 1), times, lines: [{ name: "executions", values: trend.map((each) => each.executions), colour: 2 }] })), keep(trendChart({ title: "Success", max: 1, format: (value) => share(value), times, lines: [{ name: "success", values: trend.map(({ successRate }) => successRate), colour: 4 }] })))),
        section("Steps", stepTable(workflow.steps)),
        section("Bottlenecks", findings(workflow.bottlenecks, "No step stands out.", (each) => [h("span", null, each.description), h("span", { className: "dim" }, ` (${millis(each.impactMillis)})`)])),
        section("Getting worse", findings(workflow.degradations, "Nothing gets worse.", (each) => [h("span", null, each.description), h("span", { className: "dim" }, `, since `, time(each.since), `, probability ${share(each.probability)}`, each.crossing && [", reaches its limit ", time(each.crossing)])])),
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
      { name: "Mean", number: true, text: ({ meanMillis }) => millis(meanMillis), sort: ({ meanMillis }) => meanMillis },
      { name: "Median", number: true, text: ({ medianMillis }) => millis(medianMillis), sort: ({ medianMillis }) => medianMillis },
      { name: "p95", number: true, text: ({ p95Millis }) => millis(p95Millis), sort: ({ p95Millis }) => p95Millis },
      { name: "p99", number: true, text: ({ p99Millis }) => millis(p99Millis), sort: ({ p99Millis }) => p99Millis },
      { name: "Longest", number: true, text: ({ maxMillis }) => millis(maxMillis), sort: ({ maxMillis }) => maxMillis },
      { name: "Success", number: true, text: ({ successRate }) => share(successRate, 1), sort: ({ successRate }) => successRate },
    ],
    steps,
    { key: "steps" },
  );
}

const FINDINGS_SHOWN = 12;

function findings(all, none, line) {
  if (all.length === 0) return h("p", { className: "dim" }, none);
  const item = (each) => h("li", null, tag(words(each.kind), "plain"), h("span", null, line(each)));
  return [
    h("ul", { className: "findings" }, all.slice(0, FINDINGS_SHOWN).map(item)),
    all.length > FINDINGS_SHOWN && h("details", { "data-key": `more-${none}` }, h("summary", null, `${all.length - FINDINGS_SHOWN} more`), h("ul", { className: "findings" }, all.slice(FINDINGS_SHOWN).map(item))),
  ];
}

function advice(title, recommendations, effects, changed) {
  const accepted = new Set(effects.map(({ recommendationId }) => recommendationId));
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
      { name: "Recommendation", wide: true, text: ({ description, recommendationId }) => [h("div", null, description), h("code", { className: "dim" }, recommendationId)] },
      { name: "Verdict", text: ({ verdict }) => tag(words(verdict), kind(verdict)), sort: ({ verdict }) => verdict },
      { name: "Expected", number: true, text: ({ expectedImprovement }) => percent(expectedImprovement), sort: ({ expectedImprovement }) => expectedImprovement },
      { name: "Actual", number: true, text: ({ actualImprovement }) => percent(actualImprovement), sort: ({ actualImprovement }) => actualImprovement },
      { name: "Executions since", number: true, text: ({ executionsSince }) => number(executionsSince), sort: ({ executionsSince }) => executionsSince },
      { name: "Accepted", newest: true, text: ({ at }) => time(at), sort: ({ at }) => at },
    ],
    effects,
    { key: "effects" },
  );
}
