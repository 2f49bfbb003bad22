"""The same step for ever."""

from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.samples import Arrays


class Constant:
    """Holds the step size."""

    def __init__(self, settings: LearnerSettings) -> None:
        self._step_size = settings.step_size

    def advance(self, slopes: Tensor) -> float:
        """The step size."""
        return self._step_size

    def export(self) -> Arrays:
        """No arrays."""
        return {}

    def load(self, arrays: Arrays) -> None:
        """Nothing to take over."""
