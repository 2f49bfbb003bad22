"""The mixture for numbers, for each horizon one. Level 1 and the top level mix values, the stacks correct their mean.

Losses are squares of errors in units of s, the running deviation of the published prediction's errors:
ℓ = min((y − v)² / s², 25) / 2, that of a Gaussian but for what is wild. A stack says

    f̄ + s Σ θ_i x_i,   x_i = (f_i − f̄) / s within ±5

with f̄ the plain mean of those present: with θ = 0 it is the plain mean, and any θ is a weighting whose sum is 1.
Everything that is said is held within the range of the targets seen so far.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.levels import LEVELS, new_levels
from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.share import RATE, blend, share
from streamer.learning.committee.mixing.stack import FORGETTING, STACKS, regress
from streamer.learning.committee.mixing.tally import tally
from streamer.samples import Arrays, Floats

LIMIT = 5.0
"""Of features and errors, in units of s."""
GROWTH = 100.0
"""A square counts as this many s² at most: s² doubles at most with each error when it looks back so many."""
LOOKBACK = 100.0
"""Errors that s looks back."""
VARIANCE = 0.1
"""Of a stack's weights before the first sample."""
LEAST = 1e-90
"""A smaller s² is none."""

VALUES, FEATURES, LIKELIHOODS, SCRATCH, OUTPUTS = 0, 1, 2, 3, 5
"""Rows of `work`; the scratch has two."""
WORK = 6
COUNT, MEAN, LOW, HIGH, ERRORS, SQUARE = range(6)
"""Of a horizon's targets, and of the errors: how many, and s²."""
FACTS = 6


