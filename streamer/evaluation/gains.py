"""What a prediction gains over a null model's on one sample, as a number that is bounded on both sides.

In bits, for probabilities p of what came and q by the null model:

    log₂ ( ((1 − ε) p + ε q) / ((1 − ε) q + ε p) ),   ε = 1/64: between −6 and 6

which is the difference of their log losses, but for what is extreme: each is asked after a trace of the other's opinion
is mixed in. If the null model is right about the probabilities the expectation is at most 0, however rare an event is;
cutting the losses off would not have that.

As a share of the error, for predictions v and w of y, and m the null model's mean error before:

    (|y − w| − |y − v|) / max(m, |v − w| / 3): between −3 and 3

for |y − w| and |y − v| differ by no more than v and w do. The divisor is known before y is.
"""

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.samples import Arrays

Doubles = npt.NDArray[np.float64]

MIXED = 2.0**-6
BITS = 6.0
"""The largest gain of one sample, in bits."""
SHARE = 3.0
"""The same, as a share of the null model's mean error."""


def gains_in_bits(given: Doubles, by_null: Doubles) -> Doubles:
    """Of the probabilities of what came, by the learner (T,) and by each null model (T, m) → (T, m).

    The statement of what the loops of `binary` and `multiclass` compute.

    >>> gains_in_bits(np.array([0.5, 1.0]), np.array([[0.5], [0.5]])).round(3).tolist()
    [[0.0], [0.966]]
    """
    p = given[:, None]
    return np.asarray(np.log2((p + MIXED * (by_null - p)) / (by_null + MIXED * (p - by_null))))


class ErrorShares:
    """Gains as shares of each null model's mean absolute error: that of all samples, later of about the last 1,000.

    >>> shares = ErrorShares(1)
    >>> shares.step_many(np.array([4.0, 4.0]), np.array([[2.0], [2.0]]), np.array([4.0, 4.0])).ravel().tolist()
    [3.0, 1.0]
    """

    def __init__(self, nulls: int) -> None:
        self._errors: Doubles = np.zeros(1 + nulls)
        """How many errors, and the mean of each null model's."""

    def step_many(self, values: Doubles, by_null: Doubles, ys: Doubles) -> Doubles:
        """Of predictions (T,) and (T, m) of targets (T,) → (T, m)."""
        gains = np.empty(by_null.shape)
        arrays = (np.ascontiguousarray(array) for array in (values, by_null, ys))
        _step(*arrays, self._errors, gains)
        return gains

    def export(self) -> Arrays:
        """The mean errors."""
        return {"errors": self._errors.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._errors = arrays["errors"].astype(np.float64)


@block_kernel("float64[::1], float64[:,::1], float64[::1], float64[::1], float64[:,::1]")
def _step(values: Doubles, by_null: Doubles, ys: Doubles, errors: Doubles, gains: Doubles) -> None:
    for t in range(len(ys)):
        errors[0] = min(errors[0] + 1.0, 1000.0)
        for k in range(by_null.shape[1]):
            error = abs(ys[t] - by_null[t, k])
            divisor = max(errors[1 + k], abs(values[t] - by_null[t, k]) / 3.0)
            gains[t, k] = 0.0
            if divisor > 0.0 and divisor < 1e300:
                gain = (error - abs(ys[t] - values[t])) / divisor
                gains[t, k] = min(max(gain, -3.0), 3.0)  # rounded, it may be a little more
            errors[1 + k] += (error - errors[1 + k]) / errors[0]
