"""The targets of the rows most alike among the last ones that had a label: classes by vote, numbers by mean.

    p(c) = (votes of c + ½) / (neighbours + C / 2)

Of rows as far away as each other, the one learned later is nearer. More features that are 0 change no distance.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.target import Target, within
from streamer.samples import Arrays, Floats, Numbers

NEIGHBOURS = 10
MEMORY = 1000
"""Rows with a label that are remembered."""
LIMIT = 1e15
"""Features beyond it are as far: their squares are still numbers."""


class Neighbours(BlockMember):
    """Looks at the features now.

    >>> member, xs = Neighbours(Target("binary")), np.random.default_rng(0).normal(size=(500, 1)).astype(np.float32)
    >>> bool(member.step_many(xs, (xs[:, 0] > 0).astype(np.float32))[xs > 0.5][-1] > 0.9)
    True
    """

    def __init__(self, target: Target, *, label_horizon: int = 65_536) -> None:
        super().__init__(target, context=0, label_horizon=label_horizon)
        self._rows: Floats = np.zeros((0, MEMORY), np.float32)
        """(F, memory): the n-th that was learned is at n modulo the memory."""
        self._labels: Floats = np.zeros((target.labels, MEMORY), np.float32)
        self._counts = np.array([0, 2 if target.kind == "binary" else 0])
        """Rows learned, and classes found."""

    def _widen(self, before: int, after: int) -> None:
        self._rows = np.pad(self._rows, ((0, after - before), (0, 0)))
        self._awaited.widen(after, np.arange(before))

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        return self._step(rows, targets), rows

    def _foresee(self, row: Floats) -> Floats:
        return self._step(row, np.full((1, self.target.labels), np.nan, np.float32))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._step(contexts, targets, late=True)

    def _step(self, rows: Floats, targets: Floats, *, late: bool = False) -> Floats:
        kind = self.target.kind
        outputs = np.zeros((len(rows), 2 if kind == "binary" else self.width), np.float32)
        distances, nearest = np.empty(MEMORY, np.float32), np.empty(NEIGHBOURS, np.int64)
        state = (self._rows, self._labels, self._counts)
        _step(rows, targets, kind == "numbers", late, LIMIT, *state, distances, nearest, outputs)
        if kind == "numbers":
            return outputs
        return within(outputs[:, 1:] if kind == "binary" else outputs, kind)

    def _state(self) -> Arrays:
        return {"rows": self._rows, "labels": self._labels, "counts": self._counts}

    def _restore(self, arrays: Arrays) -> None:
        self._rows = np.array(arrays["rows"], np.float32, order="C")
        self._labels = np.array(arrays["labels"], np.float32, order="C")
        self._counts = arrays["counts"].astype(np.int64)


def _measure(row: Floats, limit: float, rows: Floats, distances: Floats) -> None:
    """The square of the distance to every row."""
    for i in range(len(distances)):
        distances[i] = 0.0
    for j in range(len(row)):
        x = np.float32(min(max(row[j], -limit), limit))
        for i in range(len(distances)):
            apart = rows[j, i] - x
            distances[i] += apart * apart


def _choose(distances: Floats, count: int, nearest: Numbers) -> int:
    """The places of the nearest of `count` rows, the nearest first; returns how many."""
    size = len(distances)
    most = len(nearest)
    chosen = 0
    i = (count - 1) % size
    for _ in range(min(count, size)):
        distance = distances[i]
        if chosen < most or distance < distances[nearest[most - 1]]:
            at = min(chosen, most - 1)
            while at > 0 and distance < distances[nearest[at - 1]]:
                nearest[at] = nearest[at - 1]
                at -= 1
            nearest[at] = i
            chosen = min(chosen + 1, most)
        i = i - 1 if i > 0 else size - 1
    return chosen


def _summarise(labels: Floats, nearest: Numbers, chosen: int, numeric: bool, found: int, output: Floats) -> None:
    """Means of numbers, or shares of votes."""
    for m in range(len(output) if numeric else found):
        total = 0.0
        for k in range(chosen):
            label = np.float64(labels[m if numeric else 0, nearest[k]])
            total += label if numeric else (1.0 if label == m else 0.0)
        output[m] = total / max(chosen, 1) if numeric else (total + 0.5) / (chosen + 0.5 * found)


@block_kernel(
    "float32[:,::1], float32[:,::1], boolean, boolean, float64, float32[:,::1], float32[:,::1], int64[::1], "
    "float32[::1], int64[::1], float32[:,::1]",
    _measure,
    _choose,
    _summarise,
)
def _step(
    rows: Floats,
    targets: Floats,
    numeric: bool,
    late: bool,
    limit: float,
    memory: Floats,
    labels: Floats,
    counts: Numbers,
    distances: Floats,
    nearest: Numbers,
    outputs: Floats,
) -> None:
    for t in range(len(rows)):
        if not late:
            _measure(rows[t], limit, memory, distances)
            chosen = _choose(distances, counts[0], nearest)
            _summarise(labels, nearest, chosen, numeric, counts[1], outputs[t])
        known = True
        for m in range(targets.shape[1]):
            known = known and not math.isnan(targets[t, m])
        if not known:
            continue
        at = counts[0] % len(distances)
        for m in range(targets.shape[1]):
            labels[m, at] = targets[t, m]
        for j in range(rows.shape[1]):
            memory[j, at] = min(max(rows[t, j], -limit), limit)
        counts[0] += 1
        if not numeric:
            counts[1] = max(counts[1], int(targets[t, 0]) + 1)
