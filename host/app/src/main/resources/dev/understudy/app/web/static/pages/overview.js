// How everything stands: health, what happens now, which workflows deserve a look.
import { get } from "../api.js";
import { liveChart, trendChart } from "../charts.js";
import { empty, h, replace, section } from "../dom.js";
import { count, instant, millis, number, percent, share, time } from "../format.js";
import { on } from "../live.js";
import { table } from "../table.js";

const EVENTS_SHOWN = 8;
const events = [];
on("event", (event) => {
  events.unshift(event);
  events.length = Math.min(events.length, EVENTS_SHOWN);
});

export default { title: "Overview", open };

async function open(body) {
  const live = [
    liveChart({ title: "Machine", max: 100, format: (value) => percent(value), lines: [{ series: "cpuPercent", name: "CPU", of: "mean", colour: 1 }, { series: "memoryPercent", name: "memory", of: "mean", colour: 2 }] }),
    liveChart({ title: "Step durations", format: millis, lines: [{ series: "stepMillis", name: "longest", of: "highest", colour: 3 }, { series: "stepMillis", name: "mean", of: "mean", colour: 1 }] }),
    liveChart({ title: "Runs per minute", format: (value) => number(value, Number.isInteger(value) ? 0 : 1), lines: [{ series: "runsPerMinute", name: "runs", of: "mean", colour: 4 }] }),
  ];
  const tiles = h("div", { className: "tiles" });
  const happened = h("div");
  const trends = h("div", { className: "charts" });
  const tables = h("div");
  replace(
    body,
    tiles,
    section("Now", h("div", { className: "charts" }, live.map(({ element }) => element)), happened),
    section("The last 30 days", trends),
    tables,
  );
  let trendCharts = [];
  let shown = "";
  const current = {};

  function showTiles() {
    replace(tiles, current.tiles?.map(([name, value, note]) => h("div", { className: "tile" }, h("span", { className: "dim" }, name), h("b", null, value), h("small", { className: "dim" }, note))));
  }

  function showEvents() {
    replace(
      happened,
      h("h3", null, "Latest events"),
      events.length === 0
        ? h("p", { className: "dim" }, "None since this page was opened.")
        : h("ul", { className: "events" }, events.map(({ at, automation, text, event }) => h("li", { className: event === "problem" ? "bad" : "" }, h("span", { className: "when" }, time(at)), automation && h("a", { href: `#/automations/${encodeURIComponent(automation)}` }, automation), h("span", null, text)))),
    );
  }

  function draw({ series }) {
    for (const [name, { at, value }] of Object.entries(series)) {
      const shownAs = name.startsWith("step/") ? "stepMillis" : name;
      for (const chart of live) at.forEach((when, index) => chart.add(shownAs, when, value[index]));
    }
  }

  async function refresh() {
    const [analytics, { automations }] = await Promise.all([get("analytics"), get("automations")]);
    const waiting = automations.filter(({ state }) => state === "rehearsed").length;
    const fingerprint = JSON.stringify([analytics, waiting]);
    if (fingerprint === shown) return;
    shown = fingerprint;
    const health = analytics.systemHealth;
    const use = health.resourceUtilization ?? {};
    current.tiles = [
      ["Average score", Number.isFinite(health.averageScore) ? h("span", null, number(health.averageScore), h("small", null, " of 100")) : "–", "of all workflows"],
      ["Active workflows", number(health.activeWorkflows), "with executions in this time"],
      ["Optimizations applied", number(health.optimizationsApplied), "recommendations followed"],
      ["Waiting for you", waiting === 0 ? "0" : h("a", { href: "#/approvals", "data-key": "tile-approvals" }, number(waiting)), "automations to approve"],
      ["CPU", percent(use.cpuPercent), "of all cores"],
      ["Memory", percent(use.memoryPercent), "in use"],
    ];
    showTiles();
    for (const chart of trendCharts) chart.close();
    trendCharts = trendsOf(analytics.trends ?? {});
    replace(trends, trendCharts.map(({ element }) => element));
    replace(tables, tablesOf(analytics));
  }

  const off = [
    on("event", showEvents),
    on("metric", draw),
  ];
  showEvents();
  draw(await get("live"));
  await refresh();
  return {
    refresh,
    close() {
      off.forEach((end) => end());
      [...live, ...trendCharts].forEach((chart) => chart.close());
    },
  };
}

function trendsOf({ performance = [], effectiveness = [], resourceEfficiency = [] }) {
  const times = (points) => points.map(({ at }) => instant(at));
  const values = (points, name) => points.map((point) => point[name] ?? null);
  return [
    trendChart({ title: "Mean duration of executions", format: millis, times: times(performance), lines: [{ name: "mean", values: values(performance, "meanMillis"), colour: 1 }] }),
    trendChart({ title: "CPU time of an execution", format: millis, times: times(resourceEfficiency), lines: [{ name: "mean", values: values(resourceEfficiency, "cpuMillisPerExecution"), colour: 2 }] }),
    trendChart({ title: "What advice brought", format: (value) => percent(value), times: times(effectiveness), lines: [{ name: "expected", values: values(effectiveness, "expectedImprovement"), colour: 3 }, { name: "actual", values: values(effectiveness, "actualImprovement"), colour: 4 }] }),
  ];
}

function tablesOf({ topWorkflows = [], bottleneckWorkflows = [], candidateWorkflows = [] }) {
  if (topWorkflows.length + bottleneckWorkflows.length + candidateWorkflows.length === 0)
    return section("Workflows", empty("No executions of workflows are known yet.", "understudy workflows import FILE", "While this host is up, exporters can send OpenTelemetry traces to http://127.0.0.1:4318/v1/traces."));
  return [
    section("Top workflows", workflowTable("Workflows with the best scores", "top", topWorkflows)),
    section("Bottlenecks", workflowTable("Workflows that are held up most", "bottleneck", bottleneckWorkflows, bottlenecks)),
    section("Most to gain", workflowTable("Workflows that are worth changing", "candidates", candidateWorkflows, bottlenecks)),
  ];
}

const bottlenecks = { name: "Held up by", wide: true, text: ({ bottlenecks: found }) => held(found) };

function held(found) {
  if (!Array.isArray(found)) return Number.isFinite(found) ? count(found, "bottleneck") : "";
  const steps = [...new Set(found.map((each) => (typeof each === "string" ? each : each.step)))];
  return steps.slice(0, 3).join(", ") + (steps.length > 3 ? ` and ${steps.length - 3} more` : "");
}

function workflowTable(caption, key, rows, ...more) {
  if (rows.length === 0) return h("p", { className: "dim" }, "None.");
  return table(
    caption,
    [
      { name: "Workflow", text: ({ workflow }) => workflow, sort: ({ workflow }) => workflow },
      { name: "Score", number: true, text: ({ score }) => number(score), sort: ({ score }) => score },
      { name: "Executions", number: true, text: ({ executions }) => number(executions), sort: ({ executions }) => executions },
      { name: "Mean", number: true, text: ({ meanMillis }) => millis(meanMillis), sort: ({ meanMillis }) => meanMillis },
      { name: "p95", number: true, text: ({ p95Millis }) => millis(p95Millis), sort: ({ p95Millis }) => p95Millis },
      { name: "Success", number: true, text: ({ successRate }) => share(successRate, 1), sort: ({ successRate }) => successRate },
      ...more,
    ],
    rows,
    { key: `overview-${key}`, link: ({ workflow }) => `#/workflows/${encodeURIComponent(workflow)}` },
  );
}
