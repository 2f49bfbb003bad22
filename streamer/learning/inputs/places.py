"""Which feature a column has, or each category of it: places are given out in the order of first appearance.

A column that never had a value has none, so a row may announce more columns than it fills. Categories beyond the limit
share the places of others: they are then one to the network.
"""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from streamer.columns import Column
from streamer.samples import Floats

FEATURES = 256
"""The most features of a row: what a row may take of a learner's time and memory is bounded."""
CATEGORIES = 32
"""The most categories of a column that have a place of their own."""
NOWHERE = -1

_New = tuple[int, int, float]
"""Row, column, and what is new there: a category's code, or one of the two below."""
_VALUE, _GAP = -1.0, -2.0


class Places:
    """The places of the columns of one learner.

    >>> places = Places([Column("price"), Column("shop", "category")])
    >>> places.discover(np.array([[2.5, 7], [1.5, 9], [np.nan, 7]], np.float32))
    >>> places.used, places.features
    (4, ['price', 'shop=7', 'shop=9', 'price missing'])
    """

    def __init__(self, columns: Sequence[Column] = ()) -> None:
        self.columns: list[Column] = []
        self.numbers: npt.NDArray[np.int64] = np.empty(0, np.int64)
        """Column → its feature; NOWHERE for a category, and for a number that never had a value."""
        self.gaps: npt.NDArray[np.int64] = np.empty(0, np.int64)
        """Column → the feature that says that its value is missing; NOWHERE if none ever was."""
        self.categories: list[dict[float, int]] = []
        """Column → code → feature."""
        self._categorical: list[int] = []
        self.used = 0
        for column in columns:
            self.add(column)

    def add(self, column: Column) -> None:
        """One more column, at the end; it has no place yet."""
        self.columns.append(column)
        self.numbers = np.append(self.numbers, NOWHERE)
        self.gaps = np.append(self.gaps, NOWHERE)
        self.categories.append({})
        if column.kind == "category":
            self._categorical.append(len(self.columns) - 1)
        self._settled = False

    @property
    def features(self) -> list[str]:
        """What each feature is, for people."""
        names = [""] * self.used
        for j, column in enumerate(self.columns):
            for code, place in self.categories[j].items():
                names[place] = f"{column.name}={code:.0f}"
            for place, name in ((self.numbers[j], column.name), (self.gaps[j], f"{column.name} missing")):
                if place != NOWHERE:
                    names[place] = name
        return names

    def novelties(self, xs: Floats) -> list[_New]:
        """What appears in xs (T, I) for the first time, in the order of its appearance."""
        # a sum is NaN if a value is: for one row nothing is cheaper to ask
        if self._settled and np.add.reduce(xs, axis=None, dtype=np.float64) < np.inf:
            return []
        missing = np.isnan(xs)
        return sorted([*self._values(missing), *self._gaps(missing), *self._codes(xs)])

    def discover(self, xs: Floats) -> None:
        """Give places to what appears in xs (T, I) for the first time."""
        if found := self.novelties(xs):
            for _, column, new in found:
                self._give(column, new)
            # then only a missing value can be new
            self._settled = bool((self.numbers != NOWHERE).all())

    def located(self, xs: Floats) -> Floats:
        """xs (T, I) with the code of each category replaced by its place; NaN where it has none."""
        if not self._categorical:
            return xs
        located = xs.copy()
        for j in self._categorical:
            located[:, j] = [_place(self.categories[j], code) for code in xs[:, j].tolist()]
        return located

    def _values(self, missing: npt.NDArray[np.bool_]) -> Iterator[_New]:
        for j, column in enumerate(self.columns):
            if column.kind != "category" and self.numbers[j] == NOWHERE and not missing[:, j].all():
                yield int(np.argmin(missing[:, j])), j, _VALUE

    def _gaps(self, missing: npt.NDArray[np.bool_]) -> Iterator[_New]:
        """A column that has had a value and now has none."""
        for j in np.flatnonzero(missing.any(axis=0) & (self.gaps == NOWHERE)).tolist():
            if self.columns[j].kind == "cycle":
                continue
            begun = self.numbers[j] != NOWHERE or self.categories[j]
            first = 0 if begun else int(np.argmin(missing[:, j]))
            after = np.flatnonzero(missing[first:, j])
            if len(after) and (begun or not missing[first, j]):
                yield first + int(after[0]), j, _GAP

    def _codes(self, xs: Floats) -> Iterator[_New]:
        for j, column in enumerate(self.columns):
            if column.kind == "category":
                codes, rows = np.unique(xs[:, j], return_index=True)
                for code, row in zip(codes.tolist(), rows.tolist(), strict=True):
                    if code == code and code not in self.categories[j]:
                        yield row, j, code

    def _give(self, column: int, new: float) -> None:
        own = self.categories[column]
        if self.used >= FEATURES or (new >= 0 and len(own) >= CATEGORIES):
            return
        if new == _VALUE:
            self.numbers[column] = self.used
        elif new == _GAP:
            self.gaps[column] = self.used
        else:
            own[new] = self.used
        self.used += 1


def _place(own: dict[float, int], code: float) -> float:
    """A category's place, or the one that it shares; NaN for a missing one."""
    if code != code or not own:
        return math.nan
    return own[code] if code in own else tuple(own.values())[int(code) % len(own)]
