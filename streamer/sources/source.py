"""A source is a log that can be read from any place, again and again: the ground that exactly-once stands on."""

from typing import Protocol

from streamer.samples import Block


class Source(Protocol):
    """Numbered samples, always the same ones.

    A source of named columns has a `schema` besides; one without is of plain numbers.
    """

    @property
    def inputs(self) -> int:
        """I, numbers in each sample's input."""
        ...

    @property
    def epoch(self) -> str:
        """16 to 64 hex digits that change exactly when the samples would: a hash of the source's definition."""
        ...

    @property
    def length(self) -> int | None:
        """Samples in all; None without end."""
        ...

    def read(self, first: int, count: int) -> Block:
        """The samples first ≤ n < first + count, fewer where the source ends."""
        ...
