"""Huber's loss with δ = 1, squared near the target and absolute beyond: the slope of ½ (p − y)², held within ±1."""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.kalman import OBSERVATIONS

CURVATURE, NOISE_IS_KNOWN = OBSERVATIONS["huber"]


@kernel
def prediction(output: float) -> float:
    """The output."""
    return output


@kernel
def slope(prediction: float, y: float) -> float:
    """∂L/∂output; NaN stays NaN, for the guard."""
    error = prediction - y
    if error > 1:
        error = 1.0
    elif error < -1:
        error = -1.0
    return error
