"""Blocks last about 20 ms whatever the learner costs, so that an answer never waits long and little time is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.service.pace import BLOCK_SECONDS, FIRST, MOST, Pace


def after(blocks: int, seconds_per_sample: float) -> Pace:
    pace = Pace()
    for _ in range(blocks):
        pace.took(pace.samples, pace.samples * seconds_per_sample)
    return pace


@given(st.floats(1e-6, 0.02))
def test_a_block_comes_to_20_ms_at_any_steady_speed(seconds_per_sample: float) -> None:
    samples = after(12, seconds_per_sample).samples
    assert samples * seconds_per_sample <= BLOCK_SECONDS * 1.000001
    assert samples == pytest.approx(BLOCK_SECONDS / seconds_per_sample, abs=1.000001)


def test_a_learner_that_takes_longer_than_20_ms_a_sample_is_given_one_at_a_time() -> None:
    assert after(1, 5.0).samples == 1


def test_the_first_block_is_small_for_nobody_knows_yet_how_long_it_takes() -> None:
    assert Pace().samples == FIRST == 16


def test_a_block_is_at_most_twice_the_one_before() -> None:
    pace, sizes = Pace(), []
    for _ in range(4):
        sizes.append(pace.samples)
        pace.took(pace.samples, 1e-7)
    assert sizes == [16, 32, 64, 128]


def test_a_machine_that_slows_down_is_followed_at_once() -> None:
    pace = after(10, 1e-6)
    pace.took(pace.samples, pace.samples * 1e-3)
    assert 19 <= pace.samples <= 20


def test_a_block_has_a_most_however_fast_it_was() -> None:
    assert after(20, 0.0).samples == MOST
    assert after(20, 1e-12).samples == MOST


def test_a_part_of_a_block_tells_as_much_as_a_whole_one() -> None:
    pace = Pace()
    pace.took(2, 0.01)
    assert pace.samples == 4


def test_a_block_of_nothing_tells_nothing() -> None:
    pace = after(5, 1e-4)
    before = pace.samples
    pace.took(0, 3.0)
    assert pace.samples == before
