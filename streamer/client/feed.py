"""The producer's side of the protocol without I/O: messages and the time go in, frames to send come out.

It holds no samples: what must be sent again is read again from the source.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from streamer.errors import Fault, SettingsError, StoppedError
from streamer.sources.source import Source
from streamer.wire.frames import Parts, encode, encode_block
from streamer.wire.messages import (
    ENDLESS,
    NO_SESSION,
    STREAM_NAME,
    Bye,
    Flush,
    Hello,
    HelloAgain,
    Message,
    Ping,
    Progress,
    Refused,
    Resend,
    Welcome,
)

HELLO_SECONDS = 1.0
"""Between one hello and the next while nobody answers."""
PING_SECONDS = 1.0
SILENCE_SECONDS = 5.0
"""After which the daemon is taken for gone, and greeted anew."""


class Phase(Enum):
    """Where a feed is."""

    GREETING = "waiting for the daemon"
    SENDING = "sending"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be published: which stream, in blocks of how many samples, how many in all, how fast."""

    stream: str
    batch: int = 256
    samples: int | None = None
    """Stop after this number of samples of the log; None goes on until the source ends."""
    rate: float | None = None
    """Samples a second; None is as fast as the daemon learns."""

    def __post_init__(self) -> None:
        if not re.match(STREAM_NAME, self.stream):
            raise SettingsError(
                [
                    Fault(
                        "stream", f"got {self.stream!r}", "use letters, digits, and . _ - inside; at most 64 characters"
                    )
                ]
            )


class Feed:
    """One source published to one daemon."""

    def __init__(self, source: Source, plan: Plan) -> None:
        self._source = source
        self._plan = plan
        self._session = NO_SESSION
        self._position = 0
        self._limit = 0
        self._said_at = float("-inf")
        self._heard_at = 0.0
        self._paced_from: tuple[float, int] | None = None
        self.phase = Phase.GREETING
        self.learned = 0
        self.acknowledged = 0
        self._asked_to_flush = False
        self.started_from: int | None = None
        """Where the daemon's first welcome told this feed to start."""
        self.refusal: Refused | None = None
        """The last reason for which the daemon would not have this stream yet."""
        lengths = [length for length in (source.length, plan.samples) if length is not None]
        self._end = min(lengths) if lengths else ENDLESS

    def receive(self, message: Message, now: float) -> None:
        """Take a message from the daemon; StoppedError if going on would do harm."""
        if isinstance(message, Welcome):
            if message.session != self._session:  # else a hello was said twice, and this is the second answer
                self._begin(message, now)
        elif isinstance(message, Refused) and message.session == self._session:
            self._take_refusal(message)
        elif message.session != self._session or self._session == NO_SESSION:
            return  # of a session that is over
        self._heard_at = now
        match message:
            case Progress():
                self.learned, self.acknowledged = message.cursor, message.acknowledged
                self._limit = message.limit
            case Resend():
                self._move_to(message.start, now)
            case HelloAgain():
                self._greet_anew()
            case _:
                pass
        if self.phase is Phase.SENDING and self.acknowledged >= self._end:
            self.phase = Phase.DONE

    def due(self, now: float) -> Iterator[Parts]:
        """The frames to send now. Each counts as sent when the next one is asked for."""
        if self.phase is Phase.SENDING and now - self._heard_at > SILENCE_SECONDS:
            self._greet_anew()
        if self.phase is Phase.GREETING and now - self._said_at >= HELLO_SECONDS:
            yield encode(self._hello())
            self._said_at = now
        while self.phase is Phase.SENDING and (count := self._allowed(now)):
            block = self._source.read(self._position, count)
            yield encode_block(self._session, block)
            self._position = block.end
            self._said_at = now
        if self.phase is Phase.SENDING and (self._flushes_now or now - self._said_at >= PING_SECONDS):
            yield encode(Flush(self._session) if self.learned >= self._end else Ping(self._session))
            self._asked_to_flush = self.learned >= self._end
            self._said_at = now

    def wait_seconds(self, now: float) -> float:
        """How long there will be nothing to send if nothing is received."""
        wait = max(0.0, self._said_at + HELLO_SECONDS - now)
        if self.phase is Phase.SENDING and self._plan.rate and self._paced_from:
            began, first = self._paced_from
            whole = min(self._plan.batch, max(self._end - self._position, 1))
            wait = min(wait, max(0.0, began + (self._position + whole - first) / self._plan.rate - now))
        return wait

    def bye(self) -> Parts | None:
        """The frame to leave with, if there is a session to leave."""
        return encode(Bye(self._session)) if self._session != NO_SESSION else None

    @property
    def _flushes_now(self) -> bool:
        """Whether everything has just been learned: a producer may leave only when its samples are safe."""
        return self.learned >= self._end and not self._asked_to_flush

    def _hello(self) -> Hello:
        source = self._source
        return Hello(NO_SESSION, self._plan.stream, source.inputs, source.epoch, 0, source.length or ENDLESS, 0)

    def _begin(self, welcome: Welcome, now: float) -> None:
        self._session, self._limit = welcome.session, welcome.limit
        self.phase, self.refusal, self._asked_to_flush = Phase.SENDING, None, False
        self.learned = welcome.start  # or soon: the daemon has it queued
        self._move_to(welcome.start, now)
        if self.started_from is None:
            self.started_from = welcome.start

    def _move_to(self, position: int, now: float) -> None:
        self._position = position
        self._paced_from = (now, position)

    def _greet_anew(self) -> None:
        self._session = NO_SESSION
        self.phase = Phase.GREETING

    def _take_refusal(self, refused: Refused) -> None:
        if not refused.retry:
            raise StoppedError("the daemon refused this stream", got=refused.reason, expected=refused.explanation)
        self.refusal = refused
        self._greet_anew()

    def _allowed(self, now: float) -> int:
        """How many samples may go into the next frame: a whole batch, or less at the end or for want of credit."""
        wanted = min(self._plan.batch, self._end - self._position)
        credit = self._limit - self._position
        if credit < wanted and self._position > self.learned:
            return 0  # more credit will come: better a whole batch then than a sliver now
        return max(0, min(wanted, credit)) if self._on_time(wanted, now) else 0

    def _on_time(self, count: int, now: float) -> bool:
        if self._plan.rate is None or self._paced_from is None:
            return True
        began, first = self._paced_from
        return self._position + count - first <= (now - began) * self._plan.rate
