"""Wires a producer: a source, published to a daemon until all of it is learned."""

from collections.abc import Callable
from dataclasses import dataclass

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.publisher import publish
from streamer.clock import SystemClock
from streamer.sources.source import Source
from streamer.transport.zeromq import ZmqConnection
from streamer.wire.frames import MAX_FRAME_BYTES

MESSAGES_PER_SECOND = 20
"""At a set rate, a message holds at most what is due in a twentieth of a second: a slow stream trickles, it does not
come in lumps."""


@dataclass(frozen=True, slots=True)
class Produced:
    """How a production ended."""

    stream: str
    epoch: str
    started_from: int | None
    learned: int
    complete: bool


def produce(
    source: Source,
    endpoint: str = "tcp://127.0.0.1:15577",
    *,
    stream: str,
    samples: int | None = None,
    rate: float | None = None,
    batch: int = 256,
    stopped: Callable[[], bool] = lambda: False,
    watch: Callable[[Feed], None] = lambda feed: None,
) -> Produced:
    """Publish a source to a daemon until all of it is learned and acknowledged, or `stopped()`.

    `samples` ends it early, `rate` is in samples a second, `batch` in samples a message. Waits for a daemon that is
    not there yet; StoppedError if it refuses the stream for good.
    """
    if rate is not None:
        batch = max(1, min(batch, int(rate / MESSAGES_PER_SECOND)))
    feed = Feed(source, Plan(stream, batch=batch, samples=samples, rate=rate))
    connection = ZmqConnection(endpoint, max_message_bytes=MAX_FRAME_BYTES)
    try:
        publish(feed, connection, SystemClock(), stopped=stopped, watch=watch)
    finally:
        connection.close()
    return Produced(stream, source.epoch, feed.started_from, feed.learned, feed.phase is Phase.DONE)
