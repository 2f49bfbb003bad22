"""Stochastic gradient descent.

θ ← θ − η g
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, load, spread, store
from streamer.learning.engines.fused.optimisers import elementwise

STATE: tuple[str, ...] = ()

state = scratch = elementwise.nothing
prepare, export, restore = elementwise.prepare, elementwise.export, elementwise.restore
begin, admits = elementwise.begin, elementwise.admits


@kernel
def update(net: Net, updates: int) -> None:
    """One step of all parameters along `net.gradient`."""
    step = spread(net, net.step)
    for i in range(0, net.parameters, net.lanes):
        store(net, i, load(net, i) - step * load(net, net.gradient + i))
