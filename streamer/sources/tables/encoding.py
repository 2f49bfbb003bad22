"""Cells as numbers: a record becomes the row that travels."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from streamer.columns import Kind, category_code
from streamer.cycles import cycle_values
from streamer.errors import DataError
from streamer.sources.tables.layout import Layout
from streamer.sources.tables.record import shown
from streamer.sources.tables.values import (
    LARGEST,
    Raw,
    has_decimal_comma,
    is_missing,
    is_number,
    number_of,
    text_of,
    time_of,
)

MAX_CLASSES = 4096
"""Texts of the target that are kept for people; a learner has far fewer classes."""


class Row(NamedTuple):
    """x (I,), y and the seconds since 1970; NaN where there is none."""

    x: list[float]
    y: float
    time: float


class Encoding:
    """Makes rows of records, and keeps the texts of the target's classes by their codes in `classes`."""

    def __init__(self, names: Sequence[str], layout: Layout, missing: frozenset[str]) -> None:
        self._names = list(names)
        self._layout = layout
        self._missing = missing
        self._plainly = not any(map(is_number, missing))
        kinds = [column.kind for column in layout.schema.columns]
        self._readers = [(place, self._reader(kind)) for place, kind in zip(layout.inputs, kinds, strict=False)]
        self._target = self._class_of if layout.schema.target == "category" else self._reader("numeric")
        self._gap, self._before = layout.step or 0.0, math.nan
        self.classes: dict[float, str] = {}

    def row(self, cells: Sequence[Raw]) -> Row:
        """A record's row; DataError names the column whose cell is not what it should be."""
        x, y, time = self.read(cells)
        return Row([*x, *self._cycles(time)], y, time) if self._layout.cycles else Row(x, y, time)

    def read(self, cells: Sequence[Raw]) -> tuple[list[float], float, float]:
        """A record's numbers, without what the time becomes."""
        layout = self._layout
        place: int | None = None
        try:
            x = []
            for place, read in self._readers:
                x.append(read(cells[place]))  # a loop, for the error wants the place
            place = layout.target
            y = math.nan if place is None else self._target(cells[place])
            place = layout.time
            time = math.nan if place is None else self._time(cells[place])
        except ValueError:
            assert place is not None
            raise self._fault(place, cells[place]) from None
        return x, y, time

    def _cycles(self, time: float) -> list[float]:
        layout = self._layout
        if math.isnan(time):
            return [math.nan] * len(layout.cycles)
        if layout.step is None:
            self._gap = abs(time - self._before) or self._gap
            self._before = time
        values = cycle_values(time, self._gap)
        return [values[place] for place in layout.cycles]

    def _reader(self, kind: Kind) -> Callable[[Raw], float]:
        if kind == "numeric":
            return self._plain_number if self._plainly else self._number
        return self._code

    def _plain_number(self, cell: Raw) -> float:
        """As `_number` for what is one beyond doubt, in a third of the time."""
        try:
            value = float(cell)  # type: ignore[arg-type]  # what it cannot take is looked at closely
        except (TypeError, ValueError, OverflowError):
            return self._number(cell)
        plain = -LARGEST <= value <= LARGEST and not (isinstance(cell, str) and "_" in cell)
        return value if plain else self._number(cell)

    def _number(self, cell: Raw) -> float:
        return math.nan if is_missing(cell, self._missing) else number_of(cell)

    def _code(self, cell: Raw) -> float:
        return math.nan if is_missing(cell, self._missing) else category_code(text_of(cell))

    def _class_of(self, cell: Raw) -> float:
        code = self._code(cell)
        if len(self.classes) < MAX_CLASSES and not math.isnan(code):
            self.classes.setdefault(code, text_of(cell))
        return code

    def _time(self, cell: Raw) -> float:
        return math.nan if is_missing(cell, self._missing) else time_of(cell)

    def _fault(self, place: int, cell: Raw) -> DataError:
        name = self._names[place]
        if place == self._layout.time:
            expected = "a time like 2024-05-17T08:30:00Z, or seconds since 1970"
            return DataError("no time in the time column", column=name, got=shown(cell), expected=expected)
        if has_decimal_comma(cell):
            expected, remedy = "a decimal point", f"write numbers with points, or --category {name} if it is a name"
            return DataError("a number with a comma", column=name, got=shown(cell), expected=expected, remedy=remedy)
        problem = "text in a numeric column" if isinstance(cell, str) else "no number in a numeric column"
        return DataError(
            problem,
            column=name,
            got=shown(cell),
            expected="a finite number, or one of the texts for a missing value",
            remedy=f"mend the row; or --missing if it stands for no value, --category {name} if it is a name, "
            "--on-bad-row skip to leave such rows out",
        )
