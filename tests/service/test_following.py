import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.service.following import RUNS, Following, epoch_of


def taken(following: Following, numbers: list[int], own: int = 0) -> dict[int, int]:
    """Let the numbers come, one by one; the feed's number → ours of those that are taken."""
    ours: dict[int, int] = {}
    for number in numbers:
        if following.arrive(number, number + 1).fresh == number:
            following.took(own, number, 1)
            ours[number] = own
            own += 1
    return ours


def test_streams_and_feeds_have_epochs_of_their_own() -> None:
    names = [("s", "tcp://a:1"), ("s", "tcp://b:1"), ("t", "tcp://a:1")]
    assert len({epoch_of(*name) for name in names}) == 3


@given(gaps=st.lists(st.integers(0, 3), max_size=60), start=st.integers(0, 1000))
def test_each_number_that_was_taken_is_known_by_ours_and_no_other_is(gaps: list[int], start: int) -> None:
    following, numbers = Following(), [start]
    for gap in gaps:
        numbers.append(numbers[-1] + 1 + gap)
    ours = taken(following, numbers, own=5)
    for number in range(start - 2, numbers[-1] + 3):
        assert following.own_number(number) == ours.get(number)


def test_events_without_a_number_in_between_do_not_mix_the_numbers_up() -> None:
    following = Following()
    for own, number in [(0, 10), (2, 11), (3, 12), (5, 14)]:
        following.arrive(number, number + 1)
        following.took(own, number, 1)
    assert [following.own_number(number) for number in range(10, 15)] == [0, 2, 3, None, 5]


def test_a_feed_that_begins_anew_is_not_mixed_up_with_what_it_was() -> None:
    following = Following()
    taken(following, [*range(1000, 1100), *range(1200, 1300), *range(1400, 1500)])
    ours = taken(following, list(range(50)), own=300)
    assert len(ours) > 40
    assert all(following.own_number(number) is None for number in range(1000, 1500))
    assert [following.own_number(number) for number in ours] == list(ours.values())


def test_memory_is_bounded_and_the_last_ones_are_known() -> None:
    following = Following()
    ours = taken(following, list(range(0, 6 * RUNS, 2)))
    assert len(following.export(10**9)["runs"]) <= 2 * RUNS
    for number in range(4 * RUNS, 6 * RUNS, 2):
        assert following.own_number(number) == ours[number]
    assert following.own_number(0) is None


@pytest.mark.parametrize("cursor", [0, 1, 6, 9, 10, 13, 20])
def test_an_export_is_what_was_known_when_that_many_were_learned(cursor: int) -> None:
    numbers = [*range(100, 106), *range(110, 114), *range(115, 125)]
    whole, then, restored = Following(), Following(), Following()
    taken(whole, numbers)
    taken(then, numbers[:cursor])
    restored.load(whole.export(cursor))
    assert [restored.own_number(n) for n in range(99, 126)] == [then.own_number(n) for n in range(99, 126)]
    for first in (103, 105, 108, 112, 200):
        again, reference = restored.arrive(first, first + 1), then.arrive(first, first + 1)
        assert again == reference
