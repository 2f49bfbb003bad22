"""A producer for a program's own samples, one by one as they come, with the predictions on their way back.

All in the caller's thread: each call sends, receives and keeps the session alive. What is not acknowledged yet is held
in a bounded buffer and dies with the program; what is acknowledged survives both sides.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import TracebackType

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import BufferLog
from streamer.client.publisher import take_turn
from streamer.clock import Clock, SystemClock
from streamer.config.keys import Credentials, credentials
from streamer.errors import UnavailableError
from streamer.samples import Floats
from streamer.transport.seam import Connection
from streamer.transport.zeromq import ZmqConnection
from streamer.wire.frames import MAX_EVENTS, frame_bytes


class Producer:
    """Publishes one stream, a new log each time it is constructed.

    `buffer` samples are held until the daemon has acknowledged them: about what it learns between three checkpoints.
    `timeout_seconds` bounds every wait for the daemon; None waits for ever. For a daemon with keys, `key` is the file
    of this producer's secret key, and `daemon_key` the daemon's public key or the file that holds it.
    """

    def __init__(
        self,
        endpoint: str = "tcp://127.0.0.1:15577",
        *,
        stream: str,
        inputs: int = 1,
        buffer: int = 65_536,
        timeout_seconds: float | None = None,
        key: str | None = None,
        daemon_key: str | None = None,
        connect: Callable[[str], Connection] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._log = BufferLog(inputs, buffer)
        self._feed = Feed(
            self._log, Plan(stream), incarnation=1 + secrets.randbelow(2**62), deliver=self._take_predictions
        )
        self._endpoint = endpoint
        self._clock = clock or SystemClock()
        self._timeout = timeout_seconds
        self._kept: OrderedDict[int, float] = OrderedDict()
        self._labels: set[int] = set()
        """Numbers of the labels published, until nothing came back for them."""
        self._connection = (connect or _connecting(credentials(key, daemon_key)))(endpoint)

    def send(self, x: Sequence[float] | float, y: float | None = None) -> float:
        """Publish a sample and wait for its prediction, fixed before y was looked at; y None is no label."""
        number = self.push(x, y)
        self._turn_until(lambda: self._feed.confirmed > number)
        return self._kept.pop(number, float("nan"))

    def push(self, x: Sequence[float] | float, y: float | None = None, *, block: bool = True) -> int:
        """Publish a sample without waiting for its prediction; its number.

        With the buffer full it waits for room, or with `block=False` raises UnavailableError; nothing is lost.
        """
        self._make_room(block)
        number = self._log.append([x] if isinstance(x, int | float) else x, y)
        take_turn(self._feed, self._connection, self._clock, 0.0)
        return number

    def label(self, number: int, y: float, *, block: bool = True) -> None:
        """Publish the label, known by now, of an earlier sample that was pushed without one; waits as `push` does."""
        self._make_room(block)
        self._labels.add(self._log.append_label(number, y))
        take_turn(self._feed, self._connection, self._clock, 0.0)

    def predictions(self) -> Iterator[tuple[int, float]]:
        """Number and prediction of each sample pushed so far and not taken yet, in order; waits for the last one.

        Of those that nobody takes, only the last `buffer` are kept. NaN is the prediction of a rejected sample.
        """
        end = self._log.next
        while self._kept or self._feed.confirmed < end:
            if not self._kept:
                self._turn_until(lambda: bool(self._kept) or self._feed.confirmed >= end)
            while self._kept:
                yield self._kept.popitem(last=False)

    @property
    def rejected(self) -> int:
        """Samples of this session that the learner could not take."""
        return self._feed.rejected

    def close(self) -> None:
        """Wait until all samples are acknowledged, and leave; UnavailableError if that takes too long."""
        self._log.ended = True
        try:
            if self._log.next:
                self._turn_until(lambda: self._feed.phase is Phase.DONE)
        finally:
            self._leave()

    def __enter__(self) -> "Producer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._leave()  # something else is wrong; do not make it wait

    def _leave(self) -> None:
        farewell = self._feed.bye()
        if farewell is not None:
            self._connection.send(farewell)
        self._connection.close()

    def _take_predictions(self, first: int, predictions: Floats) -> None:
        for number, prediction in enumerate(predictions.tolist(), first):
            if number in self._labels:  # a label has a number, but no prediction
                self._labels.remove(number)
            else:
                self._kept[number] = prediction
        while len(self._kept) > self._log.buffer:
            self._kept.popitem(last=False)

    def _make_room(self, block: bool) -> None:
        if self._log.full and block:
            self._turn_until(lambda: not self._log.full)

    def _turn_until(self, done: Callable[[], bool]) -> None:
        started, wait = self._clock.monotonic(), 0.0
        while not done():
            if self._timeout is not None and self._clock.monotonic() - started > self._timeout:
                raise UnavailableError(
                    f"no answer from the daemon within {self._timeout:g} s",
                    got=", ".join(filter(None, [self._endpoint, self._feed.phase.value, self._feed.obstacle])),
                    remedy="start it, or give the producer a longer timeout_seconds; the samples are kept",
                )
            wait = take_turn(self._feed, self._connection, self._clock, wait)


def _connecting(credentials: Credentials | None) -> Callable[[str], Connection]:
    return partial(ZmqConnection, max_message_bytes=frame_bytes(MAX_EVENTS, 0), credentials=credentials)
