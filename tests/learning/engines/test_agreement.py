"""The fused engine gives the reference's numbers: outputs, every gradient, a long trajectory, and across a restart.

Scratch is filled with NaN, so that a lane that is read but was not written makes everything NaN.
"""

import math
from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.agreement import GRADIENT, OUTPUT, TRAJECTORY, disagreements
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.optimisation import RMSPROP_DECAY
from streamer.learning.snapshot import part

pytestmark = pytest.mark.timeout(300)  # each case compiles a kernel, and steps torch a thousand times

# sizes that fill no vector, one exactly, and one and a bit; windows of one step and of many
SIZES = [
    {"hidden": 1, "truncation": 2, "inputs": 3},
    {"hidden": 3, "truncation": 7, "inputs": 1},
    {"hidden": 16, "truncation": 32, "inputs": 1},
    {"hidden": 17, "truncation": 1, "inputs": 3},
    # with step size 0.01 a net this wide is chaotic: a change of 1e-7 in one weight grows as fast as rounding does
    {"hidden": 64, "truncation": 2, "inputs": 1, "step_size": 0.003},
]
LEARNING_BY_RMSPROP = [
    {"memory": "ring", "memory_size": 3, "inputs": 2},
    {"memory": "taps", "memory_size": 2, "inputs": 3, "hidden": 5},
    {"gradient": "stale", "truncation": 5, "hidden": 17},
    {"gradient": "rtrl", "hidden": 6, "memory": "ring", "memory_size": 2},
    {"gradient": "rtrl", "hidden": 9, "inputs": 3},
    {"loss": "squared"},
    {"anchoring": 0.01},
    {"schedule": "annealed"},
]
SEVERAL = [
    {"task": "multiclass", "classes": 4, "inputs": 2},
    {"task": "multiclass", "classes": 17, "hidden": 5, "gradient": "stale"},
    {"task": "next", "classes": 3, "hidden": 6, "gradient": "rtrl"},
    {"task": "regression", "loss": "huber"},
    {"task": "regression", "loss": "gaussian", "hidden": 17, "inputs": 2},
    {"task": "forecast", "horizons": (1, 2, 5)},
    {"task": "forecast", "horizons": (1, 2), "loss": "huber", "hidden": 3},
    {"task": "forecast", "horizons": (1, 2), "loss": "huber", "hidden": 3, "schedule": "annealed"},
    {"task": "forecast", "horizons": (1, 3), "loss": "gaussian", "memory": "taps", "memory_size": 2},
]
OPTIMISERS = [
    {"optimiser": "adam"},
    {"optimiser": "sgd", "step_size": 0.1},
    {"optimiser": "adam", "schedule": "annealed"},
    {"optimiser": "sgd", "step_size": 0.1, "schedule": "annealed"},
    {"optimiser": "ndekf", "hidden": 17},
    {"optimiser": "ndekf", "hidden": 3, "inputs": 2, "gradient": "stale"},
    {"optimiser": "ndekf", "hidden": 6, "memory": "ring", "memory_size": 2, "gradient": "rtrl"},
    {"optimiser": "ndekf", "task": "regression", "loss": "huber", "anchoring": 0.01},
    {"optimiser": "ndekf", "loss": "squared", "memory": "taps", "memory_size": 2, "hidden": 5},
]


def settings_of(**values: Any) -> Any:
    return LearnerSettings(**{"memory": "none", "truncation": 4, "anchoring": 0, **values})


def engines(settings: LearnerSettings, seed: int = 1) -> Any:
    parameters = initialise(feature_count(settings), settings.hidden, seed, settings.outputs)
    return FusedEngine(settings, parameters, poison=True), ReferenceEngine(settings, parameters)


def stream(settings: LearnerSettings, count: int, seed: int = 2) -> Any:
    """Inputs of several kinds, targets that depend on inputs before, a tenth of them missing."""
    rng = np.random.default_rng(seed)
    xs = rng.standard_normal((count, settings.inputs)).astype(np.float32)
    past = np.stack([np.roll(xs[:, 0], lag + 1) for lag in range(settings.targets)], 1)
    if settings.objective == "softmax":
        ys = np.digitize(past, [-0.5, 0.5]).astype(np.float32)
    else:
        ys = (past > 0).astype(np.float32) if settings.task == "binary" else past + 3 * (past > 1.5)
    ys[rng.random((count, settings.targets)) < 0.1] = np.nan
    return xs, ys.astype(np.float32)


