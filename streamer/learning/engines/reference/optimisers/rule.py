"""What an optimiser must do."""

from typing import Protocol

from torch import Tensor

from streamer.samples import Arrays


class Rule(Protocol):
    """Holds the parameters, on which the backward pass leaves its gradient, and what the next update depends on."""

    def begin(self, slopes: Tensor) -> Tensor:
        """From ∂L/∂outputs (O,), what the backward pass begins with."""
        ...

    def gradient_norm(self) -> float:
        """Of ∂L/∂θ; an update is not made if it is not finite."""
        ...

    def step(self, step_size: float) -> None:
        """Update the parameters."""
        ...

    def clear(self) -> None:
        """Take the gradient away."""
        ...

    def export(self) -> Arrays:
        """Copies of the state, under the names that all engines share."""
        ...

    def load(self, arrays: Arrays, updates: int) -> None:
        """The inverse of `export`, after so many updates."""
        ...
