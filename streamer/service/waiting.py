"""How long what is queued has waited: when each event came, in runs, so that many small messages cost little."""

from collections import deque
from collections.abc import Iterator

TOGETHER_SECONDS = 0.001
"""Events that come so close together are taken for having come at once."""


class Waiting:
    """Counts of events in the order of the queue, each with the time when they came.

    >>> waiting = Waiting()
    >>> waiting.put(3, now=1.0); waiting.put(2, now=2.0)
    >>> list(waiting.took(4, now=5.0)), waiting.oldest_seconds(now=5.0)
    ([(3, 4.0), (1, 3.0)], 3.0)
    """

    def __init__(self) -> None:
        self._runs: deque[tuple[float, int]] = deque()

    def put(self, count: int, now: float) -> None:
        """So many events have come."""
        if self._runs and now - self._runs[-1][0] < TOGETHER_SECONDS:
            at, before = self._runs.pop()
            self._runs.append((at, before + count))
        else:
            self._runs.append((now, count))

    def took(self, count: int, now: float) -> Iterator[tuple[int, float]]:
        """The next events are done: how many of them have waited how many seconds."""
        while count:
            at, there = self._runs.popleft()
            if there > count:
                self._runs.appendleft((at, there - count))
            yield min(count, there), now - at
            count -= min(count, there)

    def oldest_seconds(self, now: float) -> float:
        """How long the oldest event has waited; 0 if none is waiting."""
        return now - self._runs[0][0] if self._runs else 0.0
