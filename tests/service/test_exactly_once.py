"""Whatever dies and whatever the network does, the learner ends where it would have been."""

import random

import pytest

from streamer.client.feed import Feed, Plan
from streamer.client.log import ReplayLog
from streamer.filesystem.memory import MemoryFileSystem
from streamer.service.stream import PAST_EPOCHS
from streamer.sources.bits import BitSource
from tests.service.world import HashChain, Producer, World


def undisturbed() -> str:
    world = World()
    world.run(Producer(world))
    return world.state_hash()


EXPECTED = undisturbed()


def test_the_stream_reaches_the_learner_whole_and_in_order() -> None:
    world = World()
    world.run(Producer(world))
    block = BitSource(seed=1).read(0, 300)
    chain = HashChain()
    chain.step_many(block.inputs, block.targets)
    predictor = world.loop.streams.existing("s").predictor
    assert isinstance(predictor, HashChain)
    assert predictor.link == chain.link


@pytest.mark.parametrize("batch", [1, 3, 64, 300])
def test_the_cut_into_messages_does_not_matter(batch: int) -> None:
    world = World()
    world.run(Producer(world, plan=Plan("s", batch=batch, samples=300)))
    assert world.state_hash() == EXPECTED


@pytest.mark.parametrize("turn", range(1, 40, 2))
def test_a_daemon_killed_at_any_turn_ends_in_the_same_state(turn: int) -> None:
    world = World()
    producer = Producer(world)
    for _ in range(turn):
        world.turn(producer)
    world.kill()
    world.run(producer)
    assert world.state_hash() == EXPECTED


def test_a_daemon_killed_again_and_again_ends_in_the_same_state() -> None:
    world = World(interval_seconds=0.1)
    producer = Producer(world)
    for _ in range(30):
        for _ in range(4):
            world.turn(producer)
        world.kill()
    world.run(producer)
    assert world.state_hash() == EXPECTED


@pytest.mark.parametrize("turn", [1, 2, 3, 5, 8, 13])
def test_a_producer_that_is_restarted_goes_on(turn: int) -> None:
    world = World()
    producer = Producer(world)
    for _ in range(turn):
        world.turn(producer)
    producer.connection.close()
    world.run(producer.restart())
    assert world.state_hash() == EXPECTED
    assert world.record().outcomes["duplicate"] == 0


def test_a_producer_that_ended_early_can_be_continued() -> None:
    world = World()
    first = Producer(world, plan=Plan("s", batch=7, samples=120))
    world.run(first)
    world.run(first.restart(samples=300))
    assert world.state_hash() == EXPECTED


def test_a_stopped_daemon_saves_everything_it_has_learned() -> None:
    world = World(interval_seconds=1e6)
    producer = Producer(world)
    for _ in range(4):
        world.turn(producer)
    learned = world.record().next_sequence
    world.daemon.finish()
    world.kill()
    assert world.record().next_sequence == learned > 0


@pytest.mark.parametrize("batch", [7, 64, 100])
@pytest.mark.parametrize("seed", range(8))
def test_a_network_that_only_loses_changes_nothing(seed: int, batch: int) -> None:
    world, rng = World(), random.Random(seed)
    producer = Producer(world, plan=Plan("s", batch=batch, samples=300))
    for _ in range(600):
        if producer.done:
            break
        producer.send()
        kept = [frame for frame in world.listener.inbox if rng.random() > 0.2]
        world.listener.inbox.clear()
        world.listener.inbox.extend(kept)
        world.daemon.turn()
        mangle_answers(producer, rng)
        producer.receive()
        world.clock.advance(0.3)
    assert producer.done
    assert world.state_hash() == EXPECTED


def test_a_log_that_was_forgotten_is_never_acknowledged_beyond_what_is_learned() -> None:
    world = World()
    first = Producer(world, plan=Plan("s", samples=200))
    sources = [first.source, *(BitSource(seed=seed) for seed in range(50, 67)), first.source]
    for source in sources:
        producer = Producer(world, source, Plan("s", samples=200))
        world.run(producer)
        world.loop.unreachable(producer.connection.peer)
        assert world.record().acknowledged <= world.record().next_sequence == 200


