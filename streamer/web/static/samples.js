// The last samples as the close-up shows them, and what is said of them.
const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en");

export function samplesOf({ recent, task, horizons }) {
  const ahead = Math.min(...Object.keys(horizons).map(Number));
  return recent.numbers.map((at, index) => {
    const target = recent.targets[index];
    const sample = { number: at, inputs: recent.inputs[index], target };
    if (task === "regression") return { ...sample, ...valueOf(recent.predictions[index]) };
    if (task === "forecast") return { ...sample, ...valueOf(recent.predictions[index - ahead]) };
    const prediction = recent.predictions[index];
    // Which place is whose class is not told here.
    if (Array.isArray(prediction)) return { ...sample, prediction: Math.max(...prediction), right: null };
    return { ...sample, prediction, right: target === null ? null : prediction > 0.5 === target > 0 };
  });
}

// Of a forecast: what was said so many samples ago for this one.
function valueOf(prediction) {
  const [value, lower, upper] = prediction ?? [null, null, null];
  return { isNumber: true, prediction: value, lower, upper };
}

export function sentence(sample) {
  const inputs = sample.inputs.map((x) => (x === null ? "–" : number.format(x))).join(", ");
  return `sample ${whole.format(sample.number)} · input ${inputs} · answer ${answer(sample)} · ${outcome(sample)}`;
}

function answer({ prediction, lower, upper, isNumber }) {
  if (prediction === null) return "–";
  const known = isNumber && lower !== null && upper !== null;
  return number.format(prediction) + (known ? ` (${number.format(lower)} to ${number.format(upper)})` : "");
}

function outcome({ target, prediction, right, isNumber }) {
  if (target === null) return "no label";
  if (isNumber) return `target ${number.format(target)}` + (prediction === null ? "" : ` · off by ${number.format(Math.abs(target - prediction))}`);
  return `target ${number.format(target)}` + (right === null ? "" : ` · ${right ? "✓ right" : "✗ wrong"}`);
}

export function summary(samples) {
  if (!samples.length) return "nothing has been learned since the daemon started";
  if (samples[0].isNumber) return inside(samples);
  const judged = samples.filter((sample) => sample.right !== null);
  const labelled = samples.filter((sample) => sample.target !== null);
  if (!labelled.length) return `${samples.length} samples shown, none has a label yet`;
  if (!judged.length) return `${samples.length} samples shown, ${labelled.length} with a label`;
  return `${judged.filter((sample) => sample.right).length} of the ${judged.length} answers shown are right`;
}

function inside(samples) {
  const bounded = samples.filter(({ target, lower, upper }) => target !== null && lower !== null && upper !== null);
  const held = bounded.filter(({ target, lower, upper }) => lower <= target && target <= upper);
  return `${held.length} of the ${bounded.length} targets shown are inside their intervals`;
}
