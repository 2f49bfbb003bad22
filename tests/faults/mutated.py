"""A daemon among frames that somebody has tampered with. Nothing may get through but what a check has seen.

    python -m tests.faults.mutated --frames 1000000        one line with the figures; exit 1 if a promise does not hold

Each mutant is made of a frame that a producer has just sent, or of a good vector, and goes through the codec alone and
then through a daemon that has producers to serve. Half of them get their checksum made right again, so that the checks
behind it are reached.
"""

import argparse
import random
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

from streamer.client.feed import Plan
from streamer.errors import FrameError, StoppedError
from streamer.sources.bits import BitSource
from streamer.wire.blocks import block_of
from streamer.wire.frames import decode
from streamer.wire.messages import Data
from tests.faults.mutation import Mutator, Parts, sealed
from tests.service.world import Producer, World
from tests.vectors.good import good

AT_ONCE = 16
"""Mutants between two turns of the daemon."""
RECENT = 64
"""Frames of producers that are remembered, to be tampered with."""


@dataclass
class Outcome:
    """What became of the mutants of one run."""

    frames: int = 0
    accepted: int = 0
    by_reason: Counter[str] = field(default_factory=Counter)
    memory_growth: int = 0
    """Bytes that the process has grown by after the first quarter."""
    refused_by_the_daemon: int = 0
    """Whole frames that the daemon counted and refused, for their session, their credit or what they ask for."""


class Storm:
    """A daemon, two producers that go on for ever, and strangers who send what they should not."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        vectors = [[bytes.fromhex(part) for part in vector["parts"]] for vector in good()]
        self._vectors = [frame for frame in vectors if sum(map(len, frame)) < 1000]
        self._recent: deque[Parts] = deque(maxlen=RECENT)
        self._mutator = Mutator(self.rng, self._vectors)
        self.world = World(limit=4)
        self._strangers = [self.world.listener.connect() for _ in range(3)]
        self._producers = [self._producer(name) for name in ("s", "t")]
        self.outcome = Outcome()

    def run(self, frames: int) -> Outcome:
        """So many mutants; then the daemon must still serve. Any error that is not a refusal comes out of here."""
        small = 0
        while self.outcome.frames < frames:
            self._turn(min(AT_ONCE, frames - self.outcome.frames))
            if not small and self.outcome.frames >= frames // 4:
                small = resident_bytes()
        self.outcome.memory_growth = resident_bytes() - small
        reception = self.world.loop.reception
        refused = reception.refused_frames.total() + reception.refused_sessions.total()
        self.outcome.refused_by_the_daemon = refused - self.outcome.by_reason.total()
        self._still_serves()
        return self.outcome

    def _turn(self, count: int) -> None:
        world = self.world
        for producer in self._producers:
            producer.send()
        inbox = world.listener.inbox
        self._recent.extend(list(parts) for _, parts in inbox)
        connections = [*self._strangers, *(producer.connection for producer in self._producers)]
        for _ in range(count):
            pool = self._recent if self._recent and self.rng.random() < 0.5 else self._vectors
            original = self.rng.choice(pool)
            mutant = self._mutator.mutant(original)
            self._through_the_codec(mutant, original)
            inbox.append((self.rng.choice(connections).peer, mutant))
        world.daemon.turn()
        assert all(stream.queued <= world.window for stream in world.loop.streams)
        counted = world.loop.reception.refused_frames
        assert {reason: counted[reason] for reason in self.outcome.by_reason} == self.outcome.by_reason
        for stranger in self._strangers:
            stranger.receive(0)
        self._producers = [self._hear(producer) for producer in self._producers]
        world.clock.advance(self.rng.choice((0.01, 0.1, 1.0)))

    def _through_the_codec(self, mutant: Parts, original: Parts) -> None:
        self.outcome.frames += 1
        try:
            message, payload = decode(mutant)
        except FrameError as error:
            self.outcome.by_reason[error.reason] += 1
            return
        self.outcome.accepted += 1
        if isinstance(message, Data):
            assert len(block_of(message, payload)) == message.count
        assert mutant == original or mutant == sealed(mutant)

    def _hear(self, producer: Producer) -> Producer:
        """A producer that was fenced off by a forged hello, or refused, is started anew by a person."""
        try:
            producer.receive()
        except StoppedError:
            producer.connection.close()
            return self._producer(producer.plan.stream)
        return producer

    def _producer(self, stream: str) -> Producer:
        return Producer(self.world, BitSource(seed=self.rng.randrange(4)), Plan(stream, batch=7))

    def _still_serves(self) -> None:
        for producer in self._producers:
            producer.connection.close()
        late = Producer(self.world, BitSource(seed=99), Plan("s", samples=300))
        self.world.run(late)
        assert late.feed.acknowledged == 300


def resident_bytes() -> int:
    """What this process occupies now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def main() -> None:
    parser = argparse.ArgumentParser(description="Send mutated frames to a daemon.")
    parser.add_argument("--frames", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.monotonic()
    outcome = Storm(arguments.seed).run(arguments.frames)
    grown = outcome.memory_growth / 2**20
    print(
        f"{outcome.frames:,} mutated frames in {time.monotonic() - started:.0f} s: 0 uncaught exceptions, memory "
        f"{grown:+.1f} MB; {outcome.by_reason.total():,} refused by the codec, of the other {outcome.accepted:,} "
        f"{outcome.refused_by_the_daemon:,} by the daemon"
    )
    sys.exit(grown > 8)


if __name__ == "__main__":
    main()
