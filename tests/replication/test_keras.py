"""Keras' layers and optimiser, against their plain statements in numpy."""

import numpy as np
import numpy.typing as npt
import torch

from streamer.replication.keras.adam import Adam
from streamer.replication.keras.dense import Dense
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators

Array = npt.NDArray[np.float64]


def sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def plain_step(W: Array, U: Array, bias: Array, x: Array, h: Array) -> Array:
    """One unit at a time, as Keras documents it."""
    H = len(h)
    new = np.empty(H)
    for j in range(H):
        z = sigmoid(x @ W[:, j] + bias[0, j] + h @ U[:, j] + bias[1, j])
        r = sigmoid(x @ W[:, H + j] + bias[0, H + j] + h @ U[:, H + j] + bias[1, H + j])
        n = np.tanh(x @ W[:, 2 * H + j] + bias[0, 2 * H + j] + r * (h @ U[:, 2 * H + j] + bias[1, 2 * H + j]))
        new[j] = z * h[j] + (1 - z) * n
    return new


def test_the_cell_computes_what_keras_documents() -> None:
    cell = GRU(generators([3, 4]), inputs=2, units=3)
    rng = np.random.default_rng(0)
    with torch.no_grad():
        cell.bias.copy_(torch.tensor(rng.standard_normal((2, 2, 9))))
    x, h = rng.standard_normal((2, 5, 2)), rng.uniform(-1, 1, (2, 5, 3))
    got = cell(torch.tensor(x, dtype=torch.float32), torch.tensor(h, dtype=torch.float32)).detach().numpy()
    for run in range(2):
        W, U, bias = (value[run].detach().numpy().astype(float) for value in cell.parameters())
        expected = [plain_step(W, U, bias, x[run, row], h[run, row]) for row in range(5)]
        np.testing.assert_allclose(got[run], expected, atol=1e-6)


def test_the_kernels_are_drawn_over_all_three_gates_together() -> None:
    cell = GRU(generators(range(50)), inputs=1, units=16)
    bound = np.sqrt(6 / (1 + 48))
    assert 0.95 * bound < cell.kernel.abs().max().item() <= bound
    identity = torch.eye(16).expand(50, 16, 16)
    torch.testing.assert_close(cell.recurrent_kernel @ cell.recurrent_kernel.mT, identity, atol=1e-5, rtol=0)
    assert not cell.bias.any()


def test_a_runs_first_weights_do_not_depend_on_the_runs_beside_it() -> None:
    alone, beside = GRU(generators([7]), inputs=1, units=4), GRU(generators([6, 7]), inputs=1, units=4)
    assert torch.equal(alone.kernel[0], beside.kernel[1])
    assert torch.equal(alone.recurrent_kernel[0], beside.recurrent_kernel[1])
    assert not torch.equal(beside.kernel[0], beside.kernel[1])


def test_adam_takes_the_steps_that_keras_states() -> None:
    head = Dense(generators([0, 1]), inputs=1, units=1)
    theta, m, v = head.kernel.detach().numpy().astype(float).ravel(), np.zeros(2), np.zeros(2)
    optimiser = Adam([head.kernel], [1e-3, 1e-2])
    for t in range(1, 20):
        g = 1e-4 * t * theta  # small, so that ε counts
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        theta = theta - np.array([1e-3, 1e-2]) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)
        optimiser.minimise(1e-4 * t * head.kernel.square().sum((1, 2)) / 2)
    np.testing.assert_allclose(head.kernel.detach().numpy().ravel(), theta, rtol=1e-5)
