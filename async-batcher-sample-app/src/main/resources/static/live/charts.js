// Charts of the last minute, and the values that they show now or under the pointer.

import uPlot from "../webjars/uplot/dist/uPlot.esm.js";
import { NONE, count, millis } from "./format.js";

const SECONDS = 60;
const HEIGHT = 180;
/** From here on two frames are not neighbours: the line is broken. */
const GAP_SECONDS = 1.5;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const line = (label, paint, value, more = {}) => ({ label, paint, value, width: 2, ...more });
const stacked = (label, paint, value) => line(label, paint, value, { area: true, width: 0 });
const reasons = (batches, ...names) => names.reduce((sum, name) => sum + batches.reasons[name], 0);
const lane = (name, figure) => (frame) => frame.lanes[name]?.lastSecond[figure];

const CHARTS = [
  {
    title: "Throughput",
    unit: "calls a second",
    format: count,
    series: [
      line("with batching", "batched", lane("batched", "perSecond")),
      line("without", "unbatched", lane("unbatched", "perSecond")),
    ],
  },
  {
    title: "Latency",
    unit: "of a call, on a logarithmic scale",
    format: millis,
    logarithmic: true,
    series: [
      line("batched p50", "batched", lane("batched", "p50")),
      line("p95", "batched", lane("batched", "p95"), { dash: [6, 4], width: 1.5 }),
      line("p99", "batched", lane("batched", "p99"), { dash: [1.5, 3], width: 1.5 }),
      line("unbatched p50", "unbatched", lane("unbatched", "p50")),
      line("p95", "unbatched", lane("unbatched", "p95"), { dash: [6, 4], width: 1.5 }),
      line("p99", "unbatched", lane("unbatched", "p99"), { dash: [1.5, 3], width: 1.5 }),
    ],
  },
  {
    title: "Batch sizes",
    unit: "items in a batch",
    format: count,
    band: [1, 2],
    series: [
      line("largest", "range", (frame, { lastSecond }) => (lastSecond.count ? lastSecond.largest : null), { width: 1 }),
      line("smallest", "range", (frame, { lastSecond }) => (lastSecond.count ? lastSecond.smallest : null), { width: 1 }),
      line("mean", "batched", (frame, { lastSecond }) => (lastSecond.count ? lastSecond.items / lastSecond.count : null)),
      line("limit", "limit", (frame, { options }) => (options.maxBatchSize < 0 ? null : options.maxBatchSize), {
        dash: [6, 4],
        width: 1.5,
      }),
    ],
  },
  {
    title: "Queue",
    unit: "items",
    format: count,
    series: [
      line("queued", "queued", (frame, { lastSecond }) => lastSecond.meanQueued, { area: true }),
      line("in flight", "batched", (frame, { lastSecond }) => lastSecond.meanInFlight),
    ],
  },
  {
    title: "Why batches were dispatched",
    unit: "batches a second",
    format: count,
    stacked: true,
    series: [
      stacked("full", "full", (frame, { lastSecond }) => reasons(lastSecond, "full", "weight")),
      stacked("lingered", "linger", (frame, { lastSecond }) => reasons(lastSecond, "linger")),
      stacked("a slot was free", "idle", (frame, { lastSecond }) => reasons(lastSecond, "idle")),
      stacked("flush, stop", "other", (frame, { lastSecond }) => reasons(lastSecond, "flush", "stop")),
    ],
  },
];

export class Charts {
  #charts;
  /** Times, in seconds of the frames' clock, beside the values of every chart. */
  #times = [];
  #batcher = "";

  constructor(parent) {
    this.#charts = CHARTS.map((chart) => new Chart(parent, chart));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#charts.forEach((c) => c.redraw()));
  }

  /** Takes a frame; `name` is the batcher that is looked at. */
  add(frame, name) {
    const batcher = frame.batchers[name];
    if (!batcher) {
      return;
    }
    const now = frame.at / 1000;
    const last = this.#times.at(-1);
    if (last > now || name !== this.#batcher) {
      // Another start of the application, or another batcher.
      this.#times.length = 0;
      this.#charts.forEach((chart) => chart.clear());
      this.#batcher = name;
    } else if (now - last > GAP_SECONDS) {
      this.#push(last + 0.001, () => null);
    }
    const running = frame.run && frame.run.end === null;
    const shown = running ? frame : { ...frame, lanes: {} };
    this.#push(now, (value) => value(shown, batcher) ?? null);
    const old = this.#times.findIndex((time) => time >= now - SECONDS);
    this.#times.splice(0, old);
    const ages = this.#times.map((time) => time - now);
    this.#charts.forEach((chart) => chart.draw(ages, old));
  }

