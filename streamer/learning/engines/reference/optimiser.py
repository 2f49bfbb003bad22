"""RMSProp behind a guard: an update whose gradient is not finite is never applied, only counted.

    s ← ρ s + (1 − ρ) g²,  θ ← θ − η g / (√s + ε)      (Hinton's lecture 6e, ε outside the root)

ρ = 0.99, ε = 1e-3. The large ε is on purpose: on a stream that never ends, gradients become tiny, s decays, and with
the usual 1e-8 the next surprise would be a giant step that destroys what was learned.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

DECAY = 0.99
EPSILON = 1e-3


class Optimiser:
    """Applies the gradients that autograd has left on the parameters, and clears them."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], step_size: float) -> None:
        self._parameters = dict(parameters)
        self._rule = torch.optim.RMSprop(self._parameters.values(), lr=step_size, alpha=DECAY, eps=EPSILON)
        self.updates = 0
        self.skipped = 0
        self.load({f"square_avg.{name}": torch.zeros_like(value) for name, value in self._parameters.items()})

    def update(self) -> None:
        """One step, or none if the gradient's squared norm is not finite."""
        square = sum(value.grad.square().sum() for value in self._parameters.values() if value.grad is not None)
        if torch.isfinite(torch.as_tensor(square)):
            self._rule.step()
            self.updates += 1
        else:
            self.skipped += 1
        self._rule.zero_grad()

    def export(self) -> dict[str, Tensor]:
        """The running mean of squared gradients of each parameter."""
        return {f"square_avg.{name}": self._rule.state[value]["square_avg"] for name, value in self._parameters.items()}

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """The inverse of `export`."""
        for name, value in self._parameters.items():
            self._rule.state[value] = {
                "step": torch.tensor(0.0),  # torch wants one; RMSProp's arithmetic does not use it
                "square_avg": tensors[f"square_avg.{name}"].clone(),
            }
