"""What a checkpoint holds: everything that decides a stream's future, and what a person may want to know of it."""

from dataclasses import dataclass
from typing import Any

from streamer.samples import Arrays


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """One stream at one moment."""

    stream: str
    serial: int
    """Grows by one with each checkpoint of the stream; the newest has the highest."""
    structure: dict[str, Any]
    """The structural settings it was made with."""
    positions: dict[str, int]
    """Epoch → events consumed of it, the current epoch last."""
    engine: str
    written_at: float
    """Seconds since 1970."""
    arrays: Arrays
    """Learner and scores, by dotted name."""

    @property
    def epoch(self) -> str | None:
        """The log being learned, if any has been."""
        return next(reversed(self.positions), None)

    def position(self, epoch: str) -> int | None:
        """How far a log had been consumed."""
        return self.positions.get(epoch)
