"""How far predictions may go: a little beyond the range of numbers seen, for one wild extrapolation ruins a mean.

    lowest − D … highest + D,   D = min(largest change from one number to the next, (highest − lowest) / 2)

Exactly the range would cost a series that grows its newest highs.
"""

from streamer.learning.committee.members.target import Doubles

COUNT, LOWEST, HIGHEST, LARGEST, LAST = range(5)
"""Places in what is known of the numbers: how many, their range, the largest change, and the last of them."""
REACH = 5
_MOST = 3e38
"""What a float32 can hold."""


def stretch(known: Doubles, y: float) -> None:
    """One more number."""
    if known[COUNT] == 0.0:
        known[LOWEST] = y
        known[HIGHEST] = y
        known[LAST] = y
    known[COUNT] += 1.0
    known[LOWEST] = min(known[LOWEST], y)
    known[HIGHEST] = max(known[HIGHEST], y)
    known[LARGEST] = max(known[LARGEST], abs(y - known[LAST]))
    known[LAST] = y


def floor_of(known: Doubles) -> float:
    """The least that may be said."""
    least: float = known[LOWEST] - min(known[LARGEST], 0.5 * (known[HIGHEST] - known[LOWEST]))
    return max(least, -_MOST)


def ceiling_of(known: Doubles) -> float:
    """The most that may be said.

    >>> import numpy as np
    >>> known = np.zeros(REACH)
    >>> for y in (1.0, 2.0, 9.0):
    ...     stretch(known, y)
    >>> float(floor_of(known)), float(ceiling_of(known))
    (-3.0, 13.0)
    >>> for y in (12.0, 15.0, 18.0, 25.0):
    ...     stretch(known, y)
    >>> float(ceiling_of(known))
    32.0
    """
    most: float = known[HIGHEST] + min(known[LARGEST], 0.5 * (known[HIGHEST] - known[LOWEST]))
    return min(most, _MOST)
