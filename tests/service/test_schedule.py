"""When a checkpoint is due, and how long what is learned may be without one."""

import pytest

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.client.feed import Plan
from streamer.filesystem.memory import MemoryFileSystem
from streamer.service.writer import InlineWriter, Saving, Written
from tests.service.test_daemon import Guest
from tests.service.world import TURN_SECONDS, Producer, World

ENDLESS_PLAN = Plan("s", batch=8)


class HeldWriter:
    """Writes what it is given when the test says so."""

    def __init__(self, save: Saving) -> None:
        self._inline = InlineWriter(save)
        self.given: list[Checkpoint] = []
        self.holds = True

    @property
    def busy(self) -> bool:
        return bool(self.given)

    def put(self, checkpoint: Checkpoint) -> None:
        self.given.append(checkpoint)

    def take(self) -> list[Written]:
        return [] if self.holds else self.finish()

    def finish(self) -> list[Written]:
        given, self.given = self.given, []
        for checkpoint in given:
            self._inline.put(checkpoint)
        return self._inline.take()


def held_world(interval_seconds: float) -> tuple[World, HeldWriter]:
    world = World(interval_seconds=interval_seconds)
    writer = HeldWriter(world.store.save)
    world.new_writer = lambda save: writer
    world.boot()
    return world, writer


def test_the_learner_goes_on_while_a_checkpoint_is_written_and_no_second_one_is_taken() -> None:
    world, writer = held_world(interval_seconds=0.2)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(40):
        world.turn(producer)
    [taken] = writer.given
    assert taken.positions[producer.source.epoch] < world.record().next_sequence
    writer.holds = False
    world.turn(producer)
    world.turn(producer)
    assert world.loop.streams.existing("s").accounts.checkpoints >= 2


def test_what_is_being_written_is_not_acknowledged() -> None:
    world, writer = held_world(interval_seconds=0.2)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(40):
        world.turn(producer)
    assert writer.given
    assert producer.feed.acknowledged == 0 < producer.feed.learned


def test_a_daemon_that_stops_waits_for_what_is_being_written_and_saves_the_rest() -> None:
    world, writer = held_world(interval_seconds=0.2)
    producer = Producer(world, plan=ENDLESS_PLAN)
    for _ in range(10):
        world.turn(producer)
    assert writer.given
    learned = world.record().next_sequence
    world.daemon.finish()
    world.kill()
    assert world.record().next_sequence == learned


def states(world: World, turns: int, producer: Producer | None = None) -> list[str]:
    seen = []
    for _ in range(turns):
        world.turn(*[producer] if producer else [])
        seen.append(world.board.record.state)
    return seen


def test_a_disk_that_hangs_makes_the_daemon_degraded_after_three_intervals_until_it_goes_on() -> None:
    world, writer = held_world(interval_seconds=1.0)
    producer = Producer(world, plan=ENDLESS_PLAN)
    seen = states(world, int(4.5 / TURN_SECONDS), producer)
    assert 3.0 <= seen.index("degraded") * TURN_SECONDS <= 3.5
    assert "not on disk yet" in world.board.record.reasons[0]
    writer.holds = False
    assert states(world, 10, producer)[-1] == "ready"


@pytest.mark.parametrize("pause_seconds", [2.0, 60.0])
def test_a_stream_that_was_quiet_for_long_is_not_degraded_by_its_next_sample(pause_seconds: float) -> None:
    world = World(MemoryFileSystem(), interval_seconds=1.0)
    producer = Producer(world, plan=ENDLESS_PLAN)
    states(world, 5, producer)
    assert set(states(world, int(pause_seconds / TURN_SECONDS))) == {"ready"}
    assert set(states(world, 5, producer)) == {"ready"}


def test_while_all_goes_well_nothing_is_ever_too_old() -> None:
    world = World(interval_seconds=0.5)
    assert set(states(world, 200, Producer(world, plan=ENDLESS_PLAN))) == {"ready"}


def test_a_producer_is_not_left_waiting_when_much_was_learned_while_one_was_written() -> None:
    world, writer = held_world(interval_seconds=5.0)
    guest = Guest(world, buffer=10)
    guest.send(1)
    world.daemon.turn()
    world.clock.advance(5.0)
    world.daemon.turn()
    assert writer.given  # by the clock, of one event
    guest.send(9)  # as many as the producer can hold
    world.daemon.turn()
    writer.holds = False
    for _ in range(3):
        world.turn()
    assert guest.told()[-1].acknowledged == 1
    guest.send(1)
    for _ in range(3):
        world.turn()  # much less than an interval
    assert guest.told()[-1].acknowledged >= 10
