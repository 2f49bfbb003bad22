"""The weights of both levels and the stacks: what any mixture has."""

from typing import NamedTuple

import numpy as np

from streamer.learning.committee.mixing.mixture import Doubles, Losses
from streamer.learning.committee.mixing.stack import prior_covariances
from streamer.samples import Numbers

TYPES = "float64[::1], float64[::1], float64[::1], float64[:,::1], float64[:,:,::1], float64[:,::1]"
"""Of these arrays, for kernels."""


class Levels(NamedTuple):
    """Arrays that the kernels change. The top level has L weights: of the level-1 mixture, of S stacks, of members."""

    labels: Doubles
    """(1,), how many were learned."""
    weights: Doubles
    """(N,), of level 1."""
    top: Doubles
    """(L,)."""
    thetas: Doubles
    """(S, N)."""
    covariances: Doubles
    """(S, N, N)."""
    losses: Doubles
    """(2, N + 1), how many and their mean, of each member and of the mixture."""

    def shares(self, anchors: Numbers) -> Doubles:
        """(N,), what each member carries; `anchors` are the members that the top level has.

        A stack with weights θ says what a weighting by θ + (1 − Σ θ) w of the members would say, w those of level 1.
        """
        spread = self.thetas + (1 - self.thetas.sum(axis=1, keepdims=True)) * self.weights
        sizes = np.abs(spread) + 1e-300
        rows = np.concatenate([self.weights[None], sizes / sizes.sum(axis=1, keepdims=True)])
        carried = np.einsum("l,ln->n", self.top[: len(rows)], rows)
        carried[anchors] += self.top[len(rows) :]
        return np.asarray(carried / carried.sum())

    def told(self) -> Losses:
        """The mean losses."""
        counts, means = self.losses
        known = np.where(counts > 0, means, np.nan)
        return Losses(known[:-1], float(known[-1]))


def new_levels(prior: Doubles, top: Doubles, variances: tuple[float, ...]) -> Levels:
    """From the first weights of level 1 (N,) and of the top level (L,), and the variances of the stacks' weights (S,).

    >>> new_levels(np.ones(1), np.array([0.5, 0.5]), (0.1,)).shares(np.empty(0, np.int64)).tolist()
    [1.0]
    """
    members = len(prior)
    return Levels(
        np.zeros(1),
        prior.copy(),
        top.copy(),
        np.zeros((len(variances), members)),
        prior_covariances(members, variances),
        np.zeros((2, members + 1)),
    )
