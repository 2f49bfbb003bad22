"""What is kept of samples without a label, by number, until their labels come or are past waiting for."""

from collections import OrderedDict

import numpy as np

from streamer.samples import Arrays, Floats, Numbers


class Awaited:
    """Rows (C,) by the numbers of their samples, of the last `horizon` samples at most."""

    def __init__(self, horizon: int) -> None:
        self._horizon = horizon
        self._rows: OrderedDict[int, Floats] = OrderedDict()

    def keep(self, first: int, rows: Floats, ys: Floats) -> None:
        """The next samples (T,) from number `first` on: those without a label are kept; what is too old goes."""
        for t in np.flatnonzero(np.isnan(ys)).tolist():
            self._rows[first + t] = rows[t].copy()
        while self._rows and next(iter(self._rows)) < first + len(ys) - self._horizon:
            self._rows.popitem(last=False)

    def objection(self, number: int, samples: int) -> str:
        """Why a sample cannot be labelled now, after so many; empty if it can."""
        if number < samples - self._horizon:
            return "label_late"
        return "" if number in self._rows else "label_unknown"

    def take(self, number: int) -> Floats:
        """The row (C,) of a sample that is awaited, which it is no longer."""
        return self._rows.pop(number)

    def export(self) -> Arrays:
        """Numbers and rows; none if nothing is awaited."""
        if not self._rows:
            return {}
        return {"numbers": np.array(list(self._rows), np.int64), "rows": np.array(list(self._rows.values()))}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        numbers: Numbers = arrays.get("numbers", np.empty(0, np.int64))
        self._rows = OrderedDict((number, arrays["rows"][at].copy()) for at, number in enumerate(numbers.tolist()))
