"""Server-sent events: what the daemon publishes, looked at once a second and told to everybody who listens.

The looking and the listening happen in the web thread; the learner knows of neither.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from streamer.clock import Clock
from streamer.telemetry.history import Event, History
from streamer.telemetry.record import Board
from streamer.telemetry.status import judged

LISTENERS = 16
"""At once. A page that finds no place shows what it has and comes again."""
LOOK_SECONDS = 1.0
RETRY_MILLISECONDS = 1000


class Feed:
    """Fills the history, and wakes the listeners when there is something new."""

    def __init__(self, board: Board, clock: Clock, *, seconds: float = LOOK_SECONDS) -> None:
        self.history = History(board.record.started_at)
        self._board = board
        self._clock = clock
        self._seconds = seconds
        self._tick = asyncio.Event()
        self._listeners = 0

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(self._seconds)

    def look(self) -> None:
        """Take in what is published now."""
        self.history.add(judged(self._board.record, self._clock.monotonic()), self._clock.wall())
        tick, self._tick = self._tick, asyncio.Event()
        tick.set()

    @property
    def full(self) -> bool:
        """Whether one more listener is one too many."""
        return self._listeners >= LISTENERS

    async def listen(self, last: str | None) -> AsyncIterator[bytes]:
        """What comes after the event of that id, for ever. A listener that is slow skips what is no longer kept."""
        with self._listening():
            yield b"retry: %d\n\n" % RETRY_MILLISECONDS
            while True:
                tick = self._tick
                if events := self.history.after(last):
                    last = self.history.name(events[-1])
                    yield b"".join(self._frame(event) for event in events)
                await tick.wait()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        self._listeners += 1
        try:
            yield
        finally:
            self._listeners -= 1

    def _frame(self, event: Event) -> bytes:
        return b"id: %s\ndata: %s\n\n" % (self.history.name(event).encode(), event.data)
