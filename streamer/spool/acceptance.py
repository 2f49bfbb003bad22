"""What becomes of a line: taken, brought to disk and only then answered; refused; or, from a feed, dropped."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from streamer.clock import Clock
from streamer.errors import SampleError
from streamer.service.observer import Observer
from streamer.spool.lines import parse_line
from streamer.spool.log import SpooledLog
from streamer.transport.intake import Arrival, Intake
from streamer.transport.seam import Parts

MOST_WAITING = 8192
"""Lines after which they are brought to disk and answered, however long a sync may wait: memory is bounded."""
RETRY_SECONDS = 1.0
"""Between one try and the next while the disk takes nothing."""


@dataclass(slots=True)
class Counts:
    """What became of the lines of this run."""

    taken: int = 0
    """On disk."""
    refused: int = 0
    """Not an event of this stream."""
    dropped: int = 0
    """Published while the spool was full or its disk failing, and gone."""


class Acceptance:
    """Moves lines from an intake to a log. `told` hears, when lines are dealt with, below which number all is safe."""

    def __init__(
        self,
        log: SpooledLog,
        intake: Intake,
        clock: Clock,
        observer: Observer,
        *,
        sync_seconds: float,
        told: Callable[[int, Counts], None],
    ) -> None:
        self._log = log
        self._intake = intake
        self._clock = clock
        self._observer = observer
        self._sync_seconds = sync_seconds
        self._told = told
        self._answers: list[tuple[Parts, object]] = []
        self._sync_at = 0.0
        self._failing = False
        self._lines = 0
        self.counts = Counts()

    @property
    def listening(self) -> bool:
        """Whether a line that comes now would be read: to be taken, or to be dropped."""
        return not self._intake.ended and (self._open or self._intake.lossy)

    @property
    def ended(self) -> bool:
        """Whether all lines there will ever be are dealt with."""
        return self._intake.ended and not self._answers

    def wait_seconds(self, now: float) -> float:
        """How long until there is something to do without another line."""
        return max(0.0, self._sync_at - now) if self._answers else float("inf")

    def turn(self) -> None:
        """Take the lines that are there, and bring them to disk when it is time."""
        if self._open:
            for arrival in self._intake.receive():
                self._take(arrival)
        elif self._intake.lossy:
            self._drop(len(self._intake.receive()))
        elif not self._failing:
            self._observer.warn("the spool is full: no more lines are taken until the daemon acknowledges some")
        if self._answers and self._clock.monotonic() >= self._sync_at:
            self.sync()

    def sync(self) -> None:
        """Bring everything to disk, and answer; if the disk will not have it, it is kept and tried again."""
        count = self._log.pending
        try:
            self._log.sync()
        except OSError as error:
            self._failing, self._sync_at = True, self._clock.monotonic() + RETRY_SECONDS
            self._observer.warn("the disk takes nothing: no more lines are taken", why=str(error), waiting=count)
            return
        if self._failing:
            self._failing = False
            self._observer.note("the disk takes lines again")
        self.counts.taken += count
        answers, self._answers = self._answers, []
        for sender, answer in answers:
            if sender:
                self._intake.answer(sender, msgspec.json.encode(answer))
        if answers:
            self._told(self._log.next, self.counts)

    @property
    def _open(self) -> bool:
        """Whether lines can be taken; if not, they wait where they are, or are dropped."""
        return not (self._failing or self._log.full)

    def _take(self, arrival: Arrival) -> None:
        self._lines += 1
        if not self._answers:
            self._sync_at = self._clock.monotonic() + self._sync_seconds
        number = self._log.next + self._log.pending
        try:
            if not arrival.whole:
                raise SampleError("a line is cut off, or much too long", reason="cut", got=repr(arrival.line[:80]))
            self._log.append(
                parse_line(arrival.line, stream=self._log.identity.stream, inputs=self._log.inputs, number=number)
            )
        except SampleError as error:
            self._refuse(arrival, error)
        else:
            self._answers.append((arrival.sender, {"number": number}))
        if len(self._answers) >= MOST_WAITING and not self._failing:
            self.sync()

    def _refuse(self, arrival: Arrival, error: SampleError) -> None:
        self.counts.refused += 1
        self._answers.append((arrival.sender, {"refused": error.reason, "explanation": str(error)}))
        self._observer.warn("line refused", reason=error.reason, line=self._lines, why=str(error))

    def _drop(self, count: int) -> None:
        self.counts.dropped += count
        if count:
            self._observer.warn("lines dropped: the spool is full, or its disk failing", dropped=self.counts.dropped)
