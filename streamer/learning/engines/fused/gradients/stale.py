"""Truncated back-propagation through stored activations: each step of the cell is made once.

The gradient runs back over the records of the last K steps as they were when they were made, through today's U. Exact
while the weights stand still; at the step sizes used here it learns as well, and long windows cost much less.
"""

from types import ModuleType

from streamer.learning.engines.fused.gradients import tbptt
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, move
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays, Floats

FRONT = "records"
"""The section that begins with the hidden state in front of the window."""

rows = tbptt.rows
gradient = tbptt.gradient


def state(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """The inputs of the window, and the record of each step with the hidden state after the last."""
    return {
        "window": sizes.truncation * sizes.features,
        "records": (sizes.truncation + 1) * cell.RECORD * sizes.units,
    }


def scratch(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """Slopes for each step; ∂L/∂h."""
    return {"deltas": sizes.truncation * cell.SLOPES * sizes.units, "dh": sizes.units}


def export(storage: Storage, length: int) -> Arrays:
    """h_{t−1} (H,), the inputs (n, F) and the records (n, R, H) of the window's past steps, oldest first."""
    sizes, records = storage.sizes, _records(storage)
    inputs = storage["window"][: length * sizes.features].reshape(length, sizes.features)
    return {
        "window.hidden": records[length, 0].copy(),
        "window.inputs": inputs.copy(),
        "window.records": records[:length].copy(),
    }


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    records, length = _records(storage), len(arrays["window.records"])
    storage["window"][: arrays["window.inputs"].size] = arrays["window.inputs"].ravel()
    records[:length] = arrays["window.records"]
    records[length, 0] = arrays["window.hidden"]


def _records(storage: Storage) -> Floats:
    sizes = storage.sizes
    return storage["records"].reshape(sizes.truncation + 1, -1, sizes.units)[..., : sizes.hidden]


@kernel
def run(net: Net, length: int) -> int:
    """One step of the cell; where h_t is. Writes behind what is kept."""
    net.cell.forward(net, net.window + length * net.features, net.records + length * net.record)
    return net.records + (length + 1) * net.record


@kernel
def advance(net: Net, length: int) -> None:
    """A full window moves on by one: its oldest step goes."""
    if length == net.rows - 1:
        move(net, net.records, net.records + net.record, length * net.record + net.units)
        move(net, net.window, net.window + net.features, length * net.features)
