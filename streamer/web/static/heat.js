// The hidden units as an image, a pixel a unit and step: −1 cold, 0 the ground, +1 warm.
import { colour } from "./charts.js";

export function imageOf(steps, units) {
  const canvas = document.createElement("canvas");
  canvas.width = steps.length;
  canvas.height = units;
  const context = canvas.getContext("2d");
  const image = context.createImageData(steps.length, units);
  const [cold, none, warm] = ["cold", "card", "warm"].map((name) => rgb(colour(name)));
  steps.forEach((state, step) => {
    state.forEach((value, unit) => {
      const end = value < 0 ? cold : warm;
      const share = Math.min(1, Math.abs(value ?? 0));
      for (let part = 0; part < 3; part++) {
        image.data[4 * (unit * steps.length + step) + part] = none[part] + share * (end[part] - none[part]);
      }
      image.data[4 * (unit * steps.length + step) + 3] = 255;
    });
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
