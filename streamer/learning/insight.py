"""What a learner lets one see of itself. For eyes and metrics only: no part of its state, and nothing depends on it."""

from dataclasses import dataclass

import numpy as np

from streamer.samples import Floats

TRACE = 256
"""Steps whose hidden state is kept to be looked at."""
SATURATED = 0.99
"""A unit beyond this, of a state between −1 and 1, hardly passes a gradient on."""


@dataclass(frozen=True, slots=True, eq=False)
class Insight:
    """A learner at one moment."""

    gradient_norm: float
    """‖∂L/∂θ‖₂ of the last update; NaN before the first."""
    weight_norm: float
    """‖θ‖₂."""
    hidden: Floats
    """(T, H), T ≤ 256: the hidden state after each of the last steps of this process, oldest first."""

    @property
    def hidden_norm(self) -> float:
        """‖h_t‖₂ of the last state; NaN before the first step."""
        return float(np.linalg.norm(self.hidden[-1])) if len(self.hidden) else float("nan")

    @property
    def saturated_ratio(self) -> float:
        """Share of the last state's units with |h| > 0.99; NaN before the first step.

        >>> Insight(0.0, 0.0, np.array([[1, -0.999, 0.5, 0]], np.float32)).saturated_ratio
        0.5
        """
        return float(np.mean(np.abs(self.hidden[-1]) > SATURATED)) if len(self.hidden) else float("nan")
