"""How closely two engines must agree: one table of tolerances, for the tests and for the benchmark alike.

The reference computes with the exact tanh and sums in torch's order, a fused kernel with a quotient of polynomials and
in its own order; both in float32. So they differ by rounding, which the optimiser carries on from step to step.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

OUTPUT = 1e-6
"""One prediction, from equal state."""
GRADIENT = 1e-5
"""One gradient, from equal state; relative where the gradient is larger than one."""
TRAJECTORY = 2e-4
"""Predictions and state after 1,000 updates."""


def disagreements(
    ours: Mapping[str, npt.NDArray[Any]], theirs: Mapping[str, npt.NDArray[Any]], tolerance: float
) -> list[str]:
    """What differs by more than the tolerance, relative to numbers larger than one; empty if they agree.

    >>> disagreements({"a": np.ones(2)}, {"a": np.array([1.0, 1.5])}, 0.1)
    ['a differs by 0.33']
    """
    found = [f"{name} is in one only" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        found += _difference(name, ours[name], theirs[name], tolerance)
    return found


def _difference(name: str, a: npt.NDArray[Any], b: npt.NDArray[Any], tolerance: float) -> list[str]:
    if a.shape != b.shape or a.dtype != b.dtype:
        return [f"{name} is {a.dtype} {a.shape} and {b.dtype} {b.shape}"]
    distance = np.abs(a.astype(np.float64) - b) / np.maximum(np.abs(b), 1)
    worst = float(distance.max(initial=0.0))
    return [] if worst <= tolerance else [f"{name} differs by {worst:.2g}"]
