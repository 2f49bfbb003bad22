"""A linear model of the features now, of rows before, and of the last targets: least squares, or Newton steps.

    u = 1; the last L targets known; the features now; the features of each of the last D rows, the newest first

Of classes no last targets are among them: they would cost n² for each place, and Markov is a member of its own.
"""

import numpy as np

from streamer.learning.committee.members.block import BlockMember
from streamer.learning.committee.members.recursion import Recursion
from streamer.learning.committee.members.scale import Scale
from streamer.learning.committee.members.target import Kind, Target
from streamer.samples import Arrays, Floats, Numbers

FORGETTING: dict[Kind, float] = {"numbers": 0.9999, "binary": 0.999, "classes": 0.999}
"""λ: weights are of about the last 1 / (1 − λ) labels."""
PRIOR: dict[Kind, float] = {"numbers": 1.0, "binary": 1.0, "classes": 1.0}
"""The variance of each weight before the first label."""


class Linear(BlockMember):
    """`delays` is D, `lags` is L.

    >>> member, xs = Linear(Target("numbers"), delays=1, lags=0), np.random.default_rng(0).random(500, np.float32)
    >>> ys = np.roll(xs, 1) - 3 * xs
    >>> bool(np.abs(member.step_many(xs[:, None], ys)[-9:, 0] - ys[-9:]).max() < 0.1)
    True
    """

    def __init__(self, target: Target, *, delays: int, lags: int, label_horizon: int = 65_536) -> None:
        self._lags = 0 if target.kind == "classes" else lags
        super().__init__(target, context=1 + self._lags, label_horizon=label_horizon)
        self._scale = Scale(target, self._lags)
        kind = target.kind
        self._recursion = Recursion(kind, self.width, prior=PRIOR[kind], forgetting=FORGETTING[kind])
        self._recursion.widen(1 + self._lags, np.arange(0))
        self._past: Floats = np.zeros((delays, 0), np.float32)
        """The last rows, the oldest first."""

    def _widen(self, before: int, after: int) -> None:
        delays, fixed = len(self._past), 1 + self._lags
        blocks = fixed + after * np.arange(delays + 1)[:, None] + np.arange(before)
        places, count = np.concatenate([np.arange(fixed), blocks.ravel()]), fixed + after * (delays + 1)
        self._recursion.widen(count, places)
        self._awaited.widen(count, places)
        self._past = np.pad(self._past, ((0, 0), (0, after - before)))

    def _advance(self, rows: Floats, targets: Floats) -> tuple[Floats, Floats]:
        seen = self._scale.step(targets)
        joined = np.concatenate([self._past, rows])
        us = self._regressors(joined, seen.lagged)
        self._past = joined[len(rows) :].copy()
        return seen.predictions(self._recursion.step(us, seen.targets)), us

    def _foresee(self, row: Floats) -> Floats:
        seen = self._scale.peek()
        us = self._regressors(np.concatenate([self._past, row]), seen.lagged)
        return seen.predictions(self._recursion.step(us, seen.targets))

    def _learn(self, numbers: Numbers, contexts: Floats, targets: Floats) -> None:
        self._recursion.step(contexts, self._scale.step(targets).targets)

    def _regressors(self, rows: Floats, lagged: Floats) -> Floats:
        """Rows (D + T, F), the first of them of the past, and last targets (T, L) → (T, n)."""
        delays, count = len(self._past), len(lagged)
        before = [rows[delays - d : delays - d + count] for d in range(delays + 1)]
        return np.concatenate([np.ones((count, 1), np.float32), lagged, *before], axis=1)

    def _state(self) -> Arrays:
        return {"past": self._past} | self._recursion.state() | self._scale.state()

    def _restore(self, arrays: Arrays) -> None:
        self._past = np.array(arrays["past"], np.float32, order="C")
        self._recursion.restore(arrays)
        self._scale.restore(arrays)
