"""The daemon's one thread: what it tells producers and when, what it does in which order, and what it publishes."""

import itertools

import numpy as np
import pytest
from msgspec import structs

from streamer.client.feed import Phase
from streamer.client.publisher import publish
from streamer.columns import Schema
from streamer.filesystem.memory import MemoryFileSystem
from streamer.learning.predictor import Predictor
from streamer.samples import Floats
from streamer.service.daemon import IDLE_SECONDS, PUBLISH_SECONDS, PUBLISH_SHARE
from streamer.service.loop import HEARTBEAT_SECONDS
from streamer.service.pace import BLOCK_SECONDS
from streamer.service.signals import Stop
from streamer.sources.bits import BitSource
from streamer.telemetry.record import ServiceRecord
from streamer.transport.memory import MemoryConnection
from streamer.transport.seam import Parts, Peer
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import Progress, Welcome
from tests.service.world import TURN_SECONDS, HashChain, HashChains, Producer, World


class Guest:
    """A producer that says only what it is told to."""

    def __init__(self, world: World, *, buffer: int = 0) -> None:
        producer = Producer(world)
        self.connection, self.source = producer.connection, producer.source
        [greeting] = producer.feed.due(world.clock.monotonic())
        self.connection.send(encode(structs.replace(decode(greeting)[0], buffer=buffer)))
        world.daemon.turn()
        welcome, _ = decode(self.connection.receive(0)[0])
        assert isinstance(welcome, Welcome)
        self.session = welcome.session
        self.sent = 0

    def send(self, count: int) -> None:
        self.connection.send(encode_block(self.session, self.source.read(self.sent, count)))
        self.sent += count

    def told(self) -> list[Progress]:
        """The progress that has been told since this was last asked."""
        messages = [decode(parts)[0] for parts in self.connection.receive(0)]
        return [message for message in messages if isinstance(message, Progress)]


class SlowChain(HashChain):
    """Takes its time, by the world's clock, and remembers the blocks it was given."""

    def __init__(self, world: World, seconds_per_sample: float) -> None:
        super().__init__()
        self.seconds_per_sample = seconds_per_sample
        self.blocks: list[int] = []
        self._world = world

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        self.blocks.append(len(xs))
        self._world.clock.advance(len(xs) * self.seconds_per_sample)
        return super().step_many(xs, ys)


def make_slow(monkeypatch: pytest.MonkeyPatch, world: World, seconds_per_sample: float) -> SlowChain:
    """What the world will learn with."""
    chain = SlowChain(world, seconds_per_sample)

    def create(factory: HashChains, stream: str, schema: Schema) -> Predictor:
        return chain

    monkeypatch.setattr(HashChains, "create", create)
    return chain


# What producers are told, and when


def test_a_session_that_says_nothing_hears_the_daemon_once_a_second() -> None:
    world = World()
    guest = Guest(world)
    heard = []
    for _ in range(100):
        world.turn()
        heard += [world.clock.monotonic() for _ in guest.told()]
    gaps = np.diff([0.0, *heard])
    assert len(heard) >= 4
    assert all(HEARTBEAT_SECONDS <= gap <= HEARTBEAT_SECONDS + 2 * TURN_SECONDS for gap in gaps)


def test_a_session_that_was_told_something_else_is_not_told_again_before_a_second_is_over() -> None:
    world = World(interval_seconds=1e9)
    guest = Guest(world)
    world.clock.advance(0.9 * HEARTBEAT_SECONDS)
    guest.send(1)
    world.daemon.turn()
    assert len(guest.told()) == 1
    world.clock.advance(0.9 * HEARTBEAT_SECONDS)
    world.daemon.turn()
    assert guest.told() == []


def test_progress_is_told_in_the_turn_in_which_the_queue_became_empty() -> None:
    world = World(window=64)
    guest = Guest(world)
    guest.send(5)
    world.daemon.turn()
    [progress] = guest.told()
    assert (progress.cursor, progress.acknowledged, progress.limit) == (5, 0, 69)


