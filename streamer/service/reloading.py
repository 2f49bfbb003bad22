"""What can change while the daemon runs is read again when somebody asks; a fault keeps what was in force."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from streamer.errors import StartError
from streamer.service.observer import Observer


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What reading again came to."""

    applied: Mapping[str, object] = field(default_factory=dict)
    """Settings that have changed and are in force, with their new values."""
    restart_needed: tuple[str, ...] = ()
    """Settings that are not what the daemon was started with, and wait for its restart."""


class Reloading:
    """Reads again between two turns of the daemon, never within one.

    `read` takes new values into force or raises StartError and changes nothing.
    """

    def __init__(self, read: Callable[[], Reloaded], observer: Observer) -> None:
        self._read = read
        self._observer = observer
        self.requested = False
        """Whether somebody has asked since it was last done."""
        self.outcomes: Counter[str] = Counter()
        """Reloads by what became of them: done, refused."""
        self.restart_needed: tuple[str, ...] = ()
        """Settings that wait for a restart since the last reload."""

    def request(self) -> None:
        """Ask, from a signal's handler or another thread."""
        self.requested = True

    def happens(self) -> bool:
        """Do what was asked for, if anything; whether new values are in force."""
        if not self.requested:
            return False
        self.requested = False
        reload = self.outcomes.total() + 1
        try:
            reloaded = self._read()
        except StartError as error:
            self.outcomes["refused"] += 1
            self._observer.warn("not reloaded, what was read before stays in force", reload=reload, why=str(error))
            return False
        self.outcomes["done"] += 1
        self.restart_needed = reloaded.restart_needed
        self._observer.note("reloaded", reload=reload, **dict(reloaded.applied))
        if self.restart_needed:
            names = ", ".join(self.restart_needed)
            self._observer.warn("changed settings wait for a restart", reload=reload, settings=names)
        return True
