"""The m inputs before this one, the latest first, join x."""

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, get, put
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays


def state(sizes: Sizes) -> dict[str, int]:
    """The inputs before (m, I)."""
    return {"taps": sizes.memory_size * sizes.inputs}


def prepare(storage: Storage, settings: LearnerSettings) -> None:
    """No constants."""


def export(storage: Storage) -> Arrays:
    """The inputs before (m, I), the latest first."""
    sizes = storage.sizes
    return {"memory.taps": storage["taps"].reshape(sizes.memory_size, sizes.inputs).copy()}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["taps"][:] = arrays["memory.taps"].ravel()


@kernel
def read(net: Net, at: int) -> None:
    """Write the taps behind x."""
    for i in range(net.memory_size * net.inputs):
        put(net, at + net.inputs + i, get(net, net.taps + i))


@kernel
def keep(net: Net, at: int) -> None:
    """x joins the taps and the oldest leave: what stands at `at`, cut to their number."""
    for i in range(net.memory_size * net.inputs):
        put(net, net.taps + i, get(net, at + i))
