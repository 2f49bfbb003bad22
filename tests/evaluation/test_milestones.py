import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.milestones import LearningCurve, Solved


def first_solved(outcomes: list[bool]) -> int | None:
    for end in range(200, len(outcomes) + 1):
        if sum(outcomes[end - 200 : end]) >= 198:
            return end
    return None


def solved_at(outcomes: list[bool], blocks: int = 1) -> int | None:
    solved = Solved()
    for block in np.array_split(np.array(outcomes, np.bool_), blocks):
        solved.update(block)
    return solved.at


def mostly_right(seed: int, length: int, wrong: float) -> list[bool]:
    rng = random.Random(seed)
    return [rng.random() >= wrong for _ in range(length)]


@given(
    seed=st.integers(0, 2**32),
    length=st.integers(0, 900),
    wrong=st.sampled_from([0.0, 0.005, 0.01, 0.015, 0.02, 0.5]),
    blocks=st.integers(1, 30),
)
def test_solved_is_the_first_sample_with_198_of_the_last_200_right(
    seed: int, length: int, wrong: float, blocks: int
) -> None:
    outcomes = mostly_right(seed, length, wrong)
    assert solved_at(outcomes, blocks) == first_solved(outcomes)


def test_two_wrong_ones_in_200_are_forgiven_and_three_are_not() -> None:
    assert solved_at([False] * 2 + [True] * 198) == 200
    assert solved_at([False] * 3 + [True] * 197) is None


def test_three_errors_in_every_200_are_never_solved_and_two_are_at_once() -> None:
    assert solved_at([n % 66 != 0 for n in range(5000)], 7) is None
    assert solved_at([n % 100 != 0 for n in range(5000)], 7) == 200


def test_solved_is_a_moment_that_a_later_collapse_does_not_undo() -> None:
    solved = Solved()
    solved.update(np.ones(300, np.bool_))
    at = solved.at
    solved.update(np.zeros(500, np.bool_))
    solved.update(np.ones(500, np.bool_))
    assert solved.at == at


@given(seed=st.integers(0, 2**32), cut=st.integers(0, 500))
def test_solved_goes_on_where_its_export_left_it(seed: int, cut: int) -> None:
    outcomes = mostly_right(seed, 500, 0.01)
    first, second = Solved(), Solved()
    first.update(np.array(outcomes[:cut], np.bool_))
    second.load(first.export())
    second.update(np.array(outcomes[cut:], np.bool_))
    assert second.at == first_solved(outcomes)


def test_solved_remembers_less_than_a_window_however_long_it_takes() -> None:
    solved = Solved()
    for _ in range(10):
        solved.update(np.arange(1000) % 2 == 0)
    assert len(solved.export()["recent"]) == 199


@given(outcomes=st.lists(st.booleans(), max_size=1200), blocks=st.integers(1, 9))
def test_the_curve_is_the_share_of_right_predictions_in_each_span_of_50(outcomes: list[bool], blocks: int) -> None:
    curve = LearningCurve()
    for block in np.array_split(np.array(outcomes, np.bool_), blocks):
        curve.update(block)
    early = outcomes[:1000]
    spans = [early[start : start + 50] for start in range(0, len(early), 50)]
    assert curve.accuracies() == [sum(span) / len(span) for span in spans]


def test_the_curve_ends_after_its_thousandth_sample() -> None:
    curve = LearningCurve()
    curve.update(np.ones(999, np.bool_))
    for _ in range(3):
        curve.update(np.zeros(1000, np.bool_))
    assert curve.accuracies() == [1.0] * 19 + [0.98]


def test_the_curve_goes_on_where_its_export_left_it_and_the_export_is_a_copy() -> None:
    first, second = LearningCurve(), LearningCurve()
    first.update(np.ones(70, np.bool_))
    exported = first.export()
    first.update(np.ones(30, np.bool_))
    second.load(exported)
    second.update(np.ones(30, np.bool_))
    assert second.accuracies() == first.accuracies() == [1.0, 1.0]
