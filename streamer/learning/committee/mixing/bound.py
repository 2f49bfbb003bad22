"""What a mixture may lose, in nats, against the best that could have been chosen with hindsight.

The theorems, and what they are about, are in BOUND.md.
"""

import math
from collections.abc import Callable

from streamer.learning.committee.mixing.binary import EPSILON, RATE, TOP
from streamer.learning.committee.mixing.share import falling

Rate = float | Callable[[int], float]
"""α, or α after so many labels."""


def level_1(labels: int) -> float:
    """The rate of level 1, for classes.

    >>> level_1(0), level_1(98), level_1(10**6)
    (0.5, 0.01, 0.0001)
    """
    return float(falling(labels, RATE))


def static(prior: float) -> float:
    """ln 1/π: a mixture that shares nothing, against a member whose first weight is π.

    >>> round(static(1 / 14), 3)
    2.639
    """
    return -math.log(prior)


def shifting(prior: float, samples: int, switches: int = 0, rate: Rate = level_1) -> float:
    """Fixed share, against any sequence with k switches of members whose first weights are π at least.

    ln 1/π + k ln(1/(α π)) + Σ ln(1/(1 − α_t (1 − π))), the sum over the T − 1 − k stays; α falling, the switches come
    last at worst, and then the stays come first.

    >>> round(shifting(1 / 14, 1000), 3), round(shifting(1 / 14, 1000, 3), 3), round(shifting(1 / 14, 1000, 3, 1e-3), 3)
    (9.016, 37.654, 32.205)
    """
    stays = samples - 1 - switches
    rates = rate if callable(rate) else lambda _: rate
    total = static(prior) + switches * static(rates(max(samples - 2, 0)) * prior)
    return total - sum(math.log1p(-rates(t) * (1 - prior)) for t in range(stays))


def tuned(members: int, samples: int, switches: int) -> float:
    """What Herbster and Warmuth have for the best constant rate: ln N + (T − 1) H(k/(T − 1)) + k ln(N − 1).

    >>> round(tuned(14, 1000, 3), 3)
    30.754
    """
    share = switches / (samples - 1)
    entropy = -sum(p * math.log(p) for p in (share, 1 - share) if p > 0)
    return math.log(members) + (samples - 1) * entropy + switches * math.log(members - 1)


def committee(members: int, samples: int, switches: int = 0, *, horizon: int = 1) -> float:
    """For classes, of what is published: level 1's and that of the top level, which need not switch; h times.

    >>> round(committee(14, 1000), 3), round(committee(14, 100_000) / math.log(2) / 100_000, 5)
    (11.409, 0.00044)
    """
    return horizon * (shifting(1 / members, samples, switches) + shifting(TOP[0], samples, 0, RATE))


def smoothing(samples: int, classes: int = 1) -> float:
    """T ln(1 + K ε): what a member's loss may grow by when its probabilities are held off 0; binary as if K were 1.

    >>> round(smoothing(1000, 3), 6)
    0.003
    """
    return samples * max(math.log1p(classes * EPSILON), -math.log1p(-EPSILON))


def rounding(probability: float) -> float:
    """δ/p, δ = 2⁻²⁵: what the loss of a probability p of what came has grown by at most when float32 rounded it.

    >>> round(rounding(0.5), 9), round(rounding(EPSILON), 3)
    (6e-08, 0.03)
    """
    return 2.0**-25 / probability
