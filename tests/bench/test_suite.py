"""The suite does what its table says: these predictors, on these streams, judged by these targets."""

from functools import partial

import numpy as np
import pytest

from streamer.bench import suite
from streamer.bench.outcome import Row, outcome_of
from streamer.bench.rivals import Right
from streamer.bench.suite import PLAIN, RING, SUITE, Trial, chosen, learner_outcomes, run_trial, steps_of
from streamer.config.learner import LearnerSettings
from streamer.errors import SettingsError
from streamer.learning.learner import Learner
from streamer.samples import Floats
from streamer.sources.tasks import TASKS, TaskSource

SHORT = Trial("inverse", 600)


@pytest.fixture(autouse=True)
def few_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "GUESSES", 50)


def rows_of(trial: Trial, *, seeds: int = 2) -> list[Row]:
    return list(run_trial(trial, seeds, 1, lambda: None))


def always(xs: Floats, ys: Floats, *, right: bool) -> Right:
    """A rival that is right, or wrong, by the labels it is given."""
    return np.full(ys.shape, right)


# A trial's rows


def test_the_learners_rows_come_first_then_the_rivals_then_luck() -> None:
    rows = rows_of(SHORT)
    rivals = [(name, "") for name in ("majority class", "last value", "logistic regression on taps")]
    learners = [("learner", "memory none"), ("learner", "memory ring")]
    assert [(row.predictor, row.settings) for row in rows] == [*learners, *rivals, ("random weights", "no learning")]
    assert {row.task for row in rows} == {"inverse"}
    assert [row.seeds for row in rows] == [2] * 5 + [50]
    assert [row.samples for row in rows] == [600] * 5 + [300]


def test_on_the_puzzle_the_learner_solves_every_seed_and_what_remembers_nothing_none() -> None:
    solved = {(row.predictor, row.settings): row.solved for row in rows_of(SHORT)}
    assert solved["learner", "memory none"] == solved["learner", "memory ring"] == 2
    assert solved["majority class", ""] == solved["last value", ""] == 0


def test_a_learner_without_settings_is_told_as_the_defaults() -> None:
    [learner, _] = rows_of(Trial("inverse", 300, settings=({},), rivals={}), seeds=1)
    assert (learner.predictor, learner.settings) == ("learner", "defaults")


def test_progress_is_made_at_each_row_and_as_often_as_was_said() -> None:
    for trial in (SHORT, Trial("xor", 300, settings=(PLAIN,), rivals={}), Trial("xor", 300, settings=())):
        advances: list[None] = []
        seen = [len(advances) for _ in run_trial(trial, 1, 1, partial(advances.append, None))]
        assert seen == list(range(steps_of(trial)))
        assert len(advances) == steps_of(trial)


def test_a_rivals_seeds_are_at_most_20_for_its_time_counts() -> None:
    [rival, _] = rows_of(Trial("inverse", 200, settings=(), rivals={"oracle": partial(always, right=True)}), seeds=30)
    assert rival.seeds == 20


def test_the_same_seeds_give_the_same_rows() -> None:
    assert rows_of(SHORT) == rows_of(SHORT)


def test_a_seed_is_what_one_learner_does_on_the_stream_of_that_seed() -> None:
    outcomes = learner_outcomes(Trial("xor", 400, segment=100), RING, 2, 1)
    for seed, outcome in enumerate(outcomes):
        block = TaskSource("xor", seed).read(0, 400)
        predictions = Learner(LearnerSettings(memory="ring"), seed=seed).step_many(block.inputs, block.targets)
        assert outcome == outcome_of((predictions > 0.5) == (block.targets > 0.5), 100)
    assert outcomes[0] != outcomes[1]


# Judged by another task's targets


def flips(samples: int) -> int:
    noisy, clean = (TaskSource(task, 0).read(0, samples).targets for task in ("noise", "inverse"))
    return int(np.count_nonzero(noisy != clean))


@pytest.mark.parametrize("right", [True, False])
def test_a_rival_is_judged_by_the_other_tasks_targets(right: bool) -> None:
    trial = Trial(
        "noise",
        800,
        settings=(),
        segment=200,
        judged_by="inverse",
        rivals={"rival": partial(always, right=right)},
    )
    [row, _] = rows_of(trial, seeds=1)
    assert row.mistakes_first_quarter is not None
    assert flips(200) > 0
    assert row.mistakes_first_quarter == (flips(200) if right else 200 - flips(200))


def test_a_learner_learns_from_its_own_labels_and_is_judged_by_the_other_tasks_targets() -> None:
    noisy, clean = (TaskSource(task, 0).read(0, 600) for task in ("noise", "inverse"))
    predictions = Learner(LearnerSettings(**PLAIN), seed=0).step_many(noisy.inputs, noisy.targets)
    [outcome] = learner_outcomes(Trial("noise", 600, judged_by="inverse"), PLAIN, 1, 1)
    assert outcome == outcome_of((predictions > 0.5) == (clean.targets > 0.5))
    assert outcome != outcome_of((predictions > 0.5) == (noisy.targets > 0.5))


# The choice


def test_without_a_name_every_trial_is_chosen() -> None:
    assert chosen([]) == SUITE


def test_named_trials_are_chosen_once_and_in_the_suites_order() -> None:
    assert [trial.task for trial in chosen(["drift", "inverse", "drift"])] == ["inverse", "drift"]


def test_every_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(SettingsError) as caught:
        chosen(["inverse", "copy-3", "xnor"])
    assert [fault.problem for fault in caught.value.faults] == ["got 'copy-3'", "got 'xnor'"]
    assert all(trial.task in fault.remedy for trial in SUITE for fault in caught.value.faults)


def test_the_suite_has_every_task_once_with_settings_that_a_learner_can_have() -> None:
    assert sorted(trial.task for trial in SUITE) == sorted(TASKS)
    for trial in SUITE:
        assert trial.judged_by is None or trial.judged_by in TASKS
        assert trial.rivals
        for settings in trial.settings:
            LearnerSettings(**settings)
