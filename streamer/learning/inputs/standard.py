"""Running standardisation of numbers: what makes a pressure of 1013 hPa and a share of 0.02 equal to a network.

    a = max(1/n, 1 − λ),   d = x − μ,   μ ← μ + a d,   σ² ← (1 − a) (σ² + a d²)        (West 1979; a = 1/n: Welford)
    z = (x − μ) / √max(σ², ε),  clipped to ±5

with n the values seen, this one among them. Until 1/(1 − λ) values have been seen all weigh the same, later ones more.
A column whose values have all been 0 or 1 is not: with names it becomes −1 and 1, without it stays as it is.
"""

from typing import Any

from streamer.kernels.block import block_kernel

FORGETTING = 0.9999
"""λ: statistics look back about 10,000 values."""
LIMIT = 5.0
"""Standard deviations beyond which a value says no more."""
FLOOR = 1e-12
"""ε, beside the square of the mean: a constant column is 0, not noise of rounding blown up."""

COUNT, MEAN, VARIANCE, BITS = range(4)
"""Places in a column's statistics; BITS is 1 while all its values have been 0 or 1."""

PASS, STANDARD, CATEGORY, CYCLE = range(4)
"""How a column is encoded: as it is; standardised; one-hot, its values being the places themselves; doubled."""


@block_kernel("float32[:,::1], int64[::1], int64[::1], int64[::1], float64, boolean, float64[:,::1], float32[:,::1]")
def encode_rows(
    xs: Any, kinds: Any, places: Any, gaps: Any, gain: Any, signed: Any, statistics: Any, features: Any
) -> None:
    """xs (T, I), NaN for a missing value → features (T, F), zeros at first.

    For each column: its kind; the place of its feature, −1 if it never had a value; the place that says that its value
    is missing, −1 if none ever was; and its statistics (I, 4), which are updated. What is standardised is multiplied by
    `gain`; with `signed` columns of 0 and 1 become −1 and 1.
    """
    for t in range(len(xs)):
        for j in range(xs.shape[1]):
            x, column = float(xs[t, j]), statistics[j]
            if x != x:
                if gaps[j] >= 0 and column[COUNT] > 0:
                    features[t, gaps[j]] = 1
                continue
            column[COUNT] += 1
            if kinds[j] == CATEGORY:
                features[t, int(x)] = 1
            elif places[j] < 0:  # there was no room for it
                continue
            elif kinds[j] == PASS:
                features[t, places[j]] = x
            elif kinds[j] == CYCLE:
                features[t, places[j]] = 2 * x
            else:
                if x != 0 and x != 1:
                    column[BITS] = 0
                a = max(1 / column[COUNT], 1 - FORGETTING)
                d = x - column[MEAN]
                column[MEAN] += a * d
                column[VARIANCE] = (1 - a) * (column[VARIANCE] + a * d * d)
                if column[BITS] == 1:
                    features[t, places[j]] = 2 * x - 1 if signed else x
                else:
                    floor = FLOOR * (1 + column[MEAN] * column[MEAN])
                    z = (x - column[MEAN]) / max(column[VARIANCE], floor) ** 0.5
                    features[t, places[j]] = gain * min(max(z, -LIMIT), LIMIT)