  #push(time, read) {
    this.#times.push(time);
    this.#charts.forEach((chart) => chart.push(read));
  }
}

class Chart {
  #definition;
  #values;
  #plot;
  #labels = [];
  #drawing;

  constructor(parent, definition) {
    this.#definition = definition;
    this.#values = definition.series.map(() => []);
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const title = document.createElement("h3");
    title.textContent = definition.title;
    const unit = document.createElement("small");
    unit.textContent = definition.unit;
    title.append(" ", unit);
    const legend = document.createElement("ul");
    legend.className = "legend";
    for (const { label, paint, dash } of definition.series) {
      const item = document.createElement("li");
      const mark = document.createElement("i");
      mark.style.setProperty("--paint", `var(--${paint})`);
      mark.className = dash ? (dash[0] > 2 ? "dashed" : "dotted") : "";
      const value = document.createElement("b");
      this.#labels.push(value);
      item.append(mark, `${label} `, value);
      legend.append(item);
    }
    caption.append(title, legend);
    this.#drawing = document.createElement("div");
    this.#drawing.className = "drawing";
    this.#drawing.role = "img";
    this.#drawing.ariaLabel = `Chart: ${definition.title}, ${definition.unit}, over the last minute. Its last values are in the list before it.`;
    figure.append(caption, this.#drawing);
    parent.append(figure);
    this.#plot = new uPlot(this.#options(), [[], ...this.#values], this.#drawing);
    new ResizeObserver(() => this.#plot.setSize({ width: this.#drawing.clientWidth, height: HEIGHT })).observe(
      this.#drawing,
    );
  }

  push(read) {
    this.#definition.series.forEach(({ value }, i) => this.#values[i].push(read(value)));
  }

  clear() {
    this.#values.forEach((values) => (values.length = 0));
  }

  /** Draws, without the oldest values. */
  draw(ages, old) {
    this.#values.forEach((values) => values.splice(0, old));
    this.#plot.setData([ages, ...this.#drawn()]);
    this.#showValues();
  }

  redraw() {
    this.#plot.redraw(false);
  }

  /** What is drawn: each area of a stack stands on those after it, which are painted over it. */
  #drawn() {
    if (!this.#definition.stacked) {
      return this.#values;
    }
    const sums = this.#values[0].map(() => 0);
    const drawn = this.#values
      .toReversed()
      .map((values) => values.map((value, i) => (value === null ? null : (sums[i] += value))));
    return drawn.reverse();
  }

  /** Under the pointer, or else the last ones. */
  #showValues() {
    const i = this.#plot?.cursor.idx ?? this.#values[0].length - 1;
    this.#labels.forEach((label, series) => {
      const value = this.#values[series][i];
      label.textContent = value == null ? NONE : this.#definition.format(value);
    });
  }

  #options() {
    const { logarithmic, format, series, band } = this.#definition;
    const axis = {
      stroke: () => colour("faint"),
      grid: { stroke: () => colour("grid"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui, sans-serif",
    };
    return {
      width: this.#drawing.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: "live" }, points: { show: false } },
      hooks: { setCursor: [() => this.#showValues()] },
      scales: {
        x: { time: false, range: [-SECONDS, 0] },
        y: logarithmic ? { distr: 3, range: decades } : { range: (plot, min, max) => [0, Math.max(1, max * 1.1)] },
      },
      axes: [
        { ...axis, size: 28, gap: 7, values: (plot, splits) => splits.map((s) => (s === 0 ? "now" : `${s} s`)) },
        {
          ...axis,
          size: 58,
          gap: 4,
          values: (plot, splits) => splits.map((s) => (s === null ? null : format(s))),
          ...(logarithmic && { filter: (plot, splits) => splits.map((s) => (Number.isInteger(Math.log10(s)) ? s : null)) }),
        },
      ],
      bands: band ? [{ series: band, fill: () => colour("range-fill") }] : [],
      series: [
        {},
        ...series.map(({ paint, width, dash, area }) => ({
          stroke: () => colour(paint),
          width,
          dash,
          fill: area ? () => colour(`${paint}-fill`) : undefined,
          points: { show: false },
        })),
      ],
    };
  }
}

/** Whole powers of ten around the values. */
function decades(plot, min, max) {
  if (min == null || !(max > 0)) {
    return [0.1, 1000];
  }
  const low = Math.floor(Math.log10(Math.max(min, 0.001)));
  return [10 ** low, 10 ** Math.max(low + 1, Math.ceil(Math.log10(max)))];
}
