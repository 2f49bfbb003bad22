// Who carries a committee's prediction: the members' shares over the last ten minutes, one above the other.
/* global uPlot */
import { colour, frame, KEPT, percent, sizeOf } from "./charts.js";
import { rgb } from "./heat.js";

const COLOURS = 12; // then the same again, paler
const ROOM = 15; // CSS pixels that a name needs
const THIN = 0.004; // of all: about a pixel

export class Shares {
  constructor() {
    this.host = document.getElementById("chart-shares");
    this.begin(null);
    new ResizeObserver(() => this.plot?.setSize(sizeOf(this.host))).observe(this.host);
  }

  begin(past) {
    this.at = past?.shares ? [...past.columns.at] : [];
    this.rows = past?.shares ? [...past.shares] : [];
    this.redraw();
  }

  add(at, row) {
    if (!row || at <= this.at.at(-1)) return;
    this.#push(at, row);
    this.redraw();
  }

  pause(at) {
    this.#push(at - 0.001, {});
  }

  // The first member is on top, as in the table beside it.
  show(names) {
    if (names.join() === this.names?.join()) return;
    this.names = names;
    this.plot?.destroy();
    this.plot = names.length ? plotOf(this.host, names, () => this.tops) : null;
    this.redraw();
  }

  redraw() {
    if (!this.plot) return;
    this.tops = stacked(this.rows, this.names);
    this.plot.setData([this.at, ...this.tops.map((top, place) => seen(top, this.tops[place + 1]))]);
  }

  #push(at, row) {
    this.at.push(at);
    this.rows.push(row);
    if (this.at.length > KEPT) [this.at, this.rows].forEach((column) => column.shift());
  }
}

// From where each member's band begins at the top; null where nobody carried anything.
function stacked(rows, names) {
  const tops = names.map(() => new Array(rows.length).fill(null));
  rows.forEach((row, index) => {
    if (!Object.keys(row).length) return;
    let top = 0;
    for (let place = names.length - 1; place >= 0; place--) {
      top += row[names[place]] ?? 0;
      tops[place][index] = top;
    }
  });
  return tops;
}

// Without what is thinner than its edge would be.
function seen(tops, feet) {
  return tops.map((top, index) => (top === null || top - (feet?.[index] ?? 0) < THIN ? null : top));
}

function plotOf(host, names, tops) {
  const series = names.map((_, place) => ({ fill: () => inkOf(place), stroke: () => colour("card"), width: 1, points: { show: false } }));
  const options = { ...frame(host, [0, 1], percent, 40), series: [{}, ...series] };
  options.hooks = { draw: [(chart) => writeNames(chart, names, tops())] };
  return new uPlot(options, [[], ...names.map(() => [])], host);
}

// As the table's marks are: half of the ground mixed in from the thirteenth on.
function inkOf(place) {
  const ink = colour(`m${(place % COLOURS) + 1}`);
  if (place < COLOURS) return ink;
  const [own, ground] = [rgb(ink), rgb(colour("card"))];
  return `rgb(${own.map((part, at) => Math.round((part + ground[at]) / 2)).join()})`;
}

// In the bands themselves, where there is room: nobody has to tell twelve colours apart.
function writeNames(chart, names, tops) {
  const context = chart.ctx;
  const size = 12 * uPlot.pxRatio;
  context.save();
  context.font = `600 ${size}px system-ui, sans-serif`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  names.forEach((name, place) => {
    const room = [context.measureText(name).width + size, (ROOM * uPlot.pxRatio) / chart.bbox.height];
    const spot = spotOf(chart, tops[place], tops[place + 1], ...room);
    if (!spot) return;
    context.fillStyle = colour(place < COLOURS ? "card" : "text");
    context.fillText(name, spot.right - size / 2, chart.valToPos(spot.middle, "y", true));
  });
  context.restore();
}

// The newest place where a band has room for a name all along; null where there is none.
function spotOf(chart, tops, feet, width, least) {
  const at = chart.data[0];
  const span = chart.posToVal(width, "x", true) - chart.posToVal(0, "x", true);
  for (let last = at.length - 1; last >= 0 && at[last] - span >= at[0]; last--) {
    let [high, low] = [1, 0];
    for (let index = last; index >= 0 && at[index] >= at[last] - span && high - low >= least; index--) {
      [high, low] = tops[index] === null ? [0, 0] : [Math.min(high, tops[index]), Math.max(low, feet?.[index] ?? 0)];
    }
    if (high - low >= least) return { right: chart.valToPos(at[last], "x", true), middle: (high + low) / 2 };
  }
  return null;
}
