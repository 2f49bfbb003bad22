"""Targets that are numbers: a value and its interval for each, learned as residuals of a simple forecast.

A target may come with its sample, or late, or be the series itself some steps ahead: `see`, `offer` and `settle` are
then called at different times. What a prediction keeps until its target comes, for each horizon: what it started from
(OFFER numbers), and the output, value and reach that it had.
"""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from streamer.kernels.block import block_kernel
from streamer.learning.outcomes.intervals import ERRORS, FIRST, INTERVAL, QUANTILE, SQUARE, reach, track
from streamer.learning.outcomes.outcome import Prepared
from streamer.learning.outcomes.residual import (
    BASE,
    EXTRAS,
    GAIN,
    OFFER,
    SERIES,
    USES_LAST,
    believe,
    clipped,
    compare,
    extras,
    gain,
    offer,
    residual,
    see,
    weight,
)
from streamer.samples import Arrays, Floats

OUTPUT, VALUE, REACH = range(OFFER, OFFER + 3)
KEPT = OFFER + 3
AT_BASE, AT_SCALE = 2, 3

BaseName = Literal["auto", "mean", "last"]
"""What residuals are of: the running mean, so that the level is learned; the last target, so that the change is; or
whichever has erred less of late."""

_OFFERING = (
    "float32[::1], float64[::1], float64[:,::1], boolean, boolean, float32[:,::1], float32[:,::1], float32[:,::1]"
)


@block_kernel(_OFFERING, weight, clipped, see, offer, extras, residual, compare)
def begin_rows(
    ys: Any, series: Any, bases: Any, fixed: Any, ahead: Any, features: Any, offers: Any, targets: Any
) -> None:
    """Targets (T,) in turn → features (T, EXTRAS), offers (T, M·OFFER), and residuals (T, 1).

    With `ahead` a target is the value of now: it is seen first, and what it is the target of comes later.
    """
    for t in range(len(ys)):
        if ahead and ys[t] == ys[t]:
            see(series, float(ys[t]))
        extras(series, features[t])
        for i in range(len(bases)):
            offer(series, bases[i], offers[t, i * OFFER : (i + 1) * OFFER])
        if not ahead and ys[t] == ys[t]:
            targets[t, 0] = residual(offers[t], float(ys[t]))
            compare(bases[0], offers[t], float(ys[t]), fixed)
            see(series, float(ys[t]))


_ENDING = (
    "float32[:,::1], float32[::1], float32[:,::1], float64[:,::1], float64[:,::1], float64, "
    "float32[:,::1], float32[:,::1]"
)


@block_kernel(_ENDING, clipped, residual, gain, believe, reach, track)
def end_rows(outputs: Any, ys: Any, offers: Any, gains: Any, intervals: Any, alpha: Any, rows: Any, kept: Any) -> None:
    """Outputs (T, O) → rows (T, 3·M) of value, lower, upper, and what is kept (T, M·KEPT); `ys` (T,) for M = 1."""
    M = len(gains)
    for t in range(len(outputs)):
        for i in range(M):
            offered = offers[t, i * OFFER : (i + 1) * OFFER]
            value = offered[AT_BASE] + offered[AT_SCALE] * gain(gains[i]) * clipped(outputs[t, i])
            if outputs.shape[1] == 2 * M:  # a variance was learned as well
                intervals[i, SQUARE] = offered[AT_SCALE] ** 2 * outputs[t, M + i]
            reached = reach(intervals[i])
            rows[t, 3 * i] = value
            rows[t, 3 * i + 1] = value - reached
            rows[t, 3 * i + 2] = value + reached
            kept[t, i * KEPT : i * KEPT + OFFER] = offered
            kept[t, i * KEPT + OUTPUT] = outputs[t, i]
            kept[t, i * KEPT + VALUE] = value
            kept[t, i * KEPT + REACH] = reached
            if M == 1 and ys[t] == ys[t]:
                believe(gains[0], residual(offered, float(ys[t])), float(outputs[t, 0]))
                track(intervals[0], float(ys[t]) - value, reached, alpha)


_SETTLING = (
    "float32[::1], float32[::1], float64[::1], float64[:,::1], boolean, float64[:,::1], float64[:,::1], boolean, "
    "float64, float32[::1]"
)