class NumberMixture:
    """Kept of a sample, H numbers each: what the members say, what the levels say, what is published.

    >>> mixture = NumberMixture(2)
    >>> says = np.tile(np.float32([[[3], [5]]]), (99, 1, 1))
    >>> mixed, _ = mixture.step_many(says, np.tile(np.float32([3, 4, 3]), 33))
    >>> mixed[[0, 98], 0].astype(float).round(1).tolist()
    [4.0, 3.3]
    """

    def __init__(self, members: int, *, horizons: Sequence[int] = (1,)) -> None:
        """`horizons`: for each number that a member says the steps to its target; a likelihood counts 1/h."""
        self._members, self._powers = members, 1.0 / np.array(horizons, np.float64)
        count = len(horizons)
        self._levels = new_levels(members, theta=0.0, variance=VARIANCE, horizons=count)
        self._facts: Doubles = np.zeros((count, FACTS))
        self._work: Doubles = np.zeros((WORK, max(members, LEVELS)))

    def step_many(self, predictions: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """(T, N, H), (T, H) → (T, H), (T, (N + 4) H); for one horizon the targets may be (T,)."""
        count, horizons = len(ys), len(self._powers)
        kept = np.empty((count, self._members + LEVELS + 1, horizons), np.float32)
        kept[:, : self._members] = predictions
        _step(kept, np.ascontiguousarray(ys).reshape(count, horizons), *self._state())
        return kept[:, -1].copy(), kept.reshape(count, kept.shape[1] * horizons)

    def peek(self, predictions: Floats) -> Floats:
        """(1, N, H) → (1, H); a sample without a label changes nothing."""
        return self.step_many(predictions, np.full((len(predictions), len(self._powers)), np.nan, np.float32))[0]

    def label(self, kept: Floats, ys: Floats) -> None:
        """(n, (N + 4) H), (n, H), NaN for those that are not known; for one horizon the targets may be (n,)."""
        count, horizons = len(ys), len(self._powers)
        rows = np.ascontiguousarray(kept).reshape(count, self._members + LEVELS + 1, horizons)
        _label(rows, np.ascontiguousarray(ys).reshape(count, horizons), *self._state())

    def shares(self) -> Doubles:
        """(N,), from the weights of both levels; a stack's weights are θ and an equal part of what they lack to 1."""
        thetas = self._levels.thetas
        return self._levels.shares(thetas + (1 - thetas.sum(axis=2, keepdims=True)) / self._members)

    def losses(self) -> Losses:
        """Absolute errors."""
        return self._levels.told()

    def export(self) -> Arrays:
        """The weights of both levels, the stacks, the mean losses, and what is known of targets and errors."""
        return {**self._levels.export(), "facts": self._facts.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._levels.load(arrays)
        self._facts[...] = arrays["facts"]

    def _state(self) -> tuple[Any, ...]:
        return *self._levels, self._facts, self._work, RATE, self._powers


def within(value: Any, facts: Any) -> Any:
    """Held within the range of targets."""
    return min(max(value, facts[LOW]), facts[HIGH]) if facts[COUNT] > 0.0 else value


def gather(row: Any, h: Any, facts: Any, work: Any) -> Any:
    """Of what is kept (N + 4, H): the members' values, NaN for those absent, and features; the mean, NaN for none."""
    members = row.shape[0] - LEVELS - 1
    total = 0.0
    present = 0
    for i in range(members):
        said = np.float64(row[i, h])
        work[VALUES, i] = math.nan
        if math.isfinite(said):
            work[VALUES, i] = within(said, facts)
            total += work[VALUES, i]
            present += 1
    if present == 0:
        return math.nan
    mean = total / present
    s = math.sqrt(facts[SQUARE])
    for i in range(members):
        work[FEATURES, i] = 0.0
        if s > 0.0 and not math.isnan(work[VALUES, i]):
            work[FEATURES, i] = min(max((work[VALUES, i] - mean) / s, -LIMIT), LIMIT)
    return mean


def stacked(thetas: Any, work: Any) -> None:
    """What each stack adds to the mean, in units of s."""
    for k in range(thetas.shape[0]):
        total = 0.0
        for i in range(thetas.shape[1]):
            total += thetas[k, i] * work[FEATURES, i]
        work[OUTPUTS, k] = total


def predict(row: Any, h: Any, weights: Any, top: Any, thetas: Any, facts: Any, work: Any) -> Any:
    """Complete the members' predictions for a horizon; their mean, NaN if there are none."""
    members = len(weights)
    mean = gather(row, h, facts, work)
    if math.isnan(mean):
        for k in range(LEVELS + 1):
            row[members + k, h] = facts[MEAN]
        return mean
    stacked(thetas, work)
    row[members, h] = blend(weights, work[VALUES])
    for k in range(STACKS):
        row[members + 1 + k, h] = within(mean + math.sqrt(facts[SQUARE]) * work[OUTPUTS, k], facts)
    total = 0.0
    for k in range(LEVELS):
        total += top[k] * np.float64(row[members + k, h])
    row[members + LEVELS, h] = total
    return mean


def loss(y: Any, value: Any, square: Any) -> Any:
    """Of a value, in nats but for a constant."""
    return min((y - value) * (y - value) / square, LIMIT * LIMIT) / 2.0


def to_likelihoods(losses: Any, count: Any, power: Any) -> None:
    """In place, the best one's is 1; NaN stays."""
    least = math.inf
    for i in range(count):
        if losses[i] < least:
            least = losses[i]
    for i in range(count):
        losses[i] = math.exp(power * (least - losses[i]))


def learn(row: Any, h: Any, y: Any, mean: Any, levels: Any, facts: Any, work: Any, rate: Any, power: Any) -> None:
    """The step of a sample of which someone said something; `work` is as `gather` and `stacked` left it."""
    weights, top, thetas, covariances, losses = levels
    members = len(weights)
    chances = work[LIKELIHOODS]
    square = facts[SQUARE]
    for i in range(members):
        if not math.isnan(work[VALUES, i]):
            tally(losses, i, abs(y - work[VALUES, i]))
    error = y - np.float64(row[members + LEVELS, h])
    tally(losses, members, abs(error))
    if square > 0.0:
        for i in range(members):
            chances[i] = loss(y, work[VALUES, i], square) if not math.isnan(work[VALUES, i]) else math.nan
        to_likelihoods(chances, members, power)
        share(weights, chances, rate)
        for k in range(STACKS):
            residual = (y - mean) / math.sqrt(square) - work[OUTPUTS, k]
            regress(
                thetas[k],
                covariances[k],
                work[FEATURES],
                work[SCRATCH:OUTPUTS],
                power * min(max(residual, -LIMIT), LIMIT),
                power,
                FORGETTING[k],
                VARIANCE,
            )
        for k in range(LEVELS):
            chances[k] = loss(y, np.float64(row[members + k, h]), square)
        to_likelihoods(chances, LEVELS, power)
        share(top, chances, rate)
    widen(facts, error * error)


def widen(facts: Any, squared: Any) -> None:
    """Take an error into s²."""
    facts[ERRORS] = min(facts[ERRORS] + 1.0, LOOKBACK)
    if facts[SQUARE] > 0.0:
        squared = min(squared, GROWTH * facts[SQUARE])
    facts[SQUARE] += (squared - facts[SQUARE]) / facts[ERRORS]
    if facts[SQUARE] < LEAST:
        facts[SQUARE] = 0.0


def see(facts: Any, y: Any) -> None:
    """Take a target into its range and mean."""
    facts[LOW] = min(facts[LOW], y) if facts[COUNT] > 0.0 else y
    facts[HIGH] = max(facts[HIGH], y) if facts[COUNT] > 0.0 else y
    facts[COUNT] = min(facts[COUNT] + 1.0, 1000.0)
    facts[MEAN] += (y - facts[MEAN]) / facts[COUNT]


_STATE = (
    "float64[:,::1], float64[:,::1], float64[:,:,::1], float64[:,:,:,::1], float64[:,:,::1], float64[:,::1], "
    "float64[:,::1], float64, float64[::1]"
)
_PIECES = (tally, blend, share, regress, within, gather, stacked, loss, to_likelihoods, widen, predict, learn, see)


@block_kernel(f"float32[:,:,::1], float32[:,::1], {_STATE}", *_PIECES)
def _step(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    facts: Any,
    work: Any,
    rate: Any,
    powers: Any,
) -> None:
    for t in range(ys.shape[0]):
        for h in range(ys.shape[1]):
            levels = weights[h], top[h], thetas[h], covariances[h], losses[h]
            mean = predict(kept[t], h, weights[h], top[h], thetas[h], facts[h], work)
            y = np.float64(ys[t, h])
            if math.isfinite(y):
                if not math.isnan(mean):
                    learn(kept[t], h, y, mean, levels, facts[h], work, rate, powers[h])
                see(facts[h], y)


@block_kernel(f"float32[:,:,::1], float32[:,::1], {_STATE}", *_PIECES)
def _label(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    facts: Any,
    work: Any,
    rate: Any,
    powers: Any,
) -> None:
    for t in range(ys.shape[0]):
        for h in range(ys.shape[1]):
            y = np.float64(ys[t, h])
            if math.isfinite(y):
                levels = weights[h], top[h], thetas[h], covariances[h], losses[h]
                mean = gather(kept[t], h, facts[h], work)
                if not math.isnan(mean):
                    stacked(thetas[h], work)
                    learn(kept[t], h, y, mean, levels, facts[h], work, rate, powers[h])
                see(facts[h], y)
