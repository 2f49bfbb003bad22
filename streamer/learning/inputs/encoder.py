"""The encoder of one learner: rows of a stream (T, I) to features (T, F), with statistics that run along.

Columns are known by name: a log that has them in another order, or more of them, is arranged to fit. Features only
ever grow, and what is new is 0 before it appears, so a network can grow with them.
"""

import json
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from streamer.columns import Column
from streamer.learning.inputs.places import Places
from streamer.learning.inputs.standard import (
    BITS,
    CATEGORY,
    COUNT,
    CYCLE,
    MEAN,
    PASS,
    STANDARD,
    VARIANCE,
    encode_rows,
)
from streamer.samples import Arrays, Floats, Numbers

CAPACITIES = (4, 8, 16, 32, 64, 128, 256)
"""Numbers of features that networks grow to: each takes seconds to compile, the first time on a machine."""


class Encoding(Protocol):
    """What a learner needs of its inputs."""

    named: bool
    """Whether columns have names that a log gave; a value may then be missing."""

    @property
    def columns(self) -> int:
        """I, the places of a row."""
        ...

    @property
    def width(self) -> int:
        """F, the features that a network must be made for."""
        ...

    def columns_with(self, columns: Sequence[Column]) -> int:
        """I, were these arranged as well."""
        ...

    def arrange(self, columns: Sequence[Column]) -> Numbers:
        """For each column of a log its place in the rows here; those not known are added."""
        ...

    def schema(self) -> tuple[Column, ...]:
        """The columns by name; none where they have no names."""
        ...

    def encode(self, xs: Floats) -> Floats:
        """(T, I) → (T, F), and remember what was seen."""
        ...

    def peek(self, x: Floats) -> Floats | None:
        """(1, I) → (1, F) as `encode` would give it, remembering nothing; None if it would make F grow."""
        ...

    def describe(self) -> list[dict[str, Any]]:
        """What is done to each column, for people."""
        ...

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...


class Plain:
    """Rows that are features already."""

    named = False

    def __init__(self, inputs: int) -> None:
        self.width = self.columns = inputs

    def columns_with(self, columns: Sequence[Column]) -> int:
        """No more."""
        return self.columns

    def arrange(self, columns: Sequence[Column]) -> Numbers:
        """A row has no names: each column stays where it is."""
        return np.arange(self.columns)

    def schema(self) -> tuple[Column, ...]:
        """None."""
        return ()

    def encode(self, xs: Floats) -> Floats:
        """The rows."""
        return xs

    def peek(self, x: Floats) -> Floats:
        """The row."""
        return x

    def describe(self) -> list[dict[str, Any]]:
        """Nothing is done."""
        return []

    def export(self) -> Arrays:
        """No state."""
        return {}

    def load(self, arrays: Arrays) -> None:
        """No state."""


