from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.network import initialise
from streamer.learning.snapshot import hash_arrays, part

# the settings of test_agreement, because kernels that are shared are compiled once
PLAIN = LearnerSettings(hidden=3, truncation=7, memory="none", anchoring=0)
ANCHORED = LearnerSettings(truncation=4, memory="none", anchoring=0.01)
ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])


def made(engine: Any, settings: LearnerSettings) -> Any:
    return engine(settings, initialise(settings.inputs, settings.hidden, seed=0))


def one(x: Any, y: Any) -> Any:
    return np.full((1, 1), x, np.float32), np.full((1, 1), y, np.float32)


@ENGINES
@pytest.mark.parametrize(
    "values", [{"loss": "squared"}, {"optimiser": "sgd"}, {"optimiser": "adam"}, {"optimiser": "ndekf"}], ids=str
)
def test_an_update_that_is_not_finite_is_counted_and_not_applied(engine: Any, values: dict[str, Any]) -> None:
    learner = made(engine, LearnerSettings(truncation=4, memory="none", anchoring=0, **values))
    learner.step_many(*one(1, 1))
    broken = learner.export()
    broken["parameters.v"][:] = 3e38  # finite, but no gradient through it is
    learner.load(broken)
    wrong = float(learner.predict(np.ones(1, np.float32))[0] <= 0.5)
    learner.step_many(*one(1, wrong))
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
def test_an_update_moves_every_weight_a_part_of_the_way_back(engine: Any) -> None:
    learner = made(engine, ANCHORED)
    first = learner.export()
    moved = learner.export()
    moved["parameters.U"] += 5
    moved["parameters.v"][:] = 0  # so that no gradient reaches U
    learner.load(moved)
    learner.step_many(*one(1, 1))
    assert learner.export()["parameters.U"] == pytest.approx(first["parameters.U"] + 5 * 0.99, abs=1e-5)


@ENGINES
def test_the_initial_weights_are_those_of_the_snapshot(engine: Any) -> None:
    learner, other = made(engine, ANCHORED), engine(ANCHORED, initialise(1, 16, seed=9))
    learner.step_many(*one(1, 1))
    other.load(learner.export())
    for each in (learner, other):
        each.step_many(np.ones((30, 1), np.float32), np.ones((30, 1), np.float32))
    assert hash_arrays(learner.export()) == hash_arrays(other.export())
