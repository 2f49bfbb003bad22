"""When checkpoints are due, what they let the producer forget, and what happens when the disk will not have them."""

import errno
import random

import pytest

from streamer.client.feed import Plan
from streamer.errors import CorruptError, IncompatibleError, StreamerError, UnavailableError
from streamer.filesystem.memory import MemoryFileSystem
from streamer.sources.bits import BitSource
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import ENDLESS, Hello, Progress, Welcome
from tests.service.world import Producer, World
from tests.simulation.faults import LateWriter

ENDLESS_PLAN = Plan("s", batch=8)


def checkpoints(world: World) -> int:
    return len([name for name in world.files.names("checkpoints/s") if name.endswith(".ckpt")])


def test_nothing_is_acknowledged_before_two_checkpoints_cover_it() -> None:
    world = World(interval_seconds=1.0)
    producer = Producer(world, plan=ENDLESS_PLAN)
    seen = []
    for _ in range(60):
        world.turn(producer)
        seen.append((world.loop.streams.existing("s").accounts.checkpoints, producer.feed.acknowledged))
    assert {acknowledged for written, acknowledged in seen if written < 2} == {0}
    assert seen[-1][1] > 0


def test_a_quiet_stream_is_acknowledged_whole_after_two_intervals_and_then_left_alone() -> None:
    world = World(interval_seconds=1.0)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(3):
        world.turn(producer)
    for _ in range(100):
        world.turn()
    stream = world.loop.streams.existing("s")
    assert stream.acknowledged(producer.source.epoch) == stream.cursor(producer.source.epoch) > 0
    assert stream.accounts.checkpoints == 2


def test_no_more_checkpoints_are_kept_than_told() -> None:
    world = World(interval_seconds=0.1)
    world.run(Producer(world))
    assert checkpoints(world) == 3


@pytest.mark.parametrize("late", [False, True], ids=["at once", "some turns later"])
@pytest.mark.parametrize("buffer", [2, 3, 4, 10])
def test_a_producer_with_a_small_buffer_never_starves(buffer: int, late: bool) -> None:
    world = World(interval_seconds=1e9)
    if late:
        world.new_writer = lambda save: LateWriter(save, random.Random(buffer))
        world.boot()
    source, connection = BitSource(seed=1), world.listener.connect()
    connection.send(encode(Hello(0, "s", 1, source.epoch, 0, ENDLESS, buffer, 9, False, 0)))
    world.daemon.turn()
    welcome, _ = decode(connection.receive(0)[0])
    assert isinstance(welcome, Welcome)
    sent = acknowledged = 0
    for _ in range(200):
        if room := acknowledged + buffer - sent:
            connection.send(encode_block(welcome.session, source.read(sent, room)))
            sent += room
        world.daemon.turn()
        for parts in connection.receive(0):
            message, _ = decode(parts)
            if isinstance(message, Progress):
                acknowledged = message.acknowledged
    assert acknowledged > 50


class FailingDisk(MemoryFileSystem):
    full = False

    def sync(self, path: str) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().sync(path)


def test_a_full_disk_stops_acknowledgement_but_not_learning_and_is_said() -> None:
    disk = FailingDisk()
    world = World(disk, interval_seconds=0.2)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(30):
        world.turn(producer)
    acknowledged = producer.feed.acknowledged
    disk.full = True
    for _ in range(30):
        world.turn(producer)
    record = world.record()
    assert producer.feed.acknowledged <= acknowledged + 64 < producer.feed.learned
    assert record.checkpoint_failures > 0
    assert world.board.record.state == "degraded"
    assert "s" in world.board.record.reasons[0]


def test_a_disk_that_recovers_makes_the_daemon_ready_again() -> None:
    disk = FailingDisk()
    world = World(disk, interval_seconds=0.2)
    producer = Producer(world, plan=ENDLESS_PLAN)
    disk.full = True
    for _ in range(30):
        world.turn(producer)
    disk.full = False
    for _ in range(30):
        world.turn(producer)
    world.record()
    assert world.board.record.state == "ready"
    assert producer.feed.acknowledged > 0


