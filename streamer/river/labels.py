"""The labels of one classifier: which class, or which side of a truth, each of them is."""

from typing import Any

import numpy as np

from streamer.errors import SampleError


class Labels:
    """The first one says what kind they are of: truths, two from the start, or classes found as they come.

    >>> labels = Labels("red", most=16)
    >>> labels.take("red"), labels.place("green"), labels.found
    (None, 1, ('red',))
    """

    def __init__(self, first: Any, *, most: int) -> None:
        self.truths = isinstance(first, bool | np.bool_)
        self._most = 2 if self.truths else most
        self._places: dict[Any, int] = {False: 0, True: 1} if self.truths else {}

    @property
    def found(self) -> tuple[Any, ...]:
        """The labels by their places."""
        return tuple(self._places)

    def place(self, label: Any) -> int:
        """A label's place, the next one if it is new; SampleError if there is no room for it."""
        place = self._places.get(label, len(self._places))
        if place >= self._most:
            raise SampleError(
                "a label of one class too many",
                reason="target",
                got=repr(label),
                expected=f"one of {', '.join(map(repr, self._places))}",
                remedy="give labels all of one kind; GRUClassifier(classes=…) says how many there may be",
            )
        return place

    def take(self, label: Any) -> None:
        """It has been learned."""
        self._places.setdefault(label, len(self._places))
