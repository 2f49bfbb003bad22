"""tanh and the logistic function of a vector, as a quotient of polynomials.

    tanh(a) ≈ a p(a²) / q(a²),  |a| ≤ 7.9,  p of degree 6, q of degree 3     (the minimax fit of Eigen's `ptanh`)
    σ(a) = ½ + ½ tanh(a / 2)

Within a few units in the last place of float32 (a test walks the whole range). Clamped beyond, where float32 cannot
tell tanh from ±1.
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.vector import Vector, clamp, fma

_LIMIT = 7.90531110763549805


@kernel
def tanh(a: Vector) -> Vector:
    """tanh, lane by lane; NaN stays NaN."""
    a = clamp(a, _LIMIT)
    s = a * a
    p = fma(s, -2.76076847742355e-16, 2.00018790482477e-13)
    p = fma(s, p, -8.60467152213735e-11)
    p = fma(s, p, 5.12229709037114e-08)
    p = fma(s, p, 1.48572235717979e-05)
    p = fma(s, p, 6.37261928875436e-04)
    p = fma(s, p, 4.89352455891786e-03)
    q = fma(s, 1.19825839466702e-06, 1.18534705686654e-04)
    q = fma(s, q, 2.26843463243900e-03)
    q = fma(s, q, 4.89352518554385e-03)
    return a * p / q


@kernel
def sigmoid(a: Vector) -> Vector:
    """1 / (1 + e^−a), lane by lane; NaN stays NaN."""
    return fma(tanh(0.5 * a), 0.5, 0.5)
