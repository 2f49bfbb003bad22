"""Rules are the null models that they are made of."""

import numpy as np
import pytest

from streamer.learning.committee.members.rule import last_value, markov, prior
from streamer.learning.committee.members.target import Target
from streamer.samples import Floats

BITS = np.array([1, 1, np.nan, 0, 1], np.float32)


def no_rows(ys: Floats) -> Floats:
    return np.empty((len(ys), 0), np.float32)


def test_the_prior_of_bits_is_how_often_they_came() -> None:
    assert prior(Target("binary")).step_many(no_rows(BITS), BITS).ravel().tolist() == pytest.approx(
        [1 / 2, 3 / 4, 5 / 6, 5 / 6, 5 / 8]
    )


def test_classes_that_were_not_found_have_no_probability() -> None:
    ys = np.array([0, 1, 1], np.float32)
    rows = prior(Target("classes", classes=3)).step_many(no_rows(ys), ys)
    assert rows.round(4).tolist() == [[0, 0, 0], [1, 0, 0], [0.5, 0.5, 0]]


def test_markov_looks_at_the_last_target() -> None:
    ys = np.array([0, 1] * 20, np.float32)
    assert (np.abs(markov(Target("binary"), 1).step_many(no_rows(ys), ys)[-4:, 0] - ys[-4:]) < 0.1).all()


def test_steps_ahead_the_last_value_known_is_said() -> None:
    member = last_value(Target("numbers", horizon=2))
    member.step_many(np.empty((1, 0), np.float32), np.full(1, np.nan, np.float32))
    member.label_many(np.array([0]), np.array([9], np.float32))
    assert member.peek(np.empty((1, 0), np.float32)).tolist() == [[9.0]]


def test_more_pasts_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="the last 3 of 16 classes are 4096 pasts; at most 256"):
        markov(Target("classes", classes=16), 3)
