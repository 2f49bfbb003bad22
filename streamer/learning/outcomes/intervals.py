"""Intervals that hold a set share of the targets whatever the stream does: conformal inference, tracked online.

    [v − q s, v + q s],   q ← q + η (1[|y − v| > q s] − α)

with v the prediction, s a running deviation of its errors and α = 1 − coverage (Gibbs & Candès 2021; the quantile
itself is tracked, as in Angelopoulos, Candès & Tibshirani 2023, eq. 3). Summed over T samples the rule says

    share outside − α = (q_now − q_before) / (η T)

so that coverage over a long run is as set, for any stream, as long as q stays bounded; nothing is assumed of errors.
"""

from typing import Any

RATE = 0.05
"""η, in deviations."""
LOOKBACK = 0.02
"""Weight of the newest error in s²: it looks back 50 errors."""
FIRST = 1.5
"""q at the start."""

ERRORS, SQUARE, QUANTILE = range(3)
"""In the state of an interval: errors seen, s², q."""
INTERVAL = 3


def reach(state: Any) -> Any:
    """q s, half the interval's width."""
    return state[QUANTILE] * state[SQUARE] ** 0.5


def track(state: Any, error: Any, reached: Any, alpha: Any) -> None:
    """An error meets the reach of its interval."""
    state[ERRORS] += 1
    if state[ERRORS] > 1:
        missed = 1.0 if abs(error) > reached else 0.0
        state[QUANTILE] = max(state[QUANTILE] + RATE * (missed - alpha), 0.0)
    a = max(1 / state[ERRORS], LOOKBACK)
    state[SQUARE] = (1 - a) * state[SQUARE] + a * error * error
