"""Stopping politely: the first signal asks, the second one insists. A daemon reads again on SIGHUP."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stop:
    """Whether somebody has asked to stop."""

    def __init__(self) -> None:
        self.requested = False

    def request(self) -> None:
        """Ask."""
        self.requested = True


def end_at_once(number: int) -> None:
    """End the process here and now, with 128 + the signal's number."""
    os._exit(128 + number)


def interrupt(number: int) -> None:
    """Unwind: for a program that has children to end and a terminal to leave in order."""
    raise KeyboardInterrupt


@contextmanager
def stop_on_signals(insist: Callable[[int], None] = end_at_once) -> Iterator[Stop]:
    """A `Stop` that SIGTERM, SIGINT and SIGHUP set; a second signal does what `insist` says."""
    stop = Stop()

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.requested:
            insist(number)
        stop.request()

    previous = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def reload_on_hangup(request: Callable[[], None]) -> Iterator[None]:
    """SIGHUP calls `request`, which must only leave a note, and does not stop."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        request()

    previous = signal.signal(signal.SIGHUP, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, previous)
