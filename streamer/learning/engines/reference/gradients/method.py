"""What a gradient method must do. It holds the hidden state and whatever else of the past its gradient needs."""

from typing import Protocol

from torch import Tensor

from streamer.samples import Arrays


class GradientMethod(Protocol):
    """Makes h_t such that autograd's gradient of it, with respect to the parameters, is the method's."""

    def front(self) -> Tensor:
        """The stored hidden state (H,) in front of the window of the next run."""
        ...

    def run(self, x: Tensor) -> Tensor:
        """From x (F,), h_t (H,). What the learner exports is unchanged; what `advance` needs is remembered."""
        ...

    def advance(self) -> None:
        """Make the last run's step the past. To be called before its graph is freed and the parameters change."""
        ...

    def export(self) -> Arrays:
        """Copies of the state, under the names that all engines share."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
