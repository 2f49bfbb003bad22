// Keeps the page true: words are written by the server and copied from it, pictures are drawn here from its JSON.
import { Charts } from "./charts.js";
import { Closeup } from "./cells.js";
import { drawCurve } from "./curve.js";
import { listen } from "./feed.js";
import { morph } from "./morph.js";
import { Shares } from "./shares.js";

const root = document.documentElement;
const away = document.getElementById("away");
const charts = new Charts();
const shares = new Shares();
const closeup = new Closeup();
let chosen = document.body.dataset.stream; // empty: none yet
let seen = null; // the stream's JSON, as last drawn
let known = Boolean(chosen); // whether the daemon has it
let heardAt = Date.now();
let busy = false; // renewing
let again = false; // and asked to, meanwhile

root.classList.add("scripted");

async function json(path) {
  const answer = await fetch(path);
  return answer.ok ? answer.json() : null;
}

const of = (name) => `api/v1/streams/${encodeURIComponent(name)}`;

async function renewWords() {
  const asked = chosen;
  const answer = await fetch(`?stream=${encodeURIComponent(asked)}`);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (chosen !== asked) return; // another was chosen meanwhile
  morph(document.body, fresh.body);
  document.title = fresh.title;
  const told = fresh.body.dataset.stream;
  if (told === asked) return;
  await choose(told); // the first one has come, or the chosen one is gone
  again = true;
}

async function renewCloseup() {
  const answer = await json(of(chosen));
  if (answer && answer.name === chosen) seen = answer;
  draw();
}

function draw() {
  if (!seen || seen.name !== chosen) return;
  closeup.draw(seen);
  shares.show(seen.members.map((member) => member.name));
  drawCurve(document.getElementById("curve"), seen.learning_curve, seen.baseline_accuracy_overall.majority ?? null);
}

async function renew() {
  if (document.hidden) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    await Promise.all([renewWords(), known && renewCloseup()]);
  } catch {
    // The daemon has gone; the feed says so, and calls again when it is back.
  }
  busy = false;
  if (again) {
    again = false;
    renew();
  }
}

async function choose(name) {
  chosen = name;
  known = Boolean(name);
  const past = name ? await json(`${of(name)}/history`) : null;
  if (chosen === name) {
    charts.begin(past ? past.columns : null);
    shares.begin(past);
  }
  return past ? past.last_event : null;
}

function hear(moment) {
  heardAt = Date.now();
  if (away.hidden === false) {
    away.hidden = true;
    root.classList.remove("gone");
    charts.pause(moment.at);
    shares.pause(moment.at);
  }
  known = Object.hasOwn(moment.streams, chosen);
  if (known) {
    charts.add(moment.at, moment.streams[chosen]);
    shares.add(moment.at, moment.streams[chosen].shares);
  }
  if (moment.state !== "starting") renew(); // a daemon that starts again is about to know its streams
}

function miss() {
  const seconds = Math.round((Date.now() - heardAt) / 1000);
  away.textContent = `The daemon does not answer. What you see is ${seconds} s old; this page tries again every second.`;
  away.hidden = false;
  root.classList.add("gone");
}

document.getElementById("streams").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  follow();
});

async function follow() {
  await choose(new URLSearchParams(location.search).get("stream") ?? ""); // the server says which is the first
  await renew();
}

addEventListener("popstate", follow);
addEventListener("resize", draw);
document.addEventListener("visibilitychange", renew);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  charts.redraw();
  shares.redraw();
  draw();
});

renew();
choose(chosen)
  .catch(() => null)
  .then((last) => listen(last, hear, miss));
