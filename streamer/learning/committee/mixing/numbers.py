"""The mixture for numbers. Level 1 and the top level mix values, the stacks correct level 1.

    ℓ = min(|y − v| / s, 8)                              what a value v loses: Laplace's, but for what is wild
    v₁ + s Σ θ_i u_i,   u_i = (f_i − v₁) / s within ±8    what a stack says, with v₁ what level 1 says

s is a running mean of |y − v₁|, for the top level that of the published value's errors, from the second target on. A
stack's step is Huber's: with r = (y − v₁)/s − Σ θ_i u_i what is missing, it has the weight min(1, 1/|r|). The top level
also mixes some members as they are, the anchors: the simplest ones, which no stream is too wild for.

Whatever is said is held within [low − d, high + d]: the range of the targets so far, and d the largest step from one to
the next, or half the range if that is less. Before the first target it is 0.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.mixing.block import BlockMixture
from streamer.learning.committee.mixing.levels import TYPES
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.learning.committee.mixing.share import blend, equal, share
from streamer.learning.committee.mixing.stack import regress
from streamer.learning.committee.mixing.tally import LOOKBACK, tally
from streamer.samples import Arrays, Floats

RATE = 1e-3
"""α of both levels."""
FORGETTING = (0.998, 0.998)
VARIANCES = (0.1, 0.01)
"""λ of each stack, and the variance of its weights before the first sample."""
TOP, ANCHORS = (0.2, 0.25, 0.25), 0.3
"""The first weights of the top level: those of level 1 and of the stacks, and of all anchors together."""
LIMIT = 8.0
"""Of losses and features."""
ERRORS = 100.0
"""How many s looks back."""
GROWTH = 5.0
"""An error counts as this many s at most; the next, if it is as large again, as twice as many, and so on."""
LEAST = 1e-60
"""A smaller s is none."""

STACKS = len(FORGETTING)
LEVELS = 1 + STACKS
VALUES, FEATURES, LOSSES, SCRATCH, OUTPUTS, TOPS = 0, 1, 2, 3, 5, 6
"""Rows of `work`; the scratch has two."""
WORK = 7
COUNT, MEAN, LOW, HIGH, LAST, STEP, OF_LEVEL, OF_TOP = 0, 1, 2, 3, 4, 5, 6, 9
"""Of targets; from OF_… on of errors: how many, s, and what GROWTH is multiplied with."""
FACTS = 12


class NumberMixture(BlockMixture):
    """Two levels, for values.

    >>> mixture = NumberMixture(2)
    >>> says = np.tile(np.float32([[[3], [5]]]), (99, 1, 1))
    >>> mixed, _ = mixture.step_many(says, np.tile(np.float32([3, 4, 3]), 33))
    >>> mixed[[0, 1, 98], 0].astype(float).round(1).tolist()
    [0.0, 3.0, 3.0]
    """

    def __init__(
        self,
        members: int,
        *,
        horizon: int = 1,
        anchors: Sequence[int] = (),
    ) -> None:
        """`anchors`: places of members."""
        top = np.array([*TOP, *(ANCHORS / len(anchors) for _ in anchors)])
        super().__init__(equal(members), np.asarray(top / top.sum()), VARIANCES, horizon=horizon, anchors=anchors)
        self._facts: Doubles = np.zeros(FACTS)
        self._work: Doubles = np.zeros((WORK, max(members, len(top))))

    def _state(self) -> Arrays:
        return super()._state() | {"facts": self._facts}

    def _step(self, kept: Floats, ys: Floats, *, late: bool) -> None:
        known = *self._levels, self._facts, self._anchors
        _step(kept[:, :, 0], ys, late, *known, *self._first, self._work, self._power)


def within(value: Any, facts: Any) -> Any:
    """Held within the range of targets and a step beyond."""
    beyond = min(facts[STEP], (facts[HIGH] - facts[LOW]) / 2.0)
    return min(max(value, facts[LOW] - beyond), facts[HIGH] + beyond)


def gather(row: Any, members: Any, facts: Any, work: Any) -> Any:
    """Of what is kept (N + 4,): the members' values, NaN for those absent; how many are present."""
    present = 0
    for i in range(members):
        said = np.float64(row[i])
        work[VALUES, i] = math.nan
        if math.isfinite(said):
            work[VALUES, i] = within(said, facts)
            present += 1
    return present


def stacked(row: Any, thetas: Any, facts: Any, work: Any) -> None:
    """The stacks' features, 0 for those absent, and what each adds to level 1, in units of s; level 1 has spoken."""
    members = thetas.shape[1]
    base = np.float64(row[members])
    s = facts[OF_LEVEL + 1]
    for i in range(members):
        work[FEATURES, i] = 0.0
        if s > 0.0 and not math.isnan(work[VALUES, i]):
            work[FEATURES, i] = min(max((work[VALUES, i] - base) / s, -LIMIT), LIMIT)
    for k in range(STACKS):
        total = 0.0
        for i in range(members):
            total += thetas[k, i] * work[FEATURES, i]
        work[OUTPUTS, k] = total


def raised(row: Any, members: Any, anchors: Any, work: Any) -> None:
    """What the top level mixes: the levels and the anchors, NaN for those absent."""
    for k in range(LEVELS):
        work[TOPS, k] = np.float64(row[members + k])
    for k in range(len(anchors)):
        work[TOPS, LEVELS + k] = work[VALUES, anchors[k]]