def warmed_up(settings: LearnerSettings) -> Any:
    """Both engines in one state that a few samples of learning have left."""
    fused, reference = engines(settings)
    xs, ys = stream(settings, 2 * settings.truncation + 5, seed=3)
    fused.step_many(xs, ys)
    reference.load(fused.export())
    return fused, reference


@pytest.mark.parametrize("values", SIZES + LEARNING_BY_RMSPROP + SEVERAL + OPTIMISERS, ids=str)
def test_from_equal_state_the_predictions_are_equal(values: dict[str, Any]) -> None:
    fused, reference = warmed_up(settings_of(**values))
    for x in stream(settings_of(**values), 20)[0]:
        assert fused.predict(x) == pytest.approx(reference.predict(x), abs=OUTPUT)


@pytest.mark.parametrize("values", SIZES + LEARNING_BY_RMSPROP + SEVERAL, ids=str)
def test_from_equal_state_every_gradient_is_equal(values: dict[str, Any]) -> None:
    settings = settings_of(**values)
    fused, reference = warmed_up(settings)
    x, y = np.ones((1, settings.inputs), np.float32), np.ones((1, settings.targets), np.float32)
    ours, theirs = gradient(fused, x, y), gradient(reference, x, y)
    assert disagreements(ours, theirs, GRADIENT) == []
    seen = [engine.insight() for engine in (fused, reference)]
    assert seen[0].gradient_norm == pytest.approx(seen[1].gradient_norm, rel=1e-3)
    assert seen[0].gradient_norm == pytest.approx(math.sqrt(sum(np.square(g).sum() for g in theirs.values())), rel=1e-3)
    assert all(np.abs(value).max() > 100 * GRADIENT for value in theirs.values())


def gradient(engine: Any, x: Any, y: Any) -> Any:
    """The gradient of one step, told by RMSProp: from no memory, s = (1 − ρ) g², and θ moves against g."""
    state = engine.export()
    zeros = {name: np.zeros_like(array) for name, array in state.items() if name.startswith("optimiser.")}
    engine.load(state | zeros)
    engine.step_many(x, y)
    after = engine.export()
    return {
        name: np.sqrt(square / (1 - RMSPROP_DECAY)) * np.sign(state[f"parameters.{name}"] - after[f"parameters.{name}"])
        for name, square in part(after, "optimiser.square_avg").items()
    }


@pytest.mark.parametrize("values", SIZES + LEARNING_BY_RMSPROP + SEVERAL + OPTIMISERS, ids=str)
def test_after_a_thousand_updates_predictions_and_state_are_equal(values: dict[str, Any]) -> None:
    settings = settings_of(**values)
    xs, ys = stream(settings, 1000)
    fused, reference = engines(settings)
    predictions = [engine.step_many(xs, ys) for engine in (fused, reference)]
    assert np.abs(predictions[0] - predictions[1]).max() < TRAJECTORY
    assert disagreements(fused.export(), reference.export(), TRAJECTORY) == []
    seen = [engine.insight() for engine in (fused, reference)]
    assert disagreements({"h": seen[0].hidden}, {"h": seen[1].hidden}, TRAJECTORY) == []
    assert seen[0].weight_norm == pytest.approx(seen[1].weight_norm, rel=TRAJECTORY)


@pytest.mark.parametrize("values", SIZES[:1] + LEARNING_BY_RMSPROP + SEVERAL + OPTIMISERS, ids=str)
@pytest.mark.parametrize("samples", [1, 3, 30])
def test_a_snapshot_moves_from_either_engine_to_the_other(values: dict[str, Any], samples: int) -> None:
    settings = settings_of(**values)
    xs, ys = stream(settings, samples)
    for source, target in (engines(settings), reversed(engines(settings))):
        source.step_many(xs, ys)
        arrays = source.export()
        target.load(arrays)
        assert disagreements(target.export(), arrays, 0) == []
        assert np.abs(target.step_many(xs, ys) - source.step_many(xs, ys)).max() < TRAJECTORY
