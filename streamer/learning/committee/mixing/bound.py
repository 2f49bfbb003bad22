"""What a mixture of log losses may lose, in nats, against the best that could have been chosen with hindsight.

The theorems, and what they are about, are in BOUND.md.
"""

import math

from streamer.learning.committee.mixing.binary import EPSILON
from streamer.learning.committee.mixing.levels import LEVELS
from streamer.learning.committee.mixing.share import RATE


def static(members: int) -> float:
    """ln N: a mixture that shares nothing, against its best member.

    >>> round(static(14), 3)
    2.639
    """
    return math.log(members)


def shifting(members: int, samples: int, switches: int = 0, rate: float = RATE) -> float:
    """ln N + k ln((N − 1)/α) + (T − 1 − k) ln(1/(1 − α)): fixed share, against any sequence with k switches.

    >>> round(shifting(14, 1000), 3), round(shifting(14, 1000, 3), 3)
    (3.639, 32.054)
    """
    if members == 1 or samples == 0:
        return 0.0
    stays = samples - 1 - switches
    return static(members) + switches * math.log((members - 1) / rate) - stays * math.log1p(-rate)


def tuned(members: int, samples: int, switches: int) -> float:
    """The same with the best rate for the sequence, α = k/(T − 1): ln N + (T − 1) H(α) + k ln(N − 1).

    >>> round(tuned(14, 1000, 3), 3)
    30.754
    """
    if switches in {0, samples - 1}:
        return static(members) + switches * math.log(members - 1)
    return shifting(members, samples, switches, switches / (samples - 1))


def committee(members: int, samples: int, switches: int = 0, *, horizon: int = 1) -> float:
    """The published prediction: the members' fixed share and that of the top level, which need not switch; h times.

    >>> round(committee(14, 1000), 3), round(committee(14, 1000) / math.log(2) / 1000, 4)
    (5.737, 0.0083)
    """
    return horizon * (shifting(members, samples, switches) + shifting(LEVELS, samples))


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
