"""Who wants to know what the loop does: a log, a test. The loop works the same if nobody does."""

from collections import Counter
from typing import Protocol


class Observer(Protocol):
    """Told of rare events only; never of a sample."""

    def note(self, event: str, **facts: object) -> None:
        """Something went as it should."""
        ...

    def warn(self, event: str, **facts: object) -> None:
        """Something was refused, lost or damaged; a counter has counted it too."""
        ...


class Unobserved:
    """Nobody wants to know."""

    def note(self, event: str, **facts: object) -> None:
        """Nothing."""

    def warn(self, event: str, **facts: object) -> None:
        """Nothing."""


class Counted:
    """Counts every warning by its event, and passes on what it is told to one who may hold some of it back.

    >>> counted = Counted(Unobserved())
    >>> counted.warn("frame refused", reason="version")
    >>> counted.warnings["frame refused"]
    1
    """

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.warnings: Counter[str] = Counter()
        """Event → how often. Events are words of the program: nobody outside can make new ones."""

    def note(self, event: str, **facts: object) -> None:
        """Pass it on."""
        self._observer.note(event, **facts)

    def warn(self, event: str, **facts: object) -> None:
        """Count it and pass it on."""
        self.warnings[event] += 1
        self._observer.warn(event, **facts)
