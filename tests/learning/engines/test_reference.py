"""The reference engine is held against the mathematics itself: a plain statement of it, and autograd."""

from functools import partial

import numpy as np
import pytest
import torch

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.cells.gru import GRU
from streamer.learning.engines.reference.engine import ReferenceEngine
from streamer.learning.engines.reference.gradients.tbptt import TruncatedBackpropagation
from streamer.learning.engines.reference.guard import GuardedOptimiser
from streamer.learning.engines.reference.head import Head
from streamer.learning.engines.reference.optimisers import rmsprop
from streamer.learning.engines.reference.optimisers.elementwise import Elementwise
from streamer.learning.engines.reference.schedules.constant import Constant
from streamer.learning.network import initialise
from streamer.learning.optimisation import RMSPROP_DECAY as DECAY
from streamer.learning.optimisation import RMSPROP_EPSILON as EPSILON
from streamer.samples import Floats


def sigmoid(a: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-a)))


def plain_cell(p: dict[str, Floats], x: np.ndarray, h: np.ndarray) -> np.ndarray:
    r = sigmoid(p["W"][0] @ x + p["U"][0] @ h + p["b"][0])
    z = sigmoid(p["W"][1] @ x + p["U"][1] @ h + p["b"][1])
    n = np.tanh(p["W"][2] @ x + p["b"][2] + r * (p["U"][2] @ h + p["c"]))
    return np.asarray((1 - z) * n + z * h)


def random_parameters(inputs: int, hidden: int) -> dict[str, Floats]:
    rng = np.random.default_rng(9)
    return {
        name: (value + 0.3 * rng.standard_normal(value.shape)).astype(np.float32)
        for name, value in initialise(inputs, hidden, seed=2).items()
    }


def test_the_cell_is_the_equations() -> None:
    parameters = random_parameters(3, 5)
    rng = np.random.default_rng(1)
    x, h = rng.standard_normal(3, np.float32), rng.standard_normal(5, np.float32)
    ours = GRU(parameters)(torch.tensor(x), torch.tensor(h)).detach().numpy()
    assert ours == pytest.approx(plain_cell(parameters, x, h), abs=1e-6)


def test_the_cell_is_torchs_gru_with_its_second_biases_zero_but_the_candidates() -> None:
    parameters = random_parameters(3, 5)
    theirs = torch.nn.GRUCell(3, 5)
    flat = {name: torch.tensor(value) for name, value in parameters.items()}
    with torch.no_grad():
        theirs.weight_ih.copy_(flat["W"].reshape(15, 3))
        theirs.weight_hh.copy_(flat["U"].reshape(15, 5))
        theirs.bias_ih.copy_(flat["b"].reshape(15))
        theirs.bias_hh.copy_(torch.cat([torch.zeros(10), flat["c"]]))
    x, h = torch.randn(3, generator=torch.Generator().manual_seed(0)), torch.full((5,), 0.3)
    assert torch.allclose(GRU(parameters)(x, h), theirs(x, h), atol=1e-6)


@pytest.mark.parametrize("truncation", [1, 2, 5])
def test_the_prediction_is_a_run_over_the_window_from_the_stored_state(truncation: int) -> None:
    parameters = initialise(2, 4, seed=0)
    engine = ReferenceEngine(LearnerSettings(inputs=2, hidden=4, truncation=truncation, memory="none"), parameters)
    xs = np.random.default_rng(0).standard_normal((9, 2), np.float32)
    engine.step_many(xs[:8], np.full((8, 1), np.nan, np.float32))
    h = np.zeros(4)
    for x in xs:
        h = plain_cell(parameters, x, h)
    expected = sigmoid(parameters["v"] @ h + parameters["a"])
    assert engine.predict(xs[8]) == pytest.approx(float(expected), abs=1e-6)


@pytest.mark.parametrize(("truncation", "reached"), [(1, 1), (2, 2), (4, 4)])
def test_the_gradient_reaches_exactly_the_inputs_of_the_window(truncation: int, reached: int) -> None:
    parameters = initialise(1, 4, seed=0)
    settings = LearnerSettings(inputs=1, hidden=4, truncation=truncation, memory="none")
    head, method = Head(parameters), TruncatedBackpropagation(settings, GRU(parameters))
    xs = [torch.tensor([1.0], requires_grad=True) for _ in range(6)]
    for x in xs[:-1]:
        method.run(x)
        method.advance()
    torch.autograd.backward(head(method.run(xs[-1])))
    touched = [x.grad is not None and float(x.grad.abs()) > 0 for x in xs]
    assert touched == [False] * (6 - reached) + [True] * reached


def test_an_update_is_rmsprop_of_the_loss_of_the_published_prediction() -> None:
    settings = LearnerSettings(inputs=1, hidden=3, truncation=2, step_size=0.05, memory="none")
    parameters = initialise(1, 3, seed=0)
    engine = ReferenceEngine(settings, parameters)
    prediction = engine.step_many(np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32))[0, 0]
    gradient = prediction  # d/da of the cross-entropy of σ(v·h + a) with target 0
    square = (1 - DECAY) * gradient**2
    expected = parameters["a"] - 0.05 * gradient / (np.sqrt(square) + EPSILON)
    assert engine.export()["parameters.a"] == pytest.approx(float(expected), abs=1e-6)


def test_an_update_that_is_not_finite_is_counted_and_never_applied() -> None:
    weight = torch.nn.Parameter(torch.ones(2))
    settings = LearnerSettings(step_size=0.1)
    optimiser = GuardedOptimiser(partial(Elementwise, rmsprop), {"w": weight}, settings, Constant(settings))
    weight.grad = torch.tensor([1.0, float("nan")])
    optimiser.update(torch.ones(1))
    assert weight.tolist() == [1.0, 1.0]
    assert (optimiser.updates, optimiser.skipped) == (0, 1)
    assert optimiser.export()["optimiser.square_avg.w"].tolist() == [0.0, 0.0]
