"""The mixture for binary targets. Probabilities of 1; level 1 and the top level mix them, the stacks mix their logits.

Whatever says a probability is taken to say one in [ε, 1 − ε]. What each level says is rounded to float32, so that a
label that comes late finds it as it was.
"""

import math
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.levels import LEVELS, new_levels
from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.share import RATE, blend, share
from streamer.learning.committee.mixing.stack import FORGETTING, STACKS, regress
from streamer.learning.committee.mixing.tally import tally
from streamer.samples import Arrays, Floats

EPSILON = 1e-6
LOGIT = math.log((1 - EPSILON) / EPSILON)
"""The largest logit."""
VARIANCE = 0.1
"""Of a stack's weights before the first sample."""
CURVATURE = 0.25
"""Of the loss in the logit, at its largest: the step is the more careful one."""

P_OF_1, LOGITS, LIKELIHOODS, SCRATCH, OUTPUTS = 0, 1, 2, 3, 5
"""Rows of `work`; the scratch has two."""
WORK = 6


class BinaryMixture:
    """Kept of a sample: the members' predictions, those of the levels, and the published one.

    >>> mixture = BinaryMixture(2)
    >>> says = np.tile(np.float32([[[0.9], [0.1]]]), (100, 1, 1))
    >>> mixture.step_many(says, np.ones(100, np.float32))[0][[0, 1, 99], 0].astype(float).round(3).tolist()
    [0.5, 0.67, 0.904]
    """

    def __init__(self, members: int, *, horizon: int = 1) -> None:
        """`horizon`: steps between a prediction and its target, whose losses overlap: a likelihood counts 1/h."""
        self._members, self._power = members, 1.0 / horizon
        self._levels = new_levels(members, theta=1.0 / members, variance=VARIANCE)
        self._work: Doubles = np.zeros((WORK, max(members, LEVELS)))

    def step_many(self, predictions: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """(T, N, 1), (T,) → (T, 1), (T, N + 4)."""
        kept = np.empty((len(ys), self._members + LEVELS + 1), np.float32)
        kept[:, : self._members] = predictions[:, :, 0]
        _step(kept, np.ascontiguousarray(ys), *self._state())
        return kept[:, -1:].copy(), kept

    def peek(self, predictions: Floats) -> Floats:
        """(1, N, 1) → (1, 1); a sample without a label changes nothing."""
        return self.step_many(predictions, np.full(len(predictions), np.nan, np.float32))[0]

    def label(self, kept: Floats, ys: Floats) -> None:
        """(n, N + 4), (n,)."""
        _label(np.ascontiguousarray(kept), np.ascontiguousarray(ys), *self._state())

    def shares(self) -> Doubles:
        """(N,), from the weights of both levels."""
        return self._levels.shares(self._levels.thetas)

    def losses(self) -> Losses:
        """Bits."""
        return self._levels.told()

    def export(self) -> Arrays:
        """The weights of both levels, the stacks, and the mean losses."""
        return self._levels.export()

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._levels.load(arrays)

    def _state(self) -> tuple[Any, ...]:
        return *(array[0] for array in self._levels), self._work, RATE, self._power


def gather(row: Any, work: Any) -> Any:
    """Of a row that is kept: the members' probabilities, NaN for those absent, and logits, 0; how many are present."""
    members = len(row) - LEVELS - 1
    present = 0
    for i in range(members):
        said = np.float64(row[i])
        work[P_OF_1, i] = math.nan
        work[LOGITS, i] = 0.0
        if math.isfinite(said):
            p = min(max(said, EPSILON), 1.0 - EPSILON)
            work[P_OF_1, i] = p
            work[LOGITS, i] = math.log(p / (1.0 - p))
            present += 1
    return present


def stacked(thetas: Any, work: Any, present: Any) -> None:
    """The logit of each stack into OUTPUTS; the weight of those absent goes to the mean of the others."""
    members = thetas.shape[1]
    mean = 0.0
    for i in range(members):
        mean += work[LOGITS, i]
    mean /= present
    for k in range(thetas.shape[0]):
        logit = 0.0
        absent = 0.0
        for i in range(members):
            logit += thetas[k, i] * work[LOGITS, i]
            if math.isnan(work[P_OF_1, i]):
                absent += thetas[k, i]
        work[OUTPUTS, k] = min(max(logit + absent * mean, -LOGIT), LOGIT)


def likelihood(p: Any, y: Any) -> Any:
    """Of a target, by a probability of 1."""
    p = min(max(p, EPSILON), 1.0 - EPSILON)
    return p if y > 0.0 else 1.0 - p


def predict(row: Any, weights: Any, top: Any, thetas: Any, work: Any) -> Any:
    """Complete a row of members' predictions; how many are present."""
    members = len(weights)
    present = gather(row, work)
    for k in range(LEVELS + 1):
        row[members + k] = 0.5
    if present > 0:
        stacked(thetas, work, present)
        row[members] = blend(weights, work[P_OF_1])
        for k in range(STACKS):
            row[members + 1 + k] = 1.0 / (1.0 + math.exp(-work[OUTPUTS, k]))
        total = 0.0
        for k in range(LEVELS):
            total += top[k] * likelihood(np.float64(row[members + k]), 1.0)
        row[members + LEVELS] = total
    return present


def learn(row: Any, y: Any, levels: Any, work: Any, rate: Any, power: Any) -> None:
    """The step of a sample of which someone said something; `work` is as `gather` and `stacked` left it."""
    weights, top, thetas, covariances, losses = levels
    members = len(weights)
    chances = work[LIKELIHOODS]
    for i in range(members):
        p = work[P_OF_1, i]
        chances[i] = math.nan
        if not math.isnan(p):
            chance = likelihood(p, y)
            log = math.log(chance)
            tally(losses, i, -log / math.log(2.0))
            chances[i] = chance if power == 1.0 else math.exp(power * log)
    share(weights, chances, rate)
    for k in range(STACKS):
        residual = y - 1.0 / (1.0 + math.exp(-work[OUTPUTS, k]))
        regress(
            thetas[k],
            covariances[k],
            work[LOGITS],
            work[SCRATCH:OUTPUTS],
            power * residual,
            power * CURVATURE,
            FORGETTING[k],
            VARIANCE,
        )
    for k in range(LEVELS):
        chance = likelihood(np.float64(row[members + k]), y)
        chances[k] = chance if power == 1.0 else math.exp(power * math.log(chance))
    share(top, chances, rate)
    tally(losses, members, -math.log(likelihood(np.float64(row[members + LEVELS]), y)) / math.log(2.0))


_STATE = (
    "float64[::1], float64[::1], float64[:,::1], float64[:,:,::1], float64[:,::1], float64[:,::1], float64, float64"
)
_PIECES = (tally, blend, share, regress, gather, stacked, likelihood, predict, learn)


@block_kernel(f"float32[:,::1], float32[::1], {_STATE}", *_PIECES)
def _step(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    work: Any,
    rate: Any,
    power: Any,
) -> None:
    for t in range(len(ys)):
        present = predict(kept[t], weights, top, thetas, work)
        y = np.float64(ys[t])
        if present > 0 and not math.isnan(y):
            learn(kept[t], y, (weights, top, thetas, covariances, losses), work, rate, power)


@block_kernel(f"float32[:,::1], float32[::1], {_STATE}", *_PIECES)
def _label(
    kept: Any,
    ys: Any,
    weights: Any,
    top: Any,
    thetas: Any,
    covariances: Any,
    losses: Any,
    work: Any,
    rate: Any,
    power: Any,
) -> None:
    for t in range(len(ys)):
        present = gather(kept[t], work)
        y = np.float64(ys[t])
        if present > 0 and not math.isnan(y):
            stacked(thetas, work, present)
            learn(kept[t], y, (weights, top, thetas, covariances, losses), work, rate, power)
