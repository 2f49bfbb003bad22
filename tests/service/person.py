"""A person who gives commands to a daemon at work."""

import numpy as np

from streamer.client.feed import Plan
from streamer.service.commands import Answer, Command, decode_answer, encode
from streamer.service.stream import Stream
from streamer.sources.bits import BitSource
from streamer.transport.memory import MemoryConnection
from tests.service.world import HashChain, Producer, World

PLAN = Plan("s", batch=3, samples=300, rate=60)


class Person:
    """Gives a command and waits for the answer."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.connection: MemoryConnection = world.commands.connect()

    def says(self, verb: str, stream: str = "s", to: int | None = None) -> None:
        self.connection.send([encode(Command(verb, stream, to))])  # type: ignore[arg-type]

    def hears(self, *producers: Producer) -> Answer:
        for _ in range(100):
            self.world.turn(*producers)
            for [part] in self.connection.receive(0):
                return decode_answer(part)
        raise AssertionError("no answer")

    def commands(self, verb: str, *producers: Producer, to: int | None = None) -> Answer:
        self.says(verb, to=to)
        answer = self.hears(*producers)
        assert not answer.error
        return answer

    def fails(self, verb: str, *producers: Producer, stream: str = "s", to: int | None = None) -> Answer:
        self.says(verb, stream, to)
        answer = self.hears(*producers)
        assert answer.error
        return answer


def at_work(world: World | None = None, turns: int = 8) -> tuple[World, Producer, Person]:
    """A world some way into a stream."""
    world = world or World(interval_seconds=0.2)
    producer = Producer(world, plan=PLAN)
    for _ in range(turns):
        world.turn(producer)
    assert 0 < producer.feed.learned < 200
    return world, producer, Person(world)


def stream_of(world: World) -> Stream:
    return world.loop.streams.existing("s")


def chain_of(world: World) -> HashChain:
    predictor = stream_of(world).predictor
    assert isinstance(predictor, HashChain)
    return predictor


def stepped(chain: HashChain, first: int, end: int, *, labels: bool = True) -> HashChain:
    """A chain after the stream's samples first ≤ n < end."""
    block = BitSource(seed=1).read(first, end - first)
    chain.step_many(block.inputs, block.targets if labels else np.full_like(block.targets, np.nan))
    return chain
