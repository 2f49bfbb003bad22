"""What a lossy feed's numbers tell: each sort is counted as often as it was made."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.wire.lossy import REACH, RUN, Arrival, Position, arrive

JITTER = 20
FAR = 1_000_000


@dataclass
class Counts:
    """What a feed was found to have done, and the numbers taken."""

    missing: int = 0
    duplicate: int = 0
    late: int = 0
    stale: int = 0
    begun_anew: int = 0

    def __post_init__(self) -> None:
        self.taken: list[int] = []
        self.position: Position | None = None

    def come(self, first: int, end: int) -> Arrival:
        arrival = arrive(self.position, first, end)
        self.position = arrival.position
        self.missing += arrival.missing
        self.duplicate += arrival.duplicate
        self.late += arrival.late
        self.stale += arrival.stale
        self.begun_anew += arrival.anew
        self.taken += range(arrival.fresh, end)
        assert arrival.duplicate + arrival.late + arrival.stale + end - arrival.fresh == end - first
        return arrival


@dataclass
class Feed:
    """Numbers from `start` on, as they arrive, and what was done to them on the way."""

    start: int
    arrivals: list[int]
    lost: int
    doubled: int

    @property
    def reordered(self) -> int:
        """Numbers that first came after a higher one."""
        seen: set[int] = set()
        reordered = 0
        for number in self.arrivals:
            if number not in seen:
                reordered += bool(seen) and number < max(seen)
                seen.add(number)
        return reordered


@st.composite
def feeds(draw: st.DrawFn) -> Feed:
    start, count = draw(st.integers(0, FAR)), draw(st.integers(3, 100))
    lost = draw(st.sets(st.integers(1, count - 2), max_size=30))
    doubled = draw(st.lists(st.integers(0, count - 1), max_size=30))
    sent = [*(n for n in range(count) if n not in lost), *(n for n in doubled if n not in lost)]
    delays = draw(st.lists(st.integers(0, JITTER), min_size=len(sent), max_size=len(sent)))
    delays[0] = 0  # the first one is what everything else is counted from
    order = sorted(range(len(sent)), key=lambda at: (sent[at] + delays[at], at))
    return Feed(start, [start + sent[at] for at in order], len(lost), len(sent) - len(set(sent)))


def in_blocks(numbers: list[int], cuts: set[int]) -> list[tuple[int, int]]:
    """Numbers as messages: those that follow one another together, but where a cut is drawn."""
    blocks: list[tuple[int, int]] = []
    for at, number in enumerate(numbers):
        if blocks and blocks[-1][1] == number and at not in cuts:
            blocks[-1] = (blocks[-1][0], number + 1)
        else:
            blocks.append((number, number + 1))
    return blocks


@given(feed=feeds(), cuts=st.sets(st.integers(0, 150)))
def test_losses_doubles_and_reorderings_are_counted_as_they_were_injected(feed: Feed, cuts: set[int]) -> None:
    counts = Counts()
    for first, end in in_blocks(feed.arrivals, cuts):
        counts.come(first, end)
    assert counts.missing - counts.late == feed.lost
    assert counts.duplicate == feed.doubled
    assert counts.late == feed.reordered
    assert (counts.stale, counts.begun_anew) == (0, 0)
    assert len(counts.taken) == len(set(feed.arrivals)) - feed.reordered


@given(feed=feeds(), cuts=st.sets(st.integers(0, 150)))
def test_what_is_taken_only_grows(feed: Feed, cuts: set[int]) -> None:
    counts = Counts()
    for first, end in in_blocks(feed.arrivals, cuts):
        counts.come(first, end)
    assert counts.taken == sorted(set(counts.taken))


@given(feed=feeds(), anew=st.integers(0, 2 * FAR), most=st.integers(1, 100))
def test_a_feed_that_begins_anew_anywhere_is_taken_up_again_soon(feed: Feed, anew: int, most: int) -> None:
    counts = Counts()
    for number in feed.arrivals:
        counts.come(number, number + 1)
    counts.taken.clear()
    for first in range(anew, anew + 500, most):
        counts.come(first, first + most)
    skipped = counts.taken[0] - anew
    assert skipped < REACH + RUN
    assert counts.taken == list(range(anew + skipped, counts.taken[-1] + 1))


def test_the_first_number_that_comes_is_no_gap_whatever_it_is() -> None:
    assert arrive(None, FAR, FAR + 1) == Arrival(Position(FAR + 1, 1, FAR), FAR)


def test_numbers_from_before_the_feed_was_joined_are_neither_late_nor_doubled() -> None:
    counts = Counts()
    counts.come(10, 11)
    counts.come(9, 10)
    assert (counts.stale, counts.late, counts.duplicate, counts.taken) == (1, 0, 0, [10])


@pytest.mark.parametrize(("back", "sort"), [(REACH, "duplicate"), (REACH + 1, "stale")])
def test_reach_is_as_long_as_it_says(back: int, sort: str) -> None:
    counts = Counts()
    counts.come(0, 1000)
    number = 1000 - back
    counts.come(number, number + 1)
    assert getattr(counts, sort) == 1


def test_a_gap_longer_than_the_reach_leaves_nothing_remembered() -> None:
    counts = Counts()
    counts.come(0, 10)
    counts.come(FAR, FAR + 1)
    assert counts.missing == FAR - 10
    counts.come(FAR - 1, FAR)
    assert (counts.late, counts.duplicate) == (1, 0)


@pytest.mark.parametrize(
    "interruption",
    [(1000, 1001), (999, 1000), (20, 21)],
    ids=["what is expected", "a duplicate in reach", "another place"],
)
def test_only_a_run_without_interruption_begins_a_feed_anew(interruption: tuple[int, int]) -> None:
    counts = Counts()
    counts.come(0, 1000)
    for number in range(RUN - 1):
        counts.come(number, number + 1)
    counts.come(*interruption)
    counts.come(RUN - 1, RUN)
    assert counts.begun_anew == 0


def test_a_run_begins_a_feed_anew_with_its_last_number() -> None:
    counts = Counts()
    counts.come(0, 1000)
    counts.taken.clear()
    for number in range(RUN + 2):
        counts.come(number, number + 1)
    assert (counts.begun_anew, counts.stale, counts.missing) == (1, RUN - 1, 0)
    assert counts.taken == [RUN - 1, RUN, RUN + 1]


def test_one_wrong_number_costs_a_run_and_no_more() -> None:
    counts = Counts()
    for number in [0, 1, 2, 2**62, *range(3, 40)]:
        counts.come(number, number + 1)
    assert counts.taken == [0, 1, 2, 2**62, *range(3 + RUN - 1, 40)]
