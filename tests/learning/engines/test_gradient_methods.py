"""What each method calls the gradient, held against autograd over the whole past, written out here once more."""

from typing import Any

import numpy as np
import pytest
import torch

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.agreement import GRADIENT, disagreements
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.network import initialise
from streamer.learning.snapshot import part

UNLABELLED = np.full((6, 1), np.nan, np.float32)


def gru(p: Any, x: Any, h: Any) -> Any:
    a, u = p["W"] @ x + p["b"], p["U"] @ h
    r, z = torch.sigmoid(a[0] + u[0]), torch.sigmoid(a[1] + u[1])
    n = torch.tanh(a[2] + r * (u[2] + p["c"]))
    return (1 - z) * n + z * h


def full_gradient(parameters: Any, xs: Any, y: Any, cut: int) -> Any:
    """∂ loss / ∂ parameters after all of xs, the gradient cut in front of the last `cut` steps."""
    p = {name: torch.tensor(value, requires_grad=True) for name, value in parameters.items()}
    h = torch.zeros(p["v"].shape)
    for t, x in enumerate(torch.tensor(xs)):
        h = gru(p, x, h.detach() if t == len(xs) - cut else h)
    logit = p["v"] @ h + p["a"]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, torch.tensor(y))
    slopes = torch.autograd.grad(loss, tuple(p.values()))
    return {name: slope.numpy() for name, slope in zip(p, slopes, strict=True)}


@pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])
@pytest.mark.parametrize(("method", "truncation", "cut"), [("tbptt", 4, 4), ("stale", 4, 4), ("rtrl", 1, 7)])
def test_while_the_weights_stand_still_it_is_autograds(engine: Any, method: str, truncation: int, cut: int) -> None:
    settings = LearnerSettings(
        inputs=2,
        hidden=5,
        memory="none",
        anchoring=0,
        gradient=method,
        truncation=truncation,
        optimiser="sgd",
        step_size=1,
    )
    parameters = initialise(2, 5, seed=3)
    xs = np.random.default_rng(4).standard_normal((7, 2)).astype(np.float32)
    learner = engine(settings, parameters)
    learner.step_many(xs[:6], UNLABELLED)
    learner.step_many(xs[6:], np.ones((1, 1), np.float32))
    moved = {name: parameters[name] - value for name, value in part(learner.export(), "parameters").items()}
    assert disagreements(moved, full_gradient(parameters, xs, 1.0, cut), GRADIENT) == []


@pytest.mark.parametrize("engine", [FusedEngine, ReferenceEngine])
@pytest.mark.parametrize("method", ["tbptt", "stale", "rtrl"])
def test_the_gradient_reaches_the_input_before(engine: Any, method: str) -> None:
    # x_{t−1} changes the update of W at t although its own sample had no label
    settings = LearnerSettings(inputs=1, hidden=4, memory="none", anchoring=0, gradient=method, truncation=2)
    updates = []
    for before in (0.0, 1.0):
        learner = engine(settings, initialise(1, 4, seed=0))
        learner.step_many(np.array([[before], [0.0]], np.float32), np.array([[np.nan], [1.0]], np.float32))
        updates.append(learner.export()["parameters.W"] - initialise(1, 4, seed=0)["W"])
    # with x_t = 0 a gradient cut at one step would leave W alone
    assert np.abs(updates[0]).max() == 0
    assert np.abs(updates[1]).max() > 1e-4
