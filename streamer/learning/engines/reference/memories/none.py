"""No memory: the cell's input is x."""

from torch import Tensor

from streamer.config.learner import LearnerSettings
from streamer.samples import Arrays


class NoMemory:
    """Holds nothing."""

    def __init__(self, settings: LearnerSettings) -> None:
        pass

    def read(self, x: Tensor) -> Tensor:
        """x (I,) as it is."""
        return x

    def keep(self, features: Tensor) -> None:
        """Nothing is kept."""

    def export(self) -> Arrays:
        """No arrays."""
        return {}

    def load(self, arrays: Arrays) -> None:
        """Nothing to take over."""
