"""What a network learns of a number, so that one step size serves every scale and kind of stream.

Not the target y but what a simple forecast leaves of it,

    r = clip((y − base) / scale, ±5),   base = the last target or the running mean, whichever has erred less of late,

with scale the running deviation of y − base; and the prediction is base + scale · g · o, with o the network's output.
The gain g = Σ r o / Σ o², forgetting, is the regression of r on o, between 0 and 1: an output that is worth nothing is
not believed, and the prediction is then the base.

All running means have the weight max(1/n, 1/cap): plain means at first, which then look back `cap` targets. The caps
are flat optima over many streams: a factor of three either way changes errors by a hundredth.
"""

from typing import Any

MEAN_CAP, CHOICE_CAP, SCALE_CAP, GAIN_CAP = 1000.0, 200.0, 300.0, 500.0
HYSTERESIS = 0.9
"""The other base must have less than this share of the squared error of the one in use."""
PRIOR = 50.0
"""Targets' worth of belief in g = 1 at the start."""
LIMIT = 5.0

SEEN, MEAN, LAST, BEFORE, LEVEL, CHANGE = range(6)
"""In the state of a series: targets seen, running mean, the last target and the one before it, the running squares of
target − mean and target − last."""
SERIES = 6

MET, MEAN_ERROR, LAST_ERROR, MEAN_SQUARE, LAST_SQUARE, USES_LAST = range(6)
"""In the state of a horizon's base: targets met, the squared errors of both bases to choose by, and to scale by, and
whether the base is the last target."""
BASE = 6

BELIEVED, PRODUCTS, SQUARES = range(3)
"""In the state of a horizon's gain: targets met, Σ r o, Σ o²."""
GAIN = 3

AT_MEAN, AT_LAST, AT_BASE, AT_SCALE = range(4)
"""What a prediction starts from: the mean and the last target of its time, NaN if there was none; base and scale."""
OFFER = 4

EXTRAS = 2
"""Features that a series adds: how far the last target was from the mean, and from the one before."""


def weight(count: Any, cap: Any) -> Any:
    """Of the newest of `count` values in a running mean."""
    return max(1 / count, 1 / cap)


def clipped(value: Any) -> Any:
    """Within ±LIMIT."""
    return min(max(value, -LIMIT), LIMIT)


def see(series: Any, y: Any) -> None:
    """A target of the series becomes known."""
    series[SEEN] += 1
    n = series[SEEN]
    if n == 1:
        series[MEAN] = y
        series[BEFORE] = y
    else:
        w = weight(n - 1, SCALE_CAP)
        series[LEVEL] += w * ((y - series[MEAN]) ** 2 - series[LEVEL])
        series[CHANGE] += w * ((y - series[LAST]) ** 2 - series[CHANGE])
        series[MEAN] += weight(n, MEAN_CAP) * (y - series[MEAN])
        series[BEFORE] = series[LAST]
    series[LAST] = y


def offer(series: Any, base: Any, to: Any) -> None:
    """What a prediction starts from now, to (OFFER,)."""
    if series[SEEN] == 0:
        to[AT_MEAN] = to[AT_LAST] = float("nan")
        to[AT_BASE], to[AT_SCALE] = 0.0, 1.0
        return
    to[AT_MEAN], to[AT_LAST] = series[MEAN], series[LAST]
    uses_last = base[USES_LAST] == 1
    to[AT_BASE] = series[LAST] if uses_last else series[MEAN]
    scale = (base[LAST_SQUARE] if uses_last else base[MEAN_SQUARE]) ** 0.5
    to[AT_SCALE] = scale if scale > 0 else max(abs(series[LAST]), 1e-6) / 10


def extras(series: Any, to: Any) -> None:
    """The features of a series, to (EXTRAS,); 0 while unknown."""
    level, change = series[LEVEL] ** 0.5, series[CHANGE] ** 0.5
    to[0] = clipped((series[LAST] - series[MEAN]) / level) if level > 0 else 0.0
    to[1] = clipped((series[LAST] - series[BEFORE]) / change) if change > 0 else 0.0


def residual(offered: Any, y: Any) -> Any:
    """What is left of a target, r."""
    return clipped((y - offered[AT_BASE]) / offered[AT_SCALE])


def compare(base: Any, offered: Any, y: Any, fixed: Any) -> None:
    """A target meets both bases of its prediction; the better one will be used, unless the one in use is fixed."""
    if offered[AT_MEAN] != offered[AT_MEAN]:
        return
    base[MET] += 1
    at_mean, at_last = (y - offered[AT_MEAN]) ** 2, (y - offered[AT_LAST]) ** 2
    w, v = weight(base[MET], CHOICE_CAP), weight(base[MET], SCALE_CAP)
    base[MEAN_ERROR] += w * (at_mean - base[MEAN_ERROR])
    base[LAST_ERROR] += w * (at_last - base[LAST_ERROR])
    base[MEAN_SQUARE] += v * (at_mean - base[MEAN_SQUARE])
    base[LAST_SQUARE] += v * (at_last - base[LAST_SQUARE])
    if fixed:
        return
    if base[USES_LAST] == 0 and base[LAST_ERROR] < HYSTERESIS * base[MEAN_ERROR]:
        base[USES_LAST] = 1
    elif base[USES_LAST] == 1 and base[MEAN_ERROR] < HYSTERESIS * base[LAST_ERROR]:
        base[USES_LAST] = 0


def gain(state: Any) -> Any:
    """g, what share of the output is believed."""
    prior = PRIOR * (1 - 1 / GAIN_CAP) ** state[BELIEVED]
    return min(max((state[PRODUCTS] + prior) / (state[SQUARES] + prior), 0.0), 1.0)


def believe(state: Any, r: Any, output: Any) -> None:
    """A residual meets the output that was to be it."""
    o, keep = clipped(output), 1 - 1 / GAIN_CAP
    state[PRODUCTS] = keep * state[PRODUCTS] + r * o
    state[SQUARES] = keep * state[SQUARES] + o * o
    state[BELIEVED] += 1
