"""Stopping politely: the first SIGTERM or SIGINT asks, the second one insists."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether somebody has asked to stop."""

    def __init__(self) -> None:
        self.requested = False

    def request(self) -> None:
        """Ask."""
        self.requested = True


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """A `Stop` that SIGTERM and SIGINT set; a second signal ends the process at once, with 128 + its number."""
    stop = Stop()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.requested:
            os._exit(128 + number)
        stop.request()

    previous = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
