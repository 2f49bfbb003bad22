"""How the last targets are seen, and the scale on which the next one is learned.

    level:    z = (y − μ) / σ;   seen are the last values, and for each period those of it and before it, on that scale
    change:   z = (y − y₁) / δ;  seen are the last changes and those of each period, over δ, and on the scale of σ the
              last value's distance from μ, and that of each period's value from the last

y₁ is the last value known, δ² the mean square of changes; μ, σ² and δ² are those of all values at first and of about
the last 1,000 later. What is seen is clipped to ±5. A prediction goes back by the scale of its own moment, and a label
that comes late is compared with the last value that its sample had.

A binary target is seen as −1 or 1, a class one-hot; they are learned as they are.
"""

import math
from typing import Literal

import numpy as np

from streamer.kernels.block import block_kernel
from streamer.learning.committee.members.reach import LAST, REACH, ceiling_of, floor_of, stretch
from streamer.learning.committee.members.target import Doubles, Target
from streamer.samples import Arrays, Floats, Numbers

FORGETTING = 0.999
"""λ: statistics look back about 1,000 values."""
LIMIT = 5.0
"""Standard deviations beyond which a value says no more."""

ViewName = Literal["level", "change"]
_BINARY, _CLASSES, _LEVEL, _CHANGE = range(4)
MEAN, VARIANCE, MOTION = range(REACH, REACH + 3)
"""Places in the statistics: μ, σ², δ²."""
BASE, DEVIATION, FLOOR, CEILING = range(4)
"""Places in a frame: what z = 0 and 1 are, and the range of predictions."""
_NONE: Floats = np.empty(0, np.float32)


class View:
    """State runs along target by target.

    >>> view = View(Target("numbers"), "change", lags=1)
    >>> view.step(np.array([4, 8, 9], np.float32)).lagged.round(2).tolist()
    [[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]]
    """

    def __init__(self, target: Target, name: ViewName = "level", *, lags: int, periods: tuple[int, ...] = ()) -> None:
        self.target = target
        places = {"binary": _BINARY, "classes": _CLASSES}
        self._kind = places.get(target.kind, _CHANGE if name == "change" else _LEVEL)
        self._lags = lags
        self._seasons = np.array([-target.horizon % period + 1 for period in periods], np.int64)
        """How far back is the value a period before the target, where the newest is 1."""
        self._statistics: Doubles = np.zeros(REACH + 3)
        self._values: Doubles = np.full(2 + max(lags, *self._seasons, 0), np.nan)
        """The last values; the n-th that was known is at n modulo their number, NaN where none is yet."""

    @property
    def width(self) -> int:
        """Numbers that the last values are."""
        seasons = 2 * len(self._seasons)
        return (self._lags * self.target.width, self._lags + seasons, self._lags + seasons + 1)[max(self._kind - 1, 0)]

    def step(self, ys: Floats, bases: Floats = _NONE) -> "Seen":
        """Labels (T,) in turn; if they come late, with the last values (T,) that their samples had."""
        return self._seen(ys, bases)

    def peek(self) -> "Seen":
        """What a next label would meet; without one, nothing is taken in."""
        return self._seen(np.full(1, np.nan, np.float32), _NONE)

    def state(self) -> Arrays:
        """The arrays themselves."""
        return {"statistics": self._statistics, "values": self._values}

    def restore(self, arrays: Arrays) -> None:
        """Take over copies of arrays."""
        self._statistics, self._values = arrays["statistics"].astype(np.float64), arrays["values"].astype(np.float64)

    def _seen(self, ys: Floats, bases: Floats) -> "Seen":
        seen = Seen(self.target, ys, self.width)
        if self.target.kind == "numbers" or self._lags:
            own = (FORGETTING, LIMIT, self._statistics, self._values, seen.frames, seen.targets, seen.lagged)
            _step(ys, bases, self._kind, self._lags, self._seasons, *own)
        if self.target.kind != "numbers":
            seen.targets[:] = ys
        return seen


class Seen:
    """What is told of a block."""

    def __init__(self, target: Target, ys: Floats, width: int) -> None:
        self._target = target
        count = len(ys)
        self.frames: Doubles = np.zeros((count, 4))
        """(T, 4) before each label."""
        self.targets: Doubles = np.empty(count)
        """(T,) on the scale on which they are learned; classes as they are."""
        self.lagged: Floats = np.zeros((count, width), np.float32)
        """(T, L'), how the last values are seen before each label."""

    def predictions(self, outputs: Doubles) -> Floats:
        """(T, W) on the scale on which targets are learned → predictions."""
        if self._target.kind != "numbers":
            return outputs.astype(np.float32)
        base, deviation, low, high = self.frames.T[:, :, None]
        values: Doubles = np.clip(base + deviation * outputs, low, high)
        return values.astype(np.float32)


