"""Real-time recurrent learning (Williams & Zipser 1989): the exact gradient, forward in time, without a window.

With S = ∂h_{t−1}/∂θ, J = ∂h_t/∂h_{t−1} and d = ∂L/∂h_t:

    ∂L/∂θ = dᵀ ∂h_t/∂θ|direct + (Jᵀ d)ᵀ S
    S ← ∂h_t/∂θ|direct + J S

The direct term is sparse: every parameter of the cell touches one unit, so a step's own gradient with d = 1 holds it.
S is stored as H rows with a number for each parameter; the cost of J S is H² P.
"""

from types import ModuleType

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, filled, get, load, move, put, spread, store
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.engines.fused.vector import fma
from streamer.samples import Arrays, Floats

FRONT = "hidden_state"
"""The section that begins with the hidden state in front of the window."""


def rows(sizes: Sizes) -> int:
    """The input of the moment."""
    return 1


def state(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """The hidden state and the sensitivities."""
    return {"hidden_state": sizes.units, "sensitivity": sizes.hidden * _parameters(sizes, cell)}


def scratch(sizes: Sizes, cell: ModuleType) -> dict[str, int]:
    """The step's input, record and slopes, ∂L/∂h, J by columns, and a block of S as it was."""
    return {
        "window": sizes.features,
        "records": 2 * cell.RECORD * sizes.units,
        "deltas": cell.SLOPES * sizes.units,
        "dh": sizes.units,
        "jacobian": sizes.hidden * sizes.units,
        "before": sizes.hidden * sizes.lanes,
    }


def _parameters(sizes: Sizes, cell: ModuleType) -> int:
    return sum(field.count(sizes) for field in cell.fields(sizes))


def export(storage: Storage, length: int) -> Arrays:
    """h_{t−1} (H,), and S of each parameter of the cell (H, *shape)."""
    sensitivity = storage.read(_sensitivity(storage), storage.cell_fields)
    arrays = {f"gradient.sensitivity.{name}": array for name, array in sensitivity.items()}
    return {"window.hidden": storage["hidden_state"][: storage.sizes.hidden].copy(), **arrays}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["hidden_state"][: storage.sizes.hidden] = arrays["window.hidden"]
    fields = storage.cell_fields
    sensitivity = {field.name: arrays[f"gradient.sensitivity.{field.name}"] for field in fields}
    storage.write(_sensitivity(storage), sensitivity, fields)


def _sensitivity(storage: Storage) -> Floats:
    return storage["sensitivity"].reshape(storage.sizes.hidden, -1)


@kernel
def run(net: Net, length: int) -> int:
    """One step of the cell, and J while its weights are still those of the step; where h_t is. Writes scratch only."""
    move(net, net.records, net.hidden_state, net.units)
    net.cell.forward(net, net.window, net.records)
    _ones(net)
    net.cell.slopes(net, net.records, net.deltas)
    net.cell.jacobian(net, net.records, net.deltas, net.jacobian)
    return net.records + net.record


@kernel
def _ones(net: Net) -> None:
    for unit in range(0, net.units, net.lanes):
        store(net, net.dh + unit, filled(net, 1.0))


@kernel
def gradient(net: Net, length: int) -> None:
    """From ∂L/∂h_t at `net.dh`, the step's own gradient and what came before it, to `net.gradient`."""
    net.cell.slopes(net, net.records, net.deltas)
    net.cell.accumulate(net, net.window, net.records, net.deltas, 1)
    net.cell.back(net, net.records, net.deltas)
    count = net.parameters - net.cell_parameters
    for block in range(0, count, net.lanes):
        to = net.gradient + net.cell_parameters + block
        g = load(net, to)
        for i in range(net.hidden):
            g = fma(spread(net, net.dh + i), load(net, net.sensitivity + i * count + block), g)
        store(net, to, g)


@kernel
def advance(net: Net, length: int) -> None:
    """S moves on with J, which was taken before the update, and h_t becomes the hidden state."""
    _ones(net)
    net.cell.slopes(net, net.records, net.deltas)
    net.cell.accumulate(net, net.window, net.records, net.deltas, 1)
    for block in range(0, net.parameters - net.cell_parameters, net.lanes):
        _carry(net, block)
        _add_direct(net, block)
    move(net, net.hidden_state, net.records + net.record, net.units)


@kernel
def _carry(net: Net, block: int) -> None:
    """S ← J S for the parameters of a block."""
    count = net.parameters - net.cell_parameters
    for j in range(net.hidden):
        store(net, net.before + j * net.lanes, load(net, net.sensitivity + j * count + block))
    for i in range(net.hidden):
        s = filled(net, 0.0)
        for j in range(net.hidden):
            s = fma(spread(net, net.jacobian + j * net.units + i), load(net, net.before + j * net.lanes), s)
        store(net, net.sensitivity + i * count + block, s)


@kernel
def _add_direct(net: Net, block: int) -> None:
    """Add the direct term, which is that of one unit for each parameter: a block's lanes are consecutive units."""
    count = net.parameters - net.cell_parameters
    first = block % net.units
    for lane in range(min(net.lanes, net.hidden - first)):
        at = net.sensitivity + (first + lane) * count + block + lane
        put(net, at, get(net, at) + get(net, net.gradient + net.cell_parameters + block + lane))
