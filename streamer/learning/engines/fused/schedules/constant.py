"""The same step for ever: `net.step` is what it was given at first."""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays

STATE: dict[str, int] = {}


def export(storage: Storage) -> Arrays:
    """No arrays."""
    return {}


def restore(storage: Storage, arrays: Arrays) -> None:
    """Nothing to take over."""


@kernel
def advance(net: Net) -> None:
    """The step stays as it is."""