@block_kernel(_SETTLING, weight, clipped, see, residual, compare, believe, track)
def settle_row(
    kept: Any,
    ys: Any,
    series: Any,
    bases: Any,
    fixed: Any,
    gains: Any,
    intervals: Any,
    seen: Any,
    alpha: Any,
    targets: Any,
) -> None:
    """What a prediction kept (M·KEPT,) meets its targets (M,) → residuals (M,); unless `seen`, they are new as well."""
    for i in range(len(bases)):
        y = float(ys[i])
        if y == y:
            own = kept[i * KEPT : (i + 1) * KEPT]
            r = residual(own, y)
            targets[i] = r
            compare(bases[i], own, y, fixed)
            believe(gains[i], r, float(own[OUTPUT]))
            track(intervals[i], y - float(own[VALUE]), float(own[REACH]), alpha)
            if not seen:
                see(series, y)


class Numbers:
    """A prediction is a row (3·M,): for each horizon the value expected, and the ends of its interval.

    `horizons` are steps ahead; none, if the target comes with its sample.
    """

    extra = EXTRAS
    wanted = "a finite number, or NaN for no label"
    classes = ()

    def __init__(self, horizons: tuple[int, ...], *, coverage: float, base: BaseName = "auto") -> None:
        self._ahead = bool(horizons)
        self._count = max(len(horizons), 1)
        self.width = 3 * self._count
        self._alpha = 1 - coverage
        self._series = np.zeros(SERIES)
        self._bases = np.zeros((self._count, BASE))
        self._bases[:, USES_LAST] = base == "last"
        self._fixed = base != "auto"
        self._gains = np.zeros((self._count, GAIN))
        self._intervals = np.zeros((self._count, INTERVAL))
        self._intervals[:, QUANTILE] = FIRST
        assert ERRORS == 0

    def admits_one(self, y: float) -> bool:
        """Any finite number."""
        return abs(y) < float("inf") or y != y

    def admits(self, ys: Floats) -> npt.NDArray[np.bool_]:
        """Any finite number."""
        return ~np.isinf(ys)

    def prepare(self, features: Floats, ys: Floats) -> Prepared:
        """The features of the series beside those of the row; residuals; what predictions start from."""
        return self._begun(features, ys, self._series, self._bases)

    def peek(self, features: Floats, ys: Floats) -> Prepared:
        """The same, taking in nothing."""
        return self._begun(features, ys, self._series.copy(), self._bases.copy())

    def conclude(self, outputs: Floats, ys: Floats, offers: Floats) -> tuple[Floats, Floats]:
        """Outputs → rows of predictions, and what they keep."""
        return self._ended(outputs, ys, offers, self._gains, self._intervals)

    def show(self, outputs: Floats, offers: Floats) -> Floats:
        """The same, taking in nothing."""
        no_target = np.full(1, np.nan, np.float32)
        return self._ended(outputs, no_target, offers, self._gains.copy(), self._intervals.copy())[0]

    def late(self, kept: Floats, ys: Floats) -> Floats:
        """One prediction and its targets (M,) → residuals (1, M)."""
        targets = np.full(self._count, np.nan, np.float32)
        own = np.ascontiguousarray(kept[0])
        state = self._series, self._bases, self._fixed, self._gains, self._intervals
        settle_row(own, ys, *state, self._ahead, self._alpha, targets)
        return targets[None]

    def export(self) -> Arrays:
        """The state as arrays."""
        return {
            "series": self._series.copy(),
            "bases": self._bases.copy(),
            "gains": self._gains.copy(),
            "intervals": self._intervals.copy(),
        }

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._series, self._bases, self._gains, self._intervals = (
            np.array(arrays[name], np.float64, order="C") for name in ("series", "bases", "gains", "intervals")
        )

    def _begun(self, features: Floats, ys: Floats, series: np.ndarray, bases: np.ndarray) -> Prepared:
        count, width = features.shape
        wider = np.empty((count, width + EXTRAS), np.float32)
        own = np.empty((count, EXTRAS), np.float32)
        offers = np.empty((count, self._count * OFFER), np.float32)
        targets = np.full((count, self._count), np.nan, np.float32)
        begin_rows(np.ascontiguousarray(ys), series, bases, self._fixed, self._ahead, own, offers, targets)
        wider[:, :EXTRAS], wider[:, EXTRAS:] = own, features  # a row may get more features, at its end
        return Prepared(wider, targets, offers)

    def _ended(
        self, outputs: Floats, ys: Floats, offers: Floats, gains: np.ndarray, intervals: np.ndarray
    ) -> tuple[Floats, Floats]:
        rows = np.empty((len(outputs), self.width), np.float32)
        kept = np.empty((len(outputs), self._count * KEPT), np.float32)
        targets = np.full(len(outputs), np.nan, np.float32) if self._ahead else np.ascontiguousarray(ys)
        end_rows(np.ascontiguousarray(outputs), targets, offers, gains, intervals, self._alpha, rows, kept)
        return rows, kept
