"""A program, its spool and a daemon in one thread: exactly once, whatever dies."""

import random
from itertools import count

import pytest

from streamer.client.feed import Phase
from streamer.client.publisher import LOOK_SECONDS
from streamer.errors import StoppedError
from streamer.filesystem.memory import MemoryFileSystem
from streamer.wire.frames import encode
from streamer.wire.messages import Refused
from tests.service.world import World
from tests.spool.flaky import FlakyFileSystem, PowerFailureError
from tests.spool.world import Spool, line_of

LINES = 400


def run_to_the_end(spool: Spool, lines: int = LINES, *, handed: int | None = None, turns: int = 1_000) -> None:
    """Hand in what is missing of so many lines, end, and turn until the daemon has acknowledged everything."""
    first = spool.log.next if handed is None else handed
    spool.hand_in(*(line_of(number) for number in range(first, lines)))
    spool.intake.ended = True
    for _ in range(turns):
        if spool.feed.phase is Phase.DONE:
            return
        spool.turn()
    raise AssertionError(f"not done after {turns} turns: {spool.feed.learned} of {spool.log.next}")


def undisturbed(lines: int = LINES) -> str:
    world = World()
    run_to_the_end(Spool(world), lines)
    return world.state_hash()


def test_at_the_end_of_its_lines_it_waits_until_all_is_acknowledged_and_trims_its_log() -> None:
    world = World()
    spool = Spool(world)
    run_to_the_end(spool)
    assert (spool.feed.acknowledged, spool.counts.taken, spool.log.next) == (LINES, LINES, LINES)
    assert world.record().next_sequence == LINES
    segments = [name for name in spool.files.names("spool") if name.endswith(".events")]
    assert len(segments) == 1


def test_without_a_daemon_it_takes_lines_and_the_next_run_publishes_them() -> None:
    files, world = MemoryFileSystem(), World()
    alone = Spool(World(), files)
    alone.connection.close()
    alone.hand_in(*(line_of(number) for number in range(100)))
    for _ in range(5):
        alone.turn()
    assert alone.safe == 100
    run_to_the_end(Spool(world, files))
    assert world.state_hash() == undisturbed()


def test_only_what_is_on_disk_is_ever_published() -> None:
    spool = Spool(World(), sync_seconds=1000)
    spool.hand_in(*(line_of(number) for number in range(50)))
    for _ in range(20):
        spool.turn()
    assert (spool.feed.learned, spool.log.pending) == (0, 50)
    spool.acceptance.sync()
    for _ in range(20):
        spool.turn()
    assert spool.feed.learned == 50


def test_asked_to_stop_it_brings_what_it_has_to_disk_and_leaves() -> None:
    world = World()
    spool = Spool(world, sync_seconds=1000)
    spool.hand_in(*(line_of(number) for number in range(20)))
    turns = count()

    def stopped() -> bool:
        world.daemon.turn()
        return next(turns) == 5

    spool.spooler.run(stopped)
    assert spool.safe == 20
    assert list(world.loop.sessions)
    world.daemon.turn()
    assert not list(world.loop.sessions)
    assert Spool(world, spool.files).log.next == 20


def test_asked_to_stop_before_a_daemon_has_answered_it_has_nothing_to_say() -> None:
    world = World()
    spool = Spool(world)
    spool.spooler.run(lambda: True)
    assert not world.listener.inbox


def test_run_ends_by_itself_when_everything_is_acknowledged() -> None:
    spool = Spool(World())
    spool.hand_in("1 1")
    spool.intake.ended = True

    def others() -> bool:
        spool.world.daemon.turn()
        spool.world.clock.advance(0.05)
        return False

    spool.spooler.run(others)
    assert (spool.feed.phase, spool.feed.acknowledged) == (Phase.DONE, 1)


def test_it_does_not_end_while_the_last_lines_wait_for_the_disk() -> None:
    spool = Spool(World(), sync_seconds=1)
    spool.hand_in("1 1")
    while spool.feed.acknowledged < 1:
        spool.turn()
    spool.hand_in("0 0")
    spool.intake.ended = True
    for _ in range(10):
        spool.turn()
    assert (spool.log.pending, spool.feed.phase) == (1, Phase.SENDING)
    run_to_the_end(spool, 2, handed=2)
    assert spool.feed.acknowledged == 2


