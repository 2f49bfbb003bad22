"""A stack's step: recursive least squares for what corrects the level-1 mixture, whose prior is that nothing does.

    s = uᵀ P u,   θ ← θ + P u r / (1 + h s),   P ← P − P u uᵀ P h / (1 + h s)

for features u, residual r and curvature h. Then information is forgotten, P_ij ← d_i d_j P_ij: d_i = 1/√λ, but 1 where
P_ii would come to be above what it was at first. So what is not seen for long is as uncertain as at the start, and
never more; and P stays a covariance, and symmetric to the last bit: what was skew would grow as λ^−t.
"""

import math
from typing import Any

import numpy as np

from streamer.learning.committee.mixing.mixture import Doubles


def prior_covariances(members: int, variances: tuple[float, ...]) -> Doubles:
    """P of each stack before the first sample, (S, N, N).

    >>> prior_covariances(2, (0.5,)).tolist()
    [[[0.5, 0.0], [0.0, 0.5]]]
    """
    return np.asarray(np.multiply.outer(np.array(variances), np.eye(members)))


def regress(
    theta: Any, P: Any, u: Any, work: Any, residual: Any, curvature: Any, forgetting: Any, variance: Any
) -> None:
    """One step of θ (N,) and P (N, N); `work` (2, ≥ N) is overwritten.

    >>> theta, P = np.zeros(1), np.eye(1)
    >>> regress(theta, P, np.ones(1), np.empty((2, 1)), 1.0, 1.0, 1.0, 1.0)
    >>> float(theta[0]), round(float(P[0, 0]), 9)
    (0.5, 0.5)
    """
    count = len(theta)
    product = work[0]
    for i in range(count):
        product[i] = 0.0
    for j in range(count):
        for i in range(count):
            product[i] += P[j, i] * u[j]
    s = 0.0
    for i in range(count):
        s += u[i] * product[i]
    if s < 0.0:  # rounding, in a very long life: no covariance; begin anew from the weights as they are
        for j in range(count):
            for i in range(count):
                P[j, i] = variance if i == j else 0.0
        return
    step = residual / (1.0 + curvature * s)
    root = math.sqrt(curvature / (1.0 + curvature * s))
    growth = 1.0 / math.sqrt(forgetting)
    scale = work[1]
    for i in range(count):
        theta[i] += step * product[i]
        product[i] *= root
        left = P[i, i] - product[i] * product[i]
        scale[i] = growth if left <= forgetting * variance else 1.0
    for j in range(count):
        a = product[j]
        d = scale[j]
        for i in range(count):
            P[j, i] = (P[j, i] - a * product[i]) * (d * scale[i])
