"""Who writes checkpoints: a thread of its own, so that the learner does not wait for a disk; or, in tests, nobody else.

A checkpoint is a copy, so it may be written while the stream goes on. What became of it is asked for by the loop's
thread, in the order in which the checkpoints were given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from streamer.checkpoints.checkpoint import Checkpoint

Saving = Callable[[Checkpoint], None]
"""Returns when a checkpoint survives a loss of power; OSError if the disk will not have it."""


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What became of a checkpoint."""

    checkpoint: Checkpoint
    error: BaseException | None


class Writer(Protocol):
    """Given at most one checkpoint of each stream at a time, so what waits is bounded."""

    @property
    def busy(self) -> bool:
        """Whether `take` will have more."""
        ...

    def put(self, checkpoint: Checkpoint) -> None:
        """Write it, soon."""
        ...

    def take(self) -> list[Written]:
        """What has been done since this was last asked; never waits. Raises what is no fault of a disk."""
        ...

    def finish(self) -> list[Written]:
        """As `take`, after waiting until everything is done."""
        ...


class InlineWriter:
    """Writes at once, in the thread of the caller."""

    busy = False

    def __init__(self, save: Saving) -> None:
        self._save = save
        self._done: list[Written] = []

    def put(self, checkpoint: Checkpoint) -> None:
        """Write it now."""
        try:
            self._save(checkpoint)
        except OSError as error:
            self._done.append(Written(checkpoint, error))
        else:
            self._done.append(Written(checkpoint, None))

    def take(self) -> list[Written]:
        """What has been done."""
        done, self._done = self._done, []
        return done

    def finish(self) -> list[Written]:
        """As `take`."""
        return self.take()


class ThreadWriter:
    """Writes in one thread, which ends with the process."""

    def __init__(self, save: Saving) -> None:
        self._save = save
        self._waiting: SimpleQueue[Checkpoint] = SimpleQueue()
        self._done: SimpleQueue[Written] = SimpleQueue()
        self._under_way = 0
        # A daemon thread: a disk that hangs must not keep a process that is told to end.
        Thread(target=self._run, name="checkpoints", daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether anything is waiting or being written."""
        return self._under_way > 0

    def put(self, checkpoint: Checkpoint) -> None:
        """Hand it to the thread."""
        self._under_way += 1
        self._waiting.put(checkpoint)

    def take(self) -> list[Written]:
        """What has been done."""
        return [self._next() for _ in range(self._done.qsize())]

    def finish(self) -> list[Written]:
        """Wait for the thread."""
        return [self._next() for _ in range(self._under_way)]

    def _next(self) -> Written:
        written = self._done.get()
        self._under_way -= 1
        if written.error is not None and not isinstance(written.error, OSError):
            raise written.error
        return written

    def _run(self) -> None:
        while True:
            checkpoint = self._waiting.get()
            try:
                self._save(checkpoint)
            except BaseException as error:  # the loop's thread must hear of it, whatever it is
                self._done.put(Written(checkpoint, error))
            else:
                self._done.put(Written(checkpoint, None))
