"""What a schedule must do."""

from typing import Protocol

from torch import Tensor

from streamer.samples import Arrays


class Schedule(Protocol):
    """Holds what the next step depends on."""

    def advance(self, slopes: Tensor) -> float:
        """The step of an update whose ∂L/∂outputs (O,) these are; what they make of the next one is remembered."""
        ...

    def export(self) -> Arrays:
        """Copies of the state, under the names that all engines share."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
