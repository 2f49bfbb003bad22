"""Runs a feed over a connection: the producer's one thread."""

from collections.abc import Callable

from streamer.client.feed import Feed, Phase
from streamer.clock import Clock
from streamer.errors import FrameError
from streamer.transport.seam import Connection, Parts
from streamer.wire.frames import decode

NOT_TAKEN_SECONDS = 0.01
"""How long to wait when the connection takes nothing more."""


def publish(
    feed: Feed,
    connection: Connection,
    clock: Clock,
    *,
    stopped: Callable[[], bool],
    watch: Callable[[Feed], None] = lambda feed: None,
) -> None:
    """Until everything is learned and acknowledged, or `stopped()`; StoppedError if the daemon refuses for good.

    `watch` is called after each turn, for progress to be shown.
    """
    wait = 0.0
    while feed.phase is not Phase.DONE and not stopped():
        for parts in connection.receive(wait):
            _take(feed, parts, clock)
        everything_went = _send_due(feed, connection, clock)
        wait = min(feed.wait_seconds(clock.monotonic()), 0.1) if everything_went else NOT_TAKEN_SECONDS
        watch(feed)
    farewell = feed.bye()
    if farewell is not None:
        connection.send(farewell)


def _take(feed: Feed, parts: Parts, clock: Clock) -> None:
    try:
        message, _ = decode(parts)
    except FrameError:
        return  # damaged on the way; whatever it said is said again within a heartbeat
    feed.receive(message, clock.monotonic())


def _send_due(feed: Feed, connection: Connection, clock: Clock) -> bool:
    return all(connection.send(parts) for parts in feed.due(clock.monotonic()))
