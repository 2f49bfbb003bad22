// Targets that are numbers: each beside the answer that was given for it, and the interval around that.
import { begin, GUTTER, label, mark } from "./canvas.js";
import { colour } from "./charts.js";

const HEIGHT = 180;
const EDGE = 10;
const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

export function paintSeries(canvas, shown, grid, pointed) {
  canvas.style.height = `${HEIGHT}px`;
  const context = begin(canvas, grid.width, HEIGHT);
  const [low, high] = limits(shown);
  const y = (value) => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const x = (index) => grid.width - (shown.length - index - 0.5) * grid.cell;
  for (const value of [low, (low + high) / 2, high]) label(context, short.format(value), y(value));
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, grid.width - GUTTER, HEIGHT);
  context.clip();
  band(context, shown, x, y, grid.cell);
  line(context, shown, x, y, "prediction", "learner", 2);
  dots(context, shown, x, y);
  context.restore();
  mark(context, grid, pointed, HEIGHT);
}

// Of what came and what was said; an interval that is wide for a moment must not flatten the rest.
function limits(shown) {
  const values = shown.flatMap(({ target, prediction }) => [target, prediction]).filter((value) => value !== null);
  if (!values.length) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.15 * (high - low) || Math.abs(high) || 1;
  return [low - room, high + room];
}

function band(context, shown, x, y, cell) {
  context.fillStyle = colour("learner");
  context.globalAlpha = 0.18;
  shown.forEach(({ lower, upper }, index) => {
    if (lower === null || upper === null) return;
    context.fillRect(x(index) - cell / 2, y(upper), cell, y(lower) - y(upper));
  });
  context.globalAlpha = 1;
}

function line(context, shown, x, y, name, ink, width) {
  context.strokeStyle = colour(ink);
  context.lineWidth = width;
  context.beginPath();
  let joined = false;
  shown.forEach((sample, index) => {
    const value = sample[name];
    if (value !== null) context[joined ? "lineTo" : "moveTo"](x(index), y(value));
    joined = value !== null;
  });
  context.stroke();
}

// Filled if inside its interval, red if not.
function dots(context, shown, x, y) {
  shown.forEach(({ target, lower, upper }, index) => {
    if (target === null) return;
    const out = lower !== null && upper !== null && (target < lower || upper < target);
    context.fillStyle = colour(out ? "bad" : "ink");
    context.beginPath();
    context.arc(x(index), y(target), out ? 2.6 : 1.7, 0, 2 * Math.PI);
    context.fill();
  });
}
