"""The node-decoupled extended Kalman filter: what its blocks are, and its constants, the same for every engine.

Every weight is believed to lie around its value with a covariance P, of which only the blocks of weights that enter one
node are kept (Puskorius & Feldkamp 1994). A node is a gate of a unit, with its row of W, its row of U and its biases,
in this order; the head is one more, with v and a. With j = ∂output/∂θ, the error e of the output, and the variance R of
what no weights can foresee:

    S = R + Σ j'Pj,   θ ← θ + P j e / S,   P ← P − P j (P j)' / S      for each block
    P_ii ← min(P_ii + q, P₀)                                           on its diagonal

So the filter goes on learning when a stream changes, and what a stream is silent about stays as uncertain as it was at
first. e and R are those of an output whose noise is 1 at first: see `OBSERVATIONS`. With several outputs S would be a
matrix, and each output would need a backward pass of its own: there is one.

The optimum is flat: half or twice P₀, half of q or four times as much learn about as well.
"""

from typing import NamedTuple

import numpy as np

from streamer.samples import Floats, Numbers

NODES = ("reset", "update", "candidate")
"""The gates of a unit, in the order of W's first axis; the candidate's node has two biases."""

PRIOR = 1.0
"""P₀, the variance of each weight before the first sample."""
PROCESS = 2.5e-5
"""q, by which it grows at each update."""
FIRST_NOISE = 1.0
NOISE_FLOOR = 0.1
NOISE_MEMORY = 300
"""R of a number: the mean square of e, which looks back so many updates; no smaller than the floor when it is used."""


class Observation(NamedTuple):
    """What a loss says of the output, as a filter takes it."""

    curvature: float
    """The most that the loss's second derivative can be: e is its slope, downwards, by this."""
    noise_is_known: bool
    """Whether R stays what it is."""


OBSERVATIONS = {
    "binary": Observation(0.25, True),
    "squared": Observation(1.0, False),
    "huber": Observation(1.0, False),
}
"""The losses that can be learned.

The e of a number is its error, with Huber's loss held within ±1. A bit with probability p = σ(output) is, to
second order, a number with the error (y − p) / (p (1 − p)) and the variance 1 / (p (1 − p)). With ¼ in place of
p (1 − p) the quadratic bounds the loss from above (Böhning & Lindsay 1988), so that no step is too long where p is
near 0 or 1. The variance is then 4, and is what P is counted in: R = 1.
"""


def entries(features: int, hidden: int) -> tuple[int, ...]:
    """Weights of each of the NODES.

    >>> entries(1, 16)
    (18, 18, 19)
    """
    count = features + hidden + 1
    return count, count, count + 1


def triangle(count: int) -> int:
    """Numbers in the lower triangle of a symmetric matrix, its diagonal among them.

    >>> triangle(3)
    6
    """
    return count * (count + 1) // 2


def first_triangle(count: int) -> Floats:
    """The lower triangle of P₀ I, row by row.

    >>> first_triangle(3).tolist()
    [1.0, 0.0, 1.0, 0.0, 0.0, 1.0]
    """
    rows, columns = np.tril_indices(count)
    return np.where(rows == columns, PRIOR, 0).astype(np.float32)


def widened_nodes(triangles: Floats, kept: Numbers, features: int) -> Floats:
    """Lower triangles (H, …) of nodes for so many more features, in which those of before are at `kept` (F,).

    New weights have the prior variance, and no covariance with others.

    >>> widened_nodes(np.array([[4, 5, 6]], np.float32), np.array([1]), features=2).tolist()
    [[1.0, 0.0, 4.0, 0.0, 5.0, 6.0]]
    """
    before = int(np.sqrt(2 * triangles.shape[1]))
    places = np.concatenate([kept, features + np.arange(before - len(kept))])
    rows, columns = (places[index] for index in np.tril_indices(before))
    wide = np.tile(first_triangle(features + before - len(kept)), (len(triangles), 1))
    wide[:, rows * (rows + 1) // 2 + columns] = triangles
    return wide