def test_it_tells_what_it_waits_for_when_that_changes_and_only_then() -> None:
    world = World()
    spool = Spool(world)
    spool.turn()
    spool.turn()
    assert dict(spool.observer.notes) == {"waiting for the daemon": 1, "sending": 1}
    rival = Spool(world, epoch="cd" * 16)
    for _ in range(60):
        spool.turn(0)
        rival.turn(0.05)
    assert dict(rival.observer.notes) == {"waiting for the daemon": 2}
    assert "another producer" in str(rival.observer.facts["waiting for the daemon"]["reason"])


def test_refused_for_good_it_stops_and_keeps_what_it_has() -> None:
    world = World()
    spool = Spool(world)
    spool.hand_in("1 1")
    spool.turn()
    spool.connection.inbox.clear()
    spool.connection.inbox.append(encode(Refused(0, "inputs", "three, not one", retry=False)))
    with pytest.raises(StoppedError, match="refused"):
        spool.spooler.run(lambda: False)
    assert Spool(world, spool.files).log.next == 1


def test_it_waits_for_lines_only_while_it_can_take_them_and_never_longer_than_something_is_due() -> None:
    files = FlakyFileSystem()
    spool = Spool(World(), files, sync_seconds=0.02)
    spool.turn(0)
    spool.turn(0)
    spool.hand_in("1 1")
    spool.turn(0)
    files.fuse = 0
    spool.turn(0.02)
    for_lines, seconds = spool.waits[-1]
    assert for_lines
    assert seconds == pytest.approx(0.02)
    spool.turn()
    spool.turn()
    for_lines, seconds = spool.waits[-1]
    assert not for_lines
    assert 0 < seconds <= 0.1


def test_a_log_that_cannot_be_read_for_a_while_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = Spool(World(), limit=50_000, sync_seconds=0)
    for first in range(0, 1_500, 100):
        alone.hand_in(*(line_of(number) for number in range(first, first + 100)))
        alone.acceptance.turn()
    assert alone.safe == 1_500
    world = World()
    spool = Spool(world, alone.files)

    def fail(path: str) -> bytes:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(spool.files, "read", fail)
        for _ in range(5):
            spool.turn()
        assert spool.waits[-1][1] == LOOK_SECONDS  # a broken disk is not read as fast as it can fail
    assert spool.observer.notes["the log cannot be read; it is tried again"] > 0
    run_to_the_end(spool, 1_500)
    assert world.state_hash() == undisturbed(1_500)


@pytest.mark.parametrize("kills", range(6))
def test_a_daemon_killed_at_any_moment_ends_where_an_undisturbed_one_does(kills: int) -> None:
    world, luck = World(), random.Random(kills)
    spool = Spool(world)
    spool.hand_in(*(line_of(number) for number in range(LINES)))
    for _ in range(kills):
        for _ in range(luck.randrange(1, 12)):
            spool.turn()
        world.kill()
    run_to_the_end(spool, handed=LINES)
    assert world.state_hash() == undisturbed()


@pytest.mark.parametrize("seed", range(40))
def test_a_spool_whose_machine_dies_at_any_moment_loses_nothing_that_it_told_safe(seed: int) -> None:
    """The program goes on at the number that the spool says: it can count, and that is all it need hold."""
    luck, world, files = random.Random(seed), World(), FlakyFileSystem()
    handed, safe = 0, 0
    for _ in range(12):
        spool = started(world, files, luck)
        assert spool.log.next >= safe
        handed = spool.log.next
        files.fuse, files.power = luck.randrange(40), luck.random() < 0.7
        try:
            for _ in range(luck.randrange(1, 25)):
                more = luck.randrange(12)
                spool.hand_in(*(line_of(number) for number in range(handed, handed + more)))
                handed += more
                spool.turn(luck.choice([0.01, 0.05, 0.5]))
                safe = max(safe, spool.safe)
        except PowerFailureError:
            files.fuse = None
            files.crash(luck)
    files.fuse = None
    lines = max(LINES, handed)
    run_to_the_end(Spool(world, files), lines, turns=3_000)
    assert world.state_hash() == undisturbed(lines)


def started(world: World, files: FlakyFileSystem, luck: random.Random) -> Spool:
    """A spool on what is on disk, started again if its machine dies while it starts."""
    files.fuse, files.power = luck.randrange(12), True
    while True:
        try:
            spool = Spool(world, files, limit=luck.choice([2_000, 20_000]))
        except PowerFailureError:
            files.fuse = None
            files.crash(luck)
        else:
            return spool
