"""A disk that fails at its n-th operation, once or from then on: the daemon lives, learns, and tells nobody a lie."""

import errno
import os
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

import pytest

from streamer.checkpoints.store import CheckpointStore
from streamer.client.feed import Plan
from streamer.errors import StartError
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from tests.faults.line import Figure
from tests.service.world import Producer, World

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)
OPERATIONS = frozenset(name for name in vars(FileSystem) if not name.startswith("_"))
SAMPLES = 2_500
OUTAGE_TURNS = 30
INTERVAL_SECONDS = 0.2


class FailingDisk(MemoryFileSystem):
    """Counts its operations; from one of them on it fails, that time only or until it is mended."""

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0
        self.fails_from: int | None = None
        self.lasting = False
        self.error = errno.EIO

    def __getattribute__(self, name: str) -> Any:
        operation = super().__getattribute__(name)
        return super().__getattribute__("_counted")(operation, name) if name in OPERATIONS else operation

    @property
    def failed(self) -> bool:
        """Whether it has begun to fail."""
        return self.fails_from is not None and self.operations > self.fails_from

    def _counted(self, operation: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(path: str, *rest: Any) -> Any:
            number, self.operations = self.operations, self.operations + 1
            failing = self.fails_from is not None and number >= self.fails_from
            if not failing or (number > (self.fails_from or 0) and not self.lasting):
                return operation(path, *rest)
            if name == "write":
                operation(path, rest[0][: len(rest[0]) // 2])  # what fits
            raise OSError(self.error, os.strerror(self.error), path)

        return run


class Outage:
    """One run of a world whose disk fails."""

    def __init__(self, fails_from: int | None, error: int, *, lasting: bool) -> None:
        self.disk = FailingDisk()
        self.world = World(self.disk, interval_seconds=INTERVAL_SECONDS)
        self.at_start = self.disk.operations
        self.disk.fails_from = None if fails_from is None else self.at_start + fails_from
        self.disk.error, self.disk.lasting = error, lasting
        self.producer = Producer(self.world, plan=Plan("s", batch=16, samples=SAMPLES))
        self.acknowledged = 0

    def run(self) -> str:
        """Until everything is acknowledged; the final state's hash. AssertionError if a promise does not hold."""
        while not self.disk.failed and not self.producer.done:
            self._turn()
        if self.disk.lasting:
            self._stay_out()
        self.disk.fails_from = None
        for _ in range(2_000):
            if self.producer.done:
                break
            self._turn()
        assert self.producer.done, f"not done: {self.acknowledged} acknowledged"
        assert self.world.record().next_sequence == SAMPLES
        assert self.world.board.record.state == "ready"
        return self.world.state_hash()

    def _stay_out(self) -> None:
        learned = self.producer.feed.learned
        for _ in range(OUTAGE_TURNS):
            self._turn()
        assert learned == SAMPLES or self.producer.feed.learned > learned, "it has stopped learning"
        if not self.producer.done:  # else what failed was the last of all, the removal of an old one
            assert self.world.record().checkpoint_failures, "a failure was not counted"
            assert self.world.board.record.state == "degraded"

    def _turn(self) -> None:
        self.world.turn(self.producer)
        if self.producer.feed.acknowledged > self.acknowledged:
            self.acknowledged = self.producer.feed.acknowledged
            self._check_that_it_is_true()

    def _check_that_it_is_true(self) -> None:
        left = deepcopy(self.disk)
        left.fails_from = None
        left.crash()
        valid = CheckpointStore(left, "checkpoints", keep=3).find("s").valid
        covered = [one.positions[self.producer.source.epoch] for one in valid]
        assert len(covered) == 2, "acknowledged before there are two checkpoints"
        assert min(covered) >= self.acknowledged, f"acknowledged {self.acknowledged}, on disk {covered}"


def undisturbed() -> tuple[str, int]:
    """The final hash where no disk fails, and the operations that it took."""
    outage = Outage(None, errno.EIO, lasting=False)
    return outage.run(), outage.disk.operations - outage.at_start


def fail_everywhere(errors: Sequence[int] = ERRORS) -> int:
    """How many operations there were; each has failed with each error, once and lastingly."""
    expected, operations = undisturbed()
    for number in range(operations):
        for error in errors:
            for lasting in (False, True):
                try:
                    assert Outage(number, error, lasting=lasting).run() == expected, "the learner is elsewhere"
                except Exception as failure:
                    kind = "lasting" if lasting else "once"
                    raise AssertionError(f"operation {number}, {os.strerror(error)}, {kind}: {failure!r}") from failure
    return operations


def fail_at_start() -> int:
    """How many operations a start takes; at each failure it is refused with what to do, never with a mere OSError."""
    before = World(FailingDisk(), interval_seconds=INTERVAL_SECONDS)
    before.run(Producer(before))
    assert isinstance(before.files, FailingDisk)
    started = before.files.operations
    before.boot()
    for number in range(operations := before.files.operations - started):
        disk = deepcopy(before.files)
        disk.fails_from = disk.operations + number
        with pytest.raises(StartError, match="do this"):
            World(disk)
    return operations


def measure() -> Figure:
    """The figure of all of them."""
    operations = fail_everywhere()
    runs = operations * len(ERRORS) * 2 + fail_at_start()
    return Figure(f"{operations} operations, {runs} runs: all alive, nothing false, hash equal", ok=True)
