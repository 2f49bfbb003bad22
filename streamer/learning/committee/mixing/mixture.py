"""What makes one prediction of the members' predictions, and learns which of them to believe."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from streamer.samples import Arrays, Floats

Doubles = npt.NDArray[np.float64]


class Losses(NamedTuple):
    """Mean losses: of all samples at first, later of about the last 1,000. NaN where none was seen."""

    members: Doubles
    """(N,)."""
    mixture: float


class Mixture(Protocol):
    """Mixes the predictions of N members, W numbers each. NaN: the member is absent, and takes no part in this sample.

    Every prediction is fixed before its own target is looked at. However a stream is cut, the bits are the same.
    """

    def step_many(self, predictions: Floats, ys: Floats) -> tuple[Floats, Floats]:
        """(T, N, W), (T,) → mixed (T, W), and what a late label needs (T, C).

        Targets are as the members get them, NaN for none (yet).
        """
        ...

    def peek(self, predictions: Floats) -> Floats:
        """(1, N, W) → (1, W), what `step_many` would predict; changes nothing."""
        ...

    def label(self, kept: Floats, ys: Floats) -> None:
        """Learn labels (n,) that come late, from what `step_many` kept (n, C), with the weights of now."""
        ...

    def shares(self) -> Doubles:
        """(N,), how much each member carries now: not below 0, and 1 in sum."""
        ...

    def losses(self) -> Losses:
        """Bits, or absolute errors for numbers."""
        ...

    def export(self) -> Arrays:
        """Everything that decides the future, as arrays (copies)."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
