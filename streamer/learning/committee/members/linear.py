"""A linear model of the features now, of rows before, and of the last targets: least squares, or Newton steps."""

import numpy as np

from streamer.learning.committee.members.recursion import Recursion
from streamer.learning.committee.members.regression import Regression
from streamer.learning.committee.members.target import Doubles, Kind
from streamer.learning.committee.members.view import View
from streamer.samples import Arrays, Floats, Numbers

FORGETTING: dict[Kind, float] = {"numbers": 0.9999, "binary": 0.999, "classes": 0.999}
"""λ, unless another is asked for: weights are of about the last 1 / (1 − λ) labels."""
PRIOR: dict[Kind, float] = {"numbers": 0.1, "binary": 1.0, "classes": 1.0}
"""The variance of each weight before the first label, and later at most."""


class Linear(Regression):
    """Of what a view has of the last targets, and of the last `delays` rows besides.

    >>> from streamer.learning.committee.members.target import Target
    >>> member = Linear(View(Target("numbers"), lags=0), delays=1)
    >>> xs = np.random.default_rng(0).normal(size=500).astype(np.float32)
    >>> ys = np.roll(xs, 1) - 3 * xs
    >>> bool(np.abs(member.step_many(xs[:, None], ys)[-9:, 0] - ys[-9:]).max() < 0.5)
    True
    """

    def __init__(
        self, view: View, *, delays: int = 0, forgetting: float | None = None, label_horizon: int = 65_536
    ) -> None:
        super().__init__(view, delays=delays, label_horizon=label_horizon)
        kind = view.target.kind
        self._recursion = Recursion(view.target, prior=PRIOR[kind], forgetting=forgetting or FORGETTING[kind])
        self._recursion.widen(self._regressors.width, np.arange(0))

    def _grow(self, width: int, places: Numbers) -> None:
        self._recursion.widen(width, places)

    def _fit(self, regressors: Floats, targets: Doubles) -> Doubles:
        return self._recursion.step(regressors, targets)

    def _state(self) -> Arrays:
        return super()._state() | self._recursion.state()

    def _restore(self, arrays: Arrays) -> None:
        super()._restore(arrays)
        self._recursion.restore(arrays)
