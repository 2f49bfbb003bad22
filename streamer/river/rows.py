"""River's samples, dictionaries of features, as rows of numbers whose columns grow.

A feature that is a number or a truth is a numeric column, a text a column of categories, a moment several of cycles;
None, NaN, and whatever a sample does not have, are missing.
"""

import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np

from streamer.columns import Column, Kind, category_code
from streamer.errors import SampleError
from streamer.river.moments import Moments

COLUMNS = 256
"""The most columns: what a learner may take of a machine is bounded. Features beyond them are left out."""
_LARGEST = float(np.finfo(np.float32).max)
_LONGEST = 64
"""Characters of a column's name."""

_NOTHING = Column("nothing")
"""The column of samples without a feature; it never has a value."""
_UNKNOWN = Moments()
"""Of a feature that has had no moment; nothing is remembered in it."""

_Key = tuple[Hashable, str, Kind]
"""A feature, which wave of it if it is a moment, and what its values are."""


class Rows:
    """The columns of one learner, in the order in which their features appeared, those of one sample by name.

    >>> rows = Rows()
    >>> rows.observe({"price": 2.5, "open": True}), rows.observe({"price": None, "shop": "a"})
    ([1.0, 2.5], [nan, nan, 12041795.0])
    >>> [column.name for column in rows.columns]
    ['open', 'price', 'shop']
    """

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self._places: dict[_Key, int] = {}
        self._moments: dict[Hashable, Moments] = {}

    def observe(self, x: Mapping[Any, Any]) -> list[float]:
        """The row of a sample, with a new column for each feature that was never seen."""
        found = list(self._found(x))
        new = [key for key, _ in found if key not in self._places]
        for key in sorted(new, key=repr)[: COLUMNS - len(self.columns)]:
            self._places[key] = len(self.columns)
            self.columns.append(Column(self._name(key), key[2]))
        if not self.columns:
            self.columns.append(_NOTHING)
        self._remember_moments(x)
        return self._row(found)

    def peek(self, x: Mapping[Any, Any]) -> list[float]:
        """The row of a sample, without the features that were never seen; nothing changes."""
        return self._row(self._found(x))

    def _row(self, found: Iterable[tuple[_Key, float]]) -> list[float]:
        row = [math.nan] * len(self.columns)
        for key, value in found:
            place = self._places.get(key)
            if place is not None:
                row[place] = value
        return row

    def _found(self, x: Mapping[Any, Any]) -> Iterator[tuple[_Key, float]]:
        for feature, value in x.items():
            if isinstance(value, str):
                yield (feature, "", "category"), category_code(value)
            elif isinstance(value, date):
                for wave, height in self._moments.get(feature, _UNKNOWN).peek(value):
                    yield (feature, wave, "cycle"), height
            elif value is not None:
                yield (feature, "", "numeric"), _number(feature, value)

    def _remember_moments(self, x: Mapping[Any, Any]) -> None:
        for feature, value in x.items():
            if isinstance(value, date) and (feature in self._moments or len(self._moments) < COLUMNS):
                self._moments.setdefault(feature, Moments()).remember(value)

    def _name(self, key: _Key) -> str:
        """The feature's name as a column's, which is a text, and has to be told from the others."""
        name = f"{key[0]}{key[1]}"
        taken = {column.name for column in self.columns}
        if not name or len(name) > _LONGEST or name in taken:
            name = f"{len(self.columns)}: {name}"[:_LONGEST]
        return name


def _number(feature: Hashable, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.inf
    if abs(number) <= _LARGEST or math.isnan(number):
        return number
    raise SampleError(
        f"the feature {feature!r} cannot be learned from",
        reason="type",
        got=repr(value),
        expected="a finite number, True or False, a text, a date or datetime, or None",
        remedy="leave it out, or make it one of these in front of the model",
    )
