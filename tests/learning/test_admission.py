from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.errors import SampleError
from streamer.learning.learner import Learner

NAN, INF = float("nan"), float("inf")


@pytest.fixture
def learner() -> Any:
    made = Learner(LearnerSettings(inputs=2, hidden=3, truncation=2, memory="none"))
    made.learn_one([1.0, 0.0], 1)
    return made


def refused(learner: Learner, act: Callable[[], object], *words: str) -> None:
    before = learner.state_hash()
    with pytest.raises(SampleError) as caught:
        act()
    assert learner.state_hash() == before
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("x", [[1.0], [1.0, 2.0, 3.0], 1.0, [[1.0, 2.0]], []])
def test_an_input_of_the_wrong_shape_is_refused(learner: Learner, x: Any) -> None:
    refused(learner, lambda: learner.learn_one(x, 1), "x", str(np.shape(x)), "(2,)")
    refused(learner, lambda: learner.predict_one(x), "x", str(np.shape(x)), "(2,)")


@pytest.mark.parametrize("bad", [NAN, INF, -INF, 1e39, 1e200])
def test_an_input_that_float32_cannot_hold_is_refused(learner: Learner, bad: float) -> None:
    refused(learner, lambda: learner.learn_one([0.0, bad], 1), "x is not finite", "index 1")
    refused(learner, lambda: learner.predict_one([0.0, bad]), "x is not finite", "index 1")
    refused(learner, lambda: learner.step_many([[0.0, 1.0], [bad, 0.0]], [0, 1]), "x is not finite", "index (1, 0)")


def test_large_inputs_that_float32_can_hold_are_taken(learner: Learner) -> None:
    learner.learn_one([3e38, -3e38], 1)
    learner.step_many([[3e38, -3e38]], [1])
    assert learner.counters()["samples"] == 3


@pytest.mark.parametrize("y", [0.5, 2, -1, INF, 1e39])
def test_a_target_that_is_not_binary_is_refused(learner: Learner, y: Any) -> None:
    refused(learner, lambda: learner.learn_one([0.0, 1.0], y), "y", "0, 1, or NaN")
    refused(learner, lambda: learner.step_many([[0.0, 1.0]], [y]), "y", "0, 1, or NaN")


@pytest.mark.parametrize("y", [INF, -INF, 1e39])
def test_with_squared_loss_a_target_is_any_finite_number(y: Any) -> None:
    learner = Learner(LearnerSettings(hidden=3, truncation=2, memory="none", loss="squared"))
    learner.learn_one([0.0], -7.5)
    learner.step_many([[0.0]], [1e30])
    refused(learner, lambda: learner.learn_one([0.0], y), "y", "finite")
    refused(learner, lambda: learner.step_many([[0.0]], [y]), "y", "finite")


@pytest.mark.parametrize("y", [None, NAN])
def test_no_label_is_none_or_nan(learner: Learner, y: Any) -> None:
    learner.learn_one([0.0, 1.0], y)
    assert learner.counters() == {"samples": 2, "updates": 1, "skipped_updates": 0}


def test_targets_that_do_not_match_the_inputs_are_refused(learner: Learner) -> None:
    refused(learner, lambda: learner.step_many([[0.0, 1.0]], [0, 1]), "y", "(2,)", "(1,)")


@pytest.mark.parametrize(("x", "y"), [("ab", 1), ([0.0, 1.0], "one"), ([None, object()], 0)])
def test_what_is_not_numbers_is_refused(learner: Learner, x: Any, y: Any) -> None:
    refused(learner, lambda: learner.learn_one(x, y), "not")


def test_arrays_of_any_layout_and_type_are_taken(learner: Learner) -> None:
    other = Learner.restore(learner.snapshot())
    xs = np.arange(12, dtype=np.float32).reshape(6, 2) / 12
    expected = learner.step_many(xs, np.ones(6))
    found = other.step_many(np.asfortranarray(xs.astype(">f8")), np.repeat(np.ones(6, bool), 2)[::2])
    np.testing.assert_array_equal(found, expected)


def test_read_only_bytes_at_an_odd_address_are_taken(learner: Learner) -> None:
    other = Learner.restore(learner.snapshot())
    xs = np.arange(12, dtype=np.float32).reshape(6, 2) / 12
    odd = np.frombuffer(b"." + xs.tobytes(), np.float32, offset=1).reshape(6, 2)
    np.testing.assert_array_equal(other.step_many(odd, np.ones(6)), learner.step_many(xs, np.ones(6)))


def test_an_empty_block_changes_nothing(learner: Learner) -> None:
    before = learner.state_hash()
    assert learner.step_many(np.empty((0, 2)), []).shape == (0,)
    assert learner.state_hash() == before
