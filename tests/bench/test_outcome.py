import numpy as np
import pytest

from streamer.bench.outcome import outcome_of, row_of


def run(*parts: tuple[int, bool]) -> np.ndarray:
    return np.concatenate([np.full(length, right) for length, right in parts])


def test_a_learner_that_solved_and_has_collapsed_since_does_not_hold() -> None:
    outcome = outcome_of(run((300, True), (500, False)))
    assert outcome.solved_at == 200
    assert not outcome.holds


@pytest.mark.parametrize(("wrong", "holds"), [(5, True), (6, False)])
def test_holding_is_99_percent_of_the_final_500(wrong: int, holds: bool) -> None:
    assert outcome_of(run((1000, True), (wrong, False), (500 - wrong, True))).holds is holds


def test_mistakes_and_recovery_are_counted_a_segment() -> None:
    outcome = outcome_of(run((10, False), (90, True), (100, False), (30, False), (70, True)), segment=100)
    assert outcome.segment_mistakes == (10, 100, 30)
    assert outcome.recovered == 2


def test_a_row_sums_up_the_seeds_that_solved_and_has_no_worst_if_one_did_not() -> None:
    outcomes = [outcome_of(run((n, False), (500, True))) for n in (0, 10, 20)] + [outcome_of(run((600, False)))]
    row = row_of("t", "learner", "", 600, outcomes)
    assert (row.seeds, row.solved, row.holds, row.median, row.worst) == (4, 3, 3, 208.0, None)
    assert row_of("t", "learner", "", 600, outcomes[:3]).worst == 218


def test_quarters_are_told_for_tasks_with_segments_only() -> None:
    changing = outcome_of(run((400, False), (400, True)), segment=100)
    row = row_of("t", "learner", "", 800, [changing])
    assert (row.mistakes_first_quarter, row.mistakes_last_quarter, row.segments, row.recovered) == (100, 0, 8, 4)
    assert row_of("t", "learner", "", 800, [outcome_of(run((800, True)))]).mistakes_first_quarter is None
