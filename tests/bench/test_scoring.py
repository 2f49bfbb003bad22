"""What a prediction costs, counted by hand."""

import math

import numpy as np
import pytest

from streamer.bench.scoring import answers_of

NAN = math.nan


def floats(*values: object) -> np.ndarray:
    return np.array(values, np.float32)


def test_a_binary_prediction_is_right_on_its_targets_side_and_the_log_loss_is_in_nats() -> None:
    answers, said = answers_of("binary", floats(1, 0, 0)), floats([0.9], [0.4], [0.5])
    assert answers.points(said).tolist() == [1, 1, 1]  # a half is not above a half
    assert answers.losses(said) == pytest.approx([-math.log(0.9), -math.log(0.6), math.log(2)], rel=1e-6)
    assert answers.score(answers.points(said)) == 100


def test_the_first_sample_counts_as_every_other() -> None:
    answers = answers_of("regression", floats(100, 2))
    points = answers.points(floats([0], [1]))
    assert points.tolist() == [100, 1]
    assert answers.score(points) == 50.5
    assert answers.log_loss(points) is None


def test_a_class_that_comes_for_the_first_time_is_a_mistake_but_costs_no_log_loss() -> None:
    answers = answers_of("multiclass", floats(7, 3, 7))
    said = floats([0, 0], [1, 0], [0.25, 0.75])
    assert answers.points(said).tolist() == [0, 0, 0]
    assert answers.losses(said) == pytest.approx([0, 0, -math.log(0.25)])
    assert answers.log_loss(answers.losses(said)) == pytest.approx(-math.log(0.25))


def test_classes_that_come_once_each_have_no_log_loss() -> None:
    answers = answers_of("multiclass", floats(7, 3))
    assert answers.log_loss(answers.losses(floats([0, 0], [1, 0]))) is None


def test_the_likeliest_class_is_what_was_predicted() -> None:
    answers = answers_of("multiclass", floats(7, 3, 3, 7))
    assert answers.places.tolist() == [0, 1, 1, 0]
    assert answers.points(floats([0, 0], [1, 0], [0.4, 0.6], [0.4, 0.6])).tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize("kind", ["binary", "regression", "multiclass"])
def test_samples_without_a_label_cost_nothing_and_do_not_count(kind: str) -> None:
    answers = answers_of(kind, floats(NAN, 1, NAN, 1))  # type: ignore[arg-type]
    said = floats([0.5], [1], [0.5], [1])
    assert answers.points(said)[[0, 2]].tolist() == answers.losses(said)[[0, 2]].tolist() == [0, 0]
    assert answers.labelled.tolist() == [False, True, False, True]


def test_blocks_are_scored_by_their_place_in_the_stream() -> None:
    answers, said = answers_of("binary", floats(1, 0, 1, 0)), floats([0.9], [0.8], [0.7], [0.6])
    whole = answers.losses(said)
    assert np.concatenate([answers.losses(said[:3]), answers.losses(said[3:], 3)]).tolist() == whole.tolist()


@pytest.mark.parametrize("kind", ["binary", "regression", "multiclass"])
def test_a_prediction_that_is_none_is_neither_right_nor_cheap(kind: str) -> None:
    answers = answers_of(kind, floats(0, 0))  # type: ignore[arg-type]
    assert math.isnan(answers.points(floats([NAN], [NAN]))[1])
    assert math.isnan(answers.losses(floats([NAN], [NAN]))[1])
