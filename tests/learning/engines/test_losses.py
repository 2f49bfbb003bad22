"""The losses of both engines, each against a statement of its gradient that is written out here."""

from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.agreement import OUTPUT
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.network import LOG_VARIANCE_LIMIT, initialise

ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])
NAN = np.nan


def made(engine: Any, **values: Any) -> Any:
    """An engine that moves by its gradient, once, and a head's bias that says what was predicted."""
    settings = LearnerSettings(
        **{
            "inputs": 1,
            "hidden": 3,
            "truncation": 2,
            "memory": "none",
            "anchoring": 0,
            "optimiser": "sgd",
            "step_size": 1,
            **values,
        }
    )
    return engine(settings, initialise(1, 3, 0, settings.outputs))


def at(learner: Any, outputs: list[float]) -> Any:
    """The learner with outputs that are these at the first step, whatever the input."""
    state = learner.export()
    state["parameters.v"] *= 0
    state["parameters.a"] = np.array(outputs if len(outputs) > 1 else outputs[0], np.float32)
    learner.load(state)
    return learner


def slopes(learner: Any, *y: float) -> Any:
    """∂L/∂outputs of one step."""
    before = learner.export()["parameters.a"]
    learner.step_many(np.ones((1, 1), np.float32), np.array([y], np.float32))
    return np.atleast_1d(before - learner.export()["parameters.a"])


@ENGINES
def test_before_the_first_class_every_probability_is_zero(engine: Any) -> None:
    learner = made(engine, task="multiclass", classes=4)
    assert learner.predict(np.ones(1, np.float32)).tolist() == [0, 0, 0, 0]
    learner.step_many(np.ones((3, 1), np.float32), np.full((3, 1), NAN, np.float32))
    assert learner.counts() == {"samples": 3, "updates": 0, "skipped_updates": 0, "classes": 0}


@ENGINES
def test_only_places_found_share_the_probability(engine: Any) -> None:
    learner = at(made(engine, task="multiclass", classes=4), [1.0, 2.0, 5.0, 9.0])
    state = learner.export()
    state["counts.classes"] = np.array(2)
    learner.load(state)
    found = np.exp([1.0, 2.0]) / np.exp([1.0, 2.0]).sum()
    assert learner.predict(np.ones(1, np.float32)) == pytest.approx([*found, 0, 0], abs=OUTPUT)
    assert slopes(learner, 0) == pytest.approx([found[0] - 1, found[1], 0, 0], abs=OUTPUT)


@ENGINES
def test_a_target_that_finds_a_place_takes_part_in_its_own_gradient_but_not_in_the_prediction(engine: Any) -> None:
    learner = at(made(engine, task="multiclass", classes=4), [1.0, 2.0, 0.5, 9.0])
    assert slopes(learner, 0).tolist() == [0, 0, 0, 0]  # the only class there is
    assert learner.counts()["classes"] == 1
    weights = np.exp([1.0, 2.0, 0.5])
    prediction = learner.step_many(np.ones((1, 1), np.float32), np.full((1, 1), NAN, np.float32))[0]
    assert prediction.tolist() == [1, 0, 0, 0]
    assert slopes(learner, 2) == pytest.approx([*weights / weights.sum() - [0, 0, 1], 0], abs=OUTPUT)
    assert learner.counts() == {"samples": 3, "updates": 2, "skipped_updates": 0, "classes": 3}


@ENGINES
def test_large_outputs_do_not_overflow(engine: Any) -> None:
    learner = at(made(engine, task="multiclass", classes=3), [200.0, -200.0, 199.0])
    learner.step_many(np.ones((1, 1), np.float32), np.full((1, 1), 2, np.float32))
    assert learner.predict(np.ones(1, np.float32)).sum() == pytest.approx(1, abs=OUTPUT)
    assert learner.counts()["skipped_updates"] == 0


@ENGINES
@pytest.mark.parametrize(("y", "slope"), [(0.4, -0.4), (-0.9, 0.9), (7.0, -1.0), (-7.0, 1.0), (1.0, -1.0)])
def test_hubers_slope_is_the_error_within_one(engine: Any, y: float, slope: float) -> None:
    assert slopes(at(made(engine, task="regression", loss="huber"), [0.0]), y) == pytest.approx([slope], abs=OUTPUT)


@ENGINES
@pytest.mark.parametrize("loss", ["squared", "huber"])
def test_an_output_without_a_label_has_no_gradient(engine: Any, loss: str) -> None:
    learner = at(made(engine, task="forecast", horizons=(1, 2, 3), loss=loss), [0.5, 0.25, -0.5])
    assert slopes(learner, 1.0, NAN, -0.75) == pytest.approx([-0.5, 0, 0.25], abs=OUTPUT)
    assert learner.counts()["updates"] == 1


@ENGINES
@pytest.mark.parametrize("loss", ["squared", "huber", "gaussian"])
def test_a_row_without_any_label_is_an_unlabelled_sample(engine: Any, loss: str) -> None:
    learner = made(engine, task="forecast", horizons=(1, 2), loss=loss)
    assert not slopes(learner, NAN, NAN).any()
    assert learner.counts() == {"samples": 1, "updates": 0, "skipped_updates": 0}


@ENGINES
def test_the_gaussian_predicts_means_and_variances(engine: Any) -> None:
    learner = at(made(engine, task="forecast", horizons=(1, 2), loss="gaussian"), [0.5, -0.5, 1.0, -2.0])
    assert learner.predict(np.ones(1, np.float32)) == pytest.approx([0.5, -0.5, np.e, np.exp(-2)], abs=OUTPUT)
    deviation = np.exp(-1)
    expected = [0, (-0.5 - 1) / deviation, 0, 0.5 * (deviation - 1.5**2 / deviation)]
    assert slopes(learner, NAN, 1.0) == pytest.approx(expected, rel=1e-5)


@ENGINES
@pytest.mark.parametrize(
    ("s", "y", "moves"), [(9.0, 0.0, True), (9.0, 1e4, False), (-9.0, 0.0, False), (-9.0, 1.0, True)]
)
def test_a_variance_at_its_bound_follows_a_slope_only_on_the_way_back(
    engine: Any, s: float, y: float, moves: bool
) -> None:
    learner = at(made(engine, task="regression", loss="gaussian"), [0.0, s])
    bound = np.exp(np.copysign(LOG_VARIANCE_LIMIT, s))
    assert learner.predict(np.ones(1, np.float32))[1] == pytest.approx(bound, rel=1e-5)
    assert bool(slopes(learner, y)[1]) == moves


@ENGINES
@pytest.mark.parametrize(
    "values",
    [
        {"task": "multiclass", "classes": 3},
        {"task": "regression", "loss": "huber"},
        {"task": "regression", "loss": "gaussian"},
        {"task": "forecast", "horizons": (1, 2)},
    ],
    ids=str,
)
def test_an_update_that_is_not_finite_is_counted_and_not_applied(engine: Any, values: dict[str, Any]) -> None:
    learner = made(engine, **values)
    broken = learner.export()
    broken["parameters.a"] = np.full_like(broken["parameters.a"], np.nan)
    learner.load(broken)
    learner.step_many(np.ones((1, 1), np.float32), np.ones((1, len(values.get("horizons", (1,)))), np.float32))
    assert learner.counts()["skipped_updates"] == 1
    np.testing.assert_array_equal(learner.export()["parameters.U"], broken["parameters.U"])
