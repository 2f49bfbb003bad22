"""What a moment says to a learner: where it stands in the day, the week and the year, as points of a circle.

    sin 2πφ, cos 2πφ with φ the time since the cycle began, as a share of it

A week begins on Monday, and all of it is UTC.
"""

import math
from collections.abc import Sequence

DAY = 86_400.0
CYCLES = {"day": DAY, "week": 7 * DAY, "year": 365.2425 * DAY}
"""Lengths in seconds."""
_BEGINNINGS = {"day": 0.0, "week": 4 * DAY, "year": 0.0}
"""1970 began on a Thursday."""


def cycles_between(step: float, span: float) -> tuple[str, ...]:
    """The cycles that a stream can show: longer than its usual step, and not longer than the whole of it.

    >>> cycles_between(3600.0, 30 * DAY)
    ('day', 'week')
    """
    return tuple(name for name, length in CYCLES.items() if step < length <= span)


def names_of(cycles: Sequence[str]) -> list[str]:
    """The columns' names.

    >>> names_of(["day"])
    ['time.day_sin', 'time.day_cos']
    """
    return [f"time.{cycle}_{part}" for cycle in cycles for part in ("sin", "cos")]


def features(seconds: float, cycles: Sequence[str]) -> list[float]:
    """Two numbers for each cycle; NaN for a moment that is missing.

    >>> [round(value, 6) for value in features(6 * 3600.0, ["day"])]
    [1.0, 0.0]
    """
    if math.isnan(seconds):
        return [math.nan] * (2 * len(cycles))
    angles = [math.tau * ((seconds - _BEGINNINGS[name]) / CYCLES[name] % 1.0) for name in cycles]
    return [value for angle in angles for value in (math.sin(angle), math.cos(angle))]
