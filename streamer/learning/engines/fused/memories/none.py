"""No memory: the cell's input is x."""

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays


def state(sizes: Sizes) -> dict[str, int]:
    """No section."""
    return {}


def prepare(storage: Storage, settings: LearnerSettings) -> None:
    """No constants."""


def export(storage: Storage) -> Arrays:
    """No arrays."""
    return {}


def restore(storage: Storage, arrays: Arrays) -> None:
    """Nothing to take over."""


@kernel
def read(net: Net, at: int) -> None:
    """Nothing joins x."""


@kernel
def keep(net: Net, at: int) -> None:
    """Nothing is kept."""
