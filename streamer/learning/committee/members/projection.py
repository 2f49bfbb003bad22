"""Random Fourier features (Rahimi and Recht 2007): a bump for every place of the features, at a fixed cost.

    φ_k = √(2 / K) cos(2π v_k),   v = b + Σ_j x_j Ω_j,   Ω_jk ~ N(0, 1 / (2π ℓ)²),   b_k ~ U(0, 1)

φ · φ' is about exp(−|x − x'|² / 2ℓ²). Ω is drawn feature by feature, each from the seed and its own place, so that more
of them change none of the others.
"""

import math

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.recursion import LIMIT
from streamer.learning.committee.members.target import Doubles
from streamer.samples import Arrays, Floats


class Projection:
    """K features and a 1 in front of them.

    >>> projection = Projection(400, width=2.0, seed=0)
    >>> projection.widen(1)
    >>> us = projection.features(np.array([[0], [2]], np.float32))[:, 1:]
    >>> bool(abs(us[0] @ us[1] - math.exp(-1 / 2)) < 0.1)
    True
    """

    def __init__(self, count: int, *, width: float, seed: int) -> None:
        self._width, self._seed = width, seed
        self._frequencies: Doubles = np.zeros((0, count))
        """Ω, a row for each feature."""
        self._offsets: Doubles = np.random.default_rng([seed, 0]).random(count)

    def widen(self, features: int) -> None:
        """Draw Ω for features up to so many."""
        count = self._frequencies.shape[1]
        drawn = [
            np.random.default_rng([self._seed, 1 + j]).standard_normal(count) / (2 * np.pi * self._width)
            for j in range(len(self._frequencies), features)
        ]
        self._frequencies = np.concatenate([self._frequencies, np.array(drawn).reshape(-1, count)])

    def features(self, rows: Floats) -> Floats:
        """(T, F) → (T, 1 + K)."""
        us = np.empty((len(rows), 1 + len(self._offsets)), np.float32)
        _step(rows, self._frequencies, self._offsets, LIMIT, np.empty_like(self._offsets), us)
        return us

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"frequencies": self._frequencies, "offsets": self._offsets, "seed": np.array(self._seed)}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._frequencies = np.array(arrays["frequencies"], np.float64, order="C")
        self._offsets, self._seed = arrays["offsets"].astype(np.float64), int(arrays["seed"])


@block_kernel("float32[:,::1], float64[:,::1], float64[::1], float64, float64[::1], float32[:,::1]")
def _step(rows: Floats, frequencies: Doubles, offsets: Doubles, limit: float, turns: Doubles, us: Floats) -> None:
    gain = math.sqrt(2.0 / len(offsets))
    for t in range(len(rows)):
        for k in range(len(offsets)):
            turns[k] = offsets[k]
        for j in range(rows.shape[1]):
            x = min(max(np.float64(rows[t, j]), -limit), limit)
            if x != 0.0:
                for k in range(len(offsets)):
                    turns[k] += x * frequencies[j, k]
        us[t, 0] = 1.0
        for k in range(len(offsets)):
            # cos of v turns is sin of ¼ − |v − round v| turns: by its series to 6e-8, for math.cos is no vector's
            v = abs(turns[k] - np.floor(turns[k] + 0.5))
            a = 2.0 * math.pi * (0.25 - v)
            b = a * a
            sine = 1.0 - b / 110.0
            sine = 1.0 - b / 72.0 * sine
            sine = 1.0 - b / 42.0 * sine
            sine = 1.0 - b / 20.0 * sine
            sine = 1.0 - b / 6.0 * sine
            us[t, 1 + k] = gain * a * sine
