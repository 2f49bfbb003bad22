"""The mixture for classes. Level 1 and the top level mix probabilities, the stacks correct their logarithms.

    log q_c = log p₁_c + Σ θ_i z_ic − norm,   z_ic = log p_ic − log p₁_c, each −8 at least

with p₁ what level 1 says. Of K classes found so far a member, and a stack, is taken to say (p + ε) / (Σ p + K ε): it
never loses without limit. A class that comes for the first time is new to all alike, and nothing is learned of it but
that it is there.

A stack's step is that of a binary one, y against all others, with features u_i = z_iy − Σ_{c≠y} q_c z_ic / (1 − q_y)
and the residual 1 − q_y. For two classes these are the binary stack's.
"""

import math
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.binary import (
    CURVATURE,
    EPSILON,
    FORGETTING,
    LARGEST,
    LEVELS,
    RATE,
    STACKS,
    TOP,
    VARIANCES,
)
from streamer.learning.committee.mixing.block import BlockMixture
from streamer.learning.committee.mixing.levels import TYPES
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.learning.committee.mixing.share import equal, falling, share
from streamer.learning.committee.mixing.stack import regress
from streamer.learning.committee.mixing.tally import tally
from streamer.samples import Arrays, Floats, Numbers

HERE, FEATURES, LIKELIHOODS, SCRATCH = 0, 1, 2, 3
"""Rows of `work`: 1 for each member present; the scratch has two."""
WORK = 5


class ClassMixture(BlockMixture):
    """Two levels, for the probabilities of C classes, 0 for those not found.

    >>> mixture = ClassMixture(2, classes=3)
    >>> says = np.tile(np.float32([[[0, 1, 0], [1, 0, 0]]]), (9, 1, 1))
    >>> mixed, _ = mixture.step_many(says, np.float32([0, 1, 0, 0, 0, 0, 0, 0, 0]))
    >>> mixed[[0, 1, 2, 8]].astype(float).round(2).tolist()
    [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.98, 0.02, 0.0]]
    """

    def __init__(self, members: int, *, classes: int, horizon: int = 1) -> None:
        """`classes`: C, how many there may be."""
        super().__init__(equal(members), np.array(TOP), VARIANCES, horizon=horizon)
        self._found: Numbers = np.zeros(1, np.int64)
        self._work: Doubles = np.zeros((WORK, max(members, LEVELS)))
        self._table: Doubles = np.zeros((2 * members + STACKS, classes))
        """What members say, the logarithms against those of level 1, and what the stacks say."""

    def _state(self) -> Arrays:
        return super()._state() | {"found": self._found}

    def _step(self, kept: Floats, ys: Floats, *, late: bool) -> None:
        own = self._work, self._table, self._power
        _step(kept, ys, late, *self._levels, self._found, *self._first, *own)


def gather(row: Any, found: Any, members: Any, work: Any, table: Any) -> Any:
    """Of what is kept (N + 5, C): what each member says of the classes found; how many do."""
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
    return present


def average(row: Any, found: Any, weights: Any, work: Any, table: Any) -> None:
    """What level 1 says."""
    members = len(weights)
    mass = 0.0
    for i in range(members):
        mass += weights[i] * work[HERE, i]
    for c in range(found):
        total = 0.0
        for i in range(members):
            if work[HERE, i] > 0.0:
                total += weights[i] * table[i, c]
        row[members, c] = total / mass


def stacked(row: Any, found: Any, thetas: Any, work: Any, table: Any) -> None:
    """The logarithms, 0 for those absent, and what each stack says; level 1 has spoken."""
    members = thetas.shape[1]
    for c in range(found):
        base = math.log(np.float64(row[members, c]))
        for k in range(STACKS):
            table[2 * members + k, c] = base
        held = max(base, -LARGEST)
        for i in range(members):
            z = 0.0
            if work[HERE, i] > 0.0:
                z = max(math.log(table[i, c]), -LARGEST) - held
            table[members + i, c] = z
            for k in range(STACKS):
                table[2 * members + k, c] += thetas[k, i] * z
    for k in range(STACKS):
        to_probabilities(table[2 * members + k], found)


def to_probabilities(logs: Any, found: Any) -> None:
    """In place, of logarithms (C,) but for a constant; held off 0."""
    largest = -math.inf
    for c in range(found):
        largest = max(largest, logs[c])
    total = 0.0
    for c in range(found):
        logs[c] = math.exp(logs[c] - largest)
        total += logs[c]
    for c in range(found):
        logs[c] = (logs[c] / total + EPSILON) / (1.0 + found * EPSILON)


