"""Runs a spool in one thread: lines come in, are brought to disk, and what is on disk is published."""

from collections.abc import Callable

from streamer.client.feed import Feed, Phase
from streamer.client.publisher import LOOK_SECONDS, take_turn
from streamer.clock import Clock
from streamer.service.observer import Observer
from streamer.spool.acceptance import Acceptance
from streamer.spool.log import SpooledLog
from streamer.transport.seam import Connection

Wait = Callable[[bool, float], None]
"""Waits until the daemon says something or, if true, a line is there; at most so many seconds."""


class Spooler:
    """Drives an acceptance and a feed over the log between them."""

    def __init__(
        self,
        log: SpooledLog,
        acceptance: Acceptance,
        feed: Feed,
        connection: Connection,
        clock: Clock,
        observer: Observer,
        wait: Wait,
    ) -> None:
        self._log = log
        self._acceptance = acceptance
        self._feed = feed
        self._connection = connection
        self._clock = clock
        self._observer = observer
        self._wait = wait
        self._feed_wait = 0.0
        self._told: tuple[Phase, str] | None = None

    def run(self, stopped: Callable[[], bool]) -> None:
        """Until the lines have ended and the daemon has acknowledged all of them, or `stopped()`; then leave.

        StoppedError if the daemon refuses for good. Either way what was taken is on disk, if the disk takes it.
        """
        try:
            while self._feed.phase is not Phase.DONE and not stopped():
                self.turn()
        finally:
            self._acceptance.sync()
            farewell = self._feed.bye()
            if farewell is not None:
                self._connection.send(farewell)

    def turn(self) -> None:
        """Wait for something to do, and do it."""
        wait = min(self._feed_wait, self._acceptance.wait_seconds(self._clock.monotonic()))
        self._wait(self._acceptance.listening, wait)
        self._acceptance.turn()
        self._log.ended = self._acceptance.ended
        try:
            self._feed_wait = take_turn(self._feed, self._connection, self._clock, 0.0)
        except OSError as error:
            self._feed_wait = LOOK_SECONDS
            self._observer.warn("the log cannot be read; it is tried again", why=str(error))
        self._tell_phase()

    def _tell_phase(self) -> None:
        refusal = "" if self._feed.refusal is None else self._feed.refusal.explanation
        told = (self._feed.phase, self._feed.obstacle or refusal)
        if told != self._told:
            phase, why = told
            self._observer.note(phase.value, **({"reason": why} if why else {}))
        self._told = told
