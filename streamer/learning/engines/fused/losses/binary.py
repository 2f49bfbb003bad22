"""Binary cross-entropy on the logit a: the prediction is p = σ(a), and ∂L/∂a = p − y.

σ with an exact exponential: near 0 and 1 the gradient must vanish as it should, or weights would creep for ever.
"""

import math

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.kalman import OBSERVATIONS

CURVATURE, NOISE_IS_KNOWN = OBSERVATIONS["binary"]


@kernel
def prediction(output: float) -> float:
    """The probability that the target is 1."""
    return 1 / (1 + math.exp(-output))


@kernel
def slope(prediction: float, y: float) -> float:
    """∂L/∂output."""
    return prediction - y
