"""What a learner needs of its task."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from streamer.samples import Arrays, Floats


class Prepared(NamedTuple):
    """A block before the network sees it."""

    features: Floats
    """(T, F + extra)."""
    targets: Floats
    """(T, M), what the network's loss compares its output with; NaN for none."""
    offers: Floats
    """(T, C), what turns outputs into predictions."""


class Outcome(Protocol):
    """A task's way of stating targets and predictions. State runs along sample by sample."""

    extra: int
    """Features that it adds to those of the row."""
    width: int
    """W, the numbers of a prediction."""
    wanted: str
    """What a target must be, for people."""

    @property
    def classes(self) -> tuple[float, ...]:
        """The classes found, by place; none where the task has none."""
        ...

    def admits_one(self, y: float) -> bool:
        """Whether a target can be learned from; NaN, no label, always can."""
        ...

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """(T,) → which targets can be learned from; NaN, no label, always may."""
        ...

    def prepare(self, features: Floats, ys: Floats) -> Prepared:
        """(T, F), (T,), and take in what the targets tell."""
        ...

    def conclude(self, outputs: Floats, ys: Floats, offers: Floats) -> tuple[Floats, Floats]:
        """Outputs (T, O) → predictions (T,) or (T, W), each fixed before its own target is looked at.

        And what each of them keeps until its target comes (T, C').
        """
        ...

    def peek(self, features: Floats, ys: Floats) -> Prepared:
        """As `prepare` for one sample without a target, taking in nothing."""
        ...

    def show(self, output: Floats, offers: Floats) -> Floats:
        """Output (1, O) → the prediction (1,) or (1, W), taking in nothing."""
        ...

    def late(self, kept: Floats, ys: Floats) -> Floats:
        """Targets (M,) of one sample that come late, with what it kept (1, C') → (1, M), and take in what they tell."""
        ...

    def export(self) -> Arrays:
        """The state as arrays."""
        ...

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        ...
