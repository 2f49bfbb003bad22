"""Wires a producer: a source, published to a daemon until all of it is learned."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from streamer.app.returning import Returning
from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import BufferLog, Log, ReplayLog
from streamer.client.pacing import PacedLog, TimedSource
from streamer.client.publisher import LOOK_SECONDS, publish
from streamer.client.pump import Pump
from streamer.clock import SystemClock
from streamer.config.endpoint import checked_endpoint
from streamer.config.keys import credentials
from streamer.errors import Fault, SettingsError
from streamer.sinks.file import PredictionFile
from streamer.sinks.sink import Sink
from streamer.sources.source import Source
from streamer.sources.tables.layout import Layout
from streamer.transport.zeromq import ZmqConnection
from streamer.wire.frames import MAX_EVENTS, MAX_INPUTS, frame_bytes

MESSAGES_PER_SECOND = 20
"""At a set rate, a message holds at most what is due in a twentieth of a second: a slow stream trickles, it does not
come in lumps."""
PIPE_BUFFER = 65_536
"""Rows of a pipe that are held until they are acknowledged."""
Stopped = Callable[[], bool]
Watch = Callable[[Feed], None]


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
    unsafe: int = 0
    """Rows of a pipe that were not acknowledged: nobody has them any more."""


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
    sinks: Sequence[Sink] = (),
    stopped: Stopped = lambda: False,
    watch: Watch = lambda feed: None,
) -> Produced:
    """Publish a source to a daemon until all of it is learned and acknowledged, or `stopped()`.

    `samples` ends it early, `rate` is in samples a second, `batch` in samples a message. For a daemon with keys, `key`
    is the file of the producer's secret key, and `daemon_key` the daemon's public key or the file that holds it. With
    `sinks`, predictions come back and are written there. Waits for a daemon that is not there yet; StoppedError if it
    refuses the stream for good.
    """
    way = Way(endpoint, key, daemon_key)
    plan = _plan(stream, batch, samples, rate)
    log = ReplayLog(source, plan.samples)
    returning = _returning(log, source, sinks)
    return way.publish(log, plan, returning, lambda feed: LOOK_SECONDS, stopped, watch)


def replay(
    source: TimedSource,
    endpoint: str,
    *,
    stream: str,
    speed: float = 1.0,
    samples: int | None = None,
    batch: int = 256,
    key: str | None = None,
    daemon_key: str | None = None,
    sinks: Sequence[Sink] = (),
    stopped: Stopped = lambda: False,
    watch: Watch = lambda feed: None,
) -> Produced:
    """Publish a source as `produce` does, at the pace at which it was recorded, times `speed`."""
    way, clock = Way(endpoint, key, daemon_key), SystemClock()
    plan = _plan(stream, batch, samples, None)
    log = PacedLog(source, speed, plan.samples)

    def advance(feed: Feed) -> float:
        begun = feed.started_from
        return LOOK_SECONDS if begun is None else log.advance(begun, clock.monotonic())

    return way.publish(log, plan, _returning(log, source, sinks), advance, stopped, watch)


def produce_pipe(
    pump: Pump,
    layout: Layout,
    endpoint: str,
    *,
    stream: str,
    batch: int = 256,
    key: str | None = None,
    daemon_key: str | None = None,
    sinks: Sequence[Sink] = (),
    texts: Mapping[float, str] | None = None,
    stopped: Stopped = lambda: False,
    watch: Watch = lambda feed: None,
) -> Produced:
    """Publish a pipe's rows as they come, as a new log, until it has ended and all is acknowledged.

    `stopped()` takes no more from the pipe, and brings to a daemon that is there what has been taken.
    A wrong row that ends it, or a pipe that breaks off, is raised when all rows before are acknowledged.
    While the daemon is away the pipe is read until 65,536 rows are held, and then no further. `texts` names the
    target's classes by the numbers that they travel as.
    """
    way, plan = Way(endpoint, key, daemon_key), _plan(stream, batch, None, None)
    log = BufferLog(len(layout.schema.columns), PIPE_BUFFER, layout.schema)
    returning = Returning(log, sinks, texts) if sinks else None
    away = False

    def advance(feed: Feed) -> float:
        nonlocal away
        away = feed.phase is Phase.GREETING
        if stopped():
            pump.stop()
        return pump.move(log)

    for sink in sinks:
        if isinstance(sink, PredictionFile):
            sink.continues(None)
    produced = way.publish(log, plan, returning, advance, lambda: stopped() and away, watch)
    if produced.complete:
        pump.check()
    return replace(produced, unsafe=log.next - log.first)


@dataclass(frozen=True, slots=True)
class Way:
    """To a daemon: its address, and for one with keys the producer's secret key file and the daemon's public key."""

    endpoint: str
    key: str | None
    daemon_key: str | None

    def publish(
        self,
        log: Log,
        plan: Plan,
        returning: Returning | None,
        advance: Callable[[Feed], float],
        stopped: Stopped,
        watch: Watch,
    ) -> Produced:
        """Publish a log to its end."""
        _check(self.endpoint)
        incarnation = 1 + secrets.randbelow(2**62)
        if returning is None:
            feed = Feed(log, plan, incarnation=incarnation)
        else:
            feed = Feed(log, plan, incarnation=incarnation, deliver=returning.deliver, sent=returning.sent)
            returning.feed = feed
        keys = credentials(self.key, self.daemon_key)
        most = frame_bytes(0, 0) if returning is None else frame_bytes(MAX_EVENTS, MAX_INPUTS)
        connection = ZmqConnection(self.endpoint, max_message_bytes=most, credentials=keys)
        try:
            publish(feed, connection, SystemClock(), stopped=stopped, advance=lambda: advance(feed), watch=watch)
        finally:
            connection.close()
        done = feed.phase is Phase.DONE
        return Produced(plan.stream, log.epoch, feed.started_from, feed.learned, feed.rejected, done)


def _plan(stream: str, batch: int, samples: int | None, rate: float | None) -> Plan:
    plan = Plan(stream, batch=batch, samples=samples, rate=rate)
    return plan if rate is None else replace(plan, batch=max(1, min(batch, int(rate / MESSAGES_PER_SECOND))))


def _returning(log: ReplayLog, source: Source, sinks: Sequence[Sink]) -> Returning | None:
    """The way back of a source's predictions, if there is anywhere for them to go; files must be this log's."""
    if not sinks:
        return None
    returning = Returning(log, sinks, getattr(source, "classes", {}))
    for sink in sinks:
        if isinstance(sink, PredictionFile):
            sink.continues(returning.targets)
    return returning


def _check(endpoint: str) -> None:
    """SettingsError for an address that cannot be one: ZeroMQ itself would take port 99999 for another."""
    try:
        checked_endpoint(endpoint)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; do this: ")
        raise SettingsError([Fault("endpoint", problem, remedy)]) from None
