"""What a person sees of a stream in the terminal: how learning went, how it goes, where to look further."""

from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from streamer.app.carrying import carrying
from streamer.telemetry.evidence import NAMES, number, percent

BARS = " ▁▂▃▄▅▆▇█"
LOWEST, HIGHEST = 0.5, 1.0
ROWS = 6
WIDTH = 78
SPAN = 50
_LABELS = {5: "100 %", 3: "75 %", 0: "50 %"}
"""100 % is the upper edge of its row, the others are lower edges."""
MARKS = {"good": ("✓", "bold green"), "wait": ("○", "bold"), "bad": ("!", "bold red")}


def stream_view(name: str, stream: dict[str, Any], metrics: str | None = None) -> RenderableType:
    """One stream's status as a panel."""
    # What matters most comes first: a low terminal cuts the chart, not the figures.
    parts: list[RenderableType] = [*_verdicts(stream), _scores(stream), Text(), _facts(stream)]
    if metrics:
        parts.append(Text.assemble(("live page  ", "dim"), (metrics.removesuffix("metrics"), "cyan")))
    if stream.get("absolute_error") is None:
        parts += [Text(), _chart(stream)]
    title = Text(name, "bold")
    if stream.get("frozen"):
        title.append(" frozen: it does not learn", "not bold yellow")
    return Panel(Group(*parts), title=title, title_align="left", padding=(0, 2), width=WIDTH)


def marked(verdict: dict[str, str]) -> Text:
    """A verdict's words behind its mark."""
    mark, style = MARKS[verdict["level"]]
    return Text(f"{mark} {verdict['words']}", style)


def _verdicts(stream: dict[str, Any]) -> list[RenderableType]:
    """The three answers in one line, and below it what those that are not good rest on."""
    answers = stream.get("verdict", {}).values()
    if not answers:
        return []
    lines = [Text("   ").join(marked(answer) for answer in answers)]
    lines += [Text(f"{answer['words']}: {answer['because']}", "dim") for answer in answers if answer["level"] != "good"]
    return [*lines, Text()]


def _chart(stream: dict[str, Any]) -> Text:
    """Accuracy over each span of 50 samples, from 50 to 100 %, and where the majority class would be."""
    curve = stream.get("learning_curve", [])
    majority = stream.get("baseline_accuracy_overall", {}).get("majority")
    text = Text(f"right predictions in each {SPAN} of the first {SPAN * len(curve):,} samples\n", style="dim")
    for row in range(ROWS - 1, -1, -1):
        low = LOWEST + (HIGHEST - LOWEST) * row / ROWS
        high = LOWEST + (HIGHEST - LOWEST) * (row + 1) / ROWS
        text.append(f"{_LABELS.get(row, ''):>6} ", "dim")
        text.append("".join(2 * _bar(value, low, high) for value in curve), "green")
        marked = majority is not None and low <= majority < high
        text.append(" ◂\n" if marked else "\n", "yellow")
    text.append(f"{'1':>8}{SPAN * len(curve):>{max(2 * len(curve) - 1, 6)},}", "dim")
    return text.append(f" ◂ majority {percent(majority)}" if curve else "", "yellow")


def _bar(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low)
    return BARS[max(0, min(len(BARS) - 1, round(share * (len(BARS) - 1))))]


def _scores(stream: dict[str, Any]) -> Table:
    table = Table.grid(padding=(0, 3))
    table.add_column(min_width=16)
    table.add_column(justify="right", min_width=8)
    table.add_column(style="dim")
    for row in _answers(stream) if stream.get("absolute_error") is None else _errors(stream):
        table.add_row(*row)
    for row in [*_gain(stream.get("skill", {})), *carrying(stream)]:
        table.add_row(*row)
    return table


def _gain(skill: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What it gains over the best rule, and over a linear model, each with its limits."""
    gains = dict(skill.get("baselines", {}))
    linear = {name: gains.pop(name) for name in ("tapped",) if name in gains}
    best = min(gains, key=lambda name: gains[name]["gain"], default=None)
    shown = linear if best is None else {best: gains[best]} | linear
    unit = "bits" if skill.get("unit") == "bits" else "of error"
    return [
        (
            "" if name in linear else "gain",
            f"{gain['gain']:.2f} {unit}",
            f"over {NAMES.get(name, name)} ({gain['low']:.2f} to {gain['high']:.2f})",
        )
        for name, gain in shown.items()
    ]


def _answers(stream: dict[str, Any]) -> list[tuple[str, str, str]]:
    baselines, solved = stream.get("baseline_accuracy", {}), stream.get("solved_at")
    note = f"solved at sample {solved:,} (198 of 200 right)" if solved else "not solved yet (198 of 200 right)"
    return [
        ("[bold]learner[/]", f"[bold green]{percent(stream.get('accuracy'))}[/]", note),
        ("majority class", percent(baselines.get("majority")), "right in the same sliding window"),
        ("last value", percent(baselines.get("last_value")), ""),
    ]


def _errors(stream: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Mean errors; those of the null models, the interval, and each horizon if there are several."""
    inside = percent(stream["interval_coverage"])
    rows = [("[bold]learner[/]", f"[bold green]{number(stream['absolute_error'])}[/]", f"mean error; {inside} inside")]
    notes = iter(("in the same sliding window",))
    rows += [
        (NAMES.get(name, name), number(error), next(notes, ""))
        for name, error in stream["baseline_absolute_error"].items()
    ]
    horizons = stream["horizons"] if len(stream["horizons"]) > 1 else {}
    return rows + [
        (f"{ahead} ahead", number(errors["absolute_error"]), f"{percent(errors['interval_coverage'])} inside")
        for ahead, errors in horizons.items()
    ]


def _facts(stream: dict[str, Any]) -> Text:
    speed = stream.get("recent_samples_per_second") or stream.get("samples_per_second")
    step = stream.get("step_microseconds")
    facts = [
        f"{stream.get('next_sequence', 0):,} samples",
        f"{speed:,.0f} a second" if speed else "",
        f"{step:,.{0 if step >= 100 else 1}f} µs a sample" if step else "",
        f"{stream.get('engine', '–')} engine",
    ]
    return Text(" · ".join(fact for fact in facts if fact) + _losses(stream))


def _losses(stream: dict[str, Any]) -> str:
    """What was lost, doubled and reordered on the way from a feed that is subscribed to, and dropped here."""
    if stream.get("mode") != "best effort":
        return ""
    late, overrun = (stream["rejected"].get(reason, 0) for reason in ("late", "overrun"))
    lost, doubled = stream["missing"] - late, stream["outcomes"]["duplicate"]
    return f"\nbest effort: {lost:,} lost · {late:,} late · {doubled:,} doubled · {overrun:,} too fast to be learned"
