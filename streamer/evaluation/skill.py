"""What the learner gains over each null model, with an interval that holds at all times at once.

The gains of an epoch are summed up. The first epoch has 512 samples, each has twice as many as the one before, and from
16,384 on they are of one size. What is said rests on the newest two together; on the newest alone as soon as it says
something else. So a bad beginning is forgotten when as much has been seen again, and so is good work after a stream
has changed.

All that is said of a stream in its whole life is wrong with probability 0.01 at most (`ALPHA`): epoch k gets
1 / ((k + 1)(k + 2)) of it, each null model an equal part of that, each side of its interval a half.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from streamer.evaluation.bound import bound
from streamer.evaluation.gains import Doubles
from streamer.kernels.block import block_kernel
from streamer.samples import Arrays, Numbers

Unit = Literal["bits", "share"]
"""Bits a sample, or the share of the null model's mean absolute error."""
Claim = Literal["learning", "nothing", "worse"]

ALPHA = 0.01
SHORTEST, LONGEST = 512, 16_384
"""Samples of an epoch."""
TOLERATED = 0.1
"""What a learner may lose against a null model, in bits or as a share, and not be called worse: what learns for ever
pays something for it."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A mean gain over one null model, and between which limits its expectation is."""

    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SkillCard:
    """What the learner gains over the null models, on the samples that it rests on."""

    unit: Unit = "bits"
    samples: int = 0
    beside: dict[str, Gain] = field(default_factory=dict)
    """By null model; empty before the first labelled sample."""
    claim: Claim = "nothing"

    @property
    def best(self) -> str | None:
        """The null model over which it gains least."""
        return min(self.beside, key=lambda name: self.beside[name].gain, default=None)

    @property
    def over_best(self) -> Gain | None:
        """The gain over the best null model. Its lower limit is that over all of them."""
        if self.best is None:
            return None
        low = min(gain.low for gain in self.beside.values())
        return Gain(self.beside[self.best].gain, low, min(gain.high for gain in self.beside.values()))


class Skill:
    """Sums of gains over null models.

    `rules` are the null models that look at no input. To gain over all of them is to learn something; whether a
    regression on the last inputs would do as well is told beside it.
    """

    def __init__(
        self, nulls: Sequence[str], *, rules: Sequence[str], unit: Unit, largest: float, ahead: int = 1
    ) -> None:
        """`largest`: the gain of one sample at most.

        `ahead`: steps between a prediction and its target. Predictions that are under way at the same time share their
        luck; sums and variances are divided by their number, as if only each `ahead`-th counted.
        """
        self._nulls, self._rules = tuple(nulls), frozenset(rules)
        self._unit, self._largest, self._ahead = unit, largest, ahead
        self._sums: Doubles = np.zeros((2, len(nulls), 2))
        """Both epochs together and the newer one: for each null model Σ X and V."""
        self._counts: Numbers = np.zeros(3, np.int64)
        """The newer epoch's number, samples of both and of the newer."""

    def update(self, gains: Doubles) -> None:
        """Take in the gains (T, m) of the next samples."""
        _update(np.ascontiguousarray(gains), self._sums, self._counts, SHORTEST, LONGEST)

    def card(self) -> SkillCard:
        """What can be said now."""
        newer, older = self._told(1), self._told(0)
        return newer if newer.claim not in {"nothing", older.claim} or not older.samples else older

    def export(self) -> Arrays:
        """The sums."""
        return {"sums": self._sums.copy(), "counts": self._counts.copy()}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._sums = np.ascontiguousarray(arrays["sums"], np.float64).copy()
        self._counts = arrays["counts"].astype(np.int64)

    def _told(self, which: int) -> SkillCard:
        epoch, samples = int(self._counts[0]) - (1 - which), int(self._counts[1 + which])
        if not samples:
            return SkillCard(self._unit)
        alpha = ALPHA / ((epoch + 1) * (epoch + 2)) / len(self._nulls) / 2
        beside = {name: self._gain(self._sums[which, k], samples, alpha) for k, name in enumerate(self._nulls)}
        return SkillCard(self._unit, samples, beside, self._claim(beside))

    def _gain(self, sums: Doubles, samples: int, alpha: float) -> Gain:
        total, variance = sums.tolist()
        away = self._ahead * bound(variance / self._ahead, alpha, self._largest + 1)
        mean = total / samples
        return Gain(mean, mean - away / samples, mean + away / samples)

    def _claim(self, beside: dict[str, Gain]) -> Claim:
        if all(beside[name].low > 0 for name in self._rules):
            return "learning"
        return "worse" if any(gain.high < -TOLERATED for gain in beside.values()) else "nothing"


@block_kernel("float64[:,::1], float64[:,:,::1], int64[::1], int64, int64")
def _update(gains: Doubles, sums: Doubles, counts: Numbers, shortest: int, longest: int) -> None:
    nulls = gains.shape[1]
    for t in range(len(gains)):
        length = longest
        if counts[0] < 30:
            length = min(longest, shortest << counts[0])
        if counts[2] == length:
            sums[0] = sums[1]
            sums[1] = 0.0
            counts[0] += 1
            counts[1] = counts[2]
            counts[2] = 0
        older = counts[0] > 0
        for k in range(nulls):
            for e in range(2):
                if e == 1 or older:
                    # The centre is the mean before, cut to ±1, and so is known beforehand.
                    centre = min(max(sums[e, k, 0] / max(counts[1 + e], 1), -1.0), 1.0)
                    away = gains[t, k] - centre
                    sums[e, k, 0] += gains[t, k]
                    sums[e, k, 1] += away * away
        counts[2] += 1
        if older:
            counts[1] += 1