class Encoder:
    """Numbers standardised (and then multiplied by `gain`) or as they are, categories one-hot, missing values marked.

    >>> encoder = Encoder([Column("x"), Column("shop", "category")], standard=True)
    >>> encoder.encode(np.array([[10, 7], [14, 7], [np.nan, 9]], np.float32))[:, :encoder.used].round(2).tolist()
    [[0.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    """

    def __init__(self, columns: Sequence[Column], *, standard: bool, named: bool = False, gain: float = 1.0) -> None:
        self._places = Places(columns)
        self._standard = standard
        self.named = named
        self._gain = gain
        self._statistics = _fresh(len(columns))
        self._least = len(columns)
        self._kinds = self._kinds_now()
        self.width = self._capacity()

    @property
    def used(self) -> int:
        """Features that have appeared so far."""
        return self._places.used

    def schema(self) -> tuple[Column, ...]:
        """The columns by name, in the order of the rows here."""
        return tuple(self._places.columns) if self.named else ()

    def columns_with(self, columns: Sequence[Column]) -> int:
        """I, were these arranged as well."""
        return len({*self._places.columns, *columns})

    def arrange(self, columns: Sequence[Column]) -> Numbers:
        """For each column of a log its place in the rows here; those not known by name and kind are added."""
        if not self.named:
            return np.arange(self.columns)
        for column in columns:
            if column not in self._places.columns:
                self._places.add(column)
                self._statistics = np.concatenate([self._statistics, _fresh(1)])
        self._kinds = self._kinds_now()
        return np.array([self._places.columns.index(column) for column in columns], np.int64)

    @property
    def columns(self) -> int:
        """I, the places of a row here."""
        return len(self._places.columns)

    def encode(self, xs: Floats) -> Floats:
        """(T, I) → (T, F): places for what is new, then the rows in turn."""
        self._places.discover(xs)
        self.width = self._capacity()
        return self._encoded(xs, self._statistics)

    def peek(self, x: Floats) -> Floats | None:
        """(1, I) → (1, F), or None if something in it is new."""
        if self._places.novelties(x):
            return None
        return self._encoded(x, self._statistics.copy())

    def describe(self) -> list[dict[str, Any]]:
        """Name, what is done, and the statistics in use."""
        return [self._description(j, column) for j, column in enumerate(self._places.columns)]

    def export(self) -> Arrays:
        """The columns and places as text, the statistics as they are."""
        places = self._places
        document = {
            "columns": [[column.name, column.kind] for column in places.columns],
            "numbers": places.numbers.tolist(),
            "gaps": places.gaps.tolist(),
            "categories": [list(own.items()) for own in places.categories],
            "used": places.used,
            "least": self._least,
            "standard": self._standard,
            "named": self.named,
            "gain": self._gain,
        }
        text = np.frombuffer(json.dumps(document, separators=(",", ":")).encode(), np.uint8)
        return {"places": text.copy(), "statistics": self._statistics.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        document = json.loads(arrays["places"].tobytes())
        self._places = Places([Column(name, kind) for name, kind in document["columns"]])
        self._places.numbers = np.array(document["numbers"], np.int64)
        self._places.gaps = np.array(document["gaps"], np.int64)
        self._places.categories = [dict(map(tuple, own)) for own in document["categories"]]
        self._places.used = document["used"]
        self._least, self._standard, self.named = document["least"], document["standard"], document["named"]
        self._gain = document["gain"]
        self._statistics = np.ascontiguousarray(arrays["statistics"], np.float64)
        self._kinds, self.width = self._kinds_now(), self._capacity()

    def _capacity(self) -> int:
        """Room for the columns announced at first, or if more has appeared, for that and some more."""
        if self._places.used <= self._least:
            return self._least
        return next(capacity for capacity in CAPACITIES if capacity >= self._places.used)

    def _encoded(self, xs: Floats, statistics: np.ndarray) -> Floats:
        features = np.zeros((len(xs), self.width), np.float32)
        places = self._places
        rows = np.ascontiguousarray(places.located(xs))
        encode_rows(rows, self._kinds, places.numbers, places.gaps, self._gain, self.named, statistics, features)
        return features

    def _kinds_now(self) -> Numbers:
        kinds = {"numeric": STANDARD if self._standard else PASS, "category": CATEGORY, "cycle": CYCLE}
        return np.array([kinds[column.kind] for column in self._places.columns], np.int64)

    def _description(self, j: int, column: Column) -> dict[str, Any]:
        own, statistics = self._places.categories[j], self._statistics[j]
        if column.kind == "category":
            return {"name": column.name, "done": "one-hot", "categories": len(own)}
        if self._places.numbers[j] < 0:
            return {"name": column.name, "done": "none, it never had a value"}
        if column.kind == "cycle" or not self._standard or statistics[BITS]:
            signed = column.kind == "numeric" and self._standard and self.named
            return {"name": column.name, "done": "0 and 1 as -1 and 1" if signed else "as it is"}
        mean, deviation = float(statistics[MEAN]), float(statistics[VARIANCE] ** 0.5)
        return {"name": column.name, "done": "standardised", "mean": mean, "deviation": deviation}


def _fresh(count: int) -> np.ndarray:
    statistics = np.zeros((count, 4))
    statistics[:, BITS] = 1
    assert COUNT == 0
    return statistics
