"""tanh and the logistic function of a vector, as a quotient of polynomials.

    tanh(a) ≈ a p(a²) / q(a²),  |a| ≤ 7.9,  p and q of degree 4
    σ(a) = ½ + ½ tanh(a / 2)

The coefficients are the minimax fit of that form, q(0) = 1, by weighted least squares with Lawson's updates of the
weights in double precision: 5 × 10⁻⁹ at most from tanh, and within a few units in the last place of float32 when
evaluated in it (a test walks the whole range). All are positive, so that nothing cancels. Clamped beyond, where
float32 cannot tell tanh from ±1.
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.vector import Vector, clamp, fma

_LIMIT = 7.9


@kernel
def tanh(a: Vector) -> Vector:
    """tanh, lane by lane; NaN stays NaN."""
    a = clamp(a, _LIMIT)
    s = a * a
    p = fma(s, 1.52596918e-08, 2.19034228e-05)
    p = fma(s, p, 3.57169630e-03)
    p = fma(s, p, 1.34444519e-01)
    p = fma(s, p, 9.99999974e-01)
    q = fma(s, 8.53055161e-07, 3.41174358e-04)
    q = fma(s, q, 2.61644139e-02)
    q = fma(s, q, 4.67777741e-01)
    q = fma(s, q, 1.0)
    return a * p / q


@kernel
def sigmoid(a: Vector) -> Vector:
    """1 / (1 + e^−a), lane by lane; NaN stays NaN."""
    return fma(tanh(0.5 * a), 0.5, 0.5)
