"""One pass over a stream: the committee and each of its members, or a model of River's; predict, score, learn.

Members do not know of the mixture, so one run of the committee has them all. What a member takes by itself is measured
on a committee of it alone.
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from streamer.bench.river import WARMED, Model, Sample
from streamer.bench.scoring import Answers, Doubles
from streamer.bench.streams import Stream
from streamer.columns import Column
from streamer.learning.committee.committee import Committee
from streamer.samples import Block, Floats

BLOCK = 256
"""Samples that a committee is handed at a time."""
TIMED = 2_000
"""Samples, at most, that a member is timed on."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What one predictor's predictions cost (T,), and the microseconds a sample."""

    points: Doubles
    losses: Doubles
    microseconds: float = math.nan


def committee_of(stream: Stream, seed: int, members: tuple[str, ...] = ()) -> Committee:
    """A new one, of all members or of those named."""
    return Committee(
        stream.kind,
        inputs=max(1, len(stream.schema.columns)),
        periods=stream.periods,
        classes=stream.classes,
        members=members,
        seed=seed,
        schema=stream.schema,
    )


def run_committee(stream: Stream, block: Block, seed: int, members: tuple[str, ...] = ()) -> tuple[Trace, list[Trace]]:
    """The trace of the committee, and those of its members, which are not timed."""
    _seconds(committee_of(stream, seed, members), block.head(WARMED))
    committee, answers = committee_of(stream, seed, members), stream.answers(block)
    heard: list[Floats] = []
    committee.overhear(heard.append)
    traces = [_Recorder(answers) for _ in ("committee", *committee.members)]
    seconds = 0.0
    for part in _parts(block):
        start = time.perf_counter()
        said = committee.step_many(part.inputs, part.targets)
        seconds += time.perf_counter() - start
        own = np.concatenate(heard)
        heard.clear()
        traces[0].hear(said, part.first)
        for number, trace in enumerate(traces[1:]):
            trace.hear(own[:, number], part.first)
    whole, *each = [trace.done() for trace in traces]
    return Trace(whole.points, whole.losses, 1e6 * seconds / len(block)), each


def microseconds_alone(stream: Stream, block: Block, member: str) -> float:
    """What a sample takes a committee of one member."""
    few = block.head(TIMED)
    _seconds(committee_of(stream, 0, (member,)), few.head(WARMED))
    return 1e6 * _seconds(committee_of(stream, 0, (member,)), few) / len(few)


def run_rival(make: Callable[[int], Model], stream: Stream, block: Block, seed: int) -> Trace:
    """A model of River's on the rows that a committee gets: with the waves of a moment, and a 0 or 1 a category."""
    answers = stream.answers(block)
    samples = list(samples_of(stream, block, answers))
    _progress(make(seed), samples[:WARMED], stream)
    start = time.perf_counter()
    told = _progress(make(seed), samples, stream)
    seconds = time.perf_counter() - start
    said = np.array([_row(one, stream) for one in told], np.float32)
    return Trace(answers.points(said), answers.losses(said), 1e6 * seconds / len(block))


def samples_of(stream: Stream, block: Block, answers: Answers) -> Iterator[Sample]:
    """Rows as River takes them: features by name, without those missing; None where there is no label."""
    kinds: dict[str, Callable[[float], Any]] = {"binary": bool, "multiclass": int, "regression": float}
    columns, kind = stream.schema.columns, kinds[stream.kind]
    for row, y in zip(block.inputs.tolist(), answers.places.tolist(), strict=True):
        x = dict(_feature(*pair) for pair in zip(columns, row, strict=True) if not math.isnan(pair[1]))
        yield x, None if math.isnan(y) else kind(y)


def _feature(column: Column, value: float) -> tuple[str, float]:
    return (f"{column.name}={value:.0f}", 1.0) if column.kind == "category" else (column.name, value)


class _Recorder:
    """Scores predictions as they come."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._points: list[Doubles] = []
        self._losses: list[Doubles] = []

    def hear(self, said: Floats, first: int) -> None:
        """Predictions (n,) or (n, W) from sample `first` on."""
        rows = said.reshape(len(said), -1)
        self._points.append(self._answers.points(rows, first))
        self._losses.append(self._answers.losses(rows, first))

    def done(self) -> Trace:
        """All of them."""
        return Trace(np.concatenate(self._points), np.concatenate(self._losses))


def _parts(block: Block) -> Iterator[Block]:
    for first in range(0, len(block), BLOCK):
        yield block.since(block.first + first).head(BLOCK)


def _seconds(committee: Committee, block: Block) -> float:
    start = time.perf_counter()
    for part in _parts(block):
        committee.step_many(part.inputs, part.targets)
    return time.perf_counter() - start


def _progress(model: Model, samples: list[Sample], stream: Stream) -> list[Any]:
    """What the model says of each sample, before it learns it."""
    predict = model.predict_one if stream.kind == "regression" else model.predict_proba_one
    told = []
    for x, y in samples:
        told.append(predict(x))
        if y is not None:
            model.learn_one(x, y)
    return told


def _row(told: Any, stream: Stream) -> list[float]:
    """A prediction of River's as a committee tells one. Of the first sample it may have said nothing."""
    if stream.kind == "regression":
        return [told or 0.0]
    if stream.kind == "binary":
        return [told.get(True, 0.0) if told else 0.5]
    return [told.get(place, 0.0) for place in range(stream.classes)]
