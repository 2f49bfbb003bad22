"""What can change while the daemon runs is read again when somebody asks; a fault keeps what was in force."""

from collections import Counter
from collections.abc import Callable

from streamer.errors import StartError
from streamer.service.observer import Observer


class Reloading:
    """Reads again between two turns of the daemon, never within one.

    `read` takes new values into force or raises StartError and changes nothing.
    """

    def __init__(self, read: Callable[[], None], observer: Observer) -> None:
        self._read = read
        self._observer = observer
        self.requested = False
        """Whether somebody has asked since it was last done."""
        self.outcomes: Counter[str] = Counter()
        """Reloads by what became of them: done, refused."""

    def request(self) -> None:
        """Ask, from a signal's handler or another thread."""
        self.requested = True

    def happens(self) -> bool:
        """Do what was asked for, if anything; whether new values are in force."""
        if not self.requested:
            return False
        self.requested = False
        try:
            self._read()
        except StartError as error:
            self.outcomes["refused"] += 1
            self._observer.warn("not reloaded, what was read before stays in force", why=str(error))
            return False
        self.outcomes["done"] += 1
        self._observer.note("reloaded")
        return True
