"""What the data say of themselves: which columns hold numbers, and how far apart and how long its moments are.

A column's kind is found from its first values, so that one wrong cell far behind is an error, and not another kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from streamer.columns import Kind
from streamer.sources.tables.values import Raw, has_decimal_comma, is_missing, is_number, time_of

FIRST_VALUES = 1000
"""Values of each column, missing ones not counted, that its kind is found from."""


@dataclass(slots=True)
class Tally:
    """Of one column's first values."""

    values: int = 0
    numbers: int = 0

    @property
    def kind(self) -> Kind:
        """A number if at least half of the values are: the others are then mistakes."""
        return "numeric" if 2 * self.numbers >= self.values else "category"


@dataclass(slots=True)
class Moments:
    """Of the time column."""

    first: list[float] = field(default_factory=list)
    earliest: float = float("inf")
    latest: float = float("-inf")

    def add(self, seconds: float) -> None:
        """One more."""
        if len(self.first) < FIRST_VALUES:
            self.first.append(seconds)
        self.earliest, self.latest = min(self.earliest, seconds), max(self.latest, seconds)

    @property
    def step(self) -> float:
        """The usual time from one moment to the next that is another one, in seconds; 0 if there is none."""
        steps = [abs(after - before) for before, after in zip(self.first, self.first[1:], strict=False)]
        return median(filter(None, steps)) if any(steps) else 0.0

    @property
    def span(self) -> float:
        """From the earliest to the latest, in seconds."""
        return max(0.0, self.latest - self.earliest)


class Survey:
    """Looks at rows one after the other; without a time column it is `complete` when it has seen enough."""

    def __init__(self, missing: frozenset[str], time: str | None = None) -> None:
        self._missing = missing
        self._time = time
        self.tallies: list[Tally] = []
        self.moments = Moments()
        self.rows = 0

    def add(self, names: Sequence[str], cells: Sequence[Raw]) -> None:
        """Look at one row."""
        self.rows += 1
        self.tallies += [Tally() for _ in range(len(names) - len(self.tallies))]
        for name, tally, cell in zip(names, self.tallies, cells, strict=False):
            if name == self._time:
                self._look_at_time(cell)
            elif tally.values < FIRST_VALUES and not is_missing(cell, self._missing):
                tally.values += 1
                tally.numbers += is_number(cell) or has_decimal_comma(cell)

    @property
    def complete(self) -> bool:
        """Whether nothing more can come to light, in a table whose columns are known."""
        return self._time is None and all(tally.values == FIRST_VALUES for tally in self.tallies)

    def _look_at_time(self, cell: Raw) -> None:
        try:
            self.moments.add(time_of(cell))
        except ValueError:
            return  # missing, or an error that is told when the row is read
