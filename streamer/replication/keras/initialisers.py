"""The first values that Keras gives to weights, drawn for each run from its own seed."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

_WEIGHTS = 1
"""Sets the weights' random numbers apart from those that the same seed gives to the bits."""


def generators(seeds: Sequence[int]) -> list[np.random.Generator]:
    """One generator a run: what a run draws does not depend on the runs beside it."""
    return [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_WEIGHTS,))) for seed in seeds]


def glorot_uniform(rngs: Sequence[np.random.Generator], rows: int, columns: int) -> nn.Parameter:
    """(R, rows, columns), uniform in ±√(6 / (rows + columns)) (Glorot & Bengio 2010).

    Keras counts all columns of a GRU's kernel, its three gates together: 3H and not H.

    >>> glorot_uniform(generators([0, 1]), 1, 48).shape
    torch.Size([2, 1, 48])
    """
    bound = np.sqrt(6 / (rows + columns))
    return _parameter([rng.uniform(-bound, bound, (rows, columns)) for rng in rngs])


def orthogonal(rngs: Sequence[np.random.Generator], rows: int, columns: int) -> nn.Parameter:
    """(R, rows, columns) with rows ≤ columns: orthonormal rows, so that U Uᵀ = 1 (Saxe et al. 2014).

    Over the whole of a GRU's recurrent kernel, (H, 3H): the gates together are orthogonal, not each by itself.

    >>> U = orthogonal(generators([0]), 2, 6)[0]
    >>> bool(torch.allclose(U @ U.T, torch.eye(2), atol=1e-6))
    True
    """
    return _parameter([_orthonormal_columns(rng, columns, rows).T for rng in rngs])


def zeros(runs: int, rows: int, columns: int) -> nn.Parameter:
    """(R, rows, columns) of zeros: every bias."""
    return nn.Parameter(torch.zeros(runs, rows, columns))


def _orthonormal_columns(rng: np.random.Generator, rows: int, columns: int) -> npt.NDArray[np.float64]:
    q, r = np.linalg.qr(rng.standard_normal((rows, columns)))
    return np.asarray(q * np.sign(np.diag(r)))


def _parameter(values: Sequence[npt.NDArray[np.float64]]) -> nn.Parameter:
    return nn.Parameter(torch.tensor(np.stack(values), dtype=torch.float32))
