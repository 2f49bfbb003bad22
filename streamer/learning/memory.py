"""The memory bank in front of the cell: what joins x as the cell's input. Nothing in it is learned.

`ring`: m complex leaky oscillators for each input, which cannot blow up because r < 1:

    u_i ← r e^{jφ_i} u_i + √(1 − r²) x,  φ_i = π (i + ½) / m         features: x, then all Re u, then all Im u

`taps`: the m inputs before this one, the latest first.                 features: x_t, x_{t−1}, …, x_{t−m}
"""

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.samples import Floats


def feature_count(settings: LearnerSettings) -> int:
    """F, the numbers that the cell gets at a step."""
    a_input = {"none": 1, "ring": 1 + 2 * settings.memory_size, "taps": 1 + settings.memory_size}
    return settings.inputs * a_input[settings.bank]


def rotation(size: int, radius: float) -> tuple[Floats, Floats]:
    """Re and Im of r e^{jφ_i}, each (m,).

    >>> rotation(1, 0.5)[1]
    array([0.5], dtype=float32)
    """
    angles = np.pi * (np.arange(size) + 0.5) / size
    factors = radius * np.exp(1j * angles)
    return factors.real.astype(np.float32), factors.imag.astype(np.float32)


def gain(radius: float) -> float:
    """√(1 − r²): white noise of unit power in gives unit power out."""
    return float(np.sqrt(1 - radius**2))
