"""The synthetic tasks that learners are judged by: binary streams whose targets need a certain kind of memory.

Each target is a function of the bits up to its own, so that any place of a stream is reached at once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from streamer.errors import Fault, SettingsError
from streamer.samples import Block, Floats
from streamer.sources.randombits import random_bits

_DEFINITION = "task/1"  # to be counted up if the same options should ever give other samples
INVERSION = 1000
"""Samples between one inversion of the drifting task's target and the next."""
FLIPPED = 0.01
"""Share of the noisy task's labels that are wrong."""
_NOISE = 1
"""Set apart from the bits of the same seed."""


@dataclass(frozen=True, slots=True)
class Task:
    """What makes a stream: the share of ones, how far back its target looks, and the target itself.

    `target` is given the bits (history + T,), the number of the first target and the seed, and returns (T,). With
    `from_target` the bits drawn are the targets, and the inputs are what `target` makes of them.
    """

    meaning: str
    probability: float
    history: int
    target: Callable[[Floats, int, int], Floats]
    from_target: bool = False


def _inverse(bits: Floats, first: int, seed: int) -> Floats:
    return 1 - bits[:-1]


def _copy(bits: Floats, first: int, seed: int, *, lag: int) -> Floats:
    return bits[: len(bits) - lag]


def _xor(bits: Floats, first: int, seed: int) -> Floats:
    return np.asarray(np.abs(bits[1:-1] - bits[:-2]))


def _difference(bits: Floats, first: int, seed: int) -> Floats:
    return np.asarray(np.abs(bits[1:] - bits[:-1]))


def _drifting(bits: Floats, first: int, seed: int) -> Floats:
    target = _inverse(bits, first, seed)
    odd = (first + np.arange(len(target))) // INVERSION % 2
    return np.asarray(np.abs(target - odd.astype(np.float32)))


def _noisy(bits: Floats, first: int, seed: int) -> Floats:
    target = _inverse(bits, first, seed)
    return np.asarray(np.abs(target - random_bits((seed, _NOISE), FLIPPED, first, first + len(target))))


def _task_of_lag(lag: int) -> Task:
    return Task(f"fair bits; the target is the bit {lag} before", 0.5, lag, lambda b, f, s: _copy(b, f, s, lag=lag))


LAGS = (1, 2, 4, 8, 16, 32, 64)

TASKS: dict[str, Task] = {
    "inverse": Task("bits, a quarter ones; the target is the inverse of the bit before", 0.25, 1, _inverse),
    **{f"copy-{lag}": _task_of_lag(lag) for lag in LAGS},
    "xor": Task("fair bits; the target is the exclusive or of the two bits before", 0.5, 2, _xor),
    "parity": Task("fair bits; the target is the parity of all bits so far", 0.5, 1, _difference, from_target=True),
    "drift": Task(f"as inverse, and inverted anew every {INVERSION:,} samples", 0.25, 1, _drifting),
    "noise": Task(f"as inverse, with {FLIPPED:.0%} of the labels wrong", 0.25, 1, _noisy),
}


@dataclass(frozen=True, slots=True)
class TaskSource:
    """An endless stream of a task.

    >>> block = TaskSource("parity", seed=0).read(0, 5)
    >>> block.inputs[:, 0].astype(int).tolist(), block.targets.astype(int).tolist()
    ([0, 1, 0, 0, 1], [0, 1, 1, 1, 0])
    """

    name: str
    seed: int = 0

    inputs = 1
    length = None

    def __post_init__(self) -> None:
        if self.name not in TASKS:
            raise SettingsError([Fault("task", f"got {self.name!r}", f"use one of {', '.join(TASKS)}")])

    @property
    def epoch(self) -> str:
        """A hash of name and seed."""
        return hashlib.sha256(f"{_DEFINITION} {self.name} seed={self.seed}".encode()).hexdigest()[:32]

    def read(self, first: int, count: int) -> Block:
        """Any range of the stream."""
        task = TASKS[self.name]
        bits = random_bits(self.seed, task.probability, first - task.history, first + count)
        made = task.target(bits, first, self.seed)
        inputs, targets = (made, bits[task.history :]) if task.from_target else (bits[task.history :], made)
        return Block(first, inputs[:, None], targets)
