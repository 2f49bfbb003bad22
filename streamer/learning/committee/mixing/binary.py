"""The mixture for binary targets. Probabilities of 1; level 1 and the top level mix them, the stacks correct logits.

    logit q = logit p₁ + Σ θ_i u_i,   u_i = logit p_i − logit p₁, each within ±8

with p₁ what level 1 says. Whatever says a probability is taken to say one in [ε, 1 − ε]. What each level says is
rounded to float32, so that a label that comes late finds it as it was.
"""

import math
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.block import BlockMixture
from streamer.learning.committee.mixing.levels import TYPES
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.learning.committee.mixing.share import blend, equal, falling, share
from streamer.learning.committee.mixing.stack import regress
from streamer.learning.committee.mixing.tally import tally
from streamer.samples import Floats

EPSILON = 1e-6
LOGIT = math.log((1 - EPSILON) / EPSILON)
"""The largest logit."""
RATE = 1e-4
"""α of the top level, and the least one of level 1."""
FORGETTING = (0.998, 0.9998, 0.9998)
VARIANCES = (0.1, 0.03, 0.3)
"""λ of each stack, and the variance of its weights before the first sample."""
TOP = (0.1, 0.3, 0.3, 0.3)
"""The first weights of the top level: those of level 1 and of the stacks."""
LARGEST = 8.0
"""A logit among the features."""
CURVATURE = 0.01
"""Of the loss in the logit, at its smallest."""

STACKS = len(FORGETTING)
LEVELS = 1 + STACKS
P_OF_1, LOGITS, FEATURES, LIKELIHOODS, SCRATCH, OUTPUTS = 0, 1, 2, 3, 4, 6
"""Rows of `work`; the scratch has two."""
WORK = 7


class BinaryMixture(BlockMixture):
    """Two levels, for probabilities of 1.

    >>> mixture = BinaryMixture(2)
    >>> says = np.tile(np.float32([[[0.9], [0.1]]]), (100, 1, 1))
    >>> mixture.step_many(says, np.ones(100, np.float32))[0][[0, 1, 99], 0].astype(float).round(3).tolist()
    [0.5, 0.741, 0.992]
    """

    def __init__(self, members: int, *, horizon: int = 1) -> None:
        super().__init__(equal(members), np.array(TOP), VARIANCES, horizon=horizon)
        self._work: Doubles = np.zeros((WORK, max(members, LEVELS)))

    def _step(self, kept: Floats, ys: Floats, *, late: bool) -> None:
        _step(kept[:, :, 0], ys, late, *self._levels, *self._first, self._work, self._power)


def likelihood(p: Any, y: Any) -> Any:
    """Of a target, by a probability of 1."""
    held = min(max(p, EPSILON), 1.0 - EPSILON)
    return held if y > 0.0 else 1.0 - held


def logit(p: Any) -> Any:
    """Of a probability within its limits."""
    return math.log(p / (1.0 - p))


def gather(row: Any, members: Any, work: Any) -> Any:
    """Of a row that is kept: the members' probabilities, NaN for those absent, and logits; how many are present."""
    present = 0
    for i in range(members):
        said = np.float64(row[i])
        work[P_OF_1, i] = math.nan
        if math.isfinite(said):
            p = likelihood(said, 1.0)
            work[P_OF_1, i] = p
            work[LOGITS, i] = min(max(logit(p), -LARGEST), LARGEST)
            present += 1
    return present


def stacked(row: Any, thetas: Any, work: Any) -> None:
    """The stacks' features, 0 for those absent, and what each stack says into OUTPUTS; level 1 has spoken."""
    members = thetas.shape[1]
    base = logit(likelihood(np.float64(row[members]), 1.0))
    held = min(max(base, -LARGEST), LARGEST)
    for i in range(members):
        work[FEATURES, i] = 0.0 if math.isnan(work[P_OF_1, i]) else work[LOGITS, i] - held
    for k in range(STACKS):
        total = base
        for i in range(members):
            total += thetas[k, i] * work[FEATURES, i]
        work[OUTPUTS, k] = 1.0 / (1.0 + math.exp(-min(max(total, -LOGIT), LOGIT)))


def predict(row: Any, weights: Any, top: Any, thetas: Any, work: Any) -> Any:
    """Complete a row of members' predictions; how many are present."""
    members = len(weights)
    present = gather(row, members, work)
    for k in range(LEVELS + 1):
        row[members + k] = 0.5
    if present > 0:
        row[members] = blend(weights, work[P_OF_1])
        stacked(row, thetas, work)
        total = top[0] * likelihood(np.float64(row[members]), 1.0)
        for k in range(STACKS):
            row[members + 1 + k] = work[OUTPUTS, k]
            total += top[1 + k] * likelihood(np.float64(row[members + 1 + k]), 1.0)
        row[members + LEVELS] = total
    return present


def recall(row: Any, thetas: Any, work: Any) -> Any:
    """`work` as it was when a complete row was made, but for stacks that have moved on; how many were present."""
    present = gather(row, thetas.shape[1], work)
    if present > 0:
        stacked(row, thetas, work)
    return present


def learn(row: Any, y: Any, levels: Any, priors: Any, work: Any, power: Any) -> None:
    """The step of a sample of which someone said something; `work` is as `gather` and `stacked` left it."""
    labels, weights, top, thetas, covariances, losses = levels
    prior, first = priors
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
    share(weights, chances, prior, falling(labels[0], RATE))
    for k in range(STACKS):
        q = work[OUTPUTS, k]
        h = power * max(q * (1.0 - q), CURVATURE)
        scratch = work[SCRATCH:OUTPUTS]
        regress(thetas[k], covariances[k], work[FEATURES], scratch, power * (y - q), h, FORGETTING[k], VARIANCES[k])
    for k in range(LEVELS):
        chance = likelihood(np.float64(row[members + k]), y)
        chances[k] = chance if power == 1.0 else math.exp(power * math.log(chance))
    share(top, chances, first, RATE)
    tally(losses, members, -math.log(likelihood(np.float64(row[members + LEVELS]), y)) / math.log(2.0))
    labels[0] += 1.0


_STATE = f"{TYPES}, float64[::1], float64[::1], float64[:,::1], float64"
_PIECES = (tally, falling, blend, share, regress, likelihood, logit, gather, stacked, predict, recall, learn)


@block_kernel(f"float32[:,::1], float32[::1], boolean, {_STATE}", *_PIECES)
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
    prior: Any,
    first: Any,
    work: Any,
    power: Any,
) -> None:
    """Samples in turn; `late`: their predictions stand, and labels have come."""
    levels = labels, weights, top, thetas, covariances, losses
    for t in range(len(ys)):
        present = recall(kept[t], thetas, work) if late else predict(kept[t], weights, top, thetas, work)
        y = np.float64(ys[t])
        if present > 0 and not math.isnan(y):
            learn(kept[t], y, levels, (prior, first), work, power)
