"""Classes in the order in which they are found, up to a limit: from the value of a target to its place."""

import numpy as np

from streamer.samples import Arrays, Floats, Numbers

UNKNOWN = -1
"""The place of a class that has not been found, or has none for there are too many."""


class Classes:
    """Values that targets have had, each with a place from 0 on.

    >>> classes = Classes(limit=2)
    >>> classes.find(np.array([7, 3, 7, 5], np.float32)).tolist()
    [0, 1, 0, -1]
    """

    def __init__(self, *, limit: int) -> None:
        self.limit = limit
        self._places: dict[float, int] = {}

    @property
    def values(self) -> list[float]:
        """The values found, in the order of their places."""
        return list(self._places)

    def find(self, targets: Floats) -> Numbers:
        """The place of each target (T,), taking in new ones while there is room; NaN has none."""
        for value in _distinct(targets):
            if value not in self._places and len(self._places) < self.limit:
                self._places[value] = len(self._places)
        return self.places(targets)

    def places(self, targets: Floats) -> Numbers:
        """The place of each target (T,), taking in none."""
        return np.array([self._places.get(value, UNKNOWN) for value in targets.tolist()], np.int64)

    def export(self) -> Arrays:
        """The state as arrays."""
        return {"values": np.array(self.values, np.float32)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._places = {value: place for place, value in enumerate(arrays["values"].tolist())}


def _distinct(targets: Floats) -> list[float]:
    """The values, without NaN, in the order of their first appearance."""
    return list(dict.fromkeys(value for value in targets.tolist() if value == value))
