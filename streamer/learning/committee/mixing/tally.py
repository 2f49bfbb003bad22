"""Running means of losses: of all samples at first, later of about the last 1,000."""

from typing import Any

LOOKBACK = 1000.0


def tally(means: Any, place: Any, loss: Any) -> None:
    """Take a loss into `means` (2, n), counts and means, at a place.

    >>> import numpy as np
    >>> means = np.zeros((2, 1))
    >>> tally(means, 0, 3.0)
    >>> tally(means, 0, 1.0)
    >>> means[:, 0].tolist()
    [2.0, 2.0]
    """
    means[0, place] = min(means[0, place] + 1.0, LOOKBACK)
    means[1, place] += (loss - means[1, place]) / means[0, place]
