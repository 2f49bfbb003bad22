"""What the members of one committee predict."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from streamer.samples import Floats

Kind = Literal["binary", "classes", "numbers"]
Doubles = npt.NDArray[np.float64]

LEAST = 1e-6
"""No probability is said to be smaller, of what has been found."""


@dataclass(frozen=True, slots=True)
class Target:
    """One kind for all members.

    >>> Target("binary").width, Target("classes", classes=5).width, Target("numbers", horizon=12).width
    (1, 5, 1)
    """

    kind: Kind
    classes: int = 2
    """The most that there may be."""
    horizon: int = 1
    """h, for numbers: sample n has value n + h of a series as its target. The label of a sample whose target comes with
    it is value n + 1: what is known of it is known before the next sample."""

    @property
    def width(self) -> int:
        """W, numbers in a prediction."""
        return self.classes if self.kind == "classes" else 1


def within(probabilities: Floats, kind: Kind) -> Floats:
    """Probabilities (T, W) that are none too sure: rows of classes still sum to 1 over the places found, not 0.

    >>> within(np.array([[1]], np.float32), "binary").round(7).tolist()
    [[0.9999989867210388]]
    """
    if kind == "binary":
        return np.clip(probabilities, np.float32(LEAST), np.float32(1 - LEAST))
    found = probabilities > 0
    count = np.count_nonzero(found, axis=1, keepdims=True)
    return np.where(found, LEAST + (1 - LEAST * count) * probabilities, 0).astype(np.float32)
