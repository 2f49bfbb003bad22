// What all canvases share: sharp pixels, the page's type, a gutter for labels.
import { colour } from "./charts.js";

export const GUTTER = 56;

export function begin(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  return context;
}

export function label(context, words, y, align = "right") {
  context.fillStyle = colour("muted");
  context.textAlign = align;
  context.fillText(words, align === "right" ? GUTTER - 10 : 0, y + 0.5);
}

// The column under the pointer.
export function mark(context, grid, pointed, height) {
  if (pointed === null) return;
  context.strokeStyle = colour("text");
  context.lineWidth = 1;
  context.strokeRect(grid.width - (pointed + 1) * grid.cell - 0.5, 0.5, grid.cell + 0.5, height - 1);
}
