"""What a step leaves behind for the day its label comes: enough to run its window once more."""

from dataclasses import dataclass

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.learning.memory import feature_count
from streamer.samples import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """A row for each sample of a block; `step_many` writes them."""

    hidden: Floats
    """(T, H): the stored hidden state in front of the window of the step; with `rtrl`, in front of the step itself."""
    inputs: Floats
    """(T, F): the cell's input at the step, with what the memory adds."""

    @classmethod
    def blank(cls, settings: LearnerSettings, count: int) -> "Trail":
        """Zeros, for so many samples."""
        return cls(
            np.zeros((count, settings.hidden), np.float32), np.zeros((count, feature_count(settings)), np.float32)
        )
