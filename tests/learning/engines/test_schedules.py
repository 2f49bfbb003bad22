"""The annealed step size is its rule: stated plainly of what the engine publishes, held against what it exports."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.network import initialise
from streamer.samples import Floats

pytestmark = pytest.mark.timeout(300)  # each case compiles a kernel

# settings of test_agreement, because kernels that are shared are compiled once
PLAIN: dict[str, Any] = {"memory": "none", "truncation": 4, "anchoring": 0, "schedule": "annealed"}
CLASSES: dict[str, Any] = {"task": "multiclass", "classes": 4, "inputs": 2}
SEVERAL: dict[str, Any] = {"task": "forecast", "horizons": (1, 2), "loss": "huber", "hidden": 3}
SGD: dict[str, Any] = {"optimiser": "sgd", "step_size": 0.1}

ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])


def made(engine: Any, **values: Any) -> Any:
    settings = LearnerSettings(**PLAIN | values)
    return engine(settings, initialise(settings.inputs, settings.hidden, 1, settings.outputs))


def stream(values: dict[str, Any], count: int, turn: int) -> tuple[Floats, Floats]:
    """What is to be learned turns round after `turn` samples; there is noise, and labels are missing."""
    rng = np.random.default_rng(4)
    xs = rng.standard_normal((count, values.get("inputs", 1))).astype(np.float32)
    signs = np.where(np.arange(count) < turn, 1, -1)
    level = (signs * xs[:, 0] + 0.3 * rng.standard_normal(count) > 0).astype(np.float32)
    ys = np.tile(level[:, None], (1, len(values.get("horizons", [1]))))
    ys[rng.random(ys.shape) < 0.1] = np.nan
    return xs, ys


def slopes(values: dict[str, Any], prediction: Floats, y: Floats) -> Floats:
    """∂L/∂outputs; where there is no label, 0."""
    wanted = np.arange(4) == y[0] if values == CLASSES else y
    return np.asarray(np.clip(np.nan_to_num(prediction - wanted), -1, 1), np.float32)


def states(surprises: Iterable[float]) -> np.ndarray:
    """Age, fast, slow and n after each."""
    age = fast = slow = 0.0
    rows = []
    for n, surprise in enumerate(surprises, 1):
        fast += max(1 / n, 1 / 50) * (surprise - fast)
        slow += max(1 / n, 1 / 2000) * (surprise - slow)
        age = age * (1 - 1 / 50) if fast > 1.2 * slow else age + 1
        rows.append((age, fast, slow, n))
    return np.array(rows)


@pytest.mark.parametrize("values", [{}, CLASSES, SEVERAL], ids=str)
@pytest.mark.parametrize(("engine", "count"), [(FusedEngine, 1500), (ReferenceEngine, 400)])
def test_the_state_is_that_of_the_rule(engine: Any, count: int, values: dict[str, Any]) -> None:
    learner = made(engine, **values)
    xs, ys = stream(values, count, turn=count // 2)
    learner.step_many(xs[:2], np.zeros_like(ys[:2]) + np.array([[0], [1]], np.float32))  # the classes there are
    begun, found, surprises = learner.export(), [], []
    learner.load(begun | {"schedule.state": np.zeros(4, np.float32)})
    for x, y in zip(xs, ys, strict=True):
        prediction = learner.step_many(x[None], y[None])[0]
        if not np.isnan(y).all():
            surprises.append(0.5 * np.square(slopes(values, prediction, y).astype(np.float64)).sum())
            found.append(learner.export()["schedule.state"])
    np.testing.assert_allclose(np.array(found), states(surprises), rtol=1e-4, atol=1e-6)
    assert 1 < np.diff([age for age, *_ in found]).min() * -1 < 20  # there were drifts


@ENGINES
def test_the_step_falls_with_the_root_of_the_age(engine: Any) -> None:
    learner = made(engine, **SGD)
    one = np.ones((1, 1), np.float32)
    for age, share in ((0, 1), (500, 0.5**0.5), (1500, 0.5), (49_500, 0.1)):
        before = learner.export()
        learner.load(before | {"schedule.state": np.array([age, 0.5, 0.5, 9], np.float32)})
        slope = learner.step_many(one, one)[0, 0] - 1
        moved = learner.export()["parameters.a"] - before["parameters.a"]
        assert moved == pytest.approx(-0.1 * share * slope, rel=1e-4)


@ENGINES
def test_a_schedule_ages_to_a_tenth_of_the_step_and_no_further(engine: Any) -> None:
    learner = made(engine)
    one = np.ones((1, 1), np.float32)
    for age in (49_499, 49_500):
        learner.load(learner.export() | {"schedule.state": np.array([age, 0.5, 0.5, 9], np.float32)})
        learner.step_many(one, one)
        assert learner.export()["schedule.state"][0] == 49_500


@ENGINES
def test_neither_a_sample_without_a_label_nor_an_update_that_is_skipped_moves_it(engine: Any) -> None:
    learner = made(engine)
    one = np.ones((1, 1), np.float32)
    learner.step_many(one, one)
    before = learner.export()
    learner.step_many(one, one * np.nan)
    assert learner.export()["schedule.state"].tolist() == before["schedule.state"].tolist()
    learner.load(before | {"parameters.v": np.full_like(before["parameters.v"], np.nan)})
    learner.step_many(one, one)
    assert learner.counts()["skipped_updates"] == 1
    assert learner.export()["schedule.state"].tolist() == before["schedule.state"].tolist()


def test_a_drift_makes_it_young_and_what_is_new_is_learned_sooner_than_at_a_step_that_is_small() -> None:
    xs, ys = stream({}, 5000, turn=3000)
    free, old = made(FusedEngine), made(FusedEngine)
    for learner in (free, old):
        learner.step_many(xs[:3000], ys[:3000])
    fast, slow, n = free.export()["schedule.state"][1:]
    free.load(free.export() | {"schedule.state": np.array([20_000, fast, slow, n], np.float32)})
    ages, errors = [], np.zeros(2)
    for x, y in zip(xs[3000:, None], ys[3000:, None], strict=True):
        old.load(old.export() | {"schedule.state": np.array([20_000, 0, 1, n], np.float32)})
        errors += [abs(float(np.nan_to_num(learner.step_many(x, y) - y)[0, 0])) for learner in (free, old)]
        ages.append(free.export()["schedule.state"][0])
    assert min(ages) < 500
    assert errors[0] < 0.8 * errors[1]
