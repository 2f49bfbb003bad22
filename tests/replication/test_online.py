"""Stateful training, one time step an update: what is kept, and how far the gradient runs."""

import numpy as np
import pytest
import torch
from torch import nn

from streamer.replication.bits import PREVIOUS, bits
from streamer.replication.keras.adam import Adam
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators
from streamer.replication.online import Online, learn_all
from streamer.replication.system import silent
from streamer.replication.trace import Trace


def run(seeds: list[int], samples: int = 30, truncation: int = 1) -> Trace:
    cell = GRU(generators(seeds), inputs=1, units=3)
    learner = Online(cell, nn.Identity(), step_sizes=[1e-2] * len(seeds), truncation=truncation)
    return learn_all(learner, *bits(seeds, samples, PREVIOUS), "", silent)


def test_the_kept_state_is_that_of_the_forward_pass_before_each_update() -> None:
    xs, ys = bits([0], 20, PREVIOUS)
    cell = GRU(generators([0]), inputs=1, units=3)
    optimiser, h, losses = Adam(cell.parameters(), [1e-2]), cell.initial_state(1), []
    for x, y in zip(xs[0], ys[0], strict=True):
        h = cell(torch.full((1, 1, 1), float(x)), h.detach())
        loss = (h - float(y)).square().mean()
        optimiser.minimise(loss[None])
        losses.append(loss.item())
    np.testing.assert_allclose(run([0], 20).losses[0], losses, rtol=1e-5)


@pytest.mark.parametrize("truncation", [1, 2, 3])
def test_a_run_is_the_same_whatever_runs_beside_it(truncation: int) -> None:
    alone, beside = run([5], truncation=truncation), run([4, 5, 6], truncation=truncation)
    np.testing.assert_allclose(beside.losses[1], alone.losses[0], rtol=1e-4)
    assert not np.allclose(beside.losses[0], beside.losses[1])


@pytest.mark.parametrize(("truncation", "reached"), [(1, False), (2, True)])
def test_one_step_cuts_the_gradient_before_the_previous_input_and_two_do_not(
    truncation: int, reached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[torch.Tensor] = []
    monkeypatch.setattr(Adam, "minimise", lambda _, losses: told.append(losses))
    cell = GRU(generators([0]), inputs=1, units=3)
    learner = Online(cell, nn.Identity(), step_sizes=[1e-2], truncation=truncation)
    previous = torch.ones(1, requires_grad=True)
    learner.learn(previous, torch.zeros(1))
    learner.learn(torch.zeros(1), torch.zeros(1))
    (gradient,) = torch.autograd.grad(told[-1].sum(), previous, allow_unused=True, materialize_grads=True)
    assert bool(gradient.abs() > 0) is reached
