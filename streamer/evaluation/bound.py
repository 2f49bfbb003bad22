"""A bound that a sum of surprises stays under at all times, but for a small probability.

Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences" (2021),
theorems 1 and 4. For numbers X whose distance from a centre X̂, chosen beforehand, is at most c, and V = Σ (X − X̂)²,

    P(∃ n: Σ (X − E[X | past]) ≥ u(V)) ≤ α,        u(v) = √(k₁² v ℓ + k₂² c² ℓ²) + k₂ c ℓ,   ℓ = ℓ(max(v, 1))
    ℓ(v) = s log log(η v) + log(ζ(s) / (α logˢ η)),   k₁ = (η^¼ + η^−¼) / √2,   k₂ = (√η + 1) / 2

with η = 2, s = 1.4. No independence is asked for, and no number of samples has to be fixed beforehand: one may look as
often as one likes and stop when one likes.
"""

import math

ETA, POWER = 2.0, 1.4
ZETA = 3.10555
"""ζ(1.4) = Σ k^−1.4, rounded up."""
K1 = (ETA**0.25 + ETA**-0.25) / math.sqrt(2)
K2 = (math.sqrt(ETA) + 1) / 2


def bound(variance: float, alpha: float, scale: float) -> float:
    """u(V) for α and c.

    >>> round(bound(250.0, 0.01, 1.0), 1)
    78.8
    """
    v = max(variance, 1.0)
    ell = POWER * math.log(math.log(ETA * v)) + math.log(ZETA / (alpha * math.log(ETA) ** POWER))
    return math.sqrt(K1**2 * v * ell + (K2 * scale * ell) ** 2) + K2 * scale * ell
