"""A label that comes late: the gradient of its own step, at today's weights, and nothing else moves."""

from typing import Any

import numpy as np
import pytest
import torch

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.agreement import GRADIENT, TRAJECTORY, disagreements
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.engines.trail import Trail
from streamer.learning.memory import feature_count
from streamer.learning.network import initialise
from streamer.learning.snapshot import part

pytestmark = pytest.mark.timeout(300)  # each case compiles two kernels

# settings of test_agreement, because kernels that are shared are compiled once
RING: dict[str, Any] = {"memory": "ring", "memory_size": 3, "inputs": 2}
STALE: dict[str, Any] = {"gradient": "stale", "truncation": 5, "hidden": 17}
RTRL: dict[str, Any] = {"gradient": "rtrl", "hidden": 6, "memory": "ring", "memory_size": 2}
CLASSES: dict[str, Any] = {"task": "multiclass", "classes": 4, "inputs": 2}
GAUSSIAN: dict[str, Any] = {
    "task": "forecast",
    "horizons": (1, 3),
    "loss": "gaussian",
    "memory": "taps",
    "memory_size": 2,
}
ADAM: dict[str, Any] = {"optimiser": "adam"}
ANNEALED: dict[str, Any] = {"schedule": "annealed"}
NDEKF: dict[str, Any] = {"optimiser": "ndekf", "hidden": 17}
EACH = pytest.mark.parametrize("values", [RING, STALE, RTRL, CLASSES, GAUSSIAN, ADAM, ANNEALED, NDEKF], ids=str)
BY_WINDOW = pytest.mark.parametrize("values", [RING, CLASSES, GAUSSIAN, ADAM, ANNEALED, NDEKF], ids=str)
ENGINES = pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])


class Late:
    """An engine whose labels come some samples late, and the trail that this takes."""

    def __init__(self, engine: Any, values: dict[str, Any], lag: int) -> None:
        self.settings = LearnerSettings(**{"memory": "none", "truncation": 4, "anchoring": 0, **values})
        options = {"poison": True} if engine is FusedEngine else {}
        self.engine = engine(self.settings, parameters_of(self.settings), **options)
        self.lag = lag
        self.trail: list[Trail] = []

    def run(self, xs: Any, ys: Any) -> Any:
        predictions = []
        for t, x in enumerate(xs):
            self.trail.append(Trail.blank(self.settings, 1))
            predictions.append(self.engine.step_many(x[None], np.full_like(ys[:1], np.nan), self.trail[-1])[0])
            if t >= self.lag:
                self.label(t - self.lag, ys[t - self.lag])
        return np.array(predictions)

    def label(self, t: int, y: Any) -> None:
        self.engine.relearn(*self.window(t), y[None])

    def window(self, t: int) -> Any:
        K = self.settings.truncation
        length = min(t + 1, K)
        windows = np.full((1, K, feature_count(self.settings)), np.nan, np.float32)
        windows[0, :length] = np.concatenate([each.inputs for each in self.trail[t + 1 - length : t + 1]])
        # with rtrl a trail has the state in front of each step, else the one in front of the step's window
        front = self.trail[t - (length - 1 if self.settings.gradient == "rtrl" else 0)]
        return front.hidden, windows, np.array([length])


def parameters_of(settings: LearnerSettings) -> Any:
    return initialise(feature_count(settings), settings.hidden, 1, settings.outputs)


def stream(settings: LearnerSettings, count: int) -> Any:
    rng = np.random.default_rng(3)
    xs = rng.standard_normal((count, settings.inputs)).astype(np.float32)
    past = np.stack([np.roll(xs[:, 0], lag + 1) for lag in range(settings.targets)], 1)
    ys = np.digitize(past, [-0.5, 0.5] if settings.objective == "softmax" else [0]).astype(np.float32)
    return xs, ys


@BY_WINDOW
def test_a_label_no_sample_late_gives_the_bits_of_one_that_comes_along(values: dict[str, Any]) -> None:
    late, plain = Late(FusedEngine, values, 0), Late(FusedEngine, values, 0)
    xs, ys = stream(late.settings, 60)
    np.testing.assert_array_equal(late.run(xs, ys), plain.engine.step_many(xs, ys))
    assert disagreements(late.engine.export(), plain.engine.export(), 0) == []


@EACH
@pytest.mark.parametrize("lag", [0, 7])
def test_both_engines_learn_the_same_from_late_labels(values: dict[str, Any], lag: int) -> None:
    fused, reference = Late(FusedEngine, values, lag), Late(ReferenceEngine, values, lag)
    xs, ys = stream(fused.settings, 120)
    assert np.abs(fused.run(xs, ys) - reference.run(xs, ys)).max() < TRAJECTORY
    assert disagreements(fused.engine.export(), reference.engine.export(), TRAJECTORY) == []


