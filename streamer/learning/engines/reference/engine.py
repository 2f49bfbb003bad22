"""The readable specification of a learner's step: forward over the window, loss at t only, autograd, optimiser."""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.cell import GRU, Head
from streamer.learning.engines.reference.optimiser import Optimiser
from streamer.learning.engines.reference.window import Window
from streamer.learning.network import INPUT_LIMIT, Parameters
from streamer.learning.snapshot import Arrays
from streamer.samples import Floats


class ReferenceEngine:
    """A learner in torch, on the CPU, one sample at a time."""

    name = "reference"

    def __init__(self, settings: LearnerSettings, parameters: Parameters) -> None:
        self._cell: nn.Module = GRU(parameters)
        self._head = Head(parameters)
        self._parameters = {
            name: value for module in (self._cell, self._head) for name, value in module.named_parameters()
        }
        self._optimiser = Optimiser(self._parameters, settings.step_size)
        self._window = Window(settings.hidden, settings.inputs, settings.truncation)
        self._samples = 0

    def predict(self, x: Floats) -> float:
        """σ(logit) after x, with nothing changed."""
        with torch.no_grad():
            states = self._window.run(self._cell, _clipped(x))
            return torch.sigmoid(self._head(states[-1])).item()

    def step_many(self, xs: Floats, ys: Floats) -> Floats:
        """Each sample in turn."""
        return np.array([self._step(_clipped(x), float(y)) for x, y in zip(xs, ys, strict=True)], np.float32)

    def _step(self, x: Tensor, y: float) -> float:
        states = self._window.run(self._cell, x)
        logit = self._head(states[-1])
        prediction = torch.sigmoid(logit).item()
        if not math.isnan(y):
            torch.autograd.backward(binary_cross_entropy_with_logits(logit, torch.tensor(y)))
            self._optimiser.update()
        self._window.advance(x, states)
        self._samples += 1
        return prediction

    def export(self) -> Arrays:
        """Copies of parameters, optimiser state, window and counts."""
        hidden, inputs = self._window.export()
        tensors: dict[str, Tensor] = {"window.hidden": hidden, "window.inputs": inputs}
        tensors |= {f"parameters.{name}": value.detach() for name, value in self._parameters.items()}
        tensors |= {f"optimiser.{name}": value for name, value in self._optimiser.export().items()}
        tensors |= {f"counts.{name}": torch.tensor(value) for name, value in self._counts().items()}
        return {name: tensor.numpy().copy() for name, tensor in tensors.items()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        tensors = {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.copy_(tensors[f"parameters.{name}"])
        self._optimiser.load({name.removeprefix("optimiser."): value for name, value in tensors.items()})
        self._optimiser.updates = int(tensors["counts.updates"])
        self._optimiser.skipped = int(tensors["counts.skipped_updates"])
        self._window.load(tensors["window.hidden"], tensors["window.inputs"])
        self._samples = int(tensors["counts.samples"])

    def _counts(self) -> dict[str, int]:
        return {
            "samples": self._samples,
            "updates": self._optimiser.updates,
            "skipped_updates": self._optimiser.skipped,
        }


def _clipped(x: Floats) -> Tensor:
    return torch.tensor(x).clamp(-INPUT_LIMIT, INPUT_LIMIT)
