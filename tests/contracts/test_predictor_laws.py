"""What holds for whatever predicts: the daemon relies on nothing else."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.learning.learner import Learner
from streamer.learning.predictor import Steps
from streamer.samples import Floats

SMALL = LearnerSettings(hidden=4, truncation=3)
HORIZON = 8


def made(name: str) -> Any:
    return Learner(SMALL, label_horizon=HORIZON)


def again(name: str, predictor: Any) -> Any:
    """Put aside and taken up again."""
    return Learner.restore(predictor.snapshot(), label_horizon=HORIZON)


def stream(seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    ys = rng.integers(0, 2, 30).astype(np.float32)
    ys[rng.random(30) < 0.3] = np.nan
    return rng.integers(0, 2, (30, 1)).astype(np.float32), ys


def state(predictor: Any) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in predictor.export().items()}


each = pytest.mark.parametrize("name", ["learner"])
quick = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)


@each
def test_it_has_the_verbs(name: str) -> None:
    predictor: Steps = made(name)
    xs, ys = stream(0)
    rows = predictor.step_many(xs, ys)
    assert rows.shape == ((30,) if predictor.prediction_width == 1 else (30, predictor.prediction_width))
    assert predictor.samples == 30
    assert predictor.admits(ys).all()


@each
@quick
@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(0, 30), max_size=4))
def test_a_cut_changes_nothing_and_neither_does_being_put_aside(name: str, seed: int, cuts: list[int]) -> None:
    xs, ys = stream(seed)
    whole, parts = made(name), made(name)
    rows = whole.step_many(xs, ys)
    pieces = []
    for start, end in pairwise([0, *sorted(cuts), 30]):
        pieces.append(parts.step_many(xs[start:end], ys[start:end]))
        parts = again(name, parts)
    assert np.concatenate(pieces).tobytes() == rows.tobytes()
    assert state(parts) == state(whole)


@each
def test_a_prediction_does_not_look_at_its_own_target(name: str) -> None:
    xs, ys = stream(1)
    other = ys.copy()
    other[20:] = 1 - np.nan_to_num(ys[20:])
    assert made(name).step_many(xs, ys)[:21].tobytes() == made(name).step_many(xs, other)[:21].tobytes()


@each
def test_a_late_label_is_learned_once_and_only_within_the_horizon(name: str) -> None:
    xs, ys = stream(2)
    ys = np.nan_to_num(ys)
    ys[[5, 27]] = np.nan
    predictor = made(name)
    predictor.step_many(xs, ys)
    before = state(predictor)
    predictor.label_many(np.array([5, 29, 99]), np.ones(3, np.float32))
    assert state(predictor) == before
    predictor.label_many(np.array([27, 27]), np.ones(2, np.float32))
    once = again(name, made(name))
    once.step_many(xs, ys)
    once.label_many(np.array([27]), np.ones(1, np.float32))
    assert state(predictor) == state(once) != before
