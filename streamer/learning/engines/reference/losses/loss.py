"""What a loss must do."""

from typing import Protocol

from torch import Tensor


class Loss(Protocol):
    """From outputs (O,) and targets (M,), of which NaN is no label and at least one is there."""

    def prediction(self, outputs: Tensor) -> Tensor:
        """The prediction (O,)."""
        ...

    def loss(self, outputs: Tensor, y: Tensor) -> Tensor:
        """The sum over the targets that have a label, ()."""
        ...

    def counts(self) -> dict[str, int]:
        """Its state, which is counts by name."""
        ...

    def load(self, counts: dict[str, int]) -> None:
        """The inverse of `counts`."""
        ...


class Stateless:
    """A loss without a state, whose prediction is the outputs."""

    def prediction(self, outputs: Tensor) -> Tensor:
        """The outputs."""
        return outputs

    def counts(self) -> dict[str, int]:
        """None."""
        return {}

    def load(self, counts: dict[str, int]) -> None:
        """Nothing to take over."""
