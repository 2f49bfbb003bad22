"""The readable specification of a learner's step: memory, forward, loss of the prediction, autograd, optimiser."""

import math
from collections import deque

import numpy as np
import torch
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.guard import GuardedOptimiser
from streamer.learning.engines.reference.head import Head
from streamer.learning.engines.reference.pieces import CELLS, GRADIENTS, LOSSES, MEMORIES, OPTIMISERS
from streamer.learning.insight import TRACE, Insight
from streamer.learning.network import INPUT_LIMIT, Parameters
from streamer.samples import Arrays, Floats


class ReferenceEngine:
    """A learner in torch, on the CPU, one sample at a time."""

    name = "reference"

    def __init__(self, settings: LearnerSettings, parameters: Parameters) -> None:
        self._hidden = settings.hidden
        self._cell = CELLS[settings.cell](parameters)
        self._head = Head(parameters)
        self._loss = LOSSES[settings.objective]
        self._memory = MEMORIES[settings.bank](settings)
        self._method = GRADIENTS[settings.gradient](settings, self._cell)
        self._parameters = {
            name: value for module in (self._cell, self._head) for name, value in module.named_parameters()
        }
        self._optimiser = GuardedOptimiser(OPTIMISERS[settings.optimiser], self._parameters, settings)
        self._samples = 0
        self._trace: deque[Tensor] = deque(maxlen=TRACE)

    def predict(self, x: Floats) -> float:
        """The prediction after x, with nothing changed."""
        with torch.no_grad():
            output = self._head(self._method.run(self._memory.read(_clipped(x))))
            return float(self._loss.prediction(output).item())

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """Each sample in turn."""
        return np.array([self._step(_clipped(x), float(y)) for x, y in zip(xs, ys, strict=True)], np.float32)

    def _step(self, x: Tensor, y: float) -> float:
        features = self._memory.read(x)
        hidden = self._method.run(features)
        output = self._head(hidden)
        prediction = float(self._loss.prediction(output).item())
        self._trace.append(hidden.detach())
        self._memory.keep(features)
        self._method.advance()
        if not math.isnan(y):
            torch.autograd.backward(self._loss.loss(output, y))
            self._optimiser.update()
        self._samples += 1
        return prediction

    def counts(self) -> dict[str, int]:
        """Samples, updates and skipped updates of the learner's life."""
        return {
            "samples": self._samples,
            "updates": self._optimiser.updates,
            "skipped_updates": self._optimiser.skipped,
        }

    def insight(self) -> Insight:
        """Norms, and the last hidden states."""
        weights = torch.cat([value.detach().flatten() for value in self._parameters.values()])
        hidden = [state.numpy() for state in self._trace]
        return Insight(
            self._optimiser.gradient_norm,
            float(weights.norm()),
            np.array(hidden, np.float32).reshape(len(hidden), self._hidden),
        )

    def export(self) -> Arrays:
        """Copies of parameters, optimiser state, memory, the past and counts."""
        arrays: Arrays = {f"counts.{name}": np.array(value) for name, value in self.counts().items()}
        arrays |= {f"parameters.{name}": value.detach().numpy().copy() for name, value in self._parameters.items()}
        return arrays | self._optimiser.export() | self._memory.export() | self._method.export()

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.copy_(torch.tensor(arrays[f"parameters.{name}"]))
        self._optimiser.load(arrays, int(arrays["counts.updates"]), int(arrays["counts.skipped_updates"]))
        self._memory.load(arrays)
        self._method.load(arrays)
        self._samples = int(arrays["counts.samples"])


def _clipped(x: Floats) -> Tensor:
    return torch.tensor(x).clamp(-INPUT_LIMIT, INPUT_LIMIT)
