"""Classes: the network learns their places, in the order in which they were found."""

import numpy as np
import numpy.typing as npt

from streamer.evaluation.classes import UNKNOWN, Classes
from streamer.learning.outcomes.outcome import Prepared
from streamer.samples import Arrays, Floats

LARGEST = 2.0**24
"""Beyond it float32 cannot tell whole numbers apart."""


class ClassOutcome:
    """The prediction is a row (C,) of probabilities, 0 for places that no class has yet."""

    extra = 0

    def __init__(self, limit: int, *, ahead: bool = False) -> None:
        self._classes = Classes(limit=limit)
        self._ahead = ahead
        self.width = limit
        self.wanted = f"a whole number, of one of at most {limit} classes, or NaN for no label"

    @property
    def classes(self) -> tuple[float, ...]:
        """The classes found, by place."""
        return tuple(self._classes.values)

    def admits_one(self, y: float) -> bool:
        """As `admits`."""
        return bool(self.admits(np.array([y], np.float32))[0])

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """Whole numbers, of classes that are found or for which there is room."""
        if self._ahead:  # targets are told by the inputs
            return np.ones(len(ys), np.bool_)
        missing, known = np.isnan(ys), self._classes.places(ys) != UNKNOWN
        if (missing | known).all():
            return np.ones(len(ys), np.bool_)
        whole = (ys == np.floor(ys)) & (np.abs(ys) < LARGEST)
        trial = Classes(limit=self._classes.limit)
        trial.load(self._classes.export())
        candidates = np.where(whole, ys, np.nan).astype(np.float32)
        return np.asarray(missing | (trial.find(candidates) != UNKNOWN))

    def prepare(self, features: Floats, ys: Floats) -> Prepared:
        """Places for targets; none where the target is the next symbol."""
        targets = np.full((len(ys), 1), np.nan, np.float32) if self._ahead else self.places(ys)[:, None]
        return Prepared(features, targets, np.empty((len(ys), 0), np.float32))

    def conclude(self, outputs: Floats, ys: Floats, offers: Floats) -> tuple[Floats, Floats]:
        """As they are."""
        return outputs, offers

    def peek(self, features: Floats, ys: Floats) -> Prepared:
        """No target."""
        return Prepared(features, np.full((1, 1), np.nan, np.float32), np.empty((1, 0), np.float32))

    def show(self, output: Floats, offers: Floats) -> Floats:
        """As it is."""
        return output

    def late(self, kept: Floats, ys: Floats) -> Floats:
        """Places for targets."""
        return self.places(ys)[:, None]

    def places(self, ys: Floats) -> Floats:
        """(n,) → the place of each target, NaN for none; new ones are taken in."""
        places = self._classes.find(ys)
        return np.where(places == UNKNOWN, np.nan, places).astype(np.float32)

    def export(self) -> Arrays:
        """The classes found."""
        return self._classes.export()

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._classes.load(arrays)
