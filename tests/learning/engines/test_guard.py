from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.network import initialise
from streamer.learning.optimisation import RMSPROP_DECAY
from streamer.learning.snapshot import part

# the settings of test_agreement, because kernels that are shared are compiled once
PLAIN = LearnerSettings(hidden=3, truncation=7, memory="none")
ANCHORED = LearnerSettings(truncation=4, memory="none", anchoring=0.01)
ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])


def made(engine: Any, settings: LearnerSettings) -> Any:
    return engine(settings, initialise(settings.inputs, settings.hidden, seed=0))


def one(x: Any, y: Any) -> Any:
    return np.full((1, 1), x, np.float32), np.full(1, y, np.float32)


@ENGINES
@pytest.mark.parametrize("values", [{"loss": "squared"}, {"optimiser": "sgd"}, {"optimiser": "adam"}], ids=str)
def test_an_update_that_is_not_finite_is_counted_and_not_applied(engine: Any, values: dict[str, Any]) -> None:
    learner = made(engine, LearnerSettings(truncation=4, memory="none", **values))
    learner.step_many(*one(1, 1))
    broken = learner.export()
    broken["parameters.v"][:] = 3e38  # finite, but no gradient through it is
    learner.load(broken)
    learner.step_many(*one(1, 0))
    after = learner.export()
    for group in ("parameters", "optimiser"):
        for name, array in part(broken, group).items():
            np.testing.assert_array_equal(part(after, group)[name], array)
    assert learner.counts() == {"samples": 2, "updates": 1, "skipped_updates": 1}


@ENGINES
def test_an_unlabelled_sample_advances_the_state_and_not_the_weights(engine: Any) -> None:
    learner = made(engine, PLAIN)
    before = learner.export()
    learner.step_many(*one(1, np.nan))
    after = learner.export()
    assert all(np.array_equal(after[name], before[name]) for name in before if name.startswith("parameters"))
    assert len(after["window.inputs"]) == 1
    assert learner.counts() == {"samples": 1, "updates": 0, "skipped_updates": 0}


@ENGINES
def test_an_input_beyond_the_limit_is_taken_for_the_limit(engine: Any) -> None:
    predictions = []
    for x in (1e6, 3e38):
        learner = made(engine, PLAIN)
        learner.step_many(*one(x, 1))
        predictions.append(learner.predict(np.zeros(1, np.float32)))
    assert predictions[0] == predictions[1]


@ENGINES
def test_anchoring_adds_the_pull_of_a_spring_to_the_gradient(engine: Any) -> None:
    learner = made(engine, ANCHORED)
    moved = learner.export()
    moved["parameters.a"][...] = 5.0
    moved["parameters.v"][:] = 0.0
    learner.load(moved)
    learner.step_many(*one(0, 1))
    # ∂L/∂a = σ(5) − 1, and the spring from 0 to 5
    gradient = 1 / (1 + np.exp(-5.0)) - 1 + 0.01 * 5
    square = learner.export()["optimiser.square_avg.a"]
    assert float(square) == pytest.approx((1 - RMSPROP_DECAY) * gradient**2, rel=1e-4)
