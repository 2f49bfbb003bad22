"""A producer that has forgotten what the daemon still needs: refused, unless told to accept it."""

import pytest

from streamer.client.feed import Feed, Phase, Plan
from streamer.client.log import BufferLog
from streamer.errors import StoppedError
from streamer.filesystem.memory import MemoryFileSystem
from streamer.sources.bits import BitSource
from tests.service.world import HashChain, Producer, World


class LiveProducer(Producer):
    """A program that cannot give its samples again once they are acknowledged."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.log = BufferLog(1, 20)
        self.feed = Feed(self.log, Plan("s", batch=7), incarnation=next(world.incarnations))

    def send(self) -> None:
        while not self.log.full:
            block = self.source.read(self.log.next, 1)
            self.log.append(block.inputs[0].tolist(), float(block.targets[0]))
        super().send()


def lose_the_newest_two(world: World) -> None:
    """Rot in both checkpoints that an acknowledgement stands on."""
    assert isinstance(world.files, MemoryFileSystem)
    for name in [name for name in world.files.names("checkpoints/s") if name.endswith(".ckpt")][-2:]:
        world.files.write(f"checkpoints/s/{name}", b"rubbish")
        world.files.sync(f"checkpoints/s/{name}")
    world.kill()


def after_the_loss(*, accept_gap: bool) -> tuple[World, LiveProducer, int, int]:
    """World, producer, where the daemon is, and where the producer's log begins."""
    world = World(interval_seconds=0.2)
    producer = LiveProducer(world)
    for _ in range(40):
        world.turn(producer)
    world.accept_gap = accept_gap
    lose_the_newest_two(world)
    cursor = world.loop.streams.existing("s").cursor(producer.log.epoch)
    assert cursor < producer.log.first
    return world, producer, cursor, producer.log.first


def until_refused(world: World, producer: LiveProducer) -> str:
    with pytest.raises(StoppedError) as caught:
        world.run(producer)
    return str(caught.value)


def test_a_daemon_that_lost_both_checkpoints_refuses_to_go_on_and_tells_how_it_would() -> None:
    world, producer, cursor, first = after_the_loss(accept_gap=False)
    said = until_refused(world, producer)
    assert f"needs number {cursor}, the log begins at {first}" in said
    assert "--accept-gap" in said
    assert world.record().next_sequence == cursor


def test_a_log_that_can_be_read_again_loses_nothing_even_then() -> None:
    world = World(interval_seconds=0.2)
    producer = Producer(world, plan=Plan("s", batch=3, samples=300, rate=60))
    for _ in range(40):
        world.turn(producer)
    assert 0 < producer.feed.acknowledged <= producer.feed.learned < 300
    lose_the_newest_two(world)
    world.run(producer)
    undisturbed = World()
    undisturbed.run(Producer(undisturbed))
    assert (world.state_hash(), world.record().gap) == (undisturbed.state_hash(), 0)


def test_told_to_accept_the_gap_it_goes_on_where_the_log_begins_and_counts_what_is_lost() -> None:
    world, producer, cursor, first = after_the_loss(accept_gap=True)
    for _ in range(300):
        world.turn(producer)
    record = world.record()
    assert record.next_sequence > first
    assert (record.gap, record.missing) == (first - cursor, 0)
    chain, source = HashChain(), BitSource(seed=1)
    for begin, end in ((0, cursor), (first, record.next_sequence)):
        block = source.read(begin, end - begin)
        chain.step_many(block.inputs, block.targets)
    predictor = world.loop.streams.existing("s").predictor
    assert isinstance(predictor, HashChain)
    assert predictor.link == chain.link


def test_a_gap_is_counted_once_and_is_over_after_a_restart() -> None:
    world, producer, cursor, first = after_the_loss(accept_gap=True)
    for _ in range(300):
        world.turn(producer)
    world.accept_gap = False
    world.kill()
    for _ in range(300):
        world.turn(producer)
    assert producer.feed.phase is Phase.SENDING
    assert (world.record().gap, first > cursor) == (0, True)


def test_predictions_after_a_gap_have_the_numbers_of_their_samples() -> None:
    world, producer, _, first = after_the_loss(accept_gap=True)
    got: list[int] = []
    producer.connection.close()
    producer.connection = world.listener.connect()
    producer.feed = Feed(
        producer.log, Plan("s", batch=7), incarnation=99, deliver=lambda number, found: got.append(number)
    )
    for _ in range(20):
        world.turn(producer)
    assert got[0] == first


def test_what_is_queued_is_learned_before_a_gap_is_accepted() -> None:
    """Never seen but by two producers of one log at once; then nothing that is here may be lost."""
    world = World(interval_seconds=1e9)
    world.accept_gap = True
    world.boot()
    source = BitSource(seed=1)
    stream = world.loop.streams.open("s")
    stream.accept(source.epoch, source.read(0, 10), 0.0)
    producer = LiveProducer(world)
    producer.log.epoch, producer.log.first, producer.log.next = source.epoch, 30, 30
    producer.send()
    for peer, parts in world.listener.receive(0):
        world.loop.receive(peer, parts, 0.0)
    assert world.loop.reception.refused_sessions == {"trimmed": 1}
    for _ in range(60):
        world.turn(producer)
    record = world.record()
    assert record.gap == 20
    assert record.next_sequence > 30
    assert world.loop.streams.existing("s").predictor.counters()["samples"] == record.next_sequence - 20
