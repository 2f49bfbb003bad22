"""A linear model of random Fourier features: what is smooth in the regressors, however it bends."""

import numpy as np

from streamer.learning.committee.members.projection import Projection
from streamer.learning.committee.members.recursion import Recursion
from streamer.learning.committee.members.regression import Regression
from streamer.learning.committee.members.target import Doubles, Kind
from streamer.learning.committee.members.view import View
from streamer.samples import Arrays, Floats, Numbers

FEATURES = 63
"""K: with the constant a whole number of vectors, and a quarter cheaper than one more."""
FORGETTING: dict[Kind, float] = {"numbers": 0.9999, "binary": 0.999, "classes": 0.999}
"""λ, unless another is asked for: weights are of about the last 1 / (1 − λ) labels."""
PRIOR: dict[Kind, float] = {"numbers": 10.0, "binary": 10.0, "classes": 10.0}
"""The variance of each weight before the first label, and later at most."""


class Fourier(Regression):
    """`sharpness` is how finely it tells regressors apart, whatever their scale; a seed makes another projection.

    >>> from streamer.learning.committee.members.target import Target
    >>> member = Fourier(View(Target("numbers"), lags=0))
    >>> xs = np.random.default_rng(0).normal(size=2000).astype(np.float32)
    >>> ys = np.abs(xs)
    >>> bool(np.abs(member.step_many(xs[:, None], ys)[-99:, 0] - ys[-99:]).mean() < 0.1)
    True
    """

    def __init__(
        self,
        view: View,
        *,
        sharpness: float = 1.0,
        delays: int = 0,
        forgetting: float | None = None,
        seed: int = 0,
        label_horizon: int = 65_536,
    ) -> None:
        super().__init__(view, delays=delays, label_horizon=label_horizon)
        kind = view.target.kind
        self._projection = Projection(FEATURES, sharpness=sharpness, seed=seed)
        self._projection.widen(self._regressors.names(), np.arange(0))
        self._recursion = Recursion(view.target, prior=PRIOR[kind], forgetting=forgetting or FORGETTING[kind])
        self._recursion.widen(FEATURES, np.arange(0))

    def _grow(self, width: int, places: Numbers) -> None:
        self._projection.widen(self._regressors.names(), places)

    def _taken(self, regressors: Floats, *, peek: bool) -> Floats:
        return self._projection.scaled(regressors, peek=peek)

    def _fit(self, regressors: Floats, targets: Doubles) -> Doubles:
        return self._recursion.step(self._projection.features(regressors), targets)

    def _state(self) -> Arrays:
        return super()._state() | self._projection.state() | self._recursion.state()

    def _restore(self, arrays: Arrays) -> None:
        super()._restore(arrays)
        self._projection.restore(arrays)
        self._recursion.restore(arrays)
