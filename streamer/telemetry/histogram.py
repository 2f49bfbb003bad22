"""How often how long: counts between fixed bounds, as Prometheus has them."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

STEP_BOUNDS = (1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 5e-4, 1e-3, 1e-2)
"""Seconds to predict and learn one sample: from a small fused learner to a large reference one."""
DELAY_BOUNDS = (1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0)
"""Seconds from a sample's arrival to its prediction."""
LAG_BOUNDS = (1, 2, 5, 10, 20, 50, 100, 1000, 10_000, 100_000)
"""Events from a sample to its label."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a histogram holds at one moment."""

    buckets: tuple[tuple[str, int], ...]
    """Upper bound → observations up to it, the last bound being +Inf."""
    total: float
    """Sum of all observations."""


class Histogram:
    """Observations by the bound that they keep within.

    >>> histogram = Histogram((0.1, 1.0))
    >>> histogram.observe(0.1); histogram.observe(5.0, count=2)
    >>> histogram.read()
    Distribution(buckets=(('0.1', 1), ('1.0', 1), ('+Inf', 3)), total=10.1)
    """

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._total = 0.0

    def observe(self, value: float, count: int = 1) -> None:
        """The same value, so many times."""
        self._counts[bisect_left(self._bounds, value)] += count
        self._total += value * count

    def read(self) -> Distribution:
        """The counts now."""
        names = (*map(str, self._bounds), "+Inf")
        return Distribution(tuple(zip(names, accumulate(self._counts), strict=True)), self._total)
