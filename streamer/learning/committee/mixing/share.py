"""Fixed share (Herbster and Warmuth 1998): a mixture that follows the best member, also when another becomes the best.

    v_i = w_i f_i · Σ w / Σ w f          over those present; v_i = w_i of one that is absent
    w_i ← (1 − α) v_i + α π_i

with f_i the likelihood of what came by member i, and π what the weights were at first. One that is absent so counts as
one that said what the mixture of the others said (Freund, Schapire, Singer and Warmuth 1997). Each weight is at least
α π_i after each step: weights need no logarithms, nothing underflows. What this guarantees is in BOUND.md.

Where a member may be right for ever, α falls with the number n of labels, as 1/(n + 2) (Koolen and de Rooij 2008), to
a least rate: each sample then costs that member α, and with α = 1e-3 that was fifty times what it lost itself.
"""

import math
from typing import Any

import numpy as np

from streamer.learning.committee.mixing.mixture import Doubles


def equal(count: int) -> Doubles:
    """Weights that prefer none.

    >>> equal(4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return np.full(count, 1.0 / count)


def falling(labels: Any, least: Any) -> Any:
    """α after so many labels before this one.

    >>> falling(0, 1e-4), falling(98, 1e-4), falling(10**6, 1e-4)
    (0.5, 0.01, 0.0001)
    """
    return max(least, 1.0 / (labels + 2.0))


def blend(weights: Any, values: Any) -> Any:
    """The weighted mean of values (N,) over those that are not NaN, of which there is one at least.

    >>> float(blend(np.array([0.25, 0.25, 0.5]), np.array([1.0, math.nan, 4.0])))
    3.0
    """
    total = 0.0
    mass = 0.0
    for i in range(len(weights)):
        if not math.isnan(values[i]):
            total += weights[i] * values[i]
            mass += weights[i]
    return total / mass


def share(weights: Any, likelihoods: Any, prior: Any, rate: Any) -> None:
    """Move weights (N,) by likelihoods (N,), up to a common factor; NaN for those absent.

    >>> weights = equal(2)
    >>> share(weights, np.array([0.9, 0.1]), equal(2), 0.01)
    >>> weights.round(3).tolist()
    [0.896, 0.104]
    """
    before = 0.0
    after = 0.0
    for i in range(len(weights)):
        if not math.isnan(likelihoods[i]):
            before += weights[i]
            after += weights[i] * likelihoods[i]
    total = 0.0
    for i in range(len(weights)):
        if not math.isnan(likelihoods[i]):
            weights[i] *= likelihoods[i] * before / after
        total += weights[i]
    for i in range(len(weights)):
        weights[i] = (1.0 - rate) * (weights[i] / total) + rate * prior[i]
