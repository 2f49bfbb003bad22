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
_PLAIN = frozenset({float, int, bool, np.float64, np.float32})
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
        self._numbers: dict[Hashable, int] = {}
        """The places of numbers once more, by the feature alone: they are most of what comes."""
        self._moments: dict[Hashable, Moments] = {}

    def observe(self, x: Mapping[Any, Any]) -> list[float]:
        """The row of a sample, with a new column for each feature that was never seen."""
        row, others = self._read(x)
        if others:
            row = self._with_others(row, others)
            self._remember_moments(x)
        if not self.columns:
            self.columns.append(_NOTHING)
            row.append(math.nan)
        return row

    def peek(self, x: Mapping[Any, Any]) -> list[float]:
        """The row of a sample, without the features that were never seen; nothing changes."""
        row, others = self._read(x)
        for feature, value in others:
            self._place(row, self._told(feature, value))
        return row

    def _read(self, x: Mapping[Any, Any]) -> tuple[list[float], list[tuple[Hashable, Any]]]:
        """The row as far as it is numbers of columns that are known, and the other features."""
        row, others, numbers = [math.nan] * len(self.columns), [], self._numbers
        for feature, value in x.items():
            if type(value) in _PLAIN and -_LARGEST <= value <= _LARGEST and feature in numbers:
                row[numbers[feature]] = value
            else:
                others.append((feature, value))
        return row, others

    def _with_others(self, row: list[float], others: list[tuple[Hashable, Any]]) -> list[float]:
        told = [one for feature, value in others for one in self._told(feature, value)]
        new = sorted((key for key, _ in told if key not in self._places), key=repr)
        for key in new[: COLUMNS - len(self.columns)]:
            self._add(key)
        row += [math.nan] * (len(self.columns) - len(row))
        self._place(row, told)
        return row

    def _place(self, row: list[float], told: Iterable[tuple[_Key, float]]) -> None:
        for key, value in told:
            place = self._places.get(key)
            if place is not None:
                row[place] = value

    def _told(self, feature: Hashable, value: Any) -> Iterator[tuple[_Key, float]]:
        """What a feature's value says: which of the columns, and the number in it."""
        if isinstance(value, str):
            yield (feature, "", "category"), category_code(value)
        elif isinstance(value, date):
            for wave, height in self._moments.get(feature, _UNKNOWN).peek(value):
                yield (feature, wave, "cycle"), height
        elif value is not None:
            yield (feature, "", "numeric"), _number(feature, value)

    def _add(self, key: _Key) -> None:
        feature, _, kind = key
        self._places[key] = len(self.columns)
        if kind == "numeric":
            self._numbers[feature] = len(self.columns)
        self.columns.append(Column(self._name(key), kind))

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
