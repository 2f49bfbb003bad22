"""What becomes of a line: when it is on disk, what its sender is told, and what happens when there is no room."""

import json

import pytest

from streamer.spool.acceptance import MOST_WAITING, RETRY_SECONDS
from streamer.transport.intake import Arrival
from tests.service.world import World
from tests.spool.flaky import FlakyFileSystem
from tests.spool.world import LIMIT, SYNC_SECONDS, Spool, line_of


@pytest.fixture
def files() -> FlakyFileSystem:
    return FlakyFileSystem()


@pytest.fixture
def spool(files: FlakyFileSystem) -> Spool:
    return Spool(World(), files)


def advance(spool: Spool, seconds: float = SYNC_SECONDS) -> None:
    spool.world.clock.advance(seconds)
    spool.acceptance.turn()


def answers(spool: Spool) -> list[tuple[tuple[bytes, ...], dict[str, object]]]:
    return [(tuple(sender), json.loads(answer)) for sender, answer in spool.intake.answers]


def filled(spool: Spool) -> Spool:
    """The spool as full as it becomes."""
    number = 0
    while spool.acceptance.listening and not spool.log.full:
        spool.hand_in(*(line_of(n) for n in range(number, number + 100)))
        number += 100
        spool.acceptance.turn()
        advance(spool)
    return spool


def test_lines_are_on_disk_when_the_time_between_two_syncs_has_passed_since_the_first(spool: Spool) -> None:
    spool.hand_in("1 1")
    spool.acceptance.turn()
    advance(spool, SYNC_SECONDS / 2)
    spool.hand_in("0 0")
    spool.acceptance.turn()
    assert (spool.log.next, spool.log.pending, spool.safe) == (0, 2, 0)
    advance(spool, SYNC_SECONDS / 2)
    assert (spool.log.next, spool.log.pending, spool.safe, spool.counts.taken) == (2, 0, 2, 2)
    assert spool.acceptance.wait_seconds(spool.world.clock.monotonic()) == float("inf")


def test_it_says_how_long_it_can_wait(spool: Spool) -> None:
    spool.hand_in("1 1")
    spool.acceptance.turn()
    now = spool.world.clock.monotonic()
    assert spool.acceptance.wait_seconds(now) == pytest.approx(SYNC_SECONDS)
    assert spool.acceptance.wait_seconds(now + 1) == 0


def test_with_no_time_between_syncs_each_turn_brings_what_it_took_to_disk(files: FlakyFileSystem) -> None:
    spool = Spool(World(), files, sync_seconds=0)
    spool.hand_in("1 1", "0 0")
    spool.acceptance.turn()
    assert spool.safe == 2


def test_very_many_lines_are_brought_to_disk_before_it_is_time(spool: Spool) -> None:
    spool.hand_in(*["1 1"] * (MOST_WAITING + 5))
    spool.acceptance.turn()
    assert (spool.safe, spool.log.pending) == (MOST_WAITING, 5)


def test_very_many_lines_that_are_refused_do_not_wait_either(spool: Spool) -> None:
    spool.hand_in(*["nonsense"] * (MOST_WAITING + 5))
    spool.acceptance.turn()
    assert (spool.safe, spool.counts.refused) == (0, MOST_WAITING + 5)
    assert len(spool.acceptance._answers) == 5


def test_a_sender_is_answered_with_the_number_when_its_line_is_on_disk_and_not_before(spool: Spool) -> None:
    spool.hand_in("1 1", sender=(b"a", b""))
    spool.hand_in({"x": 0.5}, sender=(b"b",))
    spool.acceptance.turn()
    assert answers(spool) == []
    advance(spool)
    assert answers(spool) == [((b"a", b""), {"number": 0}), ((b"b",), {"number": 1})]


def test_a_line_that_is_no_event_is_answered_in_its_turn_counted_and_told_with_its_place(spool: Spool) -> None:
    spool.hand_in("1 1", "nonsense", "0 0", sender=(b"a",))
    spool.acceptance.turn()
    advance(spool)
    first, refused, last = (answer for _, answer in answers(spool))
    assert (first, last) == ({"number": 0}, {"number": 1})
    assert refused["refused"] == "numbers"
    assert "nonsense" in str(refused["explanation"])
    assert (spool.counts.taken, spool.counts.refused, spool.log.next) == (2, 1, 2)
    assert spool.observer.facts["line refused"]["line"] == 2


