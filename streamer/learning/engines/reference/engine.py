"""The readable specification of a learner's step: memory, forward, loss of the prediction, autograd, optimiser."""

from collections import deque

import numpy as np
import torch
from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.guard import GuardedOptimiser
from streamer.learning.engines.reference.head import Head
from streamer.learning.engines.reference.pieces import CELLS, GRADIENTS, LOSSES, MEMORIES, OPTIMISERS, SCHEDULES
from streamer.learning.engines.reference.rows import rows, stacked
from streamer.learning.engines.trail import Trail
from streamer.learning.insight import TRACE, Insight
from streamer.learning.network import INPUT_LIMIT, Parameters
from streamer.learning.snapshot import part
from streamer.samples import Arrays, Floats, Numbers


class ReferenceEngine:
    """A learner in torch, on the CPU, one sample at a time."""

    name = "reference"
    widens_exactly = False  # torch sums a longer row in another order

    def __init__(self, settings: LearnerSettings, parameters: Parameters) -> None:
        self._hidden, self._outputs = settings.hidden, settings.outputs
        self._cell = CELLS[settings.cell](parameters)
        self._head = Head(parameters)
        self._loss = LOSSES[settings.objective]()
        self._memory = MEMORIES[settings.bank](settings)
        self._method = GRADIENTS[settings.gradient](settings, self._cell)
        self._parameters = {
            name: value for module in (self._cell, self._head) for name, value in module.named_parameters()
        }
        self._schedule = SCHEDULES["annealed" if settings.annealed else "constant"](settings)
        rule = OPTIMISERS[settings.optimiser]
        self._optimiser = GuardedOptimiser(rule, self._parameters, settings, self._schedule)
        self._samples = 0
        self._trace: deque[Tensor] = deque(maxlen=TRACE)

    def predict(self, x: Floats) -> Floats:
        """The prediction (O,) after x, with nothing changed."""
        with torch.no_grad():
            outputs = self._head(self._method.run(self._memory.read(_clipped(x))))
            return self._loss.prediction(outputs).numpy()

    def step_many(self, xs: Floats, ys: Floats, trail: Trail | None = None) -> Floats:
        """Each sample in turn."""
        predictions = []
        for t, (x, y) in enumerate(zip(xs, ys, strict=True)):
            features = self._memory.read(_clipped(x))
            if trail is not None:
                trail.hidden[t], trail.inputs[t] = self._method.front().numpy(), features.numpy()
            predictions.append(self._step(features, torch.tensor(y)))
        return stacked(predictions, (self._outputs,))

    def _step(self, features: Tensor, y: Tensor) -> Tensor:
        hidden = self._method.run(features)
        outputs = self._head(hidden)
        prediction = self._loss.prediction(outputs).detach()
        self._trace.append(hidden.detach())
        self._memory.keep(features)
        self._method.advance()
        self._learn(outputs, y)
        self._samples += 1
        return prediction

    def relearn(self, hidden: Floats, windows: Floats, lengths: Numbers, ys: Floats) -> None:
        """Each label in turn: its window from the state in front of it, the loss, autograd, optimiser."""
        for front, window, length, y in zip(hidden, windows, lengths, ys, strict=True):
            h = torch.tensor(front)
            for features in rows(window[:length]):
                h = self._cell(features, h)
            self._learn(self._head(h), torch.tensor(y))

    def _learn(self, outputs: Tensor, y: Tensor) -> None:
        if not y.isnan().all():
            (slopes,) = torch.autograd.grad(self._loss.loss(outputs, y), outputs)
            torch.autograd.backward(outputs, self._optimiser.begin(slopes))
            self._optimiser.update(slopes)

    def counts(self) -> dict[str, int]:
        """Samples, updates and skipped updates of the learner's life, and with softmax the classes."""
        return {
            "samples": self._samples,
            "updates": self._optimiser.updates,
            "skipped_updates": self._optimiser.skipped,
        } | self._loss.counts()

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
        pieces = (self._optimiser, self._schedule, self._memory, self._method)
        return arrays | {name: array for piece in pieces for name, array in piece.export().items()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.copy_(torch.tensor(arrays[f"parameters.{name}"]))
        counts = {name: int(count) for name, count in part(arrays, "counts").items()}
        self._optimiser.load(arrays, counts["updates"], counts["skipped_updates"])
        self._schedule.load(arrays)
        self._loss.load(counts)
        self._memory.load(arrays)
        self._method.load(arrays)
        self._samples = counts["samples"]


def _clipped(x: Floats) -> Tensor:
    return torch.tensor(x).clamp(-INPUT_LIMIT, INPUT_LIMIT)
