"""The task suite: which tasks, which settings, how long; and the running of it over many seeds."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np

from streamer.bench.outcome import Outcome, Row, luck_row, outcome_of, row_of
from streamer.bench.rivals import Right, guess, last_value, majority, tapped_logistic
from streamer.config.learner import LearnerSettings
from streamer.errors import Fault, SettingsError
from streamer.learning.learner import Learner
from streamer.samples import Floats
from streamer.sources.tasks import INVERSION, TaskSource

PLAIN: dict[str, Any] = {"memory": "none"}
RING: dict[str, Any] = {"memory": "ring"}
GUESSES, GUESSED = 10_000, 300
"""Random networks tried on each task, and the samples that each is tried on."""
LONG_RING: dict[str, Any] = {"memory": "ring", "memory_size": 50, "memory_radius": 0.98}


@dataclass(frozen=True, slots=True)
class Trial:
    """One task, how long, and the learner settings to try on it (none: the defaults)."""

    task: str
    samples: int
    settings: tuple[dict[str, Any], ...] = (PLAIN, RING)
    segment: int | None = None
    judged_by: str | None = None
    """The task whose targets count as right, where this one's labels are partly wrong."""
    rivals: dict[str, Callable[[Floats, Floats], Right]] = field(
        default_factory=lambda: {
            "majority class": majority,
            "last value": last_value,
            "logistic regression on taps": tapped_logistic,
        }
    )


def _copy(lag: int, samples: int, *settings: dict[str, Any]) -> Trial:
    rivals = {"logistic regression on taps": partial(tapped_logistic, taps=lag + 1)}
    return Trial(f"copy-{lag}", samples, settings, rivals={"majority class": majority, **rivals})


SUITE: tuple[Trial, ...] = (
    Trial("inverse", 1_000),
    _copy(1, 2_000, PLAIN, RING),
    _copy(2, 2_000, PLAIN, RING),
    _copy(4, 4_000, PLAIN, RING),
    _copy(8, 4_000, PLAIN, RING),
    _copy(16, 4_000, RING),
    _copy(32, 6_000, LONG_RING),
    _copy(64, 10_000, LONG_RING),
    Trial("xor", 4_000),
    Trial("parity", 20_000),
    Trial("drift", 100_000, segment=INVERSION),
    Trial("noise", 5_000, judged_by="inverse"),
)


def chosen(names: Sequence[str]) -> tuple[Trial, ...]:
    """The trials of the named tasks; all for no name. SettingsError for a name that no trial has."""
    known = [trial.task for trial in SUITE]
    faults = [Fault("--task", f"got {name!r}", f"use one of {', '.join(known)}") for name in names if name not in known]
    if faults:
        raise SettingsError(faults)
    return tuple(trial for trial in SUITE if trial.task in names or not names)


def run_trial(trial: Trial, seeds: int, workers: int, advance: Callable[[], None]) -> Iterator[Row]:
    """Each learner's row, then each rival's; `advance` is called as each one is done."""
    for settings in trial.settings:
        words = ", ".join(f"{name} {value}" for name, value in settings.items()) or "defaults"
        yield row_of(trial.task, "learner", words, trial.samples, learner_outcomes(trial, settings, seeds, workers))
        advance()
    few = min(seeds, 20)  # a rival's figures hardly differ between seeds, and its time does count
    xs, ys, judged = _streams(trial, few)
    for name, rival in trial.rivals.items():
        right = rival(xs, ys) == (np.array(ys == judged))
        outcomes = [outcome_of(one, trial.segment) for one in right]
        yield row_of(trial.task, name, "", trial.samples, outcomes)
        advance()
    lucky = guess(xs[0, :GUESSED], judged[0, :GUESSED], trials=GUESSES)
    yield luck_row(trial.task, GUESSED, GUESSES, lucky)
    advance()


def steps_of(trial: Trial) -> int:
    """How often `run_trial` advances."""
    return len(trial.settings) + len(trial.rivals) + 1


def learner_outcomes(trial: Trial, settings: dict[str, Any], seeds: int, workers: int) -> list[Outcome]:
    """What becomes of the learner with some settings on a trial, seed by seed."""
    run = partial(_one_seed, trial.task, trial.samples, settings, trial.segment, trial.judged_by)
    if workers == 1:
        return [run(seed) for seed in range(seeds)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(run, range(seeds), chunksize=max(1, seeds // (4 * workers))))


def _one_seed(
    task: str, samples: int, settings: dict[str, Any], segment: int | None, judged_by: str | None, seed: int
) -> Outcome:
    block = TaskSource(task, seed).read(0, samples)
    judged = TaskSource(judged_by or task, seed).read(0, samples).targets
    predictions = Learner(LearnerSettings(**settings), seed=seed).step_many(block.inputs, block.targets)
    return outcome_of((predictions > 0.5) == (judged > 0.5), segment)


def _streams(trial: Trial, seeds: int) -> tuple[Floats, Floats, Floats]:
    blocks = [TaskSource(trial.task, seed).read(0, trial.samples) for seed in range(seeds)]
    judged = [TaskSource(trial.judged_by or trial.task, seed).read(0, trial.samples).targets for seed in range(seeds)]
    return np.stack([b.inputs[:, 0] for b in blocks]), np.stack([b.targets for b in blocks]), np.stack(judged)
