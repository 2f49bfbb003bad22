"""Brings the rows of a pipe into a log while the log has room. Reading may block, so it has a thread of its own."""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Queue

from streamer.client.log import BufferLog
from streamer.errors import DataError
from streamer.sources.tables.badrows import BadRows
from streamer.sources.tables.encoding import Row
from streamer.sources.tables.layout import Layout

READ_AHEAD = 1024
"""Rows taken from the pipe that have no room in the log yet."""
LOOK_SECONDS = 0.02
"""How long a row may wait for being looked for, when the pipe is slow."""
Event = Layout | Row | DataError


class Pump:
    """Between a pipe's events and a log. Rows in it, and in the log, die with the program.

    What ends it before the pipe's end is kept in `failure`, so that the rows before it can be brought to the daemon.
    """

    def __init__(self, events: Iterator[Event], bad_rows: BadRows) -> None:
        self._queue: Queue[Event | None] = Queue(READ_AHEAD)
        self._bad_rows = bad_rows
        self._events = events
        self._broken: BaseException | None = None
        self.failure: BaseException | None = None
        self.ended = self._stopping = False
        threading.Thread(target=self._read, name="pipe", daemon=True).start()

    def layout(self, stopped: Callable[[], bool]) -> Layout | None:
        """Wait for what the first row says the columns are; None if it does not come, or `stopped()`."""
        while not self.ended and not stopped():
            found = self._take(LOOK_SECONDS)
            if isinstance(found, Layout):
                return found
        return None

    def move(self, log: BufferLog) -> float:
        """Move what is there and has room; how long there will be nothing to do, in seconds."""
        moved = 0
        while not self.ended and not log.full:
            found = self._take(0)
            if found is None:
                if self._stopping:
                    self.ended = True
                break
            if isinstance(found, Row):
                log.append(found.x, found.y)
                moved += 1
        log.ended = self.ended
        return 0.0 if moved else LOOK_SECONDS

    def stop(self) -> None:
        """Take what has been read of the pipe, and then no more."""
        self._stopping = True

    def check(self) -> None:
        """Raise what ended it, if that was not the pipe's end."""
        if self.failure is not None:
            raise self.failure

    def _take(self, seconds: float) -> Event | None:
        """The next event, if it comes in time."""
        try:
            found = self._queue.get(timeout=seconds) if seconds else self._queue.get_nowait()
        except Empty:
            return None
        if found is None:
            self.ended, self.failure = True, self._broken
        elif isinstance(found, DataError):
            self._take_bad_row(found)
        return found

    def _take_bad_row(self, error: DataError) -> None:
        try:
            self._bad_rows.take(error)
        except DataError as final:
            self.ended, self.failure = True, final

    def _read(self) -> None:
        try:
            for event in self._events:
                self._queue.put(event)
        except BaseException as error:  # it is the other thread's to tell
            self._broken = error
        self._queue.put(None)
