"""An optimiser behind a guard: an update whose gradient is not finite is never applied, only counted.

An update that is applied pulls the parameters to their initial values first, beside the gradient and not through it:

    θ ← θ − κ (θ − θ₀)      (weight decay of Loshchilov & Hutter 2019, towards the first values)
"""

import math
from collections.abc import Mapping
from types import ModuleType

import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.schedules.schedule import Schedule
from streamer.learning.snapshot import part
from streamer.samples import Arrays


class GuardedOptimiser:
    """Applies the gradients that autograd has left on the parameters, and clears them."""

    def __init__(
        self,
        optimiser: ModuleType,
        parameters: Mapping[str, nn.Parameter],
        settings: LearnerSettings,
        schedule: Schedule,
    ) -> None:
        self._parameters = dict(parameters)
        self._names: tuple[str, ...] = optimiser.STATE
        self._rule: torch.optim.Optimizer = optimiser.rule(self._parameters.values(), settings.step_size)
        self._anchoring, self._schedule = settings.anchoring, schedule
        self._initial = {name: value.detach().clone() for name, value in self._parameters.items()}
        self.updates = 0
        self.skipped = 0
        self.gradient_norm = math.nan
        self._set({state: {name: torch.zeros_like(p) for name, p in parameters.items()} for state in self._names})

    def update(self, slopes: Tensor) -> None:
        """One step, or none if the gradient's squared norm is not finite; ∂L/∂outputs (O,) is for the schedule."""
        square = sum(float(value.grad.square().sum()) for value in self._parameters.values() if value.grad is not None)
        self.gradient_norm = math.sqrt(square)
        if math.isfinite(self.gradient_norm):
            self._pull()
            self._rule.param_groups[0]["lr"] = self._schedule.advance(slopes)
            self._rule.step()
            self.updates += 1
        else:
            self.skipped += 1
        self._rule.zero_grad()

    def _pull(self) -> None:
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.sub_(self._anchoring * (value - self._initial[name]))

    def export(self) -> Arrays:
        """The optimiser's state for each parameter, and the initial parameters if they pull."""
        arrays: Arrays = {}
        for name, value in self._parameters.items():
            for state in self._names:
                arrays[f"optimiser.{state}.{name}"] = self._rule.state[value][state].numpy().copy()
            if self._anchoring:
                arrays[f"initial.{name}"] = self._initial[name].numpy().copy()
        return arrays

    def load(self, arrays: Arrays, updates: int, skipped: int) -> None:
        """The inverse of `export`, and the counts."""
        self.updates, self.skipped = updates, skipped
        if self._anchoring:
            self._initial = {name: torch.tensor(array) for name, array in part(arrays, "initial").items()}
        own = {state: part(arrays, f"optimiser.{state}") for state in self._names}
        self._set({state: {name: torch.tensor(a) for name, a in of.items()} for state, of in own.items()})

    def _set(self, state: Mapping[str, Mapping[str, Tensor]]) -> None:
        """State name → parameter → tensor, in the way torch keeps it; `step` is the count of updates."""
        for name, value in self._parameters.items():
            own = {kind: tensors[name] for kind, tensors in state.items()}
            self._rule.state[value] = {"step": torch.tensor(float(self.updates)), **own} if own else {}