def test_progress_is_told_once_half_of_the_credit_is_used_though_samples_are_queued(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(window=64)
    make_slow(monkeypatch, world, 0.001)
    guest = Guest(world)
    guest.send(40)
    world.daemon.turn()
    [progress] = guest.told()
    assert (progress.cursor, progress.limit) == (16, 16 + 64)


def test_progress_is_not_told_while_samples_are_queued_and_more_than_half_of_the_credit_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(window=64)
    make_slow(monkeypatch, world, 0.001)
    guest = Guest(world)
    guest.send(30)
    world.daemon.turn()
    assert guest.told() == []
    world.daemon.turn()
    assert [progress.cursor for progress in guest.told()] == [30]


def test_a_checkpoint_that_is_saved_is_acknowledged_in_the_same_turn() -> None:
    world = World(interval_seconds=1e9)
    guest = Guest(world, buffer=10)
    acknowledged = []
    for _ in range(3):
        guest.send(5)
        world.daemon.turn()
        acknowledged.append(guest.told()[-1].acknowledged)
    assert acknowledged == [0, 5, 10]


class Disk(MemoryFileSystem):
    """Notes what a producer has been sent, and what is published, when a checkpoint is written."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self.guest: Guest | None = None
        self.cursors: list[int] = []
        self.states: list[str] = []

    def write(self, path: str, data: bytes) -> None:
        if self.world is not None and self.guest is not None:
            self.states.append(self.world.board.record.state)
            self.cursors += [progress.cursor for progress in self.guest.told()]
        super().write(path, data)


def test_producers_are_answered_before_a_checkpoint_makes_everybody_wait() -> None:
    disk = Disk()
    disk.world = world = World(disk, interval_seconds=1e9)
    disk.guest = guest = Guest(world, buffer=10)
    guest.send(5)
    world.daemon.turn()
    assert disk.cursors == [5]
    assert [progress.cursor for progress in guest.told()] == [5]


# Waiting and working


class Ear:
    """Hears how long the daemon would wait for a frame."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
        self.waits: list[float] = []
        self._receive = world.listener.receive
        monkeypatch.setattr(world.listener, "receive", self.receive)

    def receive(self, timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        self.waits.append(timeout_seconds)
        return self._receive(timeout_seconds)


def test_the_daemon_waits_for_a_frame_only_while_nothing_is_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    make_slow(monkeypatch, world, 0.00125)
    guest = Guest(world)
    guest.send(20)
    ear = Ear(monkeypatch, world)
    for _ in range(3):
        world.daemon.turn()
    assert ear.waits == [IDLE_SECONDS, 0, IDLE_SECONDS]


@pytest.mark.parametrize(("seconds_per_sample", "samples"), [(1e-3, 2_000), (2e-5, 20_000), (0.05, 60)])
def test_blocks_come_to_20_ms_of_the_clock_and_at_least_one_sample(
    monkeypatch: pytest.MonkeyPatch, seconds_per_sample: float, samples: int
) -> None:
    world = World(window=samples)
    chain = make_slow(monkeypatch, world, seconds_per_sample)
    guest = Guest(world)
    guest.send(samples)
    for _ in range(samples):
        if chain.samples == samples:
            break
        world.daemon.turn()
    fitting = max(1, round(BLOCK_SECONDS / seconds_per_sample))
    settled = chain.blocks[8:-1]
    assert len(settled) >= 5
    assert set(settled) <= {fitting, max(1, fitting - 1)}
    assert all(later <= 2 * earlier for earlier, later in itertools.pairwise(chain.blocks))


def test_a_learner_that_slows_down_gets_smaller_blocks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(window=20_000)
    chain = make_slow(monkeypatch, world, 2e-5)
    Guest(world).send(20_000)
    for _ in range(10):
        world.daemon.turn()
    chain.seconds_per_sample = 2e-3
    for _ in range(2):
        world.daemon.turn()
    assert chain.blocks[-2] > 900
    assert chain.blocks[-1] <= 10


def test_the_time_spent_learning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    make_slow(monkeypatch, world, 0.001)
    Guest(world).send(16)
    world.daemon.turn()
    record = world.record()
    assert record.steps == 16
    assert record.step_seconds == pytest.approx(0.016)


# Publishing


class Press:
    """Stands at the board: notes what is published and when, and makes it cost time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, world: World, *, cost_seconds: float = 0.0) -> None:
        self.records: list[ServiceRecord] = []
        self._world = world
        self._cost = cost_seconds
        self._publish = world.board.publish
        monkeypatch.setattr(world.board, "publish", self.publish)

    def publish(self, record: ServiceRecord) -> None:
        self._world.clock.advance(self._cost)
        self.records.append(record)
        self._publish(record)


@pytest.mark.parametrize("cost_seconds", [0.02, 0.5, 3.0])
def test_publishing_takes_at_most_its_share_of_the_time_however_much_it_costs(
    monkeypatch: pytest.MonkeyPatch, cost_seconds: float
) -> None:
    world = World()
    press = Press(monkeypatch, world, cost_seconds=cost_seconds)
    while world.clock.monotonic() < 200 * cost_seconds:
        world.daemon.turn()
        world.clock.advance(cost_seconds / 10)
    spent = len(press.records) * cost_seconds
    assert len(press.records) > 5
    assert spent <= PUBLISH_SHARE * world.clock.monotonic() + cost_seconds


def test_publishing_that_costs_nothing_is_done_at_its_interval_and_not_each_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    press = Press(monkeypatch, world)
    turn_seconds = PUBLISH_SECONDS / 8
    for _ in range(80):
        world.daemon.turn()
        world.clock.advance(turn_seconds)
    assert len(press.records) == 10


def test_what_is_restored_is_published_before_anybody_is_told() -> None:
    world = World()
    world.run(Producer(world))
    world.daemon.finish()
    world.kill()
    world.board.publish(ServiceRecord("starting"))
    world.daemon.announce()
    record = world.board.record
    assert (record.state, [stream.name for stream in record.streams]) == ("ready", ["s"])


def test_a_daemon_is_starting_then_ready_then_stopping(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    assert world.board.record.state == "starting"
    press, stop = Press(monkeypatch, world), Stop()
    turns = itertools.count(1)

    def receive(timeout_seconds: float) -> list[tuple[Peer, Parts]]:
        world.clock.advance(PUBLISH_SECONDS)
        if next(turns) == 3:
            stop.request()
        return []

    monkeypatch.setattr(world.listener, "receive", receive)
    world.daemon.run(stop)
    assert [record.state for record in press.records] == ["ready"] * 4 + ["stopping"] * 2
    assert [bool(record.reasons) for record in press.records] == [False] * 4 + [True] * 2


def test_a_daemon_that_is_asked_to_stop_before_its_first_turn_takes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    ear, stop = Ear(monkeypatch, world), Stop()
    stop.request()
    world.daemon.run(stop)
    assert ear.waits == []
    assert world.board.record.state == "stopping"


def test_a_daemon_that_stops_says_so_before_it_saves_and_tells_afterwards_that_it_has() -> None:
    disk = Disk()
    disk.world = world = World(disk, interval_seconds=1e9)
    disk.guest = guest = Guest(world)
    guest.send(5)
    world.daemon.turn()
    assert disk.states == []
    world.daemon.finish()
    assert set(disk.states) == {"stopping"}
    [stream] = world.board.record.streams
    assert (stream.checkpoints, stream.next_sequence) == (1, 5)


def test_a_daemon_that_stops_does_not_learn_what_is_queued_and_keeps_what_is_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(interval_seconds=1e9)
    make_slow(monkeypatch, world, 0.001)
    Guest(world).send(40)
    world.daemon.turn()
    learned = world.state_hash()
    world.daemon.finish()
    world.kill()
    assert world.record().next_sequence == 16
    assert world.state_hash() == learned


# Leaving


class Pumped:
    """A connection on which waiting lets the daemon have its turn."""

    def __init__(self, world: World, connection: MemoryConnection) -> None:
        self._world = world
        self._connection = connection

    def receive(self, timeout_seconds: float) -> list[Parts]:
        self._world.turn()
        return self._connection.receive(0)

    def send(self, parts: Parts) -> bool:
        return self._connection.send(parts)

    def obstacle(self, now: float) -> str:
        return self._connection.obstacle(now)

    def close(self) -> None:
        self._connection.close()


@pytest.mark.parametrize("gives_up", [False, True], ids=["when all is learned", "when told to stop"])
def test_a_publisher_says_farewell_and_its_stream_is_free_at_once(gives_up: bool) -> None:
    world = World()
    leaver, turns = Producer(world), itertools.count()
    connection = Pumped(world, leaver.connection)
    publish(leaver.feed, connection, world.clock, stopped=lambda: next(turns) > (2 if gives_up else 1_000))
    assert leaver.done is not gives_up
    assert world.loop.sessions.holder("s") is not None
    before = world.clock.monotonic()
    other = Producer(world, BitSource(seed=2))
    world.turn(other)
    assert other.feed.phase is Phase.SENDING
    assert world.clock.monotonic() - before <= 2 * TURN_SECONDS


def test_a_producer_that_leaves_without_a_farewell_keeps_its_stream_for_a_while() -> None:
    world = World()
    Guest(world)
    other = Producer(world, BitSource(seed=2))
    world.turn(other)
    assert other.feed.phase is Phase.GREETING
