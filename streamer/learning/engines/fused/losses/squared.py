"""Squared error, ½ (p − y)²: the prediction p is the output itself, and ∂L/∂p = p − y."""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.kalman import OBSERVATIONS

CURVATURE, NOISE_IS_KNOWN = OBSERVATIONS["squared"]


@kernel
def prediction(output: float) -> float:
    """The output."""
    return output


@kernel
def slope(prediction: float, y: float) -> float:
    """∂L/∂output."""
    return prediction - y