def predict(row: Any, levels: Any, facts: Any, anchors: Any, work: Any) -> Any:
    """Complete a row of members' predictions; how many are present."""
    _, weights, top, thetas, _, _ = levels
    members = len(weights)
    present = gather(row, members, facts, work)
    for k in range(LEVELS + 1):
        row[members + k] = facts[MEAN]
    if present > 0:
        row[members] = blend(weights, work[VALUES])
        stacked(row, thetas, facts, work)
        for k in range(STACKS):
            corrected = np.float64(row[members]) + facts[OF_LEVEL + 1] * work[OUTPUTS, k]
            row[members + 1 + k] = within(corrected, facts)
        raised(row, members, anchors, work)
        row[members + LEVELS] = blend(top, work[TOPS])
    return present


def recall(row: Any, thetas: Any, facts: Any, work: Any) -> Any:
    """`work` as it was when a complete row was made, but for what has moved on since; how many were present."""
    present = gather(row, thetas.shape[1], facts, work)
    if present > 0:
        stacked(row, thetas, facts, work)
    return present


def follow(weights: Any, values: Any, y: Any, s: Any, prior: Any, power: Any, losses: Any) -> None:
    """Move weights by what each value loses, in units of s; `losses` (≥ N,) is overwritten."""
    least = math.inf
    for i in range(len(weights)):
        losses[i] = math.nan
        if not math.isnan(values[i]):
            losses[i] = min(abs(y - values[i]) / s, LIMIT)
            least = min(least, losses[i])
    for i in range(len(weights)):
        losses[i] = math.exp(power * (least - losses[i]))
    share(weights, losses, prior, RATE)


def correct(y: Any, base: Any, s: Any, thetas: Any, covariances: Any, work: Any, power: Any) -> None:
    """The step of each stack."""
    for k in range(STACKS):
        missing = (y - base) / s - work[OUTPUTS, k]
        weight = power / max(abs(missing), 1.0)
        scratch = work[SCRATCH:OUTPUTS]
        regress(
            thetas[k], covariances[k], work[FEATURES], scratch, weight * missing, weight, FORGETTING[k], VARIANCES[k]
        )


def learn(row: Any, y: Any, levels: Any, facts: Any, anchors: Any, priors: Any, work: Any, power: Any) -> None:
    """The step of a sample of which someone said something; `work` is as `gather` and `stacked` left it."""
    labels, weights, top, thetas, covariances, losses = levels
    prior, first = priors
    members = len(weights)
    base, published = np.float64(row[members]), np.float64(row[members + LEVELS])
    for i in range(members):
        if not math.isnan(work[VALUES, i]):
            tally(losses, i, abs(y - work[VALUES, i]))
    tally(losses, members, abs(y - published))
    s = facts[OF_LEVEL + 1]
    if s > 0.0:
        follow(weights, work[VALUES], y, s, prior, power, work[LOSSES])
        correct(y, base, s, thetas, covariances, work, power)
    s = facts[OF_TOP + 1]
    if s > 0.0:
        raised(row, members, anchors, work)
        follow(top, work[TOPS], y, s, first, power, work[LOSSES])
    if facts[COUNT] > 0.0:
        measure(facts[OF_LEVEL:OF_TOP], abs(y - base))
        measure(facts[OF_TOP:FACTS], abs(y - published))
    labels[0] += 1.0


def measure(scale: Any, error: Any) -> None:
    """Take an error into s."""
    scale[0] = min(scale[0] + 1.0, ERRORS)
    s = scale[1]
    limit = GROWTH * s * max(scale[2], 1.0)
    scale[2] = min(2.0 * max(scale[2], 1.0), 1e60) if error > GROWTH * s else 1.0
    scale[1] += ((min(error, limit) if s > 0.0 else error) - s) / scale[0]
    if scale[1] < LEAST:
        scale[1] = 0.0


def see(facts: Any, y: Any) -> None:
    """Take in a target."""
    if facts[COUNT] > 0.0:
        facts[STEP] = max(facts[STEP], abs(y - facts[LAST]))
    facts[LOW] = min(facts[LOW], y) if facts[COUNT] > 0.0 else y
    facts[HIGH] = max(facts[HIGH], y) if facts[COUNT] > 0.0 else y
    facts[LAST] = y
    facts[COUNT] = min(facts[COUNT] + 1.0, LOOKBACK)
    facts[MEAN] += (y - facts[MEAN]) / facts[COUNT]


_STATE = f"{TYPES}, float64[::1], int64[::1], float64[::1], float64[::1], float64[:,::1], float64"
_PIECES = (
    tally,
    blend,
    share,
    regress,
    within,
    gather,
    stacked,
    raised,
    predict,
    recall,
    follow,
    correct,
    measure,
    learn,
    see,
)


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
    facts: Any,
    anchors: Any,
    prior: Any,
    first: Any,
    work: Any,
    power: Any,
) -> None:
    """Samples in turn; `late`: their predictions stand, and labels have come."""
    levels = labels, weights, top, thetas, covariances, losses
    for t in range(len(ys)):
        present = recall(kept[t], thetas, facts, work) if late else predict(kept[t], levels, facts, anchors, work)
        y = np.float64(ys[t])
        if math.isfinite(y):
            if present > 0:
                learn(kept[t], y, levels, facts, anchors, (prior, first), work, power)
            see(facts, y)
