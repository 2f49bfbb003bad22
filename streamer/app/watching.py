"""Looks at a running daemon again and again, patient while it is away."""

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from streamer.app.remote import no_stream
from streamer.errors import StreamerError
from streamer.service.signals import Stop

Seen = TypeVar("Seen")


def looks(look: Callable[[], Seen], seconds: float, stop: Stop) -> Iterator[Seen | None]:
    """What is seen, every so many seconds until `stop` is requested; None while there is nothing to be seen.

    The first look must succeed: an address or a name that is wrong is told at once.
    """
    yield look()
    while not stop.requested:
        time.sleep(seconds)
        yield _look(look)


def chosen(status: dict[str, Any], wanted: str | None) -> str | None:
    """The stream to look at: the one that is wanted, else the first; None if there is none.

    StreamerError if the daemon does not have the one that is wanted.
    """
    if wanted is None:
        return next(iter(status["streams"]), None)
    if wanted not in status["streams"]:
        raise no_stream(wanted)
    return wanted


def _look(look: Callable[[], Seen]) -> Seen | None:
    try:
        return look()
    except StreamerError:
        return None
