"""Optimisers that treat each number of the gradient on its own, made of one of torch's own."""

import math
from collections.abc import Mapping
from types import ModuleType

import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.snapshot import part
from streamer.samples import Arrays


class Elementwise:
    """The optimiser of a file that has the names of its state, and `rule`."""

    def __init__(self, file: ModuleType, parameters: Mapping[str, nn.Parameter], settings: LearnerSettings) -> None:
        self._parameters = parameters
        self._names: tuple[str, ...] = file.STATE
        self._rule: torch.optim.Optimizer = file.rule(parameters.values(), settings.step_size)
        zeros = {name: torch.zeros_like(value) for name, value in parameters.items()}
        self._set(dict.fromkeys(self._names, zeros), 0)

    def begin(self, slopes: Tensor) -> Tensor:
        """With them."""
        return slopes

    def gradient_norm(self) -> float:
        """Of all parameters."""
        return math.sqrt(square_of(self._parameters))

    def step(self, step_size: float) -> None:
        """One step of all parameters."""
        self._rule.param_groups[0]["lr"] = step_size
        self._rule.step()

    def clear(self) -> None:
        """The gradients are none."""
        self._rule.zero_grad()

    def export(self) -> Arrays:
        """The state for each parameter."""
        return {
            f"optimiser.{state}.{name}": self._rule.state[value][state].numpy().copy()
            for name, value in self._parameters.items()
            for state in self._names
        }

    def load(self, arrays: Arrays, updates: int) -> None:
        """The inverse of `export`."""
        own = {state: part(arrays, f"optimiser.{state}") for state in self._names}
        self._set({state: {name: torch.tensor(a) for name, a in of.items()} for state, of in own.items()}, updates)

    def _set(self, state: Mapping[str, Mapping[str, Tensor]], updates: int) -> None:
        """State name → parameter → tensor, in the way torch keeps it; `step` is the count of updates."""
        for name, value in self._parameters.items():
            own = {kind: tensors[name].clone() for kind, tensors in state.items()}
            self._rule.state[value] = {"step": torch.tensor(float(updates)), **own} if own else {}


def square_of(parameters: Mapping[str, nn.Parameter]) -> float:
    """The squared norm of the gradient that is on the parameters."""
    return sum(float(value.grad.square().sum()) for value in parameters.values() if value.grad is not None)
