"""What is kept of samples that came without a label, by their numbers, until the label comes or is too late."""

import numpy as np
import numpy.typing as npt

from streamer.samples import Arrays, Floats, Numbers

_LEAST = 64


class Awaited:
    """A context (Q,) for each awaited sample, of the last `horizon` samples at most; Q is `width`, or the first one's.

    >>> awaited = Awaited(horizon=100, width=1)
    >>> awaited.keep(np.array([3, 5]), np.array([[30], [50]], np.float32))
    >>> places, contexts = awaited.take(np.array([5, 4, 5]))
    >>> places.tolist(), contexts.tolist()
    ([0], [[50.0]])
    """

    def __init__(self, *, horizon: int, width: int = 0) -> None:
        self._horizon = horizon
        self._numbers: Numbers = np.empty(0, np.int64)
        self._contexts: Floats = np.empty((0, width), np.float32)
        self._open: npt.NDArray[np.bool_] = np.empty(0, np.bool_)
        self._start = self._end = 0
        """Rows in use; the numbers in them rise."""

    def keep(self, numbers: Numbers, contexts: Floats) -> None:
        """Await the labels of further samples (n,)."""
        if not len(numbers):
            return
        if not len(self._numbers):
            self._contexts = np.empty((0, contexts.shape[1]), np.float32)
        self._make_room(len(numbers))
        rows = slice(self._end, self._end + len(numbers))
        self._numbers[rows], self._contexts[rows], self._open[rows] = numbers, contexts, True
        self._end = rows.stop

    def forget(self, count: int) -> None:
        """So many samples have come: those beyond the horizon are let go of."""
        if self._start < self._end and self._numbers[self._start] < count - self._horizon:
            live = self._numbers[self._start : self._end]
            self._start += int(np.searchsorted(live, count - self._horizon))

    def objection(self, number: int, count: int) -> str:
        """Why a sample cannot be labelled after so many; empty if it can.

        `label_late`: the horizon is past. `label_unknown`: it is no sample without a label, or has had it.
        """
        if number < count - self._horizon:
            return "label_late"
        at = self._start + int(np.searchsorted(self._numbers[self._start : self._end], number))
        known = at < self._end and self._numbers[at] == number and self._open[at]
        return "" if known else "label_unknown"

    def take(self, numbers: Numbers) -> tuple[Numbers, Floats]:
        """Which of these (n,) are awaited, each once, in their order, and their contexts. They are so no longer."""
        at = self._start + np.searchsorted(self._numbers[self._start : self._end], numbers)
        inside = np.flatnonzero(at < self._end)
        known = inside[(self._numbers[at[inside]] == numbers[inside]) & self._open[at[inside]]]
        if len(known) > 1:
            known = np.sort(known[np.unique(numbers[known], return_index=True)[1]])
        self._open[at[known]] = False
        return known, self._contexts[at[known]]

    def widen(self, width: int, places: Numbers) -> None:
        """Contexts get more numbers: those that they had go to these places, the others are 0."""
        wider = np.zeros((len(self._contexts), width), np.float32)
        wider[:, places] = self._contexts
        self._contexts = wider

    def export(self, *, awaited: bool = True) -> Arrays:
        """The samples awaited and their contexts; not `awaited`: none."""
        rows = self._start + np.flatnonzero(self._open[self._start : self._end if awaited else self._start])
        return {"awaited.numbers": self._numbers[rows], "awaited.contexts": self._contexts[rows]}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._numbers = arrays["awaited.numbers"].astype(np.int64)
        self._contexts = np.array(arrays["awaited.contexts"], np.float32, order="C")
        self._open = np.ones(len(self._numbers), np.bool_)
        self._start, self._end = 0, len(self._numbers)

    def _make_room(self, count: int) -> None:
        """Close ranks when the rows are used up; grow in doublings."""
        if self._end + count <= len(self._numbers):
            return
        rows = self._start + np.flatnonzero(self._open[self._start : self._end])
        size = max(_LEAST, 2 * (len(rows) + count))
        numbers, contexts = np.zeros(size, np.int64), np.zeros((size, self._contexts.shape[1]), np.float32)
        numbers[: len(rows)], contexts[: len(rows)] = self._numbers[rows], self._contexts[rows]
        self._open = np.arange(size) < len(rows)
        self._numbers, self._contexts, self._start, self._end = numbers, contexts, 0, len(rows)
