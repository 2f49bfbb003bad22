"""The targets of the rows most alike among the last ones that had a label: classes by vote, numbers by mean.

    w_k = exp(−d_k² / d_10²),   p(c) = (Σ_k w_k [c_k = c] + a / C) / (Σ_k w_k + a),   a = 0.4 times the mean weight

d_10 is the distance of the farthest neighbour, C the classes found; a number is the weighted mean. Of rows as far away
as each other, the one learned later is nearer. More regressors that are 0 change no distance.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.regression import Regression
from streamer.learning.committee.members.target import Doubles
from streamer.learning.committee.members.view import View
from streamer.samples import Arrays, Floats, Numbers

NEIGHBOURS = 10
LARGEST = 3e38
"""No distance between rows is."""
MEMORY = 1000
"""Rows with a label that are remembered."""
LANES = 40
"""Rows looked at side by side, of which the memory is a multiple."""
SMOOTHING = 0.4
"""a, the weight of saying that all classes are equally likely, in neighbours."""
LIMIT = 1e15
"""Regressors beyond it are as far: their squares are still numbers."""


class Neighbours(Regression):
    """By what a view has of the last targets, by the features now and by those of the last `delays` rows.

    >>> from streamer.learning.committee.members.target import Target
    >>> member = Neighbours(View(Target("binary"), lags=0))
    >>> xs = np.random.default_rng(0).normal(size=(500, 1)).astype(np.float32)
    >>> bool(member.step_many(xs, (xs[:, 0] > 0).astype(np.float32))[xs > 0.5][-1] > 0.9)
    True
    """

    def __init__(self, view: View, *, delays: int = 0, label_horizon: int = 65_536) -> None:
        super().__init__(view, delays=delays, label_horizon=label_horizon)
        self._rows: Floats = np.zeros((self._regressors.width, MEMORY), np.float32)
        """(n, memory): the i-th that was learned is at i modulo the memory."""
        self._labels: Doubles = np.zeros(MEMORY)
        self._counts = np.array([0, 2 if view.target.kind == "binary" else 0])
        """Rows learned, and classes found."""

    def _grow(self, width: int, places: Numbers) -> None:
        rows = np.zeros((width, MEMORY), np.float32)
        rows[places] = self._rows
        self._rows = rows

    def _fit(self, regressors: Floats, targets: Doubles) -> Doubles:
        kind = self.target.kind
        outputs = np.zeros((len(regressors), 2 if kind == "binary" else self.width))
        scratch = (np.empty(MEMORY, np.float32), np.empty(LANES, np.float32), np.empty(NEIGHBOURS, np.float32))
        state = (self._rows, self._labels, self._counts, *scratch, np.empty(NEIGHBOURS, np.int64), np.empty(NEIGHBOURS))
        _step(regressors, targets, kind == "numbers", LIMIT, SMOOTHING, *state, outputs)
        return outputs[:, 1:] if kind == "binary" else outputs

    def _state(self) -> Arrays:
        return super()._state() | {"rows": self._rows, "labels": self._labels, "counts": self._counts}

    def _restore(self, arrays: Arrays) -> None:
        super()._restore(arrays)
        self._rows = np.array(arrays["rows"], np.float32, order="C")
        self._labels = np.array(arrays["labels"], np.float64, order="C")
        self._counts = arrays["counts"].astype(np.int64)


def _measure(row: Floats, limit: float, rows: Floats, count: int, distances: Floats) -> None:
    """The square of the distance to every row; infinite where no row is yet."""
    for i in range(len(distances)):
        distances[i] = 0.0 if i < count else math.inf
    for j in range(len(row)):
        x = np.float32(min(max(row[j], -limit), limit))
        for i in range(len(distances)):
            apart = rows[j, i] - x
            distances[i] += apart * apart


def _bound(distances: Floats, lanes: Floats, least: Floats) -> float:
    """No less than the distance of the last neighbour, and seldom more: the last of the least of lanes.

    Each lane is every so manieth row; its least is found side by side with those of the others.
    """
    width = len(lanes)
    for k in range(width):
        lanes[k] = distances[k]
    for i in range(width, len(distances) - width + 1, width):
        for k in range(width):
            lanes[k] = distances[i + k] if distances[i + k] < lanes[k] else lanes[k]
    for k in range(len(least)):
        least[k] = math.inf
    for k in range(width):
        if lanes[k] < least[-1]:
            at = len(least) - 1
            while at > 0 and lanes[k] < least[at - 1]:
                least[at] = least[at - 1]
                at -= 1
            least[at] = lanes[k]
    return min(np.float64(least[-1]), LARGEST)


def _choose(distances: Floats, count: int, bound: float, nearest_of_all: float, nearest: Numbers) -> int:
    """The places of the nearest of `count` rows, the nearest first; returns how many.

    Once as many as are wanted are as near as any can be, nobody else is looked at: of rows of bits most are alike.
    """
    most = len(nearest)
    newest = (count - 1) % len(distances)
    chosen = 0
    for turn in range(2):  # from the newest back to the oldest, round the end
        start = newest if turn == 0 else len(distances) - 1
        end = -1 if turn == 0 else newest
        for i in range(start, end, -1):
            distance = distances[i]
            if distance <= bound and (chosen < most or distance < distances[nearest[most - 1]]):
                at = min(chosen, most - 1)
                while at > 0 and distance < distances[nearest[at - 1]]:
                    nearest[at] = nearest[at - 1]
                    at -= 1
                nearest[at] = i
                chosen = min(chosen + 1, most)
                if chosen == most and distances[nearest[most - 1]] <= nearest_of_all:
                    return chosen
    return chosen


def _weigh(distances: Floats, nearest: Numbers, chosen: int, weights: Doubles) -> float:
    """The weight of each neighbour; returns their sum."""
    farthest = np.float64(distances[nearest[chosen - 1]]) if chosen > 0 else 0.0
    total = 0.0
    for k in range(chosen):
        near = np.float64(distances[nearest[k]]) / farthest if farthest > 0.0 else 0.0
        weights[k] = math.exp(-near)
        total += weights[k]
    return total


def _mean(labels: Doubles, nearest: Numbers, chosen: int, weights: Doubles, total: float) -> float:
    """The weighted mean of numbers."""
    away = 0.0
    for k in range(chosen):
        away += weights[k] * labels[nearest[k]]
    return away / total if chosen > 0 else 0.0


def _vote(
    labels: Doubles, nearest: Numbers, chosen: int, weights: Doubles, total: float, prior: float, output: Doubles
) -> None:
    """Shares of the votes, for as many classes as the output is long."""
    extra = prior * total / chosen if chosen > 0 else 1.0
    for c in range(len(output)):
        votes = extra / len(output)
        for k in range(chosen):
            if labels[nearest[k]] == c:
                votes += weights[k]
        output[c] = votes / (total + extra)


@block_kernel(
    "float32[:,::1], float64[::1], boolean, float64, float64, float32[:,::1], float64[::1], int64[::1], "
    "float32[::1], float32[::1], float32[::1], int64[::1], float64[::1], float64[:,::1]",
    _measure,
    _bound,
    _choose,
    _weigh,
    _mean,
    _vote,
)
def _step(
    rows: Floats,
    targets: Doubles,
    numeric: bool,
    limit: float,
    smoothing: float,
    memory: Floats,
    labels: Doubles,
    counts: Numbers,
    distances: Floats,
    lanes: Floats,
    least: Floats,
    nearest: Numbers,
    weights: Doubles,
    outputs: Doubles,
) -> None:
    for t in range(len(rows)):
        _measure(rows[t], limit, memory, counts[0], distances)
        bound = _bound(distances, lanes, least)
        chosen = _choose(distances, counts[0], bound, least[0], nearest)
        total = _weigh(distances, nearest, chosen, weights)
        if numeric:
            outputs[t, 0] = _mean(labels, nearest, chosen, weights, total)
        else:
            _vote(labels, nearest, chosen, weights, total, smoothing, outputs[t, : counts[1]])
        y = targets[t]
        if math.isnan(y):
            continue
        at = counts[0] % len(distances)
        labels[at] = y
        for j in range(rows.shape[1]):
            memory[j, at] = min(max(rows[t, j], -limit), limit)
        counts[0] += 1
        if not numeric:
            counts[1] = max(counts[1], int(y) + 1)
