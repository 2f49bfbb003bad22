// The last samples and the hidden state behind them, cell by cell, on two canvases with the same columns.
import { begin, GUTTER, label, mark } from "./canvas.js";
import { colour } from "./charts.js";
import { imageOf } from "./heat.js";
import { samplesOf, sentence, summary } from "./samples.js";
import { paintSeries } from "./series.js";

const MOST = 256;
const NARROWEST = 3.2; // of a column, in CSS pixels
const ROW = 15;
const GAP = 5;
const INPUTS = 4; // shown at most
const UNITS = 220; // height of all units at most

export class Closeup {
  constructor() {
    this.strip = document.getElementById("strip");
    this.heat = document.getElementById("heat");
    this.readout = document.getElementById("readout");
    this.pointed = null; // column under the pointer, counted from the right
    for (const canvas of [this.strip, this.heat]) {
      canvas.addEventListener("pointermove", (event) => this.#point(event));
      canvas.addEventListener("pointerleave", () => this.#point(null));
    }
  }

  draw(stream) {
    this.samples = stream.recent ? samplesOf(stream) : [];
    this.hidden = stream.hidden;
    this.nothing = stream.members.length ? "no network has taken a step" : "no step yet";
    this.#paint();
  }

  #paint() {
    const grid = gridOf(this.strip.clientWidth);
    const shown = this.samples.slice(-grid.columns);
    (shown.length && shown[0].isNumber ? paintSeries : paintStrip)(this.strip, shown, grid, this.pointed);
    paintHeat(this.heat, this.hidden, grid, this.pointed, this.nothing);
    this.readout.value = this.#say(shown);
    this.strip.setAttribute("aria-label", `The last ${shown.length} samples. ${summary(shown)}`);
  }

  #say(shown) {
    const sample = this.pointed === null ? null : shown.at(-1 - this.pointed);
    return sample ? sentence(sample) : summary(shown);
  }

  #point(event) {
    const grid = gridOf(this.strip.clientWidth);
    const column = event ? Math.floor((this.strip.clientWidth - event.offsetX) / grid.cell) : null;
    this.pointed = column !== null && column >= 0 && column < grid.columns ? column : null;
    if (this.samples) this.#paint();
  }
}

function gridOf(width) {
  const columns = Math.max(1, Math.min(MOST, Math.floor((width - GUTTER) / NARROWEST)));
  return { width, columns, cell: (width - GUTTER) / columns };
}

function paintStrip(canvas, shown, grid, pointed) {
  const inputs = Math.min(INPUTS, shown.length ? shown[0].inputs.length : 1);
  const rows = [
    ...Array.from({ length: inputs }, (_, index) => ({ label: inputs > 1 ? `input ${index + 1}` : "input", of: (s) => s.inputs[index], colour: "ink" })),
    { label: "target", of: (s) => s.target, colour: "ink" },
    { label: "answer", of: (s) => s.prediction, colour: "learner" },
  ];
  const height = (rows.length + 1) * (ROW + GAP) - GAP;
  canvas.style.height = `${height}px`;
  const context = begin(canvas, grid.width, height);
  const left = (index) => grid.width - (shown.length - index) * grid.cell;
  const width = grid.cell > 3 ? grid.cell - 0.6 : grid.cell;
  rows.forEach((row, at) => paintRow(context, shown, row, at * (ROW + GAP), left, width));
  paintWrong(context, shown, rows.length * (ROW + GAP), height, left, width);
  mark(context, grid, pointed, height);
}

function paintRow(context, shown, row, top, left, width) {
  const values = shown.map(row.of);
  const known = values.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(1, ...known);
  label(context, row.label, top + ROW / 2);
  context.fillStyle = colour(row.colour);
  values.forEach((value, index) => {
    context.globalAlpha = value === null ? 0.35 : 0.07 + (0.93 * (value - low)) / (high - low);
    if (value === null) context.fillRect(left(index), top + ROW / 2 - 0.5, width, 1);
    else context.fillRect(left(index), top, width, ROW);
  });
  context.globalAlpha = 1;
}

function paintWrong(context, shown, top, height, left, width) {
  label(context, "wrong", top + ROW / 2);
  context.fillStyle = colour("bad");
  shown.forEach((sample, index) => {
    if (sample.right !== false) return;
    context.globalAlpha = 0.16;
    context.fillRect(left(index), 0, width, height);
    context.globalAlpha = 1;
    context.fillRect(left(index), top, width, ROW);
  });
  context.fillStyle = colour("line");
  context.fillRect(left(0), top + ROW - 1, left(shown.length) - left(0), 1);
}

function paintHeat(canvas, hidden, grid, pointed, nothing) {
  const steps = hidden.slice(-grid.columns);
  const units = steps.length ? steps[0].length : 0;
  const row = units ? Math.max(1, Math.min(ROW, Math.floor(UNITS / units))) : ROW;
  const height = Math.max(ROW, Math.min(units * row, UNITS));
  canvas.style.height = `${height}px`;
  const context = begin(canvas, grid.width, height);
  if (!units) return label(context, nothing, height / 2, "left");
  context.imageSmoothingEnabled = false;
  context.drawImage(imageOf(steps, units), grid.width - steps.length * grid.cell, 0, steps.length * grid.cell, height);
  label(context, "unit 1", ROW / 2);
  if (height > 2 * ROW) label(context, `${units}`, height - ROW / 2);
  mark(context, grid, pointed, height);
}
