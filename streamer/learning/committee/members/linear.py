"""A linear model of the features now, of rows before, and of the last targets: least squares, or Newton steps."""

import numpy as np

from streamer.learning.committee.members.recursion import Recursion
from streamer.learning.committee.members.regression import Regression
from streamer.learning.committee.members.scale import Seen
from streamer.learning.committee.members.target import Kind, Target
from streamer.samples import Arrays, Floats, Numbers

FORGETTING: dict[Kind, float] = {"numbers": 0.9999, "binary": 0.999, "classes": 0.999}
"""λ: weights are of about the last 1 / (1 − λ) labels."""
PRIOR: dict[Kind, float] = {"numbers": 1.0, "binary": 1.0, "classes": 1.0}
"""The variance of each weight before the first label, and later at most."""


class Linear(Regression):
    """Of the last `delays` rows and the last `lags` targets besides.

    >>> member, xs = Linear(Target("numbers"), delays=1), np.random.default_rng(0).random(500, np.float32)
    >>> ys = np.roll(xs, 1) - 3 * xs
    >>> bool(np.abs(member.step_many(xs[:, None], ys)[-9:, 0] - ys[-9:]).max() < 0.1)
    True
    """

    def __init__(self, target: Target, *, delays: int = 0, lags: int = 0, label_horizon: int = 65_536) -> None:
        super().__init__(target, delays=delays, lags=lags, label_horizon=label_horizon)
        self._recursion = Recursion(target, prior=PRIOR[target.kind], forgetting=FORGETTING[target.kind])
        self._recursion.widen(self._regressors.width, np.arange(0))

    def _grow(self, width: int, places: Numbers) -> None:
        self._recursion.widen(width, places)

    def _fit(self, contexts: Floats, seen: Seen) -> Floats:
        return seen.predictions(self._recursion.step(contexts, seen.targets))

    def _state(self) -> Arrays:
        return super()._state() | self._recursion.state()

    def _restore(self, arrays: Arrays) -> None:
        super()._restore(arrays)
        self._recursion.restore(arrays)
