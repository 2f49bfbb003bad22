"""What optimisers have in common that treat each parameter on its own: no state but sections of numbers for each."""

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays


def nothing(sizes: Sizes) -> dict[str, int]:
    """No section."""
    return {}


def prepare(storage: Storage, settings: LearnerSettings) -> None:
    """All is zero at first."""


def export(storage: Storage) -> Arrays:
    """No arrays."""
    return {}


def restore(storage: Storage, arrays: Arrays) -> None:
    """Nothing to take over."""


@kernel
def begin(net: Net) -> None:
    """The backward pass begins with ∂L/∂outputs."""


@kernel
def admits(net: Net) -> bool:
    """Any gradient that is finite."""
    return True
