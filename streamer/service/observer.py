"""Who wants to know what the loop does: a log, a test. The loop works the same if nobody does."""

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
