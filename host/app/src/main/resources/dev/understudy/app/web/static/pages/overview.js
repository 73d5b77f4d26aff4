// How everything stands: health, what happens now, which workflows deserve a look.
import { get } from "../api.js";
import { liveChart, trendChart } from "../charts.js";
import { empty, h, replace, section } from "../dom.js";
import { count, instant, millis, number, percent, share, time } from "../format.js";
import { on } from "../live.js";
import { leftOut } from "../parts.js";
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
    liveChart({ title: "Step durations", fills: "Steps that end now would stand here: run an automation, or send OpenTelemetry traces to http://127.0.0.1:4318/v1/traces.", format: millis, lines: [{ series: "stepMillis", name: "longest", of: "highest", colour: 3 }, { series: "stepMillis", name: "mean", of: "mean", colour: 1 }] }),
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
    const health = analytics.system_health;
    const use = health.resource_utilization ?? {};
    current.tiles = [
      ["Average score", Number.isFinite(health.average_score) ? h("span", null, number(health.average_score), h("small", null, " of 100")) : "–", "of all workflows"],
      ["Active workflows", number(health.active_workflows), "executed in the last day"],
      ["Optimizations applied", number(health.optimizations_applied), "followed and measured"],
      ["Waiting for you", waiting === 0 ? "0" : h("a", { href: "#/approvals", "data-key": "tile-approvals" }, number(waiting)), "automations to approve"],
      ["CPU", percent(use.cpu_percent), "of all cores"],
      ["Memory", percent(use.memory_percent), "in use"],
    ];
    showTiles();
    for (const chart of trendCharts) chart.close();
    trendCharts = trendsOf(analytics.trends ?? {});
    replace(trends, trendCharts.map(({ element }) => element));
    replace(
      tables,
      leftOut(analytics.problems),
      tablesOf(analytics),
    );
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

function trendsOf({ performance = [], effectiveness = [], resource_efficiency = [] }) {
  const times = (points) => points.map(({ at }) => instant(at));
  const values = (points, name) => points.map((point) => point[name] ?? null);
  return [
    trendChart({ title: "Mean duration of executions", fills: "Each execution of a workflow adds to it: run automations, send traces, or understudy workflows import FILE.", format: millis, times: times(performance), lines: [{ name: "mean", values: values(performance, "mean_ms"), colour: 1 }] }),
    trendChart({ title: "CPU time of an execution", fills: "Executions whose steps say what they used add to it: automations do, and traces with process.cpu.utilization or container.cpu.usage.", format: millis, times: times(resource_efficiency), lines: [{ name: "mean", values: values(resource_efficiency, "cpu_ms_per_execution"), colour: 2 }] }),
    trendChart({ title: "What advice brought", fills: "Accept a recommendation on the page Workflows; five executions later its effect is measured.", format: (value) => percent(value), times: times(effectiveness), lines: [{ name: "expected", values: values(effectiveness, "expected_improvement"), colour: 3 }, { name: "actual", values: values(effectiveness, "actual_improvement"), colour: 4 }] }),
  ];
}

function tablesOf({ top_workflows = [], bottleneck_workflows = [], candidate_workflows = [] }) {
  if (top_workflows.length + bottleneck_workflows.length + candidate_workflows.length === 0)
    return section("Workflows", empty("No executions of workflows are known yet.", "understudy workflows import FILE", "While this host is up, exporters can send OpenTelemetry traces to http://127.0.0.1:4318/v1/traces."));
  return [
    section("Top workflows", workflowTable("Workflows with the best scores", "top", top_workflows)),
    section("Bottlenecks", workflowTable("Workflows that are held up most", "bottleneck", bottleneck_workflows, bottlenecks)),
    section("Most to gain", workflowTable("Workflows that are worth changing", "candidates", candidate_workflows, bottlenecks)),
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
      { name: "Mean", number: true, text: ({ mean_ms }) => millis(mean_ms), sort: ({ mean_ms }) => mean_ms },
      { name: "p95", number: true, text: ({ p95_ms }) => millis(p95_ms), sort: ({ p95_ms }) => p95_ms },
      { name: "Success", number: true, text: ({ success_rate }) => share(success_rate, 1), sort: ({ success_rate }) => success_rate },
      ...more,
    ],
    rows,
    { key: `overview-${key}`, link: ({ workflow }) => `#/workflows/${encodeURIComponent(workflow)}` },
  );
}
