"""Training as Keras' `fit` does it: epochs of shuffled batches of sequences, the last tenth kept for validation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from streamer.replication.keras.adam import Adam
from streamer.replication.keras.dense import Dense
from streamer.replication.keras.gru import GRU
from streamer.replication.keras.initialisers import generators

BATCH = 512
VALIDATION = 0.1
STEP_SIZE = 1e-3

_SHUFFLING = 2
"""Sets the order of the sequences apart from the weights and the bits of the same seed."""


class SequenceModel(nn.Module):
    """A GRU and, at each time step, a linear head; the state starts at zero in each sequence.

    >>> sum(value.numel() for value in SequenceModel([0], units=2).parameters())
    33
    """

    def __init__(self, seeds: Sequence[int], *, units: int) -> None:
        super().__init__()
        rngs = generators(seeds)
        self.cell = GRU(rngs, inputs=1, units=units)
        self.head = Dense(rngs, inputs=units, units=1)

    def forward(self, xs: Tensor) -> Tensor:
        """Xs (R, B, T) → outputs (R, B, T)."""
        h = self.cell.initial_state(batch=xs.shape[1])
        outputs = [self.head(h := self.cell(x[..., None], h)) for x in xs.unbind(2)]
        return torch.cat(outputs, dim=2)


@dataclass(frozen=True, slots=True)
class Losses:
    """Of one epoch, a value a run: while training (each batch before its update), and after it on what was kept."""

    training: list[float]
    validation: list[float]


def fit(model: SequenceModel, xs: Tensor, ys: Tensor, seeds: Sequence[int]) -> Iterator[Losses]:
    """Train on xs, ys (R, N, T), an epoch for each value that is asked for. Iterating on goes on training."""
    optimiser = Adam(model.parameters(), [STEP_SIZE] * len(seeds))
    orders = [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SHUFFLING,))) for seed in seeds]
    training = round(xs.shape[1] * (1 - VALIDATION))
    while True:
        order = np.stack([rng.permutation(training) for rng in orders])
        loss = _epoch(model, optimiser, xs, ys, order)
        with torch.no_grad():
            kept = _mean_square(model(xs[:, training:]), ys[:, training:])
        yield Losses(loss.tolist(), kept.tolist())


def _epoch(model: SequenceModel, optimiser: Adam, xs: Tensor, ys: Tensor, order: npt.NDArray[np.int64]) -> Tensor:
    """One pass in the given order (R, N); the mean loss of each run, over sequences."""
    runs = torch.arange(len(xs))[:, None]
    sequences, total = int(order.shape[1]), torch.zeros(len(xs))
    for first in range(0, sequences, BATCH):
        batch = torch.tensor(order[:, first : first + BATCH])
        loss = _mean_square(model(xs[runs, batch]), ys[runs, batch])
        optimiser.minimise(loss)
        total += loss.detach() * batch.shape[1]
    return total / sequences


def _mean_square(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).square().mean((1, 2))
