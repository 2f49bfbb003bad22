"""A daemon, its producers, their disk, network and clock in one thread, all drawn from one seed.

    python -m tests.simulation.simulation --seeds 10000      every failure prints the seed that shows it again

Held in every run, whatever the weather:
  - nothing below what was ever acknowledged is asked for again, or forgotten;
  - the queue keeps within the credit;
  - a command that was answered is not undone, and one that was not is in force wholly or not at all;
  - when the weather clears, the run ends, and the learner is where an undisturbed one is.
"""

import argparse
import random
import sys
from functools import lru_cache

from streamer.client.feed import Plan
from streamer.errors import FrameError, StoppedError, UnavailableError
from streamer.sources.bits import BitSource
from streamer.sources.source import Source
from streamer.wire.frames import decode
from tests.service.late import LateBits
from tests.service.world import Producer, World
from tests.simulation.commands import Person
from tests.simulation.faults import Disk, LateWriter, Network, PowerFailureError, Weather

STORMY_TURNS, CALM_TURNS = 120, 3000


class Simulation:
    """One run."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.weather = Weather.of(self.rng)
        self.samples = self.rng.choice([50, 300, 700])
        self.plan = Plan("s", batch=self.rng.choice([1, 7, 64, 100]), samples=self.samples)
        self.source = source_of(late=self.rng.random() < 0.3)
        self.disk = Disk(self.weather, self.rng)
        self.disk.calm = True
        self.world = World(
            self.disk, interval_seconds=self.rng.choice([0.1, 0.5, 3.0]), window=self.rng.choice([16, 64, 256])
        )
        if self.rng.random() < 0.5:
            self.world.new_writer = lambda save: LateWriter(save, self.rng)
        self.commands = self.rng.choice([0.0, 0.0, 0.02, 0.2])
        self.person = Person(self.world, self.source, self.rng)
        self.world.boot()
        self.disk.calm = False
        self.producer = Producer(self.world, self.source, self.plan)
        self.there, self.back = Network(self.weather, self.rng), Network(self.weather, self.rng)
        self.acknowledged = 0

    def run(self) -> str:
        """Storm, then calm; the final state's hash."""
        for _ in range(STORMY_TURNS):
            self._turn()
        self._clear()
        for _ in range(CALM_TURNS):
            if self.producer.done:
                break
            self._turn()
        assert self.producer.done, f"not done: {self.producer.feed.learned} of {self.samples}"
        assert self.world.record().next_sequence == self.samples
        self.person.check()
        return self.world.state_hash()

    def _turn(self) -> None:
        if not self.disk.calm and self.rng.random() < self.weather.producer_deaths:
            self._replace_producer()
        self.producer.send()
        inbox = self.world.listener.inbox
        arrived = self.there.carry(list(inbox), lambda frame: frame[1], lambda frame, parts: (frame[0], parts))
        inbox.clear()
        inbox.extend(arrived)
        try:
            self.world.daemon.turn()
        except PowerFailureError:
            self._power_failure()
        self._answers()
        self.person.turn(0.0 if self.disk.calm else self.commands)
        assert sum(stream.queued for stream in self.world.loop.streams) <= self.world.window
        self.world.clock.advance(self.rng.choice([0.01, 0.1, 0.6]))

    def _answers(self) -> None:
        connection = self.producer.connection
        for parts in self.back.carry(list(connection.receive(0)), lambda parts: parts, lambda _, parts: parts):
            try:
                self.producer.feed.receive(*decode(parts), self.world.clock.monotonic())
            except FrameError:
                continue
            except StoppedError:
                self._replace_producer()  # a person starts it again
                return
            self.acknowledged = max(self.acknowledged, self.producer.feed.acknowledged)

    def _replace_producer(self) -> None:
        if self.rng.random() < 0.5:
            self.producer.connection.close()
        self.producer = Producer(self.world, self.source, self.plan)

    def _power_failure(self) -> None:
        """The daemon's machine dies, perhaps again while it starts; the newest file may be rotten."""
        while True:
            self.disk.crash(self.rng)
            self._rot()
            try:
                self.world.boot()
            except PowerFailureError:
                continue
            except UnavailableError:
                continue  # the disk is full: it refuses to start, and a person starts it again
            break
        cursor = max((stream.cursor(self.source.epoch) for stream in self.world.loop.streams), default=0)
        assert cursor >= self.acknowledged, f"acknowledged {self.acknowledged}, back at {cursor}"
        self.person.after_crash()

    def _rot(self) -> None:
        names = [name for name in self._names() if name.endswith(".ckpt")]
        if len(names) >= 2 and self.rng.random() < self.weather.bit_rot:
            data = bytearray(self.disk.read(f"checkpoints/s/{names[-1]}"))
            if data:
                data[self.rng.randrange(len(data))] ^= 1 << self.rng.randrange(8)
                self.disk.calm, calm = True, self.disk.calm
                self.disk.write(f"checkpoints/s/{names[-1]}", bytes(data))
                self.disk.sync(f"checkpoints/s/{names[-1]}")
                self.disk.calm = calm

    def _names(self) -> list[str]:
        try:
            return self.disk.names("checkpoints/s")
        except FileNotFoundError:
            return []

    def _clear(self) -> None:
        self.disk.calm = True
        clear = Weather(0, 0, 0, 0, 0, 0, 0, 0)
        self.there, self.back = Network(clear, self.rng), Network(clear, self.rng)


def source_of(late: bool) -> Source:
    """Bits, with their labels or with labels that come late."""
    return LateBits() if late else BitSource(seed=1)


@lru_cache(maxsize=8)
def undisturbed(samples: int, late: bool) -> str:
    """The hash that every run of so many events must end with."""
    world = World(window=256)
    world.run(Producer(world, source_of(late), Plan("s", samples=samples)))
    return world.state_hash()


def check(seed: int) -> None:
    """AssertionError, naming the seed, if a promise does not hold."""
    simulation = Simulation(seed)
    try:
        ended = simulation.run()
        if not simulation.person.carried:
            assert ended == undisturbed(simulation.samples, isinstance(simulation.source, LateBits)), (
                "the learner is not where an undisturbed one is"
            )
    except Exception as error:
        raise AssertionError(f"seed {seed}, {simulation.weather}: {error!r}") from error


def main() -> None:
    parser = argparse.ArgumentParser(description="Simulate a daemon under faults.")
    parser.add_argument("--seeds", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    violations = 0
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        try:
            check(seed)
        except AssertionError as error:
            violations += 1
            print(error, flush=True)
    print(f"{arguments.seeds} seeds, {violations} violations")
    sys.exit(violations > 0)


if __name__ == "__main__":
    main()
