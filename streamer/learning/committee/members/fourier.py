"""A linear model of random Fourier features: what is smooth in the features now, however it bends."""

import numpy as np

from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.projection import Projection
from streamer.learning.committee.members.recursion import Recursion
from streamer.learning.committee.members.scale import Scale
from streamer.learning.committee.members.target import Kind, Target
from streamer.samples import Arrays, Floats, Numbers

FEATURES = 100
"""K."""
WIDTH = 1.0
"""ℓ, the width of a bump."""
FORGETTING: dict[Kind, float] = {"numbers": 0.9999, "binary": 0.999, "classes": 0.999}
"""λ: weights are of about the last 1 / (1 − λ) labels."""
PRIOR: dict[Kind, float] = {"numbers": 10.0, "binary": 10.0, "classes": 10.0}
"""The variance of each weight before the first label."""


class Fourier(BlockMember):
    """Of the features now alone.

    >>> member, xs = Fourier(Target("numbers")), np.random.default_rng(0).normal(size=2000).astype(np.float32)
    >>> ys = np.abs(xs)
    >>> bool(np.abs(member.step_many(xs[:, None], ys)[-99:, 0] - ys[-99:]).mean() < 0.05)
    True
    """

    def __init__(self, target: Target, *, seed: int = 0, label_horizon: int = 65_536) -> None:
        super().__init__(target, context=0, label_horizon=label_horizon)
        kind = target.kind
        self._scale = Scale(target, 0)
        self._projection = Projection(FEATURES, width=WIDTH, seed=seed)
        self._recursion = Recursion(kind, self.width, prior=PRIOR[kind], forgetting=FORGETTING[kind])
        self._recursion.widen(1 + FEATURES, np.arange(0))

    def _widen(self, before: int, after: int) -> None:
        self._projection.widen(after)
        self._awaited.widen(after, np.arange(before))

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        seen = self._scale.step(targets)
        return seen.predictions(self._recursion.step(self._projection.features(rows), seen.targets)), rows

    def _foresee(self, row: Floats) -> Floats:
        seen = self._scale.peek()
        return seen.predictions(self._recursion.step(self._projection.features(row), seen.targets))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._recursion.step(self._projection.features(contexts), self._scale.step(targets).targets)

    def _state(self) -> Arrays:
        return self._projection.state() | self._recursion.state() | self._scale.state()

    def _restore(self, arrays: Arrays) -> None:
        self._projection.restore(arrays)
        self._recursion.restore(arrays)
        self._scale.restore(arrays)
