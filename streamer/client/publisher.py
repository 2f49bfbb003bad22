"""Runs a feed over a connection: the producer's one thread."""

from collections.abc import Callable

from streamer.client.feed import Feed, Phase
from streamer.clock import Clock
from streamer.errors import FrameError
from streamer.transport.seam import Connection, Parts
from streamer.wire.frames import decode

NOT_TAKEN_SECONDS = 0.001
"""How long to wait when the connection takes nothing more."""
LOOK_SECONDS = 0.1
"""The longest wait, so that whoever asks to stop is heard."""


def publish(
    feed: Feed,
    connection: Connection,
    clock: Clock,
    *,
    stopped: Callable[[], bool],
    advance: Callable[[], float] = lambda: LOOK_SECONDS,
    watch: Callable[[Feed], None] = lambda feed: None,
) -> None:
    """Until everything is learned and acknowledged, or `stopped()`; StoppedError if the daemon refuses for good.

    `advance` is called before each turn, for a log that grows, and says how long a turn may wait at most; `watch` is
    called after each turn, for progress to be shown.
    """
    wait = 0.0
    while feed.phase is not Phase.DONE and not stopped():
        wait = take_turn(feed, connection, clock, min(wait, advance()))
        watch(feed)
    farewell = feed.bye()
    if farewell is not None:
        connection.send(farewell)


def take_turn(feed: Feed, connection: Connection, clock: Clock, wait_seconds: float) -> float:
    """Take what arrives within `wait_seconds`, send what is due; how long there will be nothing to do but wait."""
    for parts in connection.receive(wait_seconds):
        _take(feed, parts, clock)
    if feed.phase is Phase.GREETING:
        feed.obstacle = connection.obstacle(clock.monotonic())
    if not _send_due(feed, connection, clock):
        return NOT_TAKEN_SECONDS
    return min(feed.wait_seconds(clock.monotonic()), LOOK_SECONDS)


def _take(feed: Feed, parts: Parts, clock: Clock) -> None:
    try:
        message, payload = decode(parts)
    except FrameError:
        return  # damaged on the way; whatever it said is said again within a heartbeat
    feed.receive(message, payload, clock.monotonic())


def _send_due(feed: Feed, connection: Connection, clock: Clock) -> bool:
    return all(connection.send(parts) for parts in feed.due(clock.monotonic()))