@ENGINES
@EACH
def test_only_weights_and_their_counts_move(engine: Any, values: dict[str, Any]) -> None:
    late = Late(engine, values, 100)
    xs, ys = stream(late.settings, 9)
    late.run(xs, ys)
    before, seen = late.engine.export(), late.engine.insight().hidden
    late.label(5, ys[5])
    after = late.engine.export()
    moved = {name for name in after if not np.array_equal(before[name], after[name])}
    assert {name.split(".")[0] for name in moved} <= {"parameters", "optimiser", "schedule", "counts"}
    assert {name for name in moved if name.startswith("counts")} <= {"counts.updates", "counts.classes"}
    assert after["counts.updates"] == 1
    np.testing.assert_array_equal(late.engine.insight().hidden, seen)


@ENGINES
@pytest.mark.parametrize("method", ["tbptt", "stale", "rtrl"])
def test_the_gradient_is_autograds_over_the_window_with_todays_weights(engine: Any, method: str) -> None:
    late = Late(engine, {"gradient": method, "hidden": 5, "inputs": 2, "optimiser": "sgd", "step_size": 1.0}, 100)
    xs, ys = stream(late.settings, 9)
    late.run(xs, ys)
    moved = late.engine.export()
    rng = np.random.default_rng(5)
    today = {
        name: value + rng.normal(0, 0.3, value.shape).astype(np.float32)
        for name, value in part(moved, "parameters").items()
    }
    late.engine.load(moved | {f"parameters.{name}": value for name, value in today.items()})
    late.label(6, np.ones(1, np.float32))
    found = {name: today[name] - value for name, value in part(late.engine.export(), "parameters").items()}
    hidden = window_front(parameters_of(late.settings), xs[:3])
    assert disagreements(found, gradient(today, hidden, xs[3:7]), GRADIENT) == []


def gru(p: Any, x: Any, h: Any) -> Any:
    a, u = p["W"] @ x + p["b"], p["U"] @ h
    r, z = torch.sigmoid(a[0] + u[0]), torch.sigmoid(a[1] + u[1])
    n = torch.tanh(a[2] + r * (u[2] + p["c"]))
    return (1 - z) * n + z * h


def window_front(parameters: Any, xs: Any) -> Any:
    """The hidden state after these inputs, while the weights stood still."""
    p = {name: torch.tensor(value) for name, value in parameters.items()}
    h = torch.zeros(p["v"].shape)
    for x in torch.tensor(xs):
        h = gru(p, x, h)
    return h


def gradient(parameters: Any, h: Any, xs: Any) -> Any:
    """∂L/∂θ of the cross-entropy for target 1 after a window."""
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    for x in torch.tensor(xs):
        h = gru(p, x, h)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(p["v"] @ h + p["a"], torch.tensor(1.0))
    slopes = torch.autograd.grad(loss, tuple(p.values()))
    return {name: slope.numpy() for name, slope in zip(p, slopes, strict=True)}


@ENGINES
def test_several_labels_in_one_call_are_learned_in_turn(engine: Any) -> None:
    one, all_at_once = Late(engine, RING, 100), Late(engine, RING, 100)
    xs, ys = stream(one.settings, 9)
    for late in (one, all_at_once):
        late.run(xs, ys)
    for t in (7, 2, 2, 0):
        one.label(t, ys[t])
    windows = [np.concatenate(arrays) for arrays in zip(*map(all_at_once.window, (7, 2, 2, 0)), strict=True)]
    all_at_once.engine.relearn(*windows, ys[[7, 2, 2, 0]])
    assert disagreements(one.engine.export(), all_at_once.engine.export(), 0) == []


@ENGINES
def test_a_late_label_whose_gradient_is_not_finite_is_skipped_and_counted(engine: Any) -> None:
    late = Late(engine, RING, 100)
    late.run(*stream(late.settings, 5))
    broken = late.engine.export()
    broken["parameters.v"][:] = np.nan
    late.engine.load(broken)
    late.label(3, np.ones(1, np.float32))
    assert late.engine.counts() == {"samples": 5, "updates": 0, "skipped_updates": 1}
    np.testing.assert_array_equal(late.engine.export()["parameters.U"], broken["parameters.U"])


@ENGINES
def test_leaving_a_trail_changes_no_bit(engine: Any) -> None:
    plain, trailing = Late(engine, RING, 0), Late(engine, RING, 0)
    xs, ys = stream(plain.settings, 30)
    trail = Trail.blank(plain.settings, 30)
    np.testing.assert_array_equal(trailing.engine.step_many(xs, ys, trail), plain.engine.step_many(xs, ys))
    assert disagreements(plain.engine.export(), trailing.engine.export(), 0) == []
    assert (trail.inputs[:, :2] == xs).all()
    assert np.count_nonzero(trail.hidden[:4]) == 0
    assert np.count_nonzero(trail.hidden[4]) > 0
