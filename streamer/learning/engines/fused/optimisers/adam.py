"""Adam (Kingma & Ba 2015), with the constants of `streamer.learning.optimisation`. t counts updates, an integer.

m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²
θ ← θ − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
"""

import math

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, filled, get, load, store
from streamer.learning.engines.fused.optimisers import elementwise
from streamer.learning.engines.fused.vector import fma, sqrt
from streamer.learning.optimisation import ADAM_EPSILON as EPSILON
from streamer.learning.optimisation import ADAM_FIRST_DECAY as FIRST
from streamer.learning.optimisation import ADAM_SECOND_DECAY as SECOND

STATE = ("exp_avg", "exp_avg_sq")

state = scratch = elementwise.nothing
prepare, export, restore = elementwise.prepare, elementwise.export, elementwise.restore
begin, admits = elementwise.begin, elementwise.admits


@kernel
def update(net: Net, updates: int) -> None:
    """One step of all parameters along `net.gradient`."""
    t = updates + 1.0
    step = filled(net, get(net, net.step) / (1 - FIRST**t))
    root = filled(net, math.sqrt(1 - SECOND**t))
    for i in range(0, net.parameters, net.lanes):
        g = load(net, net.gradient + i)
        m = fma(load(net, net.exp_avg + i), FIRST, (1 - FIRST) * g)
        v = fma(load(net, net.exp_avg_sq + i), SECOND, (1 - SECOND) * g * g)
        store(net, net.exp_avg + i, m)
        store(net, net.exp_avg_sq + i, v)
        store(net, i, load(net, i) - step * m / (sqrt(v) / root + EPSILON))