def test_refused_lines_alone_are_told_too(spool: Spool) -> None:
    spool.hand_in("nonsense")
    spool.acceptance.turn()
    advance(spool)
    assert (spool.counts.refused, spool.safe) == (1, 0)


def test_a_line_that_was_cut_off_is_refused_though_what_is_there_of_it_would_be_an_event(spool: Spool) -> None:
    spool.intake.inbox.append(Arrival(b"1 1", whole=False))
    spool.acceptance.turn()
    advance(spool)
    assert (spool.counts.taken, spool.counts.refused) == (0, 1)
    assert spool.observer.facts["line refused"]["reason"] == "cut"


def test_a_label_may_name_a_sample_that_is_not_on_disk_yet_but_no_later_one(spool: Spool) -> None:
    spool.hand_in("1", {"label": 0, "y": 1}, {"label": 2, "y": 1})
    spool.acceptance.turn()
    advance(spool)
    assert (spool.counts.taken, spool.counts.refused) == (2, 1)


def test_a_disk_that_takes_nothing_makes_senders_wait_and_then_has_every_line(
    spool: Spool, files: FlakyFileSystem
) -> None:
    spool.hand_in("1 1", "0 0", sender=(b"a",))
    spool.acceptance.turn()
    files.fuse = 0
    advance(spool)
    spool.hand_in("1 1", sender=(b"a",))
    assert not spool.acceptance.listening
    assert (answers(spool), spool.safe, spool.counts.taken) == ([], 0, 0)
    advance(spool, RETRY_SECONDS / 2)
    assert (spool.log.pending, len(spool.intake.inbox)) == (2, 1)
    files.fuse = 0
    advance(spool, RETRY_SECONDS)
    assert spool.observer.notes["the disk takes nothing: no more lines are taken"] == 2
    advance(spool, RETRY_SECONDS)
    assert [answer["number"] for _, answer in answers(spool)] == [0, 1]
    assert spool.observer.notes["the disk takes lines again"] == 1
    spool.acceptance.turn()
    advance(spool)
    assert (spool.safe, spool.counts.taken) == (3, 3)


def test_a_disk_that_fails_in_the_middle_of_many_lines_is_not_asked_for_each_of_them(
    spool: Spool, files: FlakyFileSystem
) -> None:
    files.fuse = 0
    spool.hand_in(*["1 1"] * (MOST_WAITING + 50))
    spool.acceptance.turn()
    assert spool.log.pending == MOST_WAITING + 50
    assert spool.observer.notes["the disk takes nothing: no more lines are taken"] == 1
    advance(spool, RETRY_SECONDS)
    assert spool.safe == MOST_WAITING + 50


def test_a_full_spool_makes_senders_wait_until_some_is_acknowledged() -> None:
    spool = filled(Spool(World()))
    spool.hand_in("1 1")
    spool.acceptance.turn()
    assert (spool.acceptance.listening, len(spool.intake.inbox)) == (False, 1)
    assert spool.observer.notes["the spool is full: no more lines are taken until the daemon acknowledges some"] == 1
    before = spool.log.next
    spool.log.forget(before)
    assert spool.acceptance.listening
    spool.acceptance.turn()
    advance(spool)
    assert spool.safe == before + 1


def test_what_a_full_spool_cannot_take_of_a_feed_is_dropped_and_counted() -> None:
    spool = filled(Spool(World(), lossy=True))
    before = spool.log.next
    spool.hand_in("1 1", "0 0", "1 1")
    assert spool.acceptance.listening
    spool.acceptance.turn()
    spool.acceptance.turn()
    assert (spool.acceptance.counts.dropped, len(spool.intake.inbox)) == (3, 0)
    assert spool.observer.facts["lines dropped: the spool is full, or its disk failing"] == {"dropped": 3}
    spool.log.forget(before)
    spool.hand_in("1 1")
    spool.acceptance.turn()
    advance(spool)
    assert (spool.safe, spool.counts.dropped) == (before + 1, 3)


def test_a_limit_is_exceeded_by_no_more_than_is_read_at_once(files: FlakyFileSystem) -> None:
    filled(Spool(World(), files))
    assert LIMIT <= sum(files.size(f"spool/{name}") for name in files.names("spool")) < LIMIT + 100 * 32 + 200


def test_it_has_ended_when_the_last_line_is_dealt_with(spool: Spool) -> None:
    spool.hand_in("1 1")
    spool.acceptance.turn()
    spool.intake.close()
    assert (spool.acceptance.listening, spool.acceptance.ended) == (False, False)
    advance(spool)
    assert spool.acceptance.ended
