"""An optimiser behind a guard: an update whose gradient is not finite is never applied, only counted.

An update that is applied pulls the parameters to their initial values first, beside the gradient and not through it:

    θ ← θ − κ (θ − θ₀)      (weight decay of Loshchilov & Hutter 2019, towards the first values)
"""

import math
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.optimisers.rule import Rule
from streamer.learning.engines.reference.schedules.schedule import Schedule
from streamer.learning.snapshot import part
from streamer.samples import Arrays

MakeRule = Callable[[Mapping[str, nn.Parameter], LearnerSettings], Rule]


class GuardedOptimiser:
    """Applies the gradients that autograd has left on the parameters, and clears them."""

    def __init__(
        self, make: MakeRule, parameters: Mapping[str, nn.Parameter], settings: LearnerSettings, schedule: Schedule
    ) -> None:
        self._parameters = dict(parameters)
        self._rule = make(self._parameters, settings)
        self._anchoring, self._schedule = settings.anchoring, schedule
        self._initial = {name: value.detach().clone() for name, value in self._parameters.items()}
        self.updates = 0
        self.skipped = 0
        self.gradient_norm = math.nan

    def begin(self, slopes: Tensor) -> Tensor:
        """From ∂L/∂outputs (O,), what the backward pass begins with."""
        return self._rule.begin(slopes)

    def update(self, slopes: Tensor) -> None:
        """One step, or none if the gradient's squared norm is not finite; ∂L/∂outputs (O,) is for the schedule."""
        self.gradient_norm = self._rule.gradient_norm()
        if math.isfinite(self.gradient_norm):
            self._pull()
            self._rule.step(self._schedule.advance(slopes))
            self.updates += 1
        else:
            self.skipped += 1
        self._rule.clear()

    def _pull(self) -> None:
        with torch.no_grad():
            for name, value in self._parameters.items():
                value.sub_(self._anchoring * (value - self._initial[name]))

    def export(self) -> Arrays:
        """The optimiser's state, and the initial parameters if they pull."""
        pulling = self._initial if self._anchoring else {}
        return self._rule.export() | {f"initial.{name}": value.numpy().copy() for name, value in pulling.items()}

    def load(self, arrays: Arrays, updates: int, skipped: int) -> None:
        """The inverse of `export`, and the counts."""
        self.updates, self.skipped = updates, skipped
        if self._anchoring:
            self._initial = {name: torch.tensor(array) for name, array in part(arrays, "initial").items()}
        self._rule.load(arrays, updates)
