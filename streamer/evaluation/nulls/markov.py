"""Classes by how often each came after the last ones: order 0 is how often it came at all, order 1 the last value.

    p(c | s) = (n_sc + ½) / (Σ_c n_sc + C/2)

over the C classes found so far: the estimator of Krichevsky and Trofimov (1981), which loses about ½ log₂ n bits a
number that it has to learn. s are the last `order` targets known when the prediction is made.
"""

import numpy as np
import numpy.typing as npt

from streamer.evaluation.nulls.null import contexts_of  # noqa: F401 — for the example
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Floats, Numbers

Doubles = npt.NDArray[np.float64]

LARGEST = 256
"""Pasts that are told apart at most."""


class Markov:
    """A table of counts, a row for each past. `ys` are the classes' places; one without a place is not learned.

    >>> rule = Markov(order=1, classes=2, found=2)
    >>> contexts_of(rule, np.empty((3, 0), np.float32), np.ones(3, np.float32))[:, 1].tolist()
    [0.5, 0.5, 0.75]
    """

    def __init__(self, *, order: int, classes: int, found: int = 0) -> None:
        self.width = classes
        self._counts = np.zeros((classes**order, classes + 1))
        """How often each class, and any, came after each past."""
        self._state = np.array([0, found])
        """The past now, as a number with the places for digits, and the classes found."""

    def begin(self, columns: int) -> int:
        """Numbers in a context: the probability of each class, and the past."""
        return self.width + 1

    def step_many(self, xs: Floats, ys: Floats, contexts: Floats, at: int) -> None:
        """Predict and count."""
        _step(ys, self._counts, self._state, contexts, at)

    def label(self, contexts: Floats, at: int, ys: Floats) -> None:
        """Count late targets with the past that their samples had; from now on they are the past."""
        _learn(contexts, at, ys, self._counts, self._state)

    def export(self) -> Arrays:
        """The table and the past."""
        return {"counts": self._counts.copy(), "state": self._state.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._counts = np.ascontiguousarray(arrays["counts"], np.float64).copy()
        self._state = arrays["state"].astype(np.int64)


@block_kernel("float32[::1], float64[:,::1], int64[::1], float32[:,::1], int64")
def _step(ys: Floats, counts: Doubles, state: Numbers, contexts: Floats, at: int) -> None:
    pasts = counts.shape[0]
    classes = counts.shape[1] - 1
    past = state[0]
    found = state[1]
    for t in range(len(ys)):
        total = counts[past, classes] + 0.5 * found
        for c in range(found):
            contexts[t, at + c] = (counts[past, c] + 0.5) / total
        for c in range(found, classes):
            contexts[t, at + c] = 0.0
        contexts[t, at + classes] = past
        y = np.float64(ys[t])
        if y >= 0.0 and y < classes:
            place = int(y)
            found = max(found, place + 1)
            counts[past, place] += 1.0
            counts[past, classes] += 1.0
            past = (past * classes + place) % pasts
    state[0] = past
    state[1] = found


@block_kernel("float32[:,::1], int64, float32[::1], float64[:,::1], int64[::1]")
def _learn(contexts: Floats, at: int, ys: Floats, counts: Doubles, state: Numbers) -> None:
    classes = counts.shape[1] - 1
    for t in range(len(ys)):
        y = np.float64(ys[t])
        if y >= 0.0 and y < classes:
            place = int(y)
            past = int(contexts[t, at + classes])
            counts[past, place] += 1.0
            counts[past, classes] += 1.0
            state[0] = (state[0] * classes + place) % counts.shape[0]
            state[1] = max(state[1], place + 1)
