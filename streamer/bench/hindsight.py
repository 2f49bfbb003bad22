"""The best member in hindsight: the one that, at the end of the day, one wishes to have had alone."""

import numpy as np

from streamer.bench.scoring import Doubles


def worst_ratio(losses: Doubles, members: Doubles, *, after: int) -> float | None:
    """Cumulative loss (T,) over that of the member (N, T) which has lost least by then: the worst from `after` on.

    Another member may be the best at another time. One that has failed is none. None for a stream that is shorter, and
    where the best has lost nothing.

    >>> worst_ratio(np.array([3.0, 1.0, 1.0]), np.array([[2.0, 2.0, 1.0], [9.0, 0.0, 0.0]]), after=2)
    1.0
    """
    if len(losses) < after:
        return None
    totals = np.cumsum(members, axis=1)[:, after - 1 :]
    best = np.where(np.isnan(totals), np.inf, totals).min(axis=0)
    if best[0] <= 0:
        return None
    worst = float((np.cumsum(losses)[after - 1 :] / best).max())
    return worst if np.isfinite(worst) else None