def test_a_few_new_samples_of_a_large_block_do_not_keep_the_whole_of_it() -> None:
    world = World(window=4096)
    producer = Producer(world, plan=Plan("s", batch=4096))
    world.turn(producer)
    stream = world.loop.streams.existing("s")
    stream.accept("e" * 16, producer.source.read(0, 4000), 0.0)
    stream.accept("e" * 16, producer.source.read(0, 4001), 0.0)
    kept = stream._queue[-1][1]
    assert (len(kept), kept.inputs.base is None or kept.inputs.base.nbytes < 100) == (1, True)


@pytest.mark.parametrize("seed", range(25))
def test_a_network_that_loses_doubles_swaps_and_damages_frames_changes_nothing(seed: int) -> None:
    world, rng = World(), random.Random(seed)
    producer = Producer(world)
    for _ in range(3000):
        if producer.done:
            break
        producer.send()
        mangle(world, rng)
        world.daemon.turn()
        mangle_answers(producer, rng)
        producer.receive()
        world.clock.advance(0.2)
        if rng.random() < 0.02 and not producer.done:
            world.kill()
    assert world.state_hash() == EXPECTED


def mangle(world: World, rng: random.Random) -> None:
    frames = list(world.listener.inbox)
    world.listener.inbox.clear()
    for peer, parts in frames:
        fate = rng.random()
        if fate < 0.1:
            continue
        if fate < 0.15:
            head = bytearray(parts[0])
            head[rng.randrange(len(head))] ^= 1 << rng.randrange(8)
            parts = (bytes(head), *parts[1:])
        world.listener.inbox.extend([(peer, parts)] * (2 if fate > 0.9 else 1))
    if len(world.listener.inbox) > 1 and rng.random() < 0.3:
        world.listener.inbox.rotate(1)


def mangle_answers(producer: Producer, rng: random.Random) -> None:
    kept = [parts for parts in producer.connection.inbox if rng.random() > 0.1]
    producer.connection.inbox.clear()
    producer.connection.inbox.extend(kept)


def damage_newest(files: MemoryFileSystem) -> None:
    newest = [name for name in files.names("checkpoints/s") if name.endswith(".ckpt")][-1]
    data = bytearray(files.read(f"checkpoints/s/{newest}"))
    data[len(data) // 2] ^= 4
    files.write(f"checkpoints/s/{newest}", bytes(data))
    files.sync(f"checkpoints/s/{newest}")


@pytest.mark.parametrize("turn", [14, 20, 26])
def test_losing_the_newest_checkpoint_loses_nothing_that_was_acknowledged(turn: int) -> None:
    world = World(interval_seconds=0.2)
    producer = Producer(world)
    for _ in range(turn):
        world.turn(producer)
    acknowledged = world.record().acknowledged
    assert isinstance(world.files, MemoryFileSystem)
    damage_newest(world.files)
    world.kill()
    assert world.record().next_sequence >= acknowledged > 0
    assert world.board.record.damaged_checkpoints == 1
    world.run(producer)
    assert world.state_hash() == EXPECTED


def producer_of_log(world: World, number: int, samples: int = 20) -> Producer:
    """One that wants its predictions."""
    producer = Producer(world, BitSource(seed=number), Plan("s", samples=samples))
    log = ReplayLog(producer.source, samples)
    producer.feed = Feed(log, producer.plan, incarnation=1000 + number, deliver=lambda first, fresh: None)
    return producer


def leave(producer: Producer) -> None:
    producer.connection.send(producer.feed.bye() or ())


def test_a_log_that_a_producer_holds_is_not_forgotten_for_another_that_was_queued_before() -> None:
    world = World()
    for number in range(PAST_EPOCHS):
        producer = producer_of_log(world, number)
        world.run(producer)
        leave(producer)
    last = producer_of_log(world, PAST_EPOCHS)
    world.turn(last)
    last.send()
    leave(last)
    first = producer_of_log(world, 0, samples=40)
    world.run(first)
    assert first.feed.started_from == 20
    assert world.loop.streams.existing("s").cursor(first.source.epoch) == 40
    assert world.record().samples == 20 * PAST_EPOCHS + 20 + 20