def test_a_finite_producer_is_done_only_when_the_disk_has_everything() -> None:
    disk = FailingDisk()
    world = World(disk)
    producer = Producer(world)
    disk.full = True
    for _ in range(100):
        world.turn(producer)
    assert producer.feed.learned == 300
    assert not producer.done
    disk.full = False
    world.run(producer)
    world.kill()
    assert world.record().next_sequence == 300


def test_a_daemon_that_stops_without_its_last_checkpoint_says_so() -> None:
    disk = FailingDisk()
    world = World(disk, interval_seconds=1e9)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(5):
        world.turn(producer)
    disk.full = True
    with pytest.raises(StreamerError, match="without its last checkpoint; got: streams s"):
        world.daemon.finish()


def test_a_disk_that_fails_is_tried_again_at_intervals_and_not_at_once() -> None:
    disk = FailingDisk()
    world = World(disk, interval_seconds=1.0)
    producer = Producer(world, plan=ENDLESS_PLAN)
    disk.full = True
    for _ in range(100):
        world.turn(producer)
    assert 3 <= world.record().checkpoint_failures <= 7


def damage(world: World, name: str) -> None:
    world.files.write(f"checkpoints/s/{name}", b"streamer-checkpoint 1 0000\nrubbish")
    world.files.sync(f"checkpoints/s/{name}")


def test_the_daemon_refuses_to_start_over_when_every_checkpoint_is_damaged() -> None:
    world = World()
    world.run(Producer(world))
    for name in world.files.names("checkpoints/s"):
        damage(world, name)
    with pytest.raises(CorruptError, match="no checkpoint of stream 's' is whole"):
        world.kill()


def test_a_checkpoint_of_other_settings_is_refused_by_name() -> None:
    world = World()
    world.run(Producer(world))
    checkpoint = world.store.find("s").valid[0]
    world.loop.streams.structure["learner.hidden"] = 4
    with pytest.raises(IncompatibleError, match=r"learner\.hidden = 3 there, 4 here"):
        world.loop.streams.restore((checkpoint,))


class Log:
    """Remembers warnings."""

    def __init__(self) -> None:
        self.warned: list[tuple[str, dict[str, object]]] = []

    def note(self, event: str, **facts: object) -> None:
        """Not of interest."""

    def warn(self, event: str, **facts: object) -> None:
        self.warned.append((event, facts))


def test_a_checkpoint_of_another_build_is_warned_about_and_gone_on_from() -> None:
    world = World()
    world.run(Producer(world))
    before, log = world.state_hash(), Log()
    world.build = {"numpy": "3", "cpu": "x86-64-v4"}
    world.observer = log
    world.kill()
    assert world.state_hash() == before
    [(event, facts)] = log.warned
    assert "another build" in event
    assert facts["differences"] == "cpu none there, x86-64-v4 here; numpy 2 there, 3 here"
    assert world.record().build_differences == ("cpu none there, x86-64-v4 here", "numpy 2 there, 3 here")


def test_the_next_checkpoint_is_of_the_new_build() -> None:
    world = World()
    producer = Producer(world, plan=Plan("s", samples=100))
    world.run(producer)
    world.build = {"numpy": "3"}
    world.kill()
    world.run(producer.restart(samples=200))
    world.kill()
    assert world.record().build_differences == ()


def test_what_an_older_format_did_not_say_is_no_difference() -> None:
    world = World()
    world.build = {}
    world.boot()
    world.run(Producer(world))
    world.build, world.observer = {"numpy": "3"}, (log := Log())
    world.kill()
    assert (log.warned, world.record().build_differences) == ([], ())


def test_more_streams_on_disk_than_the_limit_are_refused_at_the_start() -> None:
    world = World(limit=2)
    for name in ("a", "b"):
        world.run(Producer(world, plan=Plan(name, samples=10)))
    world.limit = 1
    with pytest.raises(UnavailableError, match=r"raise streams\.limit"):
        world.kill()
