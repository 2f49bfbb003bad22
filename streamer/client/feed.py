"""The producer's side of the protocol without I/O: messages and the time go in, frames to send come out.

It holds no samples: what must be sent again is read again from the log.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from streamer.client.log import Log
from streamer.errors import Fault, FrameError, SettingsError, StoppedError
from streamer.samples import Block, Floats
from streamer.wire.frames import MAX_EVENTS, Parts, decode, encode, encode_block, predictions_of
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
    Predictions,
    Progress,
    Refused,
    Resend,
    Welcome,
)

HELLO_SECONDS = 1.0
"""Between one hello and the next while nobody answers."""
PING_SECONDS = 1.0
Deliver = Callable[[int, Floats], None]
"""Called with predictions, (T,) or (T, W), and the number of the first, each number once and in order."""
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
    """Stop after this number of samples of the log; None goes on until it ends."""
    rate: float | None = None
    """Samples a second; None is as fast as the daemon learns."""

    def __post_init__(self) -> None:
        sound = {
            "stream": (re.match(STREAM_NAME, self.stream), "use letters, digits, and . _ - inside; at most 64"),
            "batch": (1 <= self.batch <= MAX_EVENTS, f"give 1 to {MAX_EVENTS}"),
            "samples": (self.samples is None or self.samples >= 1, "give at least 1, or nothing for no end"),
            "rate": (self.rate is None or self.rate > 0, "give more than 0, or nothing for no limit"),
        }
        faults = [
            Fault(name, f"got {getattr(self, name)!r}", remedy) for name, (good, remedy) in sound.items() if not good
        ]
        if faults:
            raise SettingsError(faults)


class Feed:
    """One log published to one daemon; with `deliver`, its predictions come back. `sent` sees each block that goes."""

    def __init__(
        self,
        log: Log,
        plan: Plan,
        *,
        incarnation: int,
        deliver: Deliver | None = None,
        sent: Callable[[Block], None] = lambda block: None,
    ) -> None:
        self._log = log
        self._plan = plan
        self._incarnation = incarnation
        self._deliver = deliver
        self._sent = sent
        self._session = NO_SESSION
        self._position = 0
        self._limit = 0
        self._said_at = float("-inf")
        self._pinged_at = float("-inf")
        self._heard_at = 0.0
        self._paced_from: tuple[float, int] | None = None
        self.phase = Phase.GREETING
        self.learned = 0
        self.acknowledged = 0
        self.rejected = 0
        """Samples of this session that the daemon's learner could not take."""
        self._settled_below = 0
        self._asked_to_flush = False
        self.started_from: int | None = None
        """Where the daemon's first welcome told this feed to start."""
        self.refusal: Refused | None = None
        """The last reason for which the daemon would not have this stream yet."""
        self.obstacle = ""
        """Why the daemon cannot be reached, where that is known: the connection knows, and whoever runs the feed."""
        self.confirmed = 0
        """Predictions below this number have been delivered."""
        self.classes: tuple[float, ...] = ()
        """The targets that a prediction's first places are the probabilities of, as the daemon said last."""
        self._told_confirmed = 0
        self._check_hello()

    @property
    def _end(self) -> int:
        return self._log.next if self._log.ended else ENDLESS

    def receive(self, message: Message, payload: bytes, now: float) -> None:
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
                self._limit, self.rejected = message.limit, message.rejected
                self._log.forget(message.acknowledged)
            case Predictions():
                self.classes = message.classes
                self._take_predictions(message.first, predictions_of(message, payload))
            case Resend():
                self._move_to(message.start, now)
            case HelloAgain():
                self._greet_anew()
                self._said_at = float("-inf")  # a daemon that answers is there: it need not be waited for
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
            block = self._log.read(self._position, count)
            if not len(block):
                break  # a source of no known length has come to its end
            self._sent(block)
            yield encode_block(self._session, block)
            self._position = block.end
            self._said_at = now
        pings = self._flushes_now or self._confirms_now or now - self._pinged_at >= PING_SECONDS
        if self.phase is Phase.SENDING and pings:
            message = Flush if self.learned >= self._end else Ping
            yield encode(message(self._session, self._position, self.confirmed, self._ready))
            self._asked_to_flush = self.learned >= self._end
            self._said_at = self._pinged_at = now
            self._told_confirmed = self.confirmed

    def wait_seconds(self, now: float) -> float:
        """How long there will be nothing to send if nothing is received."""
        wait = max(0.0, self._said_at + HELLO_SECONDS - now)
        credit = self._limit - self._position
        if self.phase is Phase.SENDING and self._plan.rate and self._paced_from and credit > 0:
            began, first = self._paced_from
            whole = min(self._plan.batch, max(self._log.next - self._position, 1))
            wait = min(wait, max(0.0, began + (self._position + whole - first) / self._plan.rate - now))
        return wait

    def bye(self) -> Parts | None:
        """The frame to leave with, if there is a session to leave."""
        return encode(Bye(self._session)) if self._session != NO_SESSION else None

    @property
    def _ready(self) -> int:
        """How far the log goes by now, for the daemon to know how far it is behind; 0 if it has no end."""
        return self._log.next if self._log.next < ENDLESS else 0

    @property
    def _flushes_now(self) -> bool:
        """Whether everything has just been learned: a producer may leave only when its samples are safe."""
        return self.learned >= self._end and not self._asked_to_flush

    @property
    def _confirms_now(self) -> bool:
        """Whether there is no credit left and a confirmation would give some."""
        return self.confirmed > self._told_confirmed and self._limit <= self._position

    def _take_predictions(self, first: int, predictions: Floats) -> None:
        fresh = predictions[self.confirmed - first :] if first <= self.confirmed else predictions[:0]
        if len(fresh) and self._deliver is not None:  # those after a gap come again
            self._deliver(self.confirmed, fresh)
            self.confirmed += len(fresh)

    def _hello(self) -> Hello:
        log, plan = self._log, self._plan
        return Hello(
            NO_SESSION,
            plan.stream,
            log.inputs,
            log.epoch,
            log.first,
            log.offered,
            log.buffer,
            self._incarnation,
            self._deliver is not None,
            self.confirmed,
            log.schema,
        )

    def _check_hello(self) -> None:
        """SettingsError for a source that no daemon would understand."""
        try:
            decode(encode(self._hello()))
        except FrameError as error:
            expected = "inputs 1 to 64, an epoch of 16 to 64 hex digits in lower case"
            raise SettingsError([Fault("source", str(error.got), f"give a source with {expected}")]) from None

    def _begin(self, welcome: Welcome, now: float) -> None:
        self._session, self._limit = welcome.session, welcome.limit
        self.phase, self.refusal, self._asked_to_flush = Phase.SENDING, None, False
        self.confirmed = self._told_confirmed = max(self.confirmed, welcome.predictions)
        self._settled_below = welcome.start  # learned, or soon: the daemon has it queued
        self._pinged_at = now
        self._move_to(welcome.start, now)
        if self.started_from is None:
            self.started_from = welcome.start

    def _move_to(self, position: int, now: float) -> None:
        self._position = position
        if self._paced_from is None or position < self._paced_from[1]:
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
        wanted = min(self._plan.batch, self._log.next - self._position)
        credit = self._limit - self._position
        if credit < wanted and self._position > max(self.learned, self._settled_below):
            return 0  # more credit will come: better a whole batch then than a sliver now
        return max(0, min(wanted, credit)) if self._on_time(wanted, now) else 0

    def _on_time(self, count: int, now: float) -> bool:
        if self._plan.rate is None or self._paced_from is None:
            return True
        began, first = self._paced_from
        return self._position + count - first <= (now - began) * self._plan.rate
