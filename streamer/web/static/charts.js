// The figures over the last ten minutes, one uPlot each, on one time axis.
/* global uPlot */
export const KEPT = 600;
const SHORTEST = 60; // seconds that a time axis shows at least

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export const percent = (share) => `${Math.round(100 * share)} %`;
const short = (value) => new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 }).format(value);
const span = (seconds) => (seconds < 1 ? `${short(1000 * seconds)} ms` : `${short(seconds)} s`);

const upTo = (least) => (chart, low, high) => [0, Math.max(least, 1.15 * (high || 0))];
const nearTop = (chart, low) => [Math.max(0, Math.min(0.5, Math.floor(10 * (low ?? 0.5)) / 10)), 1.005];

const PICTURES = [
  {
    id: "chart-accuracy",
    range: nearTop,
    write: percent,
    lines: [
      { of: "last_value", colour: "last_value", dash: [2, 4], width: 1.5 },
      { of: "majority", colour: "majority", dash: [7, 5], width: 1.5 },
      { of: "accuracy", colour: "learner", width: 2.5 },
    ],
  },
  {
    id: "chart-error",
    range: upTo(0),
    write: short,
    lines: [
      { of: "best_error", colour: "majority", dash: [7, 5], width: 1.5 },
      { of: "absolute_error", colour: "learner", width: 2.5 },
    ],
  },
  { id: "chart-coverage", range: nearTop, write: percent, lines: [{ of: "interval_coverage", colour: "learner", width: 2 }] },
  { id: "chart-loss", range: upTo(0.1), write: short, lines: [{ of: "log_loss_bits", colour: "learner", width: 2 }] },
  { id: "chart-speed", range: upTo(1), write: short, lines: [{ of: "samples_per_second", colour: "learner", width: 2 }] },
  { id: "chart-lag", range: upTo(0.01), write: span, lines: [{ of: "lag_seconds", colour: "learner", width: 2 }] },
];
const NAMES = PICTURES.flatMap((picture) => picture.lines.map((line) => line.of));

export class Charts {
  constructor() {
    this.columns = { at: [], ...Object.fromEntries(NAMES.map((name) => [name, []])) };
    this.plots = PICTURES.map((picture) => plot(picture));
    const watcher = new ResizeObserver(() => this.plots.forEach((one) => one.setSize(sizeOf(one.root.parentNode))));
    this.plots.forEach((one) => watcher.observe(one.root.parentNode));
  }

  begin(columns) {
    for (const name of Object.keys(this.columns)) this.columns[name] = columns ? [...columns[name]] : [];
    this.redraw();
  }

  add(at, point) {
    if (at <= this.columns.at.at(-1)) return;
    this.#push(at, { ...point, ...point.baseline_accuracy });
    this.redraw();
  }

  // Nothing was heard until now: the lines are broken there.
  pause(at) {
    this.#push(at - 0.001, {});
  }

  redraw() {
    PICTURES.forEach((picture, index) => {
      this.plots[index].setData([this.columns.at, ...picture.lines.map((line) => this.columns[line.of])]);
    });
  }

  #push(at, row) {
    for (const [name, column] of Object.entries(this.columns)) {
      column.push(name === "at" ? at : (row[name] ?? null));
      if (column.length > KEPT) column.shift();
    }
  }
}

export function sizeOf(element) {
  return { width: Math.max(120, element.clientWidth), height: Math.max(60, element.clientHeight) }; // hidden, it has none
}

function plot(picture) {
  const host = document.getElementById(picture.id);
  const series = picture.lines.map((line) => ({ ...line, stroke: () => colour(line.colour), points: { show: lonely } }));
  const options = frame(host, picture.range, picture.write, host.classList.contains("tall") ? 40 : 26);
  return new uPlot({ ...options, series: [{}, ...series] }, [[], ...series.map(() => [])], host);
}

// What all pictures share: no legend, ten minutes, the hours below, `write` beside.
export function frame(host, range, write, space) {
  const axis = { stroke: () => colour("muted"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const grid = { stroke: () => colour("line"), width: 1 };
  return {
    ...sizeOf(host),
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 20, 0, 0],
    scales: { x: { time: true, range: tenMinutes }, y: { range } },
    axes: [
      { ...axis, grid: { show: false }, size: 28, gap: 8, space: 90, values: clock },
      { ...axis, grid, size: 50, gap: 6, space, values: (chart, ticks) => ticks.map(write) },
    ],
  };
}

function tenMinutes(chart, first, last) {
  if (last == null) return [Date.now() / 1000 - SHORTEST, Date.now() / 1000];
  return [Math.max(last - KEPT, Math.min(first, last - SHORTEST)), last];
}

function clock(chart, ticks, axis, space, step) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(step < 60 ? { second: "2-digit" } : {}) };
  const format = new Intl.DateTimeFormat("en", parts);
  return ticks.map((tick) => format.format(1000 * tick));
}

// A single point has no line: show it as a dot.
function lonely(chart, series, first, last) {
  return last - first < 1;
}
