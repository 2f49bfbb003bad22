"""Wires a producer: a source, published to a daemon until all of it is learned."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.publisher import publish
from streamer.clock import SystemClock
from streamer.service.signals import stop_on_signals
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


def produce(source: Source, plan: Plan, endpoint: str, watch: Callable[[Feed], None] = lambda feed: None) -> Produced:
    """Publish until all is learned or a signal asks to stop."""
    if plan.rate is not None:
        plan = replace(plan, batch=max(1, min(plan.batch, int(plan.rate / MESSAGES_PER_SECOND))))
    feed = Feed(source, plan)
    with stop_on_signals() as stop:
        connection = ZmqConnection(endpoint, max_message_bytes=MAX_FRAME_BYTES)
        try:
            publish(feed, connection, SystemClock(), stopped=lambda: stop.requested, watch=watch)
        finally:
            connection.close()
    return Produced(plan.stream, source.epoch, feed.started_from, feed.learned, feed.phase is Phase.DONE)
