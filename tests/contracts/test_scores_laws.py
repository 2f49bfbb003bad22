"""What the scores of every task keep."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings, TaskName
from streamer.evaluation.scores import Scores, scores_for
from streamer.samples import Arrays, Floats

LENGTH = 80
TASKS: tuple[TaskName, ...] = ("binary", "multiclass", "regression", "forecast", "next")
SETTINGS = {task: LearnerSettings(inputs=2, task=task, classes=3, horizons=(1, 4)) for task in TASKS}
LATE: tuple[TaskName, ...] = ("binary", "multiclass", "regression")
"""Tasks whose targets are those of the samples themselves."""

Stream = tuple[Floats, Floats, Floats]
each_task = pytest.mark.parametrize("task", TASKS)
cuts_of = st.lists(st.integers(0, LENGTH), max_size=6)
seeds = st.integers(0, 2**32)


def fresh(task: TaskName) -> Scores:
    return scores_for(SETTINGS[task], window=10, fading=0.9)


def stream(task: TaskName, seed: int, *, labelled: float = 0.8) -> Stream:
    """Inputs, predictions and targets; four classes come, one more than there is room for."""
    rng = np.random.default_rng(seed)
    xs = rng.normal(size=(LENGTH, 2)).astype(np.float32)
    symbols = rng.choice([7.0, 5.0, 3.0, 9.0], LENGTH, p=[0.5, 0.3, 0.15, 0.05]).astype(np.float32)
    predictions: npt.NDArray[Any] = rng.random(LENGTH)
    ys: npt.NDArray[Any] = symbols
    if task == "binary":
        ys = rng.integers(0, 2, LENGTH)
    elif task in {"multiclass", "next"}:
        predictions = rng.dirichlet(np.ones(3), LENGTH)
        xs = symbols[:, None] if task == "next" else xs
    else:
        n = 2 if task == "forecast" else 1
        value = rng.normal(size=(LENGTH, n, 1))
        predictions, ys = (value + np.array([0, -1, 1])).reshape(LENGTH, 3 * n), rng.normal(size=LENGTH)
    targets = np.where(rng.random(LENGTH) < labelled, ys, np.nan).astype(np.float32)
    return xs, predictions.astype(np.float32), targets


def run(scores: Scores, told: Stream, cuts: list[int]) -> Floats:
    places = [0, *sorted(cuts), LENGTH]
    return np.concatenate([scores.step(*(array[a:b] for array in told)) for a, b in pairwise(places)])


def bits(arrays: Arrays) -> dict[str, Any]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}


@each_task
@given(seed=seeds, cuts=cuts_of)
def test_however_the_samples_are_cut_contexts_and_state_have_the_same_bits(
    task: TaskName, seed: int, cuts: list[int]
) -> None:
    whole, cut = fresh(task), fresh(task)
    told = stream(task, seed)
    assert run(cut, told, cuts).tobytes() == run(whole, told, []).tobytes()
    assert bits(cut.export()) == bits(whole.export())
    assert repr(cut.card()) == repr(whole.card())


@each_task
@given(seed=seeds)
def test_scores_that_were_exported_and_loaded_have_the_same_future(task: TaskName, seed: int) -> None:
    first, second = fresh(task), fresh(task)
    contexts = run(first, stream(task, seed), [])
    second.load(first.export())
    late = np.ones(len(contexts), np.float32)
    for scores in (first, second):
        scores.label(contexts[:5].copy(), late[:5])
        run(scores, stream(task, seed + 1), [30])
    assert bits(second.export()) == bits(first.export())
    assert repr(second.card()) == repr(first.card())


@each_task
def test_an_export_is_no_part_of_what_goes_on(task: TaskName) -> None:
    scores = fresh(task)
    run(scores, stream(task, 1), [])
    exported = scores.export()
    before = bits(exported)
    run(scores, stream(task, 2), [])
    assert bits(exported) == before


@each_task
def test_before_the_first_sample_there_is_a_card_of_nothing(task: TaskName) -> None:
    card = fresh(task).card()
    assert (card.task, card.labelled, card.in_window, card.skill.samples, card.skill.best) == (task, 0, 0, 0, None)
    assert (card.answers is None) == bool(card.errors) == (task in {"regression", "forecast"})


@each_task
def test_the_state_does_not_grow_past_its_window(task: TaskName) -> None:
    scores, sizes = fresh(task), []
    for rounds in (6, 30):
        for seed in range(rounds):
            run(scores, stream(task, seed), [])
        sizes.append({name: array.nbytes for name, array in scores.export().items()})
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("task", LATE)
@given(seed=seeds, lag=st.integers(1, 30))
def test_a_label_that_comes_late_is_scored_with_the_prediction_of_its_sample(
    task: TaskName, seed: int, lag: int
) -> None:
    told = xs, predictions, ys = stream(task, seed, labelled=1.0)
    prompt, late = fresh(task), fresh(task)
    run(prompt, told, [])
    nothing = np.full(1, np.nan, np.float32)
    waiting: list[Floats] = []
    for t in range(LENGTH + lag):
        if t < LENGTH:
            waiting.append(late.step(xs[t : t + 1], predictions[t : t + 1], nothing))
        if t >= lag:
            late.label(waiting[t - lag], ys[t - lag : t - lag + 1])
    assert late.counts() == prompt.counts()
    one, other = late.card(), prompt.card()
    if one.nearest is None or other.nearest is None:
        assert one.answers is not None
        assert other.answers is not None
        assert one.answers.log_loss_bits == other.answers.log_loss_bits
    else:
        assert one.nearest.absolute == other.nearest.absolute


@each_task
def test_labels_of_samples_from_before_a_reset_may_come_first_and_the_contexts_stay_as_wide(task: TaskName) -> None:
    before, reset = fresh(task), fresh(task)
    contexts = run(before, stream(task, 1), [])
    reset.label(contexts[:5].copy(), np.ones(5, np.float32))
    assert run(reset, stream(task, 2), [40]).shape == contexts.shape


@each_task
def test_a_block_of_nothing_changes_nothing(task: TaskName) -> None:
    scores = fresh(task)
    run(scores, stream(task, 1), [])
    before = bits(scores.export())
    xs, predictions, ys = stream(task, 2)
    contexts = scores.step(xs[:0], predictions[:0], ys[:0])
    scores.label(contexts, ys[:0])
    assert bits(scores.export()) == before
