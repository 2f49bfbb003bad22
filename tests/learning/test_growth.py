"""A network that gets more inputs goes on where it was."""

from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.errors import IncompatibleError
from streamer.learning.engines.agreement import OUTPUT, disagreements
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.growth import widened, widened_rows
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.samples import Arrays, Floats

NONE: dict[str, Any] = {"memory": "none", "truncation": 4, "anchoring": 0.01}
RING: dict[str, Any] = {"memory": "ring", "memory_size": 3, "hidden": 5}
TAPS: dict[str, Any] = {"memory": "taps", "memory_size": 2, "hidden": 5, "optimiser": "adam"}
STALE: dict[str, Any] = {"gradient": "stale", "memory": "ring", "memory_size": 2, "truncation": 5}
RTRL: dict[str, Any] = {"gradient": "rtrl", "memory": "taps", "memory_size": 2, "hidden": 6}
CLASSES: dict[str, Any] = {"task": "multiclass", "classes": 3, "memory": "none"}
ANNEALED: dict[str, Any] = NONE | {"schedule": "annealed"}
NDEKF: dict[str, Any] = TAPS | {"optimiser": "ndekf"}
NDEKF_RING: dict[str, Any] = RING | {"optimiser": "ndekf", "hidden": 17}
EACH = pytest.mark.parametrize("values", [NONE, RING, TAPS, STALE, RTRL, CLASSES, ANNEALED, NDEKF, NDEKF_RING], ids=str)


def settings_of(inputs: int, values: dict[str, Any]) -> LearnerSettings:
    return LearnerSettings(inputs=inputs, **values)


def parameters_of(settings: LearnerSettings) -> Any:
    return initialise(feature_count(settings), settings.hidden, 0, settings.outputs)


def grown(arrays: Arrays, before: LearnerSettings, after: LearnerSettings) -> Arrays:
    return widened(arrays, before, after, seed=0)


def pair(engine: Any, values: dict[str, Any]) -> Any:
    """A learner of two inputs after 30 samples, and one of four that took over from it."""
    narrow_settings, wide_settings = settings_of(2, values), settings_of(4, values)
    narrow, wide = (
        engine(narrow_settings, parameters_of(narrow_settings)),
        engine(wide_settings, parameters_of(wide_settings)),
    )
    narrow.step_many(*stream(30))
    wide.load(grown(narrow.export(), narrow_settings, wide_settings))
    return narrow, wide


def stream(count: int, seed: int = 1) -> tuple[Floats, Floats]:
    xs = np.random.default_rng(seed).standard_normal((count, 2)).astype(np.float32)
    return xs, np.roll(xs[:, :1] > 0, 1).astype(np.float32)


def with_zeros(xs: Floats) -> Floats:
    return np.hstack([xs, np.zeros_like(xs)])


@EACH
def test_while_new_inputs_are_zero_predictions_keep_their_bits(values: dict[str, Any]) -> None:
    narrow, wide = pair(FusedEngine, values)
    xs, ys = stream(40, seed=2)
    np.testing.assert_array_equal(wide.step_many(with_zeros(xs), ys), narrow.step_many(xs, ys))


@EACH
def test_the_reference_goes_on_likewise_to_rounding(values: dict[str, Any]) -> None:
    narrow, wide = pair(ReferenceEngine, values)
    for x in stream(5, seed=2)[0]:
        assert wide.predict(with_zeros(x[None])[0]) == pytest.approx(narrow.predict(x), abs=OUTPUT)


@EACH
def test_what_was_learned_in_between_is_that_of_the_narrow_learner_made_wider(values: dict[str, Any]) -> None:
    narrow, wide = pair(FusedEngine, values)
    xs, ys = stream(40, seed=2)
    narrow.step_many(xs, ys)
    wide.step_many(with_zeros(xs), ys)
    expected = grown(narrow.export(), settings_of(2, values), settings_of(4, values))
    assert disagreements(wide.export(), expected, 0) == []


@EACH
def test_by_how_many_steps_a_network_has_grown_does_not_matter(values: dict[str, Any]) -> None:
    two, three, four = (settings_of(inputs, values) for inputs in (2, 3, 4))
    arrays = FusedEngine(two, parameters_of(two)).export()
    at_once, in_turn = grown(arrays, two, four), grown(grown(arrays, two, three), three, four)
    assert {name: array.tolist() for name, array in at_once.items()} == {
        name: array.tolist() for name, array in in_turn.items()
    }


@EACH
def test_the_arrays_fit_a_learner_of_the_larger_size(values: dict[str, Any]) -> None:
    narrow, wide = pair(FusedEngine, values)
    arrays = grown(narrow.export(), settings_of(2, values), settings_of(4, values))
    assert {name: (array.shape, array.dtype) for name, array in arrays.items()} == {
        name: (array.shape, array.dtype) for name, array in wide.export().items()
    }


@EACH
def test_new_inputs_are_heard_at_once_and_learned_from(values: dict[str, Any]) -> None:
    _, wide = pair(FusedEngine, values)
    before = wide.export()["parameters.W"]
    silent, loud = np.zeros(4, np.float32), np.array([0, 0, 1, -1], np.float32)
    assert not np.array_equal(wide.predict(silent), wide.predict(loud))
    wide.step_many(loud[None], np.ones((1, 1), np.float32))
    assert (wide.export()["parameters.W"] != before)[..., 2:4].all()


@pytest.mark.parametrize("values", [RING, TAPS], ids=str)
def test_rows_of_features_are_those_that_the_wide_memory_makes(values: dict[str, Any]) -> None:
    narrow, wide = settings_of(2, values), settings_of(4, values)
    xs, ys = stream(3)
    engines = [ReferenceEngine(settings, parameters_of(settings)) for settings in (narrow, wide)]
    for engine, rows in zip(engines, (xs, with_zeros(xs)), strict=True):
        engine.step_many(rows, ys)
    inputs = [engine.export()["window.inputs"] for engine in engines]
    np.testing.assert_array_equal(widened_rows(inputs[0], narrow, wide), inputs[1])


@pytest.mark.parametrize(("inputs", "memory"), [(1, "none"), (3, "ring")])
def test_fewer_inputs_or_another_memory_are_refused(inputs: int, memory: Any) -> None:
    before = LearnerSettings(inputs=2, memory="none")
    after = LearnerSettings(inputs=inputs, memory=memory)
    with pytest.raises(IncompatibleError, match=r"at least 2 inputs, memory none"):
        grown(FusedEngine(before, parameters_of(before)).export(), before, after)
