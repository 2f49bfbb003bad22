"""The weights of both levels and the stacks: what any mixture has, for each horizon."""

from typing import NamedTuple

import numpy as np

from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.stack import prior_covariances
from streamer.samples import Arrays, Numbers


class Levels(NamedTuple):
    """Arrays that the kernels change. The top level has L weights: of the level-1 mixture, of S stacks, of members."""

    labels: Doubles
    """(H, 1), how many were learned."""
    weights: Doubles
    """(H, N), of level 1."""
    top: Doubles
    """(H, L)."""
    thetas: Doubles
    """(H, S, N)."""
    covariances: Doubles
    """(H, S, N, N)."""
    losses: Doubles
    """(H, 2, N + 1), how many and their mean, of each member and of the mixture."""

    def shares(self, anchors: Numbers) -> Doubles:
        """(N,), what each member carries, the mean over horizons; `anchors` are the members that the top level has.

        A stack with weights θ says what a weighting by θ + (1 − Σ θ) w of the members would say, w those of level 1.
        """
        spread = self.thetas + (1 - self.thetas.sum(axis=2, keepdims=True)) * self.weights[:, None]
        sizes = np.abs(spread) + 1e-300
        rows = np.concatenate([self.weights[:, None], sizes / sizes.sum(axis=2, keepdims=True)], axis=1)
        corrected = rows.shape[1]
        carried = np.einsum("hl,hln->n", self.top[:, :corrected], rows)
        carried[anchors] += self.top[:, corrected:].sum(axis=0)
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


def new_levels(prior: Doubles, top: Doubles, variances: tuple[float, ...], horizons: int = 1) -> Levels:
    """From the first weights of level 1 (N,) and of the top level (L,), and the variances of the stacks' weights (S,).

    >>> new_levels(np.ones(1), np.array([0.5, 0.5]), (0.1,)).shares(np.empty(0, np.int64)).tolist()
    [1.0]
    """
    members = len(prior)
    return Levels(
        np.zeros((horizons, 1)),
        np.tile(prior, (horizons, 1)),
        np.tile(top, (horizons, 1)),
        np.zeros((horizons, len(variances), members)),
        np.tile(prior_covariances(members, variances), (horizons, 1, 1, 1)),
        np.zeros((horizons, 2, members + 1)),
    )
