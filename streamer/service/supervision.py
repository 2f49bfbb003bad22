"""Tells the supervisor that started the daemon (systemd) how it is: the words of `sd_notify`, none of its I/O.

Fed by the loop that learns and by nothing else: a loop that hangs or is stopped falls silent, and is restarted.
"""

from collections.abc import Callable

SHARE = 0.5
"""Of the supervisor's patience, after which it hears of the loop again."""


class Supervision:
    """Says each thing when it is so. `send` must not wait and must not fail; `patience_seconds` 0 wants no watchdog.

    >>> said = []
    >>> supervision = Supervision(said.append, patience_seconds=10)
    >>> supervision.ready()
    >>> for now in (0.0, 4.9, 5.0):
    ...     supervision.turned(now)
    >>> said
    ['READY=1', 'WATCHDOG=1', 'WATCHDOG=1']
    """

    def __init__(self, send: Callable[[str], None] = lambda _: None, *, patience_seconds: float = 0.0) -> None:
        self._send = send
        self._period = SHARE * patience_seconds
        self._due_at = float("-inf")

    def ready(self) -> None:
        """It has started, or has read its configuration again."""
        self._send("READY=1")

    def reloading(self, now: float) -> None:
        """It reads its configuration again from now on, by the machine's monotonic clock; `ready` must follow."""
        self._send(f"RELOADING=1\nMONOTONIC_USEC={now * 1e6:.0f}")

    def stopping(self) -> None:
        """It saves what it has learned, and ends."""
        self._send("STOPPING=1")

    def turned(self, now: float) -> None:
        """The loop has come round once more."""
        if self._period and now >= self._due_at:
            self._due_at = now + self._period
            self._send("WATCHDOG=1")
