"""A spring to the initial parameters: the gradient of ½ λ ‖θ − θ₀‖².

g ← g + λ (θ − θ₀)
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, load, spread, store
from streamer.learning.engines.fused.vector import fma

STATE = ("initial",)


@kernel
def pull(net: Net) -> None:
    """Add to `net.gradient`."""
    strength = spread(net, net.anchoring)
    for i in range(0, net.parameters, net.lanes):
        distance = load(net, i) - load(net, net.initial + i)
        store(net, net.gradient + i, fma(strength, distance, load(net, net.gradient + i)))
