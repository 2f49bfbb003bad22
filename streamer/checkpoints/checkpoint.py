"""What a checkpoint holds: everything that decides a stream's future, and what a person may want to know of it."""

from dataclasses import dataclass, field
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
    """By dotted name: `learner.…` and `scores.…`, none of either in a stream that begins anew; what belongs to logs."""
    frozen: bool = False
    """Whether the stream predicts without learning."""
    build: dict[str, str] = field(default_factory=dict)
    """What decides the last bits of the arithmetic: versions, CPU, threads. Empty where it was not written down."""

    def part(self, name: str) -> Arrays:
        """The arrays under a name, without it.

        >>> import numpy as np
        >>> arrays = {"learner.w": np.zeros(2), "scores.count": np.array(3)}
        >>> Checkpoint("s", 1, {}, {}, "fused", 0.0, arrays).part("scores")
        {'count': array(3)}
        """
        head = f"{name}."
        return {key.removeprefix(head): array for key, array in self.arrays.items() if key.startswith(head)}
