"""Tasks whose target is the stream itself some steps later: the forecast of a number, the next symbol.

Sample n is learned when the last of its targets has come, at sample n + h with h the farthest horizon: the gradient is
of its own step, made again with the weights of that moment. Then n + h itself is stepped over.
"""

from collections import deque

import numpy as np

from streamer.columns import Schema
from streamer.config.learner import LearnerSettings
from streamer.samples import Arrays, Floats


def horizons_of(settings: LearnerSettings, schema: Schema) -> tuple[int, ...]:
    """Steps ahead of each target; none if targets come with their samples."""
    if settings.task == "next":
        return (1,)
    return schema.horizons or settings.horizons if settings.task == "forecast" else ()


class Ahead:
    """The last values of the stream, from which targets are made."""

    def __init__(self, horizons: tuple[int, ...]) -> None:
        self.horizons = horizons
        self.farthest = max(horizons)
        self._values: deque[float] = deque(maxlen=self.farthest + 1)

    def take(self, value: float) -> Floats | None:
        """The next value → the targets (M,) of the sample `farthest` steps before; None if there is none."""
        self._values.append(value)
        if len(self._values) <= self.farthest:
            return None
        return np.array([self._values[horizon] for horizon in self.horizons], np.float32)

    def export(self) -> Arrays:
        """The values, oldest first, and the horizons that they are for."""
        return {"values": np.array(self._values, np.float32), "horizons": np.array(self.horizons)}

    def load(self, arrays: Arrays) -> None:
        """The inverse of `export`."""
        self._values.extend(arrays["values"].tolist())
