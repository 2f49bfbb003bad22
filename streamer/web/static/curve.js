// How a stream began.
import { begin, GUTTER, label } from "./canvas.js";
import { colour } from "./charts.js";

// Right answers in each 50 of the first 1,000, as bars from 0 to 100 %, and where the majority class would be.
export function drawCurve(canvas, shares, majority) {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const context = begin(canvas, width, height);
  const [top, foot, slot] = [8, height - 22, (width - GUTTER) / 20];
  const y = (share) => foot - share * (foot - top);
  context.fillStyle = colour("learner");
  shares.forEach((share, index) => context.fillRect(GUTTER + index * slot + 1, y(share), slot - 2, foot - y(share)));
  for (const share of [0, 0.5, 1]) label(context, `${100 * share} %`, y(share) - 0.5);
  context.fillStyle = colour("line");
  context.fillRect(GUTTER, foot, width, 1);
  if (majority !== null) {
    rule(context, y(majority), width, "card", 5, []); // a halo, or it is lost on the bars
    rule(context, y(majority), width, "majority", 2, [7, 5]);
  }
  context.fillStyle = colour("muted");
  context.textAlign = "left";
  context.fillText("1st sample", GUTTER, height - 8);
  context.textAlign = "right";
  context.fillText("1,000th", width, height - 8);
}

function rule(context, y, width, name, thickness, dashes) {
  context.strokeStyle = colour(name);
  context.lineWidth = thickness;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(GUTTER, y);
  context.lineTo(width, y);
  context.stroke();
}
