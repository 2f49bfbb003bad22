import math

import numpy as np
import pytest

from streamer.bench.hindsight import ratio_since, worst_ratio


def test_the_best_member_may_be_another_one_at_another_time() -> None:
    members = np.array([[1.0, 1, 9, 9], [5.0, 5, 1, 1]])
    own = np.array([2.0, 2, 2, 2])  # 2 / 1, 4 / 2, 6 / 11, 8 / 12
    assert worst_ratio(own, members, after=1) == 2
    assert worst_ratio(own, members, after=3) == pytest.approx(8 / 12)


def test_what_comes_before_counts_in_the_sums_but_is_not_looked_at() -> None:
    members = np.ones((1, 10))
    own = np.array([10.0, *[0.5] * 9])
    assert worst_ratio(own, members, after=5) == pytest.approx(12 / 5)


def test_the_best_member_itself_has_a_ratio_of_one() -> None:
    members = np.random.default_rng(0).random((3, 50)) * np.array([[1.0], [3.0], [4.0]])
    assert worst_ratio(members[0], members, after=20) == 1


def test_a_member_that_fails_is_no_rival_from_then_on() -> None:
    members = np.array([[0.1, 0.1, math.nan], [1.0, 1, 1]])
    assert worst_ratio(np.ones(3), members, after=3) == 1
    assert worst_ratio(np.ones(3), members, after=2) == 10


def test_there_is_no_ratio_of_a_stream_that_is_shorter_or_of_a_predictor_that_failed() -> None:
    assert worst_ratio(np.ones(3), np.ones((2, 3)), after=4) is None
    assert worst_ratio(np.array([1, math.nan, 1]), np.ones((2, 3)), after=2) is None
    assert worst_ratio(np.ones(3), np.zeros((2, 3)), after=2) is None


def test_since_a_sample_nothing_before_it_counts_on_either_side() -> None:
    own, members = np.array([100.0, 3, 3]), np.array([[0.0, 3, 3], [0.0, 1, 9]])
    assert ratio_since(own, members, after=1) == 1
    assert ratio_since(own, members, after=2) == 1
    assert ratio_since(own, members, after=0) == pytest.approx(106 / 6)


def test_since_a_sample_there_is_no_ratio_where_there_is_nothing_to_compare() -> None:
    assert ratio_since(np.ones(3), np.ones((2, 3)), after=3) is None
    assert ratio_since(np.ones(3), np.zeros((2, 3)), after=1) is None
    assert ratio_since(np.array([1, math.nan, 1]), np.ones((2, 3)), after=1) is None


def test_a_member_that_has_failed_is_none_to_be_compared_with() -> None:
    assert ratio_since(np.ones(3), np.array([[0.1, 0.1, math.nan], [0.5, 0.5, 0.5]]), after=1) == 2
