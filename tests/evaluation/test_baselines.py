from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.baselines import Baseline, LastValue, MajorityClass

targets_of = st.lists(st.integers(0, 1), max_size=50)
BASELINES = [MajorityClass, LastValue]


def predictions(baseline: Baseline, targets: list[int]) -> list[int]:
    return [int(one) for one in baseline.step_many(np.array(targets, np.float32))]


@given(targets=targets_of)
def test_the_majority_class_is_the_one_seen_more_often_before_and_1_on_a_tie(targets: list[int]) -> None:
    plain = [int(targets[:t].count(1) >= targets[:t].count(0)) for t in range(len(targets))]
    assert predictions(MajorityClass(), targets) == plain


@given(targets=targets_of)
def test_the_last_value_is_the_target_before_and_0_at_the_start(targets: list[int]) -> None:
    assert predictions(LastValue(), targets) == [0, *targets][: len(targets)]


@pytest.mark.parametrize("kind", BASELINES)
@given(before=targets_of, one=targets_of.filter(len), other=targets_of.filter(len))
def test_a_prediction_is_fixed_before_its_label(
    kind: type[Baseline], before: list[int], one: list[int], other: list[int]
) -> None:
    known = len(before) + 1
    assert predictions(kind(), before + one)[:known] == predictions(kind(), before + other)[:known]


@pytest.mark.parametrize("kind", BASELINES)
@given(targets=targets_of, cuts=st.lists(st.integers(0, 50), max_size=6))
def test_however_the_targets_are_cut_the_predictions_and_the_state_are_the_same(
    kind: type[Baseline], targets: list[int], cuts: list[int]
) -> None:
    whole, cut = kind(), kind()
    places = [0, *sorted(min(place, len(targets)) for place in cuts), len(targets)]
    parts = [predictions(cut, targets[a:b]) for a, b in pairwise(places)]
    assert list(chain(*parts)) == predictions(whole, targets)
    assert cut.export() == whole.export()


@pytest.mark.parametrize("kind", BASELINES)
@given(before=targets_of, after=targets_of)
def test_a_baseline_goes_on_where_its_export_left_it(kind: type[Baseline], before: list[int], after: list[int]) -> None:
    first, second = kind(), kind()
    predictions(first, before)
    second.load(first.export())
    assert predictions(second, after) == predictions(first, after)
