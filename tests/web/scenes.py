"""What a daemon publishes in states that one should have seen: its numbers are of a learner that has really learned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import numpy as np

from streamer.clock import SystemClock
from streamer.config.learner import LearnerSettings
from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.forecast import ForecastScores
from streamer.learning.learner import Learner
from streamer.learning.standing import Standing, Standings
from streamer.samples import Floats
from streamer.sources.bits import BitSource
from streamer.telemetry.record import Board, Recent, ServiceRecord, StreamRecord
from streamer.web.application import application
from streamer.web.events import Feed
from streamer.web.server import serving
from tests.telemetry.records import FRESH

STEP = 25
"""Samples between two moments of a story."""


@cache
def story(name: str, moments: int, *, noise: float = 0.0, step: int = STEP) -> list[StreamRecord]:
    """A stream's record after each `step` samples; `noise` of the targets are coin flips."""
    learner, scores = Learner(LearnerSettings(hidden=16)), BinaryScores(window=1000, fading=0.999)
    block = BitSource(seed=3).read(0, moments * step)
    chance = np.random.default_rng(0)
    flipped = np.where(chance.random(len(block)) < noise, chance.integers(0, 2, len(block)), block.targets)
    targets = flipped.astype(np.float32)
    told = []
    predictions: Floats = np.empty(0, np.float32)
    for end in range(step, moments * step + 1, step):
        new = slice(end - step, end)
        predictions = np.concatenate([predictions, learner.step_many(block.inputs[new], targets[new])])
        scores.step(block.inputs[new], predictions[new], targets[new])
        last = slice(max(0, end - 256), end)
        told.append(
            replace(
                FRESH,
                name=name,
                engine="fused",
                connected=True,
                epoch="e" * 16,
                next_sequence=end,
                samples=end,
                steps=end,
                step_seconds=3e-6 * end,
                acknowledged=max(0, end - 400),
                outcomes={"learned": end, "unlabelled": 0, "duplicate": 0, "rejected": 0},
                predictions=end,
                scores=scores.card(),
                recent=Recent(np.arange(end)[last], block.inputs[last], targets[last], predictions[last]),
                insight=learner.insight(),
            )
        )
    return told


def service(*streams: StreamRecord, state: str = "ready", reasons: tuple[str, ...] = ()) -> ServiceRecord:
    """A daemon with these streams."""
    return ServiceRecord(
        state=state, reasons=reasons, started_at=1.0, endpoint="tcp://127.0.0.1:15577", streams=streams
    )


def now(stream: StreamRecord, wall: float) -> StreamRecord:
    """The stream as if it had learned and been saved a moment ago."""
    return replace(
        stream, first_sample_at=wall - 60, last_sample_at=wall - 60 + stream.steps / STEP, checkpoint_at=wall - 4
    )


def told(records: Callable[[float], Iterator[ServiceRecord]], seconds: float) -> tuple[Board, Feed, SystemClock]:
    """A board whose history holds a record a second until now."""
    board, clock = Board(started_at=1.0), SystemClock()
    feed = Feed(board, clock, seconds=seconds)
    *moments, last = records(clock.wall())
    for index, record in enumerate(moments):
        feed.history.add(record, clock.wall() - len(moments) + index)
    board.publish(last)
    return board, feed, clock


@contextmanager
def shown(records: Callable[[float], Iterator[ServiceRecord]], seconds: float = 3600) -> Iterator[tuple[Board, str]]:
    """A page of these records, served; it stands still, or goes on every so many seconds."""
    board, feed, clock = told(records, seconds)
    with serving(application(board, clock, feed), "127.0.0.1", 0) as url:
        yield board, url


def learning(wall: float) -> Iterator[ServiceRecord]:
    """Learning a stream of which a tenth is chance."""
    for stream in story("pump-7", 60, noise=0.2):
        yield service(now(stream, wall))


def solved(wall: float) -> Iterator[ServiceRecord]:
    """The puzzle, learned."""
    for stream in story("bits", 300):
        yield service(now(stream, wall))


def starting(wall: float) -> Iterator[ServiceRecord]:
    """The first samples."""
    for stream in story("bits", 3):
        yield service(now(stream, wall))