def predict(row: Any, found: Any, weights: Any, top: Any, thetas: Any, work: Any, table: Any) -> Any:
    """Complete a row of members' predictions; how many are present."""
    members = len(weights)
    row[members:] = 0.0
    present = gather(row, found, members, work, table)
    if present == 0:
        row[members:, :found] = 1.0 / max(found, 1)
        return present
    average(row, found, weights, work, table)
    stacked(row, found, thetas, work, table)
    for c in range(found):
        total = top[0] * np.float64(row[members, c])
        for k in range(STACKS):
            row[members + 1 + k, c] = table[2 * members + k, c]
            total += top[1 + k] * np.float64(row[members + 1 + k, c])
        row[members + LEVELS, c] = total
    return present


def known(published: Any) -> Any:
    """Classes that were found when a prediction (C,) was made."""
    found = 0
    while found < len(published) and published[found] > 0.0:
        found += 1
    return found


def recall(row: Any, found: Any, thetas: Any, work: Any, table: Any) -> Any:
    """As they were when a complete row was made, but for stacks that have moved on; how many were present."""
    present = gather(row, found, thetas.shape[1], work, table)
    if present > 0:
        stacked(row, found, thetas, work, table)
    return present


def contrast(said: Any, place: Any, found: Any, members: Any, work: Any, table: Any) -> Any:
    """The features of a stack that says `said`, of the class that came against the others; the residual."""
    rest = 0.0
    for c in range(found):
        if c != place:
            rest += said[c]
    for i in range(members):
        others = 0.0
        for c in range(found):
            if c != place:
                others += said[c] * table[members + i, c]
        work[FEATURES, i] = table[members + i, place] - others / rest
    return rest


def learn(row: Any, place: Any, found: Any, levels: Any, priors: Any, work: Any, table: Any, power: Any) -> None:
    """The step of a sample of which someone said something; the rest is as `gather` and `stacked` left it."""
    labels, weights, top, thetas, covariances, losses = levels
    prior, first = priors
    members = len(weights)
    chances = work[LIKELIHOODS]
    for i in range(members):
        chances[i] = math.nan
        if work[HERE, i] > 0.0:
            log = math.log(table[i, place])
            tally(losses, i, -log / math.log(2.0))
            chances[i] = math.exp(power * log)
    share(weights, chances, prior, falling(labels[0], RATE))
    for k in range(STACKS):
        if found > 1:
            said = table[2 * members + k]
            residual = contrast(said, place, found, members, work, table)
            h = power * max(said[place] * residual, CURVATURE)
            scratch = work[SCRATCH:WORK]
            regress(
                thetas[k], covariances[k], work[FEATURES], scratch, power * residual, h, FORGETTING[k], VARIANCES[k]
            )
    for k in range(LEVELS):
        chances[k] = math.exp(power * math.log(np.float64(row[members + k, place])))
    share(top, chances, first, RATE)
    tally(losses, members, -math.log(np.float64(row[members + LEVELS, place])) / math.log(2.0))
    labels[0] += 1.0


_STATE = f"{TYPES}, int64[::1], float64[::1], float64[::1], float64[:,::1], float64[:,::1], float64"
_PIECES = (
    tally,
    falling,
    share,
    regress,
    gather,
    average,
    to_probabilities,
    stacked,
    predict,
    known,
    recall,
    contrast,
    learn,
)


@block_kernel(f"float32[:,:,::1], float32[::1], boolean, {_STATE}", *_PIECES)
def _step(
    kept: Any,
    ys: Any,
    late: Any,
    labels: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    classes: Any,
    prior: Any,
    first: Any,
    work: Any,
    table: Any,
    power: Any,
) -> None:
    """Samples in turn; `late`: their predictions stand, and labels have come."""
    levels = labels, weights, top, thetas, covariances, losses
    for t in range(len(ys)):
        found = classes[0]
        if late:
            found = known(kept[t, len(weights) + LEVELS])
            present = recall(kept[t], found, thetas, work, table)
        else:
            present = predict(kept[t], found, weights, top, thetas, work, table)
        y = np.float64(ys[t])
        if y >= 0.0 and y < kept.shape[2]:
            place = int(y)
            classes[0] = max(classes[0], place + 1)
            if present > 0 and place < found:
                learn(kept[t], place, found, levels, (prior, first), work, table, power)
