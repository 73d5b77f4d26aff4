// Charts by uPlot. Live points go into bounded buckets and are drawn together, a few times a second.
import uPlot from "./vendor/uplot/uPlot.esm.js";
import { h } from "./dom.js";

const BUCKET_MILLIS = 250;
const WINDOW_MILLIS = 120_000;
const BUCKETS = WINDOW_MILLIS / BUCKET_MILLIS;
const HEIGHT = 150;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const colours = new Map();
const charts = new Set();

function colour(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colours.get(name);
}

/** Draws all charts anew, in the colours of the theme that holds now. */
export function themeChanged() {
  colours.clear();
  for (const chart of charts) chart.redraw(false, true);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themeChanged);

/** The latest two minutes of a series: for each quarter of a second the sum, count and highest of its points. */
class Buckets {
  #numbers = new Float64Array(BUCKETS).fill(-1);
  #sums = new Float64Array(BUCKETS);
  #counts = new Uint32Array(BUCKETS);
  #highest = new Float64Array(BUCKETS);
  newest = 0;

  add(at, value) {
    const number = Math.floor(at / BUCKET_MILLIS);
    if (number <= this.newest - BUCKETS) return;
    this.newest = Math.max(this.newest, number);
    const slot = number % BUCKETS;
    if (this.#numbers[slot] !== number) {
      this.#numbers[slot] = number;
      this.#sums[slot] = 0;
      this.#counts[slot] = 0;
      this.#highest[slot] = -Infinity;
    }
    this.#sums[slot] += value;
    this.#counts[slot]++;
    if (value > this.#highest[slot]) this.#highest[slot] = value;
  }

  /** Mean and highest of a bucket, or null if nothing fell into it. */
  at(number) {
    const slot = number % BUCKETS;
    return this.#numbers[slot] === number ? { mean: this.#sums[slot] / this.#counts[slot], highest: this.#highest[slot] } : null;
  }
}

/**
 * A chart of what happens now.
 *
 * @param lines of {series, name, of: "mean" or "highest", colour: 1…4}
 * @param fills what would fill it, and how: said until there is something
 * @returns {element, add(series, at, value), close()}; `add` costs next to nothing, whatever the rate
 */
export function liveChart({ title, lines, format, max, fills }) {
  const buckets = new Map(lines.map(({ series }) => [series, new Buckets()]));
  const figure = frame(title, lines);
  if (fills) figure.waits(fills);
  let plot = null;
  let asked = false;
  let drawnAt = 0;
  let timer = 0;

  function draw(now) {
    asked = false;
    drawnAt = now;
    const newest = Math.max(...[...buckets.values()].map((each) => each.newest));
    const data = [[], ...lines.map(() => [])];
    for (let number = newest - BUCKETS + 1; number <= newest; number++) {
      const found = lines.map(({ series }) => buckets.get(series).at(number));
      if (found.every((each) => each === null)) continue;
      data[0].push((number * BUCKET_MILLIS) / 1000);
      lines.forEach(({ of }, index) => data[index + 1].push(found[index]?.[of] ?? null));
    }
    if (!plot) plot = make(figure, options(lines, format, max, figure), data);
    else plot.setData(data, false);
    plot.setScale("x", { min: ((newest - BUCKETS + 1) * BUCKET_MILLIS) / 1000, max: (newest * BUCKET_MILLIS) / 1000 });
    figure.says(lines.map(({ name }, index) => `${name} ${format(data[index + 1].findLast((value) => value !== null) ?? NaN)}`).join(", "));
  }

  function ask() {
    asked = true;
    const pause = (calm.matches ? 1000 : BUCKET_MILLIS) - (performance.now() - drawnAt);
    if (pause <= 0) requestAnimationFrame(draw);
    else timer = setTimeout(() => requestAnimationFrame(draw), pause);
  }

  return {
    element: figure.element,
    add(series, at, value) {
      const series_ = buckets.get(series);
      if (!series_) return;
      series_.add(at, value);
      if (!asked && !document.hidden && figure.element.isConnected) ask();
    },
    close() {
      clearTimeout(timer);
      if (plot) destroy(plot, figure);
    },
  };
}

/**
 * A chart of what was.
 *
 * @param lines of {name, values, colour}; `times` are in milliseconds, oldest first
 * @param fills what would fill it, and how: said where there are fewer than two points
 */
export function trendChart({ title, times, lines, format, max, fills = "" }) {
  const figure = frame(title, lines);
  if (times.length < 2) {
    figure.waits(`Two points are needed for a trend.${fills && ` ${fills}`}`);
    return { element: figure.element, close() {} };
  }
  const data = [times.map((at) => at / 1000), ...lines.map(({ values }) => values)];
  let plot = null;
  const asked = requestAnimationFrame(() => {
    if (figure.element.isConnected) plot = make(figure, options(lines, format, max, figure, true), data);
  });
  figure.says(lines.map(({ name, values }) => `${name} ${format(values.findLast((value) => value !== null) ?? NaN)}`).join(", "));
  return {
    element: figure.element,
    close() {
      cancelAnimationFrame(asked);
      if (plot) destroy(plot, figure);
    },
  };
}

function frame(title, lines) {
  const readout = h("span", { className: "readout" });
  const waiting = h("p", { className: "dim waiting" }, "Waiting for the first sample…");
  const plot = h("div", { className: "plot", role: "img", "aria-label": title }, waiting);
  const legend = lines.map(({ name, colour }) => h("span", { className: `legend c${colour}` }, name));
  const element = h("figure", { className: "chart" }, h("figcaption", null, h("strong", null, title), " ", legend, readout), plot);
  let latest = "";
  return {
    element,
    plot,
    waits: (text) => waiting.replaceChildren(text),
    /** What the chart shows now, for those who do not see it. */
    says(text) {
      latest = text;
      plot.setAttribute("aria-label", `${title}: ${text}`);
      if (!readout.dataset.pointed) readout.textContent = "";
    },
    points(text) {
      if (text) readout.dataset.pointed = "true";
      else delete readout.dataset.pointed;
      readout.textContent = text;
    },
    latest: () => latest,
  };
}

function options(lines, format, max, figure, dots = false) {
  const axis = { stroke: () => colour("--dim"), grid: { stroke: () => colour("--line"), width: 1 }, ticks: { stroke: () => colour("--line"), size: 4 }, font: "11px system-ui, sans-serif" };
  return {
    width: Math.max(200, figure.plot.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { y: { range: (_, low, high) => [0, max ?? (high > 0 ? high * 1.1 : 1)] } },
    axes: [
      { ...axis, size: 26, space: 64, values: (_, splits, __, ___, step) => splits.map((at) => label(at, step)) },
      { ...axis, size: labelSize, values: (_, values) => values.map(format) },
    ],
    series: [{}, ...lines.map((line) => ({ label: line.name, stroke: () => colour(`--chart-${line.colour}`), width: 1.5, spanGaps: true, points: { show: dots, size: 5, fill: () => colour(`--chart-${line.colour}`) } }))],
    hooks: {
      setCursor: [
        (plot) => {
          const index = plot.cursor.idx;
          if (index === null || index === undefined) return figure.points("");
          const at = new Date(plot.data[0][index] * 1000);
          figure.points([at.toLocaleString("sv").slice(dots ? 0 : 11), ...lines.map(({ name }, line) => `${name} ${format(plot.data[line + 1][index] ?? NaN)}`)].join(" · "));
        },
      ],
    },
  };
}

/** As much room as the longest label of the axis takes: `33 min 20 s` is longer than `10 ms`. */
function labelSize(plot, labels, axis) {
  if (!labels) return 58;
  plot.ctx.font = plot.axes[axis].font[0];
  const longest = Math.max(...labels.map((each) => plot.ctx.measureText(each).width)) / devicePixelRatio;
  return Math.max(58, Math.ceil(longest) + 16);
}

/** The time at a mark of the axis, as fine as the marks are apart. */
function label(seconds, step) {
  const text = new Date(seconds * 1000).toLocaleString("sv");
  return step >= 86_400 ? text.slice(5, 10) : text.slice(11, step >= 60 ? 16 : 19);
}

function make(figure, options, data) {
  figure.plot.replaceChildren();
  const plot = new uPlot(options, data, figure.plot);
  plot.watcher = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  });
  plot.watcher.observe(figure.plot);
  charts.add(plot);
  return plot;
}

function destroy(plot) {
  plot.watcher.disconnect();
  charts.delete(plot);
  plot.destroy();
}