@cache
def series(moments: int, step: int = STEP) -> list[StreamRecord]:
    """A forecast of a wave with noise, by who begins with the mean and comes to know the wave."""
    rng, scores = np.random.default_rng(4), ForecastScores(horizons=(1, 6), window=1000)
    count = moments * step
    at = np.arange(count + 6)
    wave = 20 + 5 * np.sin(at / 7) + 2 * np.sin(at / 23)
    ys = (wave + rng.normal(size=count + 6)).astype(np.float32)
    known = 1 - np.exp(-at[:count] / 150)
    told = []
    made = np.empty((count, 2, 3), np.float32)
    for k, ahead in enumerate((1, 6)):
        value = known * wave[ahead : count + ahead] + (1 - known) * 20
        made[:, k] = value[:, None] + np.outer(2 + 4 * (1 - known), [0, -1, 1])
    predictions = made.reshape(count, 6)
    for end in range(step, count + 1, step):
        new, last = slice(end - step, end), slice(max(0, end - 256), end)
        scores.step(ys[new, None], predictions[new], ys[new])
        recent = Recent(np.arange(end)[last], ys[:end, None][last], ys[:end][last], predictions[last])
        told.append(
            replace(
                story("bits", 2)[-1],
                name="load-forecast",
                next_sequence=end,
                samples=end,
                steps=end,
                outcomes={"learned": end, "unlabelled": 0, "duplicate": 0, "rejected": 0},
                scores=scores.card(),
                recent=recent,
            )
        )
    return told


def forecast(wall: float) -> Iterator[ServiceRecord]:
    """Predictions that are numbers, and two horizons."""
    for stream in series(40):
        yield service(now(stream, wall))


MEMBERS = (
    "last_value", "seasonal", "markov_3", "linear", "linear_fast", "rff_100", "knn_1000", "gru_16", "gru_16_ndekf",
    "gru_32", "taps_8", "tree",
)  # fmt: skip


def standings(progress: float) -> Standings:
    """Twelve members: simple ones carry the beginning, the networks the end; one fails for a while."""
    places = np.linspace(0, 1, len(MEMBERS))
    weights = np.exp(-(((places - 0.15 - 0.6 * progress) / 0.16) ** 2)) + 0.01
    weights[6] *= 1 + 2 * np.sin(9 * progress) ** 2
    out = 0.45 < progress < 0.6
    weights[9] *= not out
    share = weights / weights.sum()
    losses = 0.95 - 0.55 * progress * places - 0.1 * share
    return Standings(
        tuple(
            Standing(
                name, float(share[at]), float(losses[at]), benched=2 * (at == 9), out=(out and at == 9) or at == 11
            )
            for at, name in enumerate(MEMBERS)
        ),
        float(losses[:11].min() - 0.02),
    )


def committee(wall: float) -> Iterator[ServiceRecord]:
    """Twelve members whose shares change."""
    for at, stream in enumerate(story("bits", 300)):
        yield service(replace(now(stream, wall), name="mill-3", standings=standings(at / 299)))


def empty(wall: float) -> Iterator[ServiceRecord]:
    """No stream yet."""
    yield service()


def frozen(wall: float) -> Iterator[ServiceRecord]:
    """Predicts, does not learn."""
    for stream in story("bits", 120):
        yield service(replace(now(stream, wall), frozen=True))


def degraded(wall: float) -> Iterator[ServiceRecord]:
    """Behind, refused samples, a disk that cannot be written."""
    reasons = ("stream pump-7: checkpoints cannot be written",)
    for stream in story("pump-7", 200, noise=0.5):
        ill = replace(
            now(stream, wall),
            checkpoint_at=wall - 1900,
            checkpoint_failures=31,
            queued=16_000,
            lag_seconds=16.0,
            step_seconds=1e-3 * stream.steps,
            outcomes=stream.outcomes | {"rejected": 12, "duplicate": 250},
            rejected={"not_finite": 9, "target": 3},
            skipped_updates=1,
            missing=512,
        )
        yield service(ill, state="degraded", reasons=reasons)


def five(wall: float) -> Iterator[ServiceRecord]:
    """Five streams, each in another state."""
    tales = [story(f"line-{index}.pressure", 120, noise=noise) for index, noise in enumerate((0.0, 0.3, 1.0))]
    for first, second, third in zip(*tales, strict=True):
        late = replace(second, connected=False)
        yield service(
            now(first, wall), replace(now(late, wall), last_sample_at=wall - 900), now(third, wall), FRESH,
            replace(now(first, wall), name="a-name-as-long-as-it-may-be-and-that-is-sixty-four-letters-long-x"),
        )  # fmt: skip


SCENES = {
    scene.__name__: scene for scene in (starting, learning, solved, degraded, empty, frozen, five, forecast, committee)
}
