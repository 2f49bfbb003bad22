"""What a best-effort stream knows of its feed: where it is, and which of our numbers each of the feed's became.

Our numbers are dense, the feed's are not: what is missing, late or doubled gets none. Events that are taken are kept as
runs, in which both numbers grow together; a feed that loses nothing is one run.
"""

from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from streamer.samples import Arrays
from streamer.wire.lossy import Arrival, Position, arrive

RUNS = 8192
"""Runs kept, at least: what came before them is too old to be named by a label. Each gap begins one, and each label
that has no number."""


def epoch_of(stream: str, feed: str) -> str:
    """The identity of one feed of one stream, in the place of a log's epoch.

    >>> len(epoch_of("s", "tcp://127.0.0.1:5556"))
    32
    """
    return sha256(f"best effort\n{stream}\n{feed}".encode()).hexdigest()[:32]


@dataclass(slots=True)
class _Run:
    """`count` events, from `own` on by our numbers, from `first` on by the feed's."""

    own: int
    first: int
    count: int


class Following:
    """The account of one feed of one stream."""

    def __init__(self) -> None:
        self._position: Position | None = None
        self._runs: list[_Run] = []

    def arrive(self, first: int, end: int) -> Arrival:
        """Numbers first ≤ n < end have come."""
        arrival = arrive(self._position, first, end)
        self._position = arrival.position
        if arrival.anew:
            self._runs.clear()
        return arrival

    def took(self, own: int, first: int, count: int) -> None:
        """`count` events from the feed's number `first` on were taken, as ours from `own` on."""
        if self._runs and self._runs[-1].own - self._runs[-1].first == own - first and self._end == own:
            self._runs[-1].count += count
            return
        self._runs.append(_Run(own, first, count))
        if len(self._runs) > 2 * RUNS:
            del self._runs[:-RUNS]

    def own_number(self, number: int) -> int | None:
        """Our number of an event that the feed calls `number`; None if it was not taken, or too long ago."""
        at = bisect_right(self._runs, number, key=lambda run: run.first) - 1
        if at < 0 or number >= self._runs[at].first + self._runs[at].count:
            return None
        return self._runs[at].own + number - self._runs[at].first

    def export(self, cursor: int) -> Arrays:
        """What is learned, below `cursor`: what comes after a crash is held against that. Runs (R, 3)."""
        runs = [(run.own, run.first, min(run.count, cursor - run.own)) for run in self._runs if run.own < cursor]
        return {"runs": np.array(runs, np.int64).reshape(-1, 3)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`: the feed is where its last learned sample was."""
        self._runs = [_Run(*map(int, run)) for run in arrays["runs"]]
        for run in self._runs:
            self._position = arrive(self._position, run.first, run.first + run.count).position

    @property
    def _end(self) -> int:
        return self._runs[-1].own + self._runs[-1].count