def _lag(values: Doubles, count: int, back: int) -> float:
    """The value so far back; NaN if there is none."""
    value: float = values[(count - back) % len(values)]
    return value


def _on(x: float, deviation: float, limit: float) -> float:
    """In standard deviations; 0 for what is not known."""
    if math.isnan(x) or not deviation > 0.0:
        return 0.0
    return min(max(x / deviation, -limit), limit)


def _look(
    kind: int,
    lags: int,
    seasons: Numbers,
    limit: float,
    statistics: Doubles,
    values: Doubles,
    frame: Doubles,
    row: Floats,
) -> None:
    """How the last values are seen now."""
    count = int(statistics[0])
    base = frame[0]
    deviation = frame[1]
    if kind == _CLASSES:
        for i in range(lags):
            place = _lag(values, count, 1 + i)
            if not math.isnan(place):
                row[i * (len(row) // lags) + int(place)] = 1.0
    elif kind == _CHANGE:
        spread = math.sqrt(statistics[VARIANCE])
        last = _lag(values, count, 1)
        for i in range(lags):
            row[i] = _on(_lag(values, count, 1 + i) - _lag(values, count, 2 + i), deviation, limit)
        for k in range(len(seasons)):
            then = _lag(values, count, seasons[k])
            row[lags + 2 * k] = _on(then - _lag(values, count, seasons[k] + 1), deviation, limit)
            row[lags + 2 * k + 1] = _on(then - last, spread, limit)
        row[len(row) - 1] = _on(last - statistics[MEAN], spread, limit)
    else:
        for i in range(lags):
            row[i] = _on(_lag(values, count, 1 + i) - base, deviation, limit)
        for k in range(len(seasons) if kind == _LEVEL else 0):
            row[lags + 2 * k] = _on(_lag(values, count, seasons[k]) - base, deviation, limit)
            row[lags + 2 * k + 1] = _on(_lag(values, count, seasons[k] + 1) - base, deviation, limit)


def _frame(kind: int, statistics: Doubles, frame: Doubles) -> None:
    """The scale of now."""
    frame[0] = 0.5
    frame[1] = 0.5
    if kind >= _LEVEL:
        frame[0] = statistics[MEAN]
        frame[1] = math.sqrt(statistics[VARIANCE])
        frame[2] = floor_of(statistics)
        frame[3] = ceiling_of(statistics)
    if kind == _CHANGE:
        frame[0] = statistics[LAST]
        if statistics[MOTION] > 0.0:
            frame[1] = math.sqrt(statistics[MOTION])


def _take(y: float, forgetting: float, statistics: Doubles, values: Doubles) -> None:
    """One more value."""
    values[int(statistics[0]) % len(values)] = y
    moved = y - statistics[LAST]
    stretch(statistics, y)
    a = max(1.0 / statistics[0], 1.0 - forgetting)
    d = y - statistics[MEAN]
    statistics[MEAN] += a * d
    statistics[VARIANCE] = (1.0 - a) * (statistics[VARIANCE] + a * d * d)
    if statistics[0] > 1.0:
        statistics[MOTION] += max(1.0 / (statistics[0] - 1.0), 1.0 - forgetting) * (moved * moved - statistics[MOTION])


@block_kernel(
    "float32[::1], float32[::1], int64, int64, int64[::1], float64, float64, float64[::1], float64[::1], "
    "float64[:,::1], float64[::1], float32[:,::1]",
    stretch,
    floor_of,
    ceiling_of,
    _lag,
    _on,
    _look,
    _frame,
    _take,
)
def _step(
    ys: Floats,
    bases: Floats,
    kind: int,
    lags: int,
    seasons: Numbers,
    forgetting: float,
    limit: float,
    statistics: Doubles,
    values: Doubles,
    frames: Doubles,
    targets: Doubles,
    lagged: Floats,
) -> None:
    for t in range(len(ys)):
        _frame(kind, statistics, frames[t])
        _look(kind, lags, seasons, limit, statistics, values, frames[t], lagged[t])
        base = np.float64(bases[t]) if len(bases) > 0 and kind == _CHANGE else frames[t, 0]
        y = np.float64(ys[t])
        targets[t] = (y - base) / frames[t, 1] if not math.isnan(y) and frames[t, 1] > 0.0 else math.nan
        if not math.isnan(y):
            _take(y, forgetting, statistics, values)
