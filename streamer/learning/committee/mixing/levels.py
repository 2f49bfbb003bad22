"""The weights of both levels and the stacks: what any mixture has, for each horizon."""

from typing import NamedTuple

import numpy as np

from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.share import equal
from streamer.learning.committee.mixing.stack import STACKS, prior_covariances
from streamer.samples import Arrays

LEVELS = 1 + STACKS
"""What the top level chooses from: the level-1 mixture and the stacks."""


class Levels(NamedTuple):
    """Arrays that the kernels change."""

    weights: Doubles
    """(H, N), of level 1."""
    top: Doubles
    """(H, LEVELS)."""
    thetas: Doubles
    """(H, STACKS, N)."""
    covariances: Doubles
    """(H, STACKS, N, N)."""
    losses: Doubles
    """(H, 2, N + 1), how many and their mean, of each member and of the mixture."""

    def shares(self, thetas: Doubles) -> Doubles:
        """(N,), what each member carries, the mean over horizons.

        Its weight of level 1, and its part of Σ |θ| of each stack, by the top's weights; `thetas` (H, STACKS, N) say
        what each prediction is multiplied with.
        """
        sizes = np.abs(thetas) + 1e-300
        rows = np.concatenate([self.weights[:, None], sizes / sizes.sum(axis=2, keepdims=True)], axis=1)
        carried = np.einsum("hl,hln->n", self.top, rows)
        return np.asarray(carried / carried.sum())

    def told(self) -> Losses:
        """The mean losses, over horizons too."""
        counts, means = self.losses[:, 0], self.losses[:, 1]
        seen = counts > 0
        sums, of = np.where(seen, means, 0.0).sum(axis=0), seen.sum(axis=0)
        overall = np.where(of > 0, sums / np.maximum(of, 1), np.nan)
        return Losses(overall[:-1], float(overall[-1]))

    def export(self) -> Arrays:
        """Copies."""
        return {name: array.copy() for name, array in self._asdict().items()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        for name, array in self._asdict().items():
            array[...] = arrays[name]


def new_levels(members: int, *, theta: float, variance: float, horizons: int = 1) -> Levels:
    """Nothing is preferred; `theta` and `variance` are those of a stack's weights.

    >>> new_levels(4, theta=0.25, variance=1.0).top[0].round(2).tolist()
    [0.33, 0.33, 0.33]
    """
    return Levels(
        np.tile(equal(members), (horizons, 1)),
        np.tile(equal(LEVELS), (horizons, 1)),
        np.full((horizons, STACKS, members), theta),
        np.tile(prior_covariances(members, variance), (horizons, 1, 1, 1)),
        np.zeros((horizons, 2, members + 1)),
    )
