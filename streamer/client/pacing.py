"""A log that is given at the pace at which it was recorded."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from streamer.client.log import AHEAD, ReplayLog
from streamer.samples import Block
from streamer.sources.source import Source

LONGEST_SECONDS = 0.1


class TimedSource(Source, Protocol):
    """A source of known length that knows when each of its samples was recorded."""

    def read_timed(self, first: int, count: int) -> tuple[Block, npt.NDArray[np.float64]]:
        """The samples, and the seconds since 1970 of each (T,), NaN where that is not known."""
        ...


class PacedLog(ReplayLog):
    """Offers a sample when its time has come: the recorded time since the first one, divided by `speed`, has passed.

    A sample without a time comes with the one before, as does one that goes back in time.
    """

    def __init__(self, source: TimedSource, speed: float, samples: int | None = None) -> None:
        super().__init__(source, samples)
        self._timed = source
        self._speed = speed
        self._end, self.next = self.next, 0
        self._began: float | None = None
        self._origin = self._latest = float("-inf")
        self._first = 0
        self._times = np.empty(0)

    @property
    def ended(self) -> bool:
        """Whether all has been offered."""
        return self.next >= self._end

    def advance(self, position: int, now: float) -> float:
        """Offer what is due; the first call says where to begin. How long there will be no more, in seconds."""
        if self._began is None:
            self._began, self.next = now, min(position, self._end)
            self._load()
            known = self._times[np.isfinite(self._times)]
            self._origin = float(known[0]) if len(known) else self._origin
        recorded = self._origin + (now - self._began) * self._speed
        while not self.ended:
            due = self._first + int(np.searchsorted(self._times, recorded, side="right"))
            self.next = min(max(self.next, due), self._end)
            if self.next < self._first + len(self._times):
                wait = (float(self._times[self.next - self._first]) - recorded) / self._speed
                return min(max(wait, 0.0), LONGEST_SECONDS)
            self._load()
        return LONGEST_SECONDS

    def _load(self) -> None:
        """The times of the next samples, made never to go back."""
        self._ahead, times = self._timed.read_timed(self.next, AHEAD)
        filled = np.where(np.isnan(times), -np.inf, times)
        self._times = np.maximum.accumulate(np.concatenate([[self._latest], filled]))[1:]
        self._first = self.next
        self._latest = float(self._times[-1]) if len(self._times) else self._latest
