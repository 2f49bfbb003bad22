"""When a stream's next checkpoint is due."""

from streamer.service.stream import Stream

TOO_OLD_INTERVALS = 3
"""Intervals after which what was learned should long be on disk; a disk that hangs never says that it fails."""


class Schedule:
    """By the clock, by half of what a producer can hold, on its wish, and after a command."""

    def __init__(self, interval_seconds: float) -> None:
        self.interval_seconds = interval_seconds
        self._begun_at: dict[str, float] = {}
        self._unsaved_since: dict[str, float] = {}

    def learned(self, stream: Stream, now: float) -> None:
        """Something has changed that is not on disk."""
        self._unsaved_since.setdefault(stream.name, now)

    def due(self, stream: Stream, every: int, now: float) -> bool:
        """Whether to take a checkpoint now; `every` is half of what the producer can hold, 0 for everything."""
        durable = stream.durable
        if not stream.epoch:
            return False  # perhaps a name that is only said: nothing is remembered of it
        begun_at = self._begun_at.setdefault(stream.name, now)
        if durable.saving or durable.settled:
            return False
        if now - begun_at >= self.interval_seconds:
            return True
        flushing = stream.flush and not stream.queued
        # A producer that can hold no more waits for an acknowledgement, whatever has been learned since.
        waiting = every > 0 and (durable.changes >= every or stream.unacknowledged >= 2 * every)
        return not durable.failing and (flushing or waiting or durable.owed > 0)

    def begun(self, stream: Stream, now: float) -> None:
        """A checkpoint has been taken."""
        self._begun_at[stream.name] = now

    def saved(self, stream: Stream, now: float) -> float:
        """It is on disk: what was learned before it was begun is. How long it took, in seconds."""
        self._unsaved_since.pop(stream.name, None)
        if stream.durable.changed:
            self._unsaved_since[stream.name] = self._begun_at[stream.name]
        return now - self._begun_at[stream.name]

    def forget(self, name: str) -> None:
        """A stream is gone."""
        self._begun_at.pop(name, None)
        self._unsaved_since.pop(name, None)

    def overdue_seconds(self, stream: Stream, now: float) -> float:
        """How old the oldest thing is that is not on disk, if that is too old; else 0."""
        age = now - self._unsaved_since.get(stream.name, now)
        return age if age > TOO_OLD_INTERVALS * self.interval_seconds else 0.0
