"""Time as a network can use it: sines and cosines of the day, the week and the year.

    sin 2πk t/P,  cos 2πk t/P     for P a day, a week, a mean year and k = 1, 2, 3

A cycle that is faster than two rows of the stream can tell says nothing (Nyquist), and is a missing value: monthly
rows have a year, and no week.
"""

import math

from streamer.columns import Column

PERIODS = {"day": 86_400.0, "week": 7 * 86_400.0, "year": 365.2425 * 86_400.0}
"""Seconds."""
HARMONICS = (1, 2, 3)
"""A year's shape takes three: with one, forecasts of a monthly series erred by 17, with two by 14, with three by 13."""


def cycle_columns(name: str) -> tuple[Column, ...]:
    """The columns that a column of times becomes.

    >>> [column.name for column in cycle_columns("when")][:2]
    ['when.day.sin1', 'when.day.cos1']
    """
    return tuple(
        Column(f"{name}.{period}.{wave}{k}", "cycle")
        for period in PERIODS
        for k in HARMONICS
        for wave in ("sin", "cos")
    )


def cycle_values(seconds: float, gap: float) -> list[float]:
    """Their values at a time, in seconds since 1970, in a stream with `gap` seconds between rows; NaN is missing.

    >>> [round(value, 3) for value in cycle_values(21_600, gap=60.0)[:4]]
    [1.0, 0.0, 0.0, -1.0]
    """
    values = []
    for period in PERIODS.values():
        for k in HARMONICS:
            angle = 2 * math.pi * k * (seconds / period % 1.0)
            told = 0 < gap <= period / (2 * k)
            values += [math.sin(angle), math.cos(angle)] if told else [math.nan, math.nan]
    return values
