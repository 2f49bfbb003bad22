"""Microseconds a sample of each engine and setting, beside hand-written C, all in turn in the same minutes.

The machine is never quiet: each case is timed several times, all cases in turn, and the median is what counts. A speed
is refused where the engines disagree, for a wrong answer is easily fast.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from streamer.bench.yardstick import CASE, Yardstick
from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import StreamerError, UnavailableError
from streamer.learning.engines.agreement import TRAJECTORY, disagreements
from streamer.learning.learner import Learner
from streamer.samples import Floats

CHECKED = 300
"""Samples over which the engines must agree before a speed is told."""

CASES: tuple[dict[str, Any], ...] = (
    *({"hidden": 16, "truncation": k, "memory": "none"} for k in (2, 8, 32)),
    *({"hidden": 16, "truncation": k, "memory": "ring"} for k in (1, 8)),
    {"hidden": 16, "truncation": 8, "memory": "taps"},
    *({"hidden": h, "truncation": 8, "memory": "none"} for h in (4, 64)),
    {"hidden": 16, "truncation": 8, "memory": "none", "inputs": 8},
    *({"hidden": 16, "truncation": 8, "memory": "none", "optimiser": o} for o in ("sgd", "adam", "ndekf")),
    {"hidden": 16, "truncation": 8, "memory": "ring", "optimiser": "ndekf"},
    {"hidden": 16, "truncation": 32, "memory": "none", "gradient": "stale"},
    {"hidden": 16, "truncation": 1, "memory": "none", "gradient": "rtrl"},
)


@dataclass(frozen=True, slots=True)
class Speed:
    """One case; `ratio_to_c` where the yardstick does the same work."""

    engine: str
    call: str
    hidden: int
    inputs: int
    truncation: int
    memory: str
    gradient: str
    optimiser: str
    microseconds_per_sample: float
    ratio_to_c: float | None


@dataclass(slots=True)
class _Timed:
    engine: str
    call: str
    settings: LearnerSettings
    run: Callable[[], float]
    """Microseconds a sample, measured once."""


def measure_speed(
    samples: int, few: int, repeats: int, progress: Callable[[float], None] = lambda share: None
) -> list[Speed]:
    """All cases: blocks of the fused engine over `samples`; the reference, and single calls, over `few`."""
    with tempfile.TemporaryDirectory(prefix="streamer-bench-") as directory:
        timed = [case for chosen in CASES for case in _cases(LearnerSettings(**chosen), samples, few, Path(directory))]
        times: list[list[float]] = [[] for _ in timed]
        for repeat in range(repeats):
            for number, (case, found) in enumerate(zip(timed, times, strict=True)):
                found.append(case.run())
                progress((repeat + (number + 1) / len(timed)) / repeats)
    medians = [statistics.median(found) for found in times]
    c = {case.settings.truncation: median for case, median in zip(timed, medians, strict=True) if case.engine == "c"}
    return [_row(case, median, c) for case, median in zip(timed, medians, strict=True)]


def check_agreement(settings: LearnerSettings) -> None:
    """StreamerError if the engines do not give the same numbers for these settings."""
    xs, ys = _data(settings.inputs, CHECKED)
    states: list[Mapping[str, Any]] = []
    for engine in ("fused", "reference"):
        learner = Learner(settings, seed=1, engine=engine)
        predictions = learner.step_many(xs, ys)
        states.append(learner.export() | {"predictions": predictions})
    found = disagreements(states[0], states[1], TRAJECTORY)
    if found:
        raise StreamerError("the engines disagree, so that no speed is told", got="; ".join(found[:3]))


def _cases(settings: LearnerSettings, samples: int, few: int, directory: Path) -> Iterator[_Timed]:
    check_agreement(settings)
    yield _Timed("fused", "step_many", settings, _blocks("fused", settings, samples))
    if _comparable(settings):
        yield _Timed("fused", "learn_one", settings, _single_calls(settings, few))
        yield _Timed("reference", "step_many", settings, _blocks("reference", settings, few))
        yardstick = _yardstick(directory, settings.truncation)
        if yardstick is not None:
            yield _Timed("c", "step_many", settings, lambda: yardstick.microseconds(samples))


def _comparable(settings: LearnerSettings) -> bool:
    return all(getattr(settings, name) == value for name, value in CASE.items())


def _yardstick(directory: Path, truncation: int) -> Yardstick | None:
    try:
        return Yardstick(directory, truncation)
    except UnavailableError:
        return None  # no C compiler, or one that cannot: the ratios are left out, the speeds stand


def _blocks(engine: EngineName, settings: LearnerSettings, samples: int) -> Callable[[], float]:
    learner = Learner(settings, seed=1, engine=engine)
    xs, ys = _data(settings.inputs, samples)
    learner.step_many(xs[:10], ys[:10])

    def run() -> float:
        started = time.perf_counter()
        learner.step_many(xs, ys)
        return 1e6 * (time.perf_counter() - started) / samples

    return run


def _single_calls(settings: LearnerSettings, samples: int) -> Callable[[], float]:
    learner = Learner(settings, seed=1, engine="fused")
    xs, ys = _data(settings.inputs, samples)
    pairs = list(zip(xs.tolist(), ys.tolist(), strict=True))

    def run() -> float:
        started = time.perf_counter()
        for x, y in pairs:
            learner.learn_one(x, y)
        return 1e6 * (time.perf_counter() - started) / samples

    return run


def _data(inputs: int, samples: int) -> tuple[Floats, Floats]:
    """Random bits; the target is the inverse of the first input before."""
    xs = (np.random.default_rng(0).random((samples, inputs)) < 0.25).astype(np.float32)
    return xs, 1 - np.concatenate([np.zeros(1, np.float32), xs[:-1, 0]])


def _row(case: _Timed, microseconds: float, c: Mapping[int, float]) -> Speed:
    settings = case.settings
    yardstick = c.get(settings.truncation) if _comparable(settings) else None
    return Speed(
        engine=case.engine,
        call=case.call,
        hidden=settings.hidden,
        inputs=settings.inputs,
        truncation=settings.truncation,
        memory=settings.bank,
        gradient=settings.gradient,
        optimiser=settings.optimiser,
        microseconds_per_sample=microseconds,
        ratio_to_c=microseconds / yardstick if yardstick else None,
    )
