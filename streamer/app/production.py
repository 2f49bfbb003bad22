"""Wires a producer: a source, published to a daemon until all of it is learned."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import ReplayLog
from streamer.client.publisher import publish
from streamer.clock import SystemClock
from streamer.config.endpoint import checked_endpoint
from streamer.config.keys import credentials
from streamer.errors import Fault, SettingsError
from streamer.sources.source import Source
from streamer.transport.zeromq import ZmqConnection
from streamer.wire.frames import frame_bytes

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
    rejected: int
    """Samples that the daemon's learner could not take: an input that is not finite, a target that is none."""
    complete: bool


def produce(
    source: Source,
    endpoint: str = "tcp://127.0.0.1:15577",
    *,
    stream: str,
    samples: int | None = None,
    rate: float | None = None,
    batch: int = 256,
    key: str | None = None,
    daemon_key: str | None = None,
    stopped: Callable[[], bool] = lambda: False,
    watch: Callable[[Feed], None] = lambda feed: None,
) -> Produced:
    """Publish a source to a daemon until all of it is learned and acknowledged, or `stopped()`.

    `samples` ends it early, `rate` is in samples a second, `batch` in samples a message. For a daemon with keys, `key`
    is the file of the producer's secret key, and `daemon_key` the daemon's public key or the file that holds it. Waits
    for a daemon that is not there yet; StoppedError if it refuses the stream for good.
    """
    _check(endpoint)
    plan = Plan(stream, batch=batch, samples=samples, rate=rate)
    if rate is not None:
        plan = replace(plan, batch=max(1, min(batch, int(rate / MESSAGES_PER_SECOND))))
    feed = Feed(ReplayLog(source, plan.samples), plan, incarnation=1 + secrets.randbelow(2**62))
    connection = ZmqConnection(endpoint, max_message_bytes=frame_bytes(0, 0), credentials=credentials(key, daemon_key))
    try:
        publish(feed, connection, SystemClock(), stopped=stopped, watch=watch)
    finally:
        connection.close()
    return Produced(stream, source.epoch, feed.started_from, feed.learned, feed.rejected, feed.phase is Phase.DONE)


def _check(endpoint: str) -> None:
    """SettingsError for an address that cannot be one: ZeroMQ itself would take port 99999 for another."""
    try:
        checked_endpoint(endpoint)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; do this: ")
        raise SettingsError([Fault("endpoint", problem, remedy)]) from None
