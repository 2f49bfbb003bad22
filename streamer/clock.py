"""The only place that reads the time, so that a test can hand in a clock that it moves itself."""

import time
from typing import Protocol


class Clock(Protocol):
    """What the program may ask of time; both in seconds."""

    def wall(self) -> float:
        """Seconds since 1970, for people and Prometheus; may jump."""
        ...

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment, for intervals; never goes back."""
        ...


class SystemClock:
    """The machine's clock."""

    def wall(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment."""
        return time.monotonic()


class FakeClock:
    """A clock that stands still until told to move.

    >>> clock = FakeClock()
    >>> clock.advance(2.5)
    >>> clock.monotonic()
    2.5
    """

    def __init__(self, *, wall: float = 1_000_000_000.0) -> None:
        self._elapsed = 0.0
        self._wall = wall

    def wall(self) -> float:
        """Seconds since 1970, as if the clock had been started at `wall`."""
        return self._wall + self._elapsed

    def monotonic(self) -> float:
        """Seconds advanced so far."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both readings forward."""
        self._elapsed += seconds
