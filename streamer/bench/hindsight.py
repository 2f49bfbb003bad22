"""The best member in hindsight: the one that, at the end of the day, one wishes to have had alone.

Two questions: how does the committee do once it knows the stream (`ratio_since`)? And how much behind the best one by
then has it ever been, its beginning counted (`worst_ratio`)? The second is the harder one.
"""

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


def ratio_since(losses: Doubles, members: Doubles, *, after: int) -> float | None:
    """Mean loss (T,) of all samples but the first ones over that of the member (N, T) which loses least of those.

    One that has failed is none. None for a stream that is no longer, and where the best loses nothing.

    >>> ratio_since(np.array([9.0, 1.0, 1.0]), np.array([[1.0, 1.0, 3.0], [1.0, 9.0, 0.0]]), after=1)
    0.5
    """
    if len(losses) <= after:
        return None
    totals = members[:, after:].sum(axis=1)
    best = np.where(np.isnan(totals), np.inf, totals).min()
    ratio = float(losses[after:].sum() / best) if best > 0 else np.inf
    return ratio if np.isfinite(ratio) else None
