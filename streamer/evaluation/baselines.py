"""The predictors that cost nothing. An accuracy that does not beat them means nothing."""

from typing import Protocol

import numpy as np

from streamer.evaluation.accuracy import Outcomes
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats, Numbers


class Baseline(Protocol):
    """Predicts each target of a block from those before it."""

    def step_many(self, targets: Floats) -> Outcomes:
        """The predicted class of each target (T,), fixed before that target is looked at; then remembers them."""
        ...

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


class MajorityClass:
    """The class seen more often so far; 1 on a tie.

    >>> MajorityClass().step_many(np.array([0, 0, 1], np.float32)).astype(int).tolist()
    [1, 0, 0]
    """

    def __init__(self) -> None:
        self._lead = np.zeros(1, np.int64)  # ones minus zeros

    def step_many(self, targets: Floats) -> Outcomes:
        """Whether ones are not outnumbered, before each target."""
        said = np.empty(len(targets), np.bool_)
        _say(np.ascontiguousarray(targets), self._lead, said)
        return said

    def export(self) -> Arrays:
        """The lead of the ones."""
        return {"lead": np.array(self._lead[0])}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._lead = np.array([int(arrays["lead"])])


class LastValue:
    """The target before; 0 at the start.

    >>> LastValue().step_many(np.array([1, 1, 0], np.float32)).astype(int).tolist()
    [0, 1, 1]
    """

    def __init__(self) -> None:
        self._last = False

    def step_many(self, targets: Floats) -> Outcomes:
        """Each target's predecessor."""
        shifted = np.concatenate([[self._last], targets > 0])
        self._last = bool(shifted[-1])
        return shifted[:-1]

    def export(self) -> Arrays:
        """The last target."""
        return {"last": np.array(int(self._last))}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._last = bool(arrays["last"])


@block_kernel("float32[::1], int64[::1], boolean[::1]")
def _say(targets: Floats, lead: Numbers, said: Outcomes) -> None:
    for t in range(len(targets)):
        said[t] = lead[0] >= 0
        lead[0] += 1 if targets[t] > 0.0 else -1
