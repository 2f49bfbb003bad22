"""What may be acknowledged, while checkpoints are taken, written, lost and found."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.service.durability import Durability


class Disk:
    """A stream of which only the cursor is of interest, and all its checkpoints that were written."""

    def __init__(self) -> None:
        self.durable = Durability()
        self.cursor = 0
        self.written: list[int] = []
        self._taken: Checkpoint | None = None

    def learn(self, count: int = 1) -> None:
        self.cursor += count
        self.durable.changes += count

    def take(self) -> None:
        serial = self.durable.begin()
        self._taken = Checkpoint("s", serial, {}, {"e": self.cursor}, "chain", float(serial), {})

    def write(self) -> None:
        assert self._taken is not None
        self.written.append(self._taken.positions["e"])
        self.durable.saved(self._taken)

    def save(self) -> None:
        self.take()
        self.write()

    @property
    def acknowledged(self) -> int:
        return self.durable.acknowledged("e")


def test_what_one_checkpoint_covers_is_not_acknowledged_and_what_two_cover_is() -> None:
    disk = Disk()
    disk.learn(5)
    disk.save()
    assert disk.acknowledged == 0
    disk.learn(3)
    disk.save()
    assert disk.acknowledged == 5
    disk.save()
    assert (disk.acknowledged, disk.durable.settled) == (8, True)


def test_a_checkpoint_that_is_only_taken_counts_for_nothing() -> None:
    disk = Disk()
    disk.learn(5)
    disk.save()
    disk.save()
    disk.learn(1)
    disk.take()
    assert (disk.acknowledged, disk.durable.changed, disk.durable.settled) == (5, False, False)


def test_what_is_learned_while_one_is_written_is_left_for_the_next() -> None:
    disk = Disk()
    disk.learn(5)
    disk.take()
    disk.learn(2)
    disk.write()
    assert (disk.durable.changes, disk.durable.changed) == (2, True)


def test_what_could_not_be_written_is_still_to_be_saved_with_what_came_meanwhile() -> None:
    disk = Disk()
    disk.learn(5)
    disk.take()
    disk.learn(2)
    disk.durable.not_saved()
    assert (disk.durable.changes, disk.durable.failing, disk.durable.saving) == (7, True, False)
    disk.save()
    assert (disk.durable.changes, disk.durable.failing) == (0, False)


@pytest.mark.parametrize("under_way", [False, True])
def test_a_command_is_owed_two_checkpoints_that_were_taken_after_it(under_way: bool) -> None:
    disk = Disk()
    disk.save()
    disk.save()
    if under_way:
        disk.take()
    disk.durable.owe()
    after: list[int] = []
    if under_way:
        disk.write()
    while disk.durable.owed:
        assert not disk.durable.settled
        disk.save()
        after.append(disk.durable.serial)
    assert len(after) == 2


def test_a_checkpoint_under_way_that_fails_makes_no_more_owed_than_two() -> None:
    disk = Disk()
    disk.take()
    disk.durable.owe()
    disk.durable.not_saved()
    for _ in range(2):
        disk.save()
    assert (disk.durable.owed, disk.durable.settled) == (0, True)


@given(st.integers(0, 2**32))
def test_nothing_is_acknowledged_that_the_second_newest_on_disk_does_not_cover(seed: int) -> None:
    rng, disk = random.Random(seed), Disk()
    for _ in range(60):
        match rng.randrange(4):
            case 0:
                disk.learn(rng.randrange(1, 4))
            case 1 if disk.durable.saving:
                disk.write()
            case 2 if disk.durable.saving:
                disk.durable.not_saved()
            case 3 if not disk.durable.saving:
                disk.take()
        assert disk.acknowledged == (disk.written[-2] if len(disk.written) > 1 else 0)


def test_after_a_restart_the_two_newest_found_say_what_is_acknowledged() -> None:
    durable = Durability()
    durable.resume(tuple(Checkpoint("s", serial, {}, {"e": 10 * serial}, "chain", 7.0, {}) for serial in (4, 3)))
    assert (durable.serial, durable.written_at, durable.acknowledged("e")) == (4, 7.0, 30)
