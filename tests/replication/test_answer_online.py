"""The head makes the question's script learn; large steps learn sooner, and do not hold."""

import pytest

from streamer.replication.answer_online import answer, answer_with_two_steps
from streamer.replication.published import ANSWER_ONLINE
from streamer.replication.system import silent
from streamer.replication.trace import Trace

SEEDS, SAMPLES = [0, 1, 2, 3], 4_500


@pytest.fixture(scope="module")
def steps() -> tuple[Trace, Trace]:
    return answer(SEEDS, SAMPLES, silent)


def moments(run: Trace) -> list[int]:
    return [moment for moment in run.solved_at() if moment is not None]


def test_small_steps_solve_it_when_keras_does(steps: tuple[Trace, Trace]) -> None:
    assert len(moments(steps[0])) == len(SEEDS)
    assert all(550 <= moment <= 1_400 for moment in moments(steps[0]))
    assert all(steps[0].held())


def test_large_steps_solve_it_sooner_and_then_collapse(steps: tuple[Trace, Trace]) -> None:
    assert len(moments(steps[1])) == len(SEEDS)
    assert max(moments(steps[1])) < 600
    assert sum(steps[1].held()) <= 2


def test_large_steps_hold_with_the_gradient_through_two_time_steps() -> None:
    assert all(answer_with_two_steps(SEEDS, SAMPLES, silent).held())


def test_the_published_figures_are_kept_to_the_letter() -> None:
    assert ANSWER_ONLINE["adam_0.001"] == {"solved_at": [670, 910]}
    assert ANSWER_ONLINE["adam_0.01"] == {"solved_at": [259, 336], "accuracy": [0.75, 0.91]}
    assert "quite unreliable" in ANSWER_ONLINE["claim"]
