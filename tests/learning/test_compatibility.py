from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.errors import IncompatibleError
from streamer.learning.learner import Learner
from streamer.learning.snapshot import Snapshot

SETTINGS = LearnerSettings(hidden=3, truncation=3)


@pytest.fixture
def snapshot() -> Any:
    learner = Learner(SETTINGS)
    learner.step_many(np.ones((5, 1)), np.ones(5))
    return learner.snapshot()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", 4),
        ("truncation", 2),
        ("memory", "none"),
        ("memory_size", 5),
        ("memory_radius", 0.9),
        ("gradient", "rtrl"),
        ("optimiser", "adam"),
        ("loss", "squared"),
        ("anchoring", 0.1),
        ("schedule", "annealed"),
    ],
)
def test_a_snapshot_of_other_structure_is_refused_with_what_differs(
    snapshot: Snapshot[Any], name: Any, value: Any
) -> None:
    with pytest.raises(IncompatibleError, match=rf"{name} .*\(here {value}\)"):
        Learner.restore(snapshot, settings=SETTINGS.model_copy(update={name: value}))


def test_auto_memory_fits_a_snapshot_of_what_it_stands_for(snapshot: Snapshot[Any]) -> None:
    Learner.restore(snapshot, settings=SETTINGS.model_copy(update={"memory": "ring"}))


def test_a_tunable_setting_may_differ_and_is_the_new_one(snapshot: Snapshot[Any]) -> None:
    learner = Learner.restore(snapshot, settings=SETTINGS.model_copy(update={"step_size": 0.5}))
    other = Learner.restore(snapshot)
    for each in (learner, other):
        each.learn_one([1.0], 0)
    assert learner.state_hash() != other.state_hash()


def test_a_snapshot_of_another_version_is_refused(snapshot: Snapshot[Any]) -> None:
    with pytest.raises(IncompatibleError, match="version 99"):
        Learner.restore(replace(snapshot, version=99))


def without(snapshot: Snapshot[Any], name: Any) -> Any:
    return Snapshot(snapshot.settings, {key: array for key, array in snapshot.arrays.items() if key != name})


def test_a_missing_array_is_named(snapshot: Snapshot[Any]) -> None:
    with pytest.raises(IncompatibleError, match=r"optimiser\.square_avg\.W.*none"):
        Learner.restore(without(snapshot, "optimiser.square_avg.W"))


@pytest.mark.parametrize("array", [np.zeros(4, np.float32), np.zeros(3, np.float64)])
def test_an_array_of_another_shape_or_type_is_named(snapshot: Snapshot[Any], array: Any) -> None:
    with pytest.raises(IncompatibleError, match=r"window\.hidden"):
        Learner.restore(Snapshot(snapshot.settings, snapshot.arrays | {"window.hidden": array}))


def test_a_window_that_does_not_fit_the_count_of_samples_is_refused(snapshot: Snapshot[Any]) -> None:
    short = snapshot.arrays["window.inputs"][:1]
    with pytest.raises(IncompatibleError, match=r"window\.inputs.*1 rows.*2"):
        Learner.restore(Snapshot(snapshot.settings, snapshot.arrays | {"window.inputs": short}))
