import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.accuracy import Accuracy

outcomes = st.lists(st.booleans(), max_size=60)
windows = st.integers(1, 20)
factors = st.floats(0.05, 0.999)


def accuracy_of(rights: list[bool], *, window: int = 10, fading: float = 0.9) -> Accuracy:
    accuracy = Accuracy(window=window, fading=fading)
    accuracy.update(np.array(rights, np.bool_))
    return accuracy


@given(rights=outcomes.filter(len), window=windows)
def test_overall_and_windowed_are_plain_shares(rights: list[bool], window: int) -> None:
    accuracy = accuracy_of(rights, window=window)
    assert (accuracy.count, accuracy.correct) == (len(rights), sum(rights))
    assert accuracy.overall == sum(rights) / len(rights)
    assert accuracy.windowed == pytest.approx(sum(rights[-window:]) / len(rights[-window:]), abs=1e-15)


@given(rights=outcomes.filter(len), factor=factors)
def test_fading_weighs_each_sample_by_a_power_of_its_age(rights: list[bool], factor: float) -> None:
    weights = [factor**age for age in range(len(rights))][::-1]
    plain = sum(weight * right for weight, right in zip(weights, rights, strict=True)) / sum(weights)
    assert accuracy_of(rights, fading=factor).fading == pytest.approx(plain, rel=1e-9, abs=1e-12)


@given(share=st.booleans(), count=st.integers(1, 2000))
def test_a_constant_outcome_is_its_own_mean_in_all_three_ways(share: bool, count: int) -> None:
    accuracy = accuracy_of([share] * count)
    assert (accuracy.overall, accuracy.windowed) == (share, share)
    assert accuracy.fading == pytest.approx(float(share))


@given(rights=outcomes, cuts=st.lists(st.integers(0, 60), max_size=8), window=windows, factor=factors)
def test_however_the_samples_are_cut_the_state_has_the_same_bits(
    rights: list[bool], cuts: list[int], window: int, factor: float
) -> None:
    cut = Accuracy(window=window, fading=factor)
    for part in np.split(np.array(rights, np.bool_), sorted(min(place, len(rights)) for place in cuts)):
        cut.update(part)
    whole = accuracy_of(rights, window=window, fading=factor).export()
    assert {name: array.tobytes() for name, array in cut.export().items()} == {
        name: array.tobytes() for name, array in whole.items()
    }


def test_before_the_first_sample_there_is_no_accuracy() -> None:
    accuracy = accuracy_of([])
    assert all(map(math.isnan, (accuracy.overall, accuracy.windowed, accuracy.fading)))


def test_the_window_holds_no_more_than_its_size() -> None:
    accuracy = accuracy_of([True] * 1000, window=7)
    for _ in range(5):
        accuracy.update(np.zeros(3, np.bool_))
    assert accuracy.export()["recent"].tolist() == [0] * 7


def test_what_is_exported_does_not_change_when_more_is_taken_in() -> None:
    accuracy = accuracy_of([True, False])
    exported = accuracy.export()
    accuracy.update(np.ones(5, np.bool_))
    assert (exported["recent"].tolist(), int(exported["count"])) == ([1, 0], 2)
