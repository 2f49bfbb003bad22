"""What a replicated system is to those who run it: given seeds, it finds, and tells meanwhile how far it is."""

from collections.abc import Sequence
from typing import Protocol

from streamer.replication.finding import Finding


class Progress(Protocol):
    """Called now and then with what is being done, and how much of it is."""

    def __call__(self, what: str, done: int, total: int) -> None:
        """Of `total` units of `what`, `done` are done."""
        ...


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


class System(Protocol):
    """One of the originals, to be run."""

    def __call__(self, seeds: Sequence[int], progress: Progress) -> Finding:
        """Run it once a seed."""
        ...
