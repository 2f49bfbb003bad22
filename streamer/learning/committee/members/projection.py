"""Random Fourier features (Rahimi and Recht 2007): a bump for every place, at a fixed cost.

    q ← q + max(1 / n, 1 / 1000) (|x|² − q),   z = x c / √q
    φ_k = √(2 / K) cos(2π (b_k + Σ_j z_j Ω_jk)),   2π Ω_jk ~ N(0, 1),   b_k ~ U(0, 1)

φ · φ' is about exp(−|z − z'|² / 2); q makes c the same for few and many regressors. Ω is drawn regressor by regressor,
each from the seed and its own name, so that more of them change none of the others.
"""

import math
from collections.abc import Sequence

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.target import Doubles
from streamer.samples import Arrays, Floats, Numbers

FORGETTING = 0.999
"""λ: q is of about the last 1,000 rows."""
LIMIT = 100.0
"""What is scaled says no more beyond it."""

Names = Sequence[tuple[int, int]]


class Projection:
    """K features of n regressors.

    >>> projection = Projection(400, sharpness=1.0, seed=0)
    >>> projection.widen([(1, 0)], np.arange(0))
    >>> projection.scaled(np.array([[2], [0]], np.float32), peek=False).round(2).tolist()
    [[1.0], [0.0]]
    >>> us = projection.features(np.array([[0], [1]], np.float32))
    >>> bool(abs(us[0] @ us[1] - math.exp(-1 / 2)) < 0.1)
    True
    """

    def __init__(self, count: int, *, sharpness: float, seed: int) -> None:
        self._sharpness, self._seed = sharpness, seed
        self._frequencies: Doubles = np.zeros((0, count))
        """Ω (n, K)."""
        self._offsets: Doubles = np.random.default_rng([seed, 0]).random(count)
        self._power: Doubles = np.zeros(2)
        """n and q."""

    def widen(self, names: Names, places: Numbers) -> None:
        """Regressors have these names now; those that there were went to these places, others are drawn."""
        before, self._frequencies = self._frequencies, np.empty((len(names), len(self._offsets)))
        for place in np.setdiff1d(np.arange(len(names)), places).tolist():
            drawn = np.random.default_rng([self._seed, 1, *names[place]]).standard_normal(len(self._offsets))
            self._frequencies[place] = drawn / (2 * np.pi)
        self._frequencies[places] = before

    def scaled(self, xs: Floats, *, peek: bool) -> Floats:
        """Regressors (T, n) → z (T, n), and take in their squares; with `peek` taking in nothing."""
        zs = np.empty_like(xs)
        _scale(xs, self._power.copy() if peek else self._power, self._sharpness, FORGETTING, zs)
        return zs

    def features(self, zs: Floats) -> Floats:
        """(T, n) → φ (T, K)."""
        us = np.empty((len(zs), len(self._offsets)), np.float32)
        _project(zs, self._frequencies, self._offsets, np.empty_like(self._offsets), us)
        return us

    def state(self) -> Arrays:
        """The arrays themselves."""
        own = {"frequencies": self._frequencies, "offsets": self._offsets, "power": self._power}
        return own | {"seed": np.array(self._seed), "sharpness": np.array(self._sharpness)}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._frequencies = np.array(arrays["frequencies"], np.float64, order="C")
        self._offsets, self._power = arrays["offsets"].astype(np.float64), arrays["power"].astype(np.float64)
        self._seed, self._sharpness = int(arrays["seed"]), float(arrays["sharpness"])


@block_kernel("float32[:,::1], float64[::1], float64, float64, float32[:,::1]")
def _scale(xs: Floats, power: Doubles, sharpness: float, forgetting: float, zs: Floats) -> None:
    for t in range(len(xs)):
        squares = 0.0
        for j in range(xs.shape[1]):
            squares += np.float64(xs[t, j]) * np.float64(xs[t, j])
        power[0] += 1.0
        power[1] += max(1.0 / power[0], 1.0 - forgetting) * (squares - power[1])
        scale = sharpness / math.sqrt(power[1]) if power[1] > 0.0 else 0.0
        for j in range(xs.shape[1]):
            zs[t, j] = min(max(scale * xs[t, j], -LIMIT), LIMIT)


@block_kernel("float32[:,::1], float64[:,::1], float64[::1], float64[::1], float32[:,::1]")
def _project(zs: Floats, frequencies: Doubles, offsets: Doubles, turns: Doubles, us: Floats) -> None:
    gain = math.sqrt(2.0 / len(offsets))
    for t in range(len(zs)):
        for k in range(len(offsets)):
            turns[k] = offsets[k]
        for j in range(zs.shape[1]):
            z = np.float64(zs[t, j])
            if z != 0.0:
                for k in range(len(offsets)):
                    turns[k] += z * frequencies[j, k]
        for k in range(len(offsets)):
            # cos of v turns is sin of ¼ − |v − round v| turns: by its series to 6e-8, for math.cos is no vector's
            v = abs(turns[k] - np.floor(turns[k] + 0.5))
            a = 2.0 * math.pi * (0.25 - v)
            b = a * a
            sine = 1.0 - b * (1.0 / 110.0)
            sine = 1.0 - b * (1.0 / 72.0) * sine
            sine = 1.0 - b * (1.0 / 42.0) * sine
            sine = 1.0 - b * (1.0 / 20.0) * sine
            sine = 1.0 - b * (1.0 / 6.0) * sine
            us[t, k] = gain * a * sine
