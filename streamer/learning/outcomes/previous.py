"""The newest known target as features, in front of those of the row: for targets that depend on each other.

Of a binary target ±1; of classes one for each place, 1 for that of the newest and else 0. All are 0 before the first.
A label that comes late is the newest when it comes.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.learning.outcomes.outcome import Outcome, Prepared
from streamer.samples import Arrays, Floats

MOST = 32
"""Places that have a feature, the first ones found: beyond, a network of 16 units would hold little but them."""


@block_kernel("float32[:,::1], float32[::1], int64, float32[:,::1]")
def show_newest(targets: Any, newest: Any, places: Any, features: Any) -> None:
    """Targets (T, 1) in turn → the first features (T, …), 0 so far, of the newest (1,) before each.

    Without places the target is binary.
    """
    for t in range(len(targets)):
        if newest[0] == newest[0]:
            if places == 0:
                features[t, 0] = 1.0 if newest[0] > 0.5 else -1.0
            elif newest[0] < places:
                features[t, int(newest[0])] = 1.0
        if targets[t, 0] == targets[t, 0]:
            newest[0] = targets[t, 0]


class Previous:
    """An outcome of one target, 0 and 1 or a place, that shows the newest besides. State runs along with it."""

    def __init__(self, outcome: Outcome, places: int = 0) -> None:
        self._outcome = outcome
        self._places = min(places, MOST)
        self._newest = np.full(1, np.nan, np.float32)
        self.extra = outcome.extra + (self._places or 1)
        self.width, self.wanted = outcome.width, outcome.wanted

    @property
    def classes(self) -> tuple[float, ...]:
        """The classes found, by place."""
        return self._outcome.classes

    def admits_one(self, y: float) -> bool:
        """As without."""
        return self._outcome.admits_one(y)

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """As without."""
        return self._outcome.admits(ys)

    def prepare(self, features: Floats, ys: Floats) -> Prepared:
        """The newest target before each sample beside what is prepared without."""
        return self._shown(self._outcome.prepare(features, ys))

    def conclude(self, outputs: Floats, ys: Floats, offers: Floats) -> tuple[Floats, Floats]:
        """As without."""
        return self._outcome.conclude(outputs, ys, offers)

    def peek(self, features: Floats, ys: Floats) -> Prepared:
        """As `prepare`, taking in nothing: it has no target."""
        return self._shown(self._outcome.peek(features, ys))

    def show(self, output: Floats, offers: Floats) -> Floats:
        """As without."""
        return self._outcome.show(output, offers)

    def late(self, kept: Floats, ys: Floats) -> Floats:
        """As without; it is the newest now."""
        targets = self._outcome.late(kept, ys)
        if targets[0, 0] == targets[0, 0]:
            self._newest[0] = targets[0, 0]
        return targets

    def export(self) -> Arrays:
        """What there is without, and the newest."""
        return self._outcome.export() | {"newest": self._newest.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        own = dict(arrays)
        self._newest = np.array(own.pop("newest"), np.float32)
        self._outcome.load(own)

    def _shown(self, prepared: Prepared) -> Prepared:
        count, width = prepared.features.shape
        wider = np.zeros((count, self.extra + width), np.float32)
        show_newest(np.ascontiguousarray(prepared.targets), self._newest, self._places, wider)
        wider[:, self.extra :] = prepared.features  # a row may get more features, at its end
        return prepared._replace(features=wider)
