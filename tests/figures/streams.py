"""What the defaults reach on other people's streams: `python -m tests.figures.streams` prints a Markdown table.

Every prediction is made before its target is seen, once through the data. One set of defaults for each task. Needs
River, for its data.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from river import datasets, evaluate, metrics

from streamer.columns import Column, Schema
from streamer.config.learner import LearnerSettings
from streamer.evaluation.scores import scores_for
from streamer.learning.learner import Learner
from streamer.river import GRUClassifier, GRURegressor
from streamer.samples import Floats

SEEDS = range(5)
LATE = 50
BLOCK = 256
"""Samples in a message, and at least in a block. A busy daemon makes one block of all that wait, which costs less."""
WINDOW = 1000
Line = tuple[str, str, str]


def progressive(data: Any, kind: Any, metric: Any) -> str:
    """Mean and range over seeds."""
    found = [evaluate.progressive_val_score(data(), kind(seed=seed), metric()).get() for seed in SEEDS]
    factor, unit = (100, " %") if metric is metrics.Accuracy else (1, "")
    mean, low, high = (factor * value for value in (statistics.mean(found), min(found), max(found)))
    return f"{mean:.1f}{unit} ({low:.1f} to {high:.1f})"


def table(data: Any) -> tuple[Schema, Floats, Floats]:
    """A data set as rows of named columns."""
    rows = [(list(x.values()), y) for x, y in data]
    names = next(iter(data))[0]
    xs, ys = (np.array(part, np.float32) for part in zip(*rows, strict=True))
    return Schema(tuple(map(Column, names))), xs, ys


def settings_of(task: str) -> LearnerSettings:
    return LearnerSettings.model_validate({"task": task, "scaling": "standard"})


def late() -> str:
    """Phishing's labels, each so many samples after its own."""
    schema, xs, ys = table(datasets.Phishing())
    shares = []
    for seed in SEEDS:
        learner, right = Learner(settings_of("binary"), seed=seed, schema=schema), 0
        for number, x in enumerate(xs):
            right += (learner.step_many(x[None], [np.nan])[0] > 0.5) == (ys[number] > 0.5)
            if number >= LATE:
                learner.label(number - LATE, float(ys[number - LATE]))
        shares.append(100 * float(right) / len(ys))
    return f"{statistics.mean(shares):.1f} % ({min(shares):.1f} to {max(shares):.1f})"


def microseconds() -> str:
    """A sample of Phishing, all columns encoded, in blocks: predict and learn."""
    schema, xs, ys = table(datasets.Phishing())
    found = []
    for seed in range(7):
        learner = Learner(settings_of("binary"), seed=seed, schema=schema)
        learner.step_many(xs[:BLOCK], ys[:BLOCK])
        start = time.perf_counter()
        for at in range(BLOCK, len(xs), BLOCK):
            learner.step_many(xs[at : at + BLOCK], ys[at : at + BLOCK])
        found.append((time.perf_counter() - start) / (len(xs) - BLOCK) * 1e6)
    return f"{statistics.median(found):.1f} µs in blocks of {BLOCK}"


def drifting(count: int = 30_000) -> Iterator[tuple[str, Any, Any]]:
    """Three streams of numbers whose noise, level or rule changes."""
    rng = np.random.default_rng(0)
    x, at = rng.standard_normal((count, 2)), np.arange(count)
    yield "noise that swells", x, x[:, 0] + np.exp(1.5 * np.sin(at / 3000)) * rng.standard_normal(count)
    yield "levels that jump", x, x @ [1, -2] + 5 * (at // 2500 % 3) + rng.standard_normal(count)
    rule = np.where(at // 4000 % 2, 1, -1)
    yield "a rule that turns", x, rule * np.sin(2 * x[:, 0]) + 0.3 * rng.standard_t(4, count)


def coverage() -> Iterator[Line]:
    """The least and the largest share of targets inside 90 % intervals over any 1,000 samples after the first 1,000."""
    for name, xs, ys in drifting():
        learner = Learner(settings_of("regression"), schema=Schema((Column("a"), Column("b"))))
        rows = learner.step_many(xs.astype(np.float32), ys.astype(np.float32))
        inside = ((rows[:, 1] <= ys) & (ys <= rows[:, 2]))[WINDOW:]
        shares = np.convolve(inside, np.full(WINDOW, 1 / WINDOW), "valid")
        found = f"{100 * shares.min():.1f} to {100 * shares.max():.1f} %"
        yield f"inside 90 % intervals, any {WINDOW:,} samples: {name}", "87 to 93 %", found


class Timed:
    """Time spent inside a method, without its caller's."""

    def __init__(self, owner: object, name: str) -> None:
        self.seconds = 0.0
        self._call = getattr(owner, name)
        setattr(owner, name, self)

    def __call__(self, *arguments: Any) -> Any:
        start = time.perf_counter()
        result = self._call(*arguments)
        self.seconds += time.perf_counter() - start
        return result


def hot_path(task: str, columns: int) -> str:
    """What scaling, null models and intervals take, as a share of the engine's time, in the same calls."""
    rng = np.random.default_rng(1)
    xs = rng.standard_normal((200 * BLOCK, columns)).astype(np.float32)
    ys = ((xs[:, 0] > 0) if task == "binary" else xs[:, 0]).astype(np.float32)
    chosen, shares = settings_of(task), []
    for _ in range(5):
        learner = Learner(chosen, schema=Schema(tuple(Column(f"c{n}") for n in range(columns))))
        scores: Any = scores_for(chosen, window=1000, fading=0.999)
        scores.step(xs[:BLOCK], learner.step_many(xs[:BLOCK], ys[:BLOCK]), ys[:BLOCK])
        engine, model = Timed(learner._model.network.engine, "step_many"), Timed(learner._model, "step")
        nulls = Timed(scores._panel, "step_many")
        for at in range(0, len(xs), BLOCK):
            x, y = xs[at : at + BLOCK], ys[at : at + BLOCK]
            scores.step(x, learner.step_many(x, y), y)
        shares.append((model.seconds - engine.seconds + nulls.seconds) / engine.seconds)
    return f"{100 * statistics.median(shares):.0f} %"


def lines() -> Iterator[Line]:
    """Asked and measured."""
    yield "Phishing, accuracy", "≥ 88.5 %", progressive(datasets.Phishing, GRUClassifier, metrics.Accuracy)
    yield "a sample of Phishing, predict and learn", "≤ 13 µs", microseconds()
    yield "Bananas, accuracy", "≥ 74 %", progressive(datasets.Bananas, GRUClassifier, metrics.Accuracy)
    yield "AirlinePassengers, MAE", "≤ 14", progressive(datasets.AirlinePassengers, GRURegressor, metrics.MAE)
    yield f"Phishing, labels {LATE} samples late", "≥ 87.5 %", late()
    yield from coverage()
    for task, columns in (("binary", 1), ("binary", 9), ("regression", 2), ("regression", 9)):
        yield f"scaling, null models and intervals: {task}, {columns} columns", "≤ 30 %", hot_path(task, columns)


def shown(rows: Sequence[Line]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    """Print the table, line by line."""
    print(shown([("what", "asked", "measured"), ("---", "---", "---")]), flush=True)
    for line in lines():
        print(shown([line]), flush=True)


if __name__ == "__main__":
    main()
