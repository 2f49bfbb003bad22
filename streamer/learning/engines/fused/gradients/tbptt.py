"""Truncated back-propagation through time, recomputed (Williams & Peng 1990): the default.

At each sample the cell runs from the stored h_{t−K} over the last K inputs with today's weights; the prediction comes
from that pass, and the gradient runs back along the same steps. The first recomputed state then becomes the stored
one. Until K samples have been seen the window starts at h_0 = 0.

`length` is the number of past inputs in the window, up to K − 1; the input of the moment stands after them.
"""

from types import ModuleType

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, move
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays

FRONT = "hidden_state"
"""The section that begins with the hidden state in front of the window."""


def rows(sizes: Sizes) -> int:
    """Inputs in a full window, that of the moment among them."""
    return sizes.truncation


def state(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """The inputs of the window and the hidden state in front of them."""
    return {"window": sizes.truncation * sizes.features, "hidden_state": sizes.units}


def scratch(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """A record for each step and the state after the last; slopes for each step; ∂L/∂h."""
    return {
        "records": (sizes.truncation + 1) * cell.RECORD * sizes.units,
        "deltas": sizes.truncation * cell.SLOPES * sizes.units,
        "dh": sizes.units,
    }


def export(storage: Storage, length: int) -> Arrays:
    """h_{t−K} (H,) and the inputs after it (n, F), oldest first."""
    sizes = storage.sizes
    inputs = storage["window"][: length * sizes.features].reshape(length, sizes.features)
    return {"window.hidden": storage["hidden_state"][: sizes.hidden].copy(), "window.inputs": inputs.copy()}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["hidden_state"][: storage.sizes.hidden] = arrays["window.hidden"]
    storage["window"][: arrays["window.inputs"].size] = arrays["window.inputs"].ravel()


@kernel
def forward(net: Net, window: int, records: int, length: int) -> int:
    """From the hidden state at the head of the records, over the window; where h_t is."""
    for k in range(length + 1):
        net.cell.forward(net, window + k * net.features, records + k * net.record)
    return records + (length + 1) * net.record


@kernel
def backward(net: Net, window: int, records: int, deltas: int, length: int) -> None:
    """From ∂L/∂h_t at `net.dh`, back over a window and its records; the cell's gradient to `net.gradient`."""
    net.cell.slopes(net, records + length * net.record, deltas + length * net.slopes)
    for k in range(length, 0, -1):
        net.cell.back(net, records + k * net.record, deltas + k * net.slopes)
        net.cell.slopes(net, records + (k - 1) * net.record, deltas + (k - 1) * net.slopes)
    net.cell.accumulate(net, window, records, deltas, length + 1)


@kernel
def run(net: Net, length: int) -> int:
    """Forward over the window; where h_t is. Writes records only."""
    move(net, net.records, net.hidden_state, net.units)
    return forward(net, net.window, net.records, length)


@kernel
def gradient(net: Net, length: int) -> None:
    """From ∂L/∂h_t at `net.dh`, back over the window; the cell's gradient to `net.gradient`."""
    backward(net, net.window, net.records, net.deltas, length)


@kernel
def advance(net: Net, length: int) -> None:
    """A full window moves on by one: its oldest input goes, and the state after that becomes the stored one."""
    if length == net.rows - 1:
        move(net, net.hidden_state, net.records + net.record, net.units)
        move(net, net.window, net.window + net.features, length * net.features)
