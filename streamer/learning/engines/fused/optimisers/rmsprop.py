"""RMSProp (Hinton's lecture 6e), ε outside the root.

s ← ρ s + (1 − ρ) g²,  θ ← θ − η g / (√s + ε)
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, load, spread, store
from streamer.learning.engines.fused.optimisers import elementwise
from streamer.learning.engines.fused.vector import fma, sqrt
from streamer.learning.optimisation import RMSPROP_DECAY as DECAY
from streamer.learning.optimisation import RMSPROP_EPSILON as EPSILON

STATE = ("square_avg",)

state = scratch = elementwise.nothing
prepare, export, restore = elementwise.prepare, elementwise.export, elementwise.restore
begin, admits = elementwise.begin, elementwise.admits


@kernel
def update(net: Net, updates: int) -> None:
    """One step of all parameters along `net.gradient`."""
    step = spread(net, net.step)
    for i in range(0, net.parameters, net.lanes):
        g = load(net, net.gradient + i)
        s = fma(load(net, net.square_avg + i), DECAY, (1 - DECAY) * g * g)
        store(net, net.square_avg + i, s)
        store(net, i, load(net, i) - step * g / (sqrt(s) + EPSILON))
