"""The usual time between two samples, which decides what a date or a time of one can tell."""

import math
from datetime import UTC, date, datetime

from streamer.cycles import cycle_columns, cycle_values

LOOKBACK = 100
"""Samples that the usual time is the mean of."""
_WAVES = tuple(column.name for column in cycle_columns(""))


class Moments:
    """One feature's moments, as they come.

    >>> moments = Moments()
    >>> moments.remember(date(2024, 1, 1))
    >>> [wave for wave, _ in moments.peek(date(2024, 2, 1))][::2]
    ['.year.sin1', '.year.sin2', '.year.sin3']
    """

    def __init__(self) -> None:
        self._seconds: float | None = None
        self._steps = 0
        self._gap = 0.0

    def remember(self, moment: date) -> None:
        """It was the latest."""
        seconds = _seconds(moment)
        if self._seconds is not None:
            self._gap = self._gap_with(self._seconds, seconds)
            self._steps += 1
        self._seconds = seconds

    def peek(self, moment: date) -> list[tuple[str, float]]:
        """What one says, were it the next: waves and their heights. The first says nothing, for no gap is known."""
        if self._seconds is None:
            return []
        seconds = _seconds(moment)
        values = cycle_values(seconds, self._gap_with(self._seconds, seconds))
        return [told for told in zip(_WAVES, values, strict=True) if not math.isnan(told[1])]

    def _gap_with(self, before: float, seconds: float) -> float:
        """The usual time between two, were this one the next."""
        return self._gap + (abs(seconds - before) - self._gap) / min(self._steps + 1, LOOKBACK)


def _seconds(moment: date) -> float:
    """Since 1970, in UTC where no zone is said."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
