"""What can go wrong, drawn from a seed: a network, a disk and the lives of both sides."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.filesystem.memory import MemoryFileSystem
from streamer.service.writer import InlineWriter, Saving, Written
from streamer.transport.seam import Parts


class PowerFailureError(BaseException):
    """The machine is gone in the middle of an operation."""


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it is in one run; each share is of frames, turns or operations."""

    lost: float
    doubled: float
    damaged: float
    late: float
    power_failures: float
    producer_deaths: float
    disk_full: float
    bit_rot: float

    @classmethod
    def of(cls, rng: random.Random) -> "Weather":
        """Most runs have a few kinds of fault; some have all, some none."""

        def share(most: float) -> float:
            return rng.choice([0.0, 0.0, most / 4, most])

        return cls(
            lost=share(0.3),
            doubled=share(0.3),
            damaged=share(0.1),
            late=share(0.5),
            power_failures=share(0.02),
            producer_deaths=share(0.03),
            disk_full=share(0.02),
            bit_rot=rng.choice([0.0, 0.5]),
        )


class Disk(MemoryFileSystem):
    """A disk that fails between any two operations, and is full at times."""

    def __init__(self, weather: Weather, rng: random.Random) -> None:
        super().__init__()
        self._weather = weather
        self._rng = rng
        self.calm = False
        self._full = 0

    def __getattribute__(self, name: str) -> Any:
        operation = super().__getattribute__(name)
        if name not in ("write", "append", "sync", "rename", "sync_directory", "remove"):
            return operation
        return super().__getattribute__("_failing")(operation, name)

    def _failing(self, operation: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            if not self.calm:
                self._fail(name)
            return operation(*arguments)

        return run

    def _fail(self, name: str) -> None:
        if self._rng.random() < self._weather.power_failures:
            raise PowerFailureError(name)
        if self._rng.random() < self._weather.disk_full:
            self._full = self._rng.randrange(1, 10)
        if self._full and name in ("write", "append", "sync"):
            self._full -= 1
            raise OSError(28, "No space left on device")


class LateWriter:
    """Writes checkpoints some turns later, in one thread: what a disk does that takes its time."""

    def __init__(self, save: Saving, rng: random.Random) -> None:
        self._inline = InlineWriter(save)
        self._rng = rng
        self._waiting: list[Checkpoint] = []

    @property
    def busy(self) -> bool:
        return bool(self._waiting)

    def put(self, checkpoint: Checkpoint) -> None:
        assert checkpoint.stream not in {waiting.stream for waiting in self._waiting}
        self._waiting.append(checkpoint)

    def take(self) -> list[Written]:
        if self._waiting and self._rng.random() < 0.4:
            self._inline.put(self._waiting.pop(0))
        return self._inline.take()

    def finish(self) -> list[Written]:
        while self._waiting:
            self._inline.put(self._waiting.pop(0))
        return self._inline.take()


class Network:
    """Carries frames one way, and is late, forgetful and clumsy on the way."""

    def __init__(self, weather: Weather, rng: random.Random) -> None:
        self._weather = weather
        self._rng = rng
        self._delayed: list[Any] = []

    def carry(
        self, frames: list[Any], parts_of: Callable[[Any], Parts], remade: Callable[[Any, Parts], Any]
    ) -> list[Any]:
        """What arrives now of what was sent and of what is still under way."""
        waiting, arrived = [*self._delayed, *frames], []
        self._delayed = []
        for frame in waiting:
            fate = self._rng.random()
            if fate < self._weather.lost:
                continue
            if self._rng.random() < self._weather.late:
                self._delayed.append(frame)
                continue
            if self._rng.random() < self._weather.damaged:
                frame = remade(frame, self._damage(parts_of(frame)))
            arrived += [frame, frame] if self._rng.random() < self._weather.doubled else [frame]
        return arrived

    def _damage(self, parts: Parts) -> Parts:
        head = bytearray(parts[0])
        head[self._rng.randrange(len(head))] ^= 1 << self._rng.randrange(8)
        return (bytes(head), *parts[1:])
