"""The mixture for classes. Level 1 and the top level mix probabilities, the stacks their logarithms.

Of K classes found so far a member, and a stack, is taken to say (p + ε) / (Σ p + K ε): it never loses without limit. A
class that comes for the first time is new to all alike, and nothing is learned of it but that it is there.

A stack's step is that of a binary one, y against all others: with q what it says and z_i the log probabilities of
member i, the features are u_i = z_iy − Σ_{c≠y} q_c z_ic / (1 − q_y), the residual is 1 − q_y. For two classes these are
the binary stack's.
"""

import math
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.binary import CURVATURE, EPSILON, VARIANCE
from streamer.learning.committee.mixing.levels import LEVELS, new_levels
from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.share import RATE, share
from streamer.learning.committee.mixing.stack import FORGETTING, STACKS, regress
from streamer.learning.committee.mixing.tally import tally
from streamer.samples import Arrays, Floats, Numbers

HERE, FEATURES, LIKELIHOODS, SCRATCH = 0, 1, 2, 3
"""Rows of `work`: 1 for each member present; the scratch has two."""
WORK = 5


class ClassMixture:
    """Kept of a sample, C numbers each: what the members say, what the levels say, what is published.

    >>> mixture = ClassMixture(2, classes=3)
    >>> says = np.tile(np.float32([[[0, 1, 0], [1, 0, 0]]]), (9, 1, 1))
    >>> mixed, _ = mixture.step_many(says, np.float32([0, 1, 0, 0, 0, 0, 0, 0, 0]))
    >>> mixed[[0, 1, 2, 8]].astype(float).round(2).tolist()
    [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.96, 0.04, 0.0]]
    """

    def __init__(self, members: int, *, classes: int, horizon: int = 1) -> None:
        """`classes`: C, how many there may be; `horizon` as for binary targets."""
        self._members, self._classes, self._power = members, classes, 1.0 / horizon
        self._levels = new_levels(members, theta=1.0 / members, variance=VARIANCE)
        self._found: Numbers = np.zeros(1, np.int64)
        self._work: Doubles = np.zeros((WORK, max(members, LEVELS)))
        self._table: Doubles = np.zeros((2 * members + 1 + STACKS, classes))
        """What members say, its logarithms, their mean, and what the stacks say."""

    def step_many(self, predictions: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """(T, N, C), (T,) → (T, C), (T, (N + 4) C)."""
        kept = np.empty((len(ys), self._members + LEVELS + 1, self._classes), np.float32)
        kept[:, : self._members] = predictions
        _step(kept, np.ascontiguousarray(ys), *self._state())
        return kept[:, -1].copy(), kept.reshape(len(ys), kept.shape[1] * kept.shape[2])

    def peek(self, predictions: Floats) -> Floats:
        """(1, N, C) → (1, C); a sample without a label changes nothing."""
        return self.step_many(predictions, np.full(len(predictions), np.nan, np.float32))[0]

    def label(self, kept: Floats, ys: Floats) -> None:
        """(n, (N + 4) C), (n,)."""
        rows = np.ascontiguousarray(kept).reshape(len(ys), self._members + LEVELS + 1, self._classes)
        _label(rows, np.ascontiguousarray(ys), *self._state())

    def shares(self) -> Doubles:
        """(N,), from the weights of both levels."""
        return self._levels.shares(self._levels.thetas)

    def losses(self) -> Losses:
        """Bits."""
        return self._levels.told()

    def export(self) -> Arrays:
        """The weights of both levels, the stacks, the mean losses, and how many classes were found."""
        return {**self._levels.export(), "found": self._found.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._levels.load(arrays)
        self._found[...] = arrays["found"]

    def _state(self) -> tuple[Any, ...]:
        return *(array[0] for array in self._levels), self._found, self._work, self._table, RATE, self._power


def gather(row: Any, found: Any, members: Any, work: Any, table: Any) -> Any:
    """Of what is kept (N + 4, C): what each member says of the classes found, and its logarithms; how many do."""
    present = 0
    for i in range(members):
        total = 0.0
        for c in range(found):
            table[i, c] = np.float64(row[i, c])
            total += table[i, c] + EPSILON
        work[HERE, i] = 0.0
        if total > 0.0 and math.isfinite(total):
            work[HERE, i] = 1.0
            present += 1
            for c in range(found):
                table[i, c] = (table[i, c] + EPSILON) / total
                table[members + i, c] = math.log(table[i, c])
    return present


def stacked(thetas: Any, found: Any, present: Any, work: Any, table: Any) -> None:
    """What each stack says; the weight of those absent goes to the mean of the others."""
    members = thetas.shape[1]
    for c in range(found):
        mean = 0.0
        for i in range(members):
            if work[HERE, i] > 0.0:
                mean += table[members + i, c]
        table[2 * members, c] = mean / present
    for k in range(STACKS):
        said = table[2 * members + 1 + k]
        largest = -math.inf
        for c in range(found):
            said[c] = 0.0
            for i in range(members):
                at = members + i if work[HERE, i] > 0.0 else 2 * members
                said[c] += thetas[k, i] * table[at, c]
            largest = max(largest, said[c])
        total = 0.0
        for c in range(found):
            said[c] = math.exp(said[c] - largest)
            total += said[c]
        for c in range(found):
            said[c] = (said[c] / total + EPSILON) / (1.0 + found * EPSILON)


def predict(row: Any, found: Any, weights: Any, top: Any, thetas: Any, work: Any, table: Any) -> Any:
    """Complete a row of members' predictions; how many are present."""
    members = len(weights)
    row[members:] = 0.0
    present = gather(row, found, members, work, table)
    if present == 0:
        row[members:, :found] = 1.0 / max(found, 1)
        return present
    stacked(thetas, found, present, work, table)
    mass = 0.0
    for i in range(members):
        mass += weights[i] * work[HERE, i]
    for c in range(found):
        mean = 0.0
        for i in range(members):
            if work[HERE, i] > 0.0:
                mean += weights[i] * table[i, c]
        row[members, c] = mean / mass
        for k in range(STACKS):
            row[members + 1 + k, c] = table[2 * members + 1 + k, c]
        total = 0.0
        for k in range(LEVELS):
            total += top[k] * np.float64(row[members + k, c])
        row[members + LEVELS, c] = total
    return present


def contrast(said: Any, place: Any, found: Any, members: Any, work: Any, table: Any) -> Any:
    """The features of a stack that says `said`, of the class that came against the others; the residual."""
    rest = 0.0
    for c in range(found):
        if c != place:
            rest += said[c]
    for i in range(members):
        work[FEATURES, i] = 0.0
        if work[HERE, i] > 0.0:
            others = 0.0
            for c in range(found):
                if c != place:
                    others += said[c] * table[members + i, c]
            work[FEATURES, i] = table[members + i, place] - others / rest
    return rest


def learn(row: Any, place: Any, found: Any, levels: Any, work: Any, table: Any, rate: Any, power: Any) -> None:
    """The step of a sample of which someone said something; the rest is as `gather` and `stacked` left it."""
    weights, top, thetas, covariances, losses = levels
    members = len(weights)
    chances = work[LIKELIHOODS]
    for i in range(members):
        chances[i] = math.nan
        if work[HERE, i] > 0.0:
            tally(losses, i, -table[members + i, place] / math.log(2.0))
            chances[i] = math.exp(power * table[members + i, place])
    share(weights, chances, rate)
    for k in range(STACKS):
        if found > 1:
            residual = contrast(table[2 * members + 1 + k], place, found, members, work, table)
            regress(
                thetas[k],
                covariances[k],
                work[FEATURES],
                work[SCRATCH:WORK],
                power * residual,
                power * CURVATURE,
                FORGETTING[k],
                VARIANCE,
            )
    for k in range(LEVELS):
        chances[k] = math.exp(power * math.log(np.float64(row[members + k, place])))
    share(top, chances, rate)
    tally(losses, members, -math.log(np.float64(row[members + LEVELS, place])) / math.log(2.0))


_STATE = (
    "float64[::1], float64[::1], float64[:,::1], float64[:,:,::1], float64[:,::1], int64[::1], "
    "float64[:,::1], float64[:,::1], float64, float64"
)
_PIECES = (tally, share, regress, gather, stacked, contrast, predict, learn)


@block_kernel(f"float32[:,:,::1], float32[::1], {_STATE}", *_PIECES)
def _step(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    classes: Any,
    work: Any,
    table: Any,
    rate: Any,
    power: Any,
) -> None:
    for t in range(len(ys)):
        found = classes[0]
        present = predict(kept[t], found, weights, top, thetas, work, table)
        y = np.float64(ys[t])
        if y >= 0.0 and y < kept.shape[2]:
            place = int(y)
            classes[0] = max(found, place + 1)
            if present > 0 and place < found:
                learn(kept[t], place, found, (weights, top, thetas, covariances, losses), work, table, rate, power)


@block_kernel(f"float32[:,:,::1], float32[::1], {_STATE}", *_PIECES)
def _label(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    classes: Any,
    work: Any,
    table: Any,
    rate: Any,
    power: Any,
) -> None:
    members = len(weights)
    for t in range(len(ys)):
        y = np.float64(ys[t])
        if y >= 0.0 and y < kept.shape[2]:
            place = int(y)
            classes[0] = max(classes[0], place + 1)
            found = 0  # when the prediction was made
            while found < kept.shape[2] and kept[t, members + LEVELS, found] > 0.0:
                found += 1
            if place < found:
                present = gather(kept[t], found, members, work, table)
                if present > 0:
                    stacked(thetas, found, present, work, table)
                    learn(kept[t], place, found, (weights, top, thetas, covariances, losses), work, table, rate, power)
