"""A pull to the initial parameters, beside the gradient and not through the optimiser (decoupled, as in AdamW).

    θ ← θ − κ (θ − θ₀)      (weight decay of Loshchilov & Hutter 2019, towards the first values)

As part of the gradient it would be enlarged a thousand times by RMSProp whenever the loss has become small.
"""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, load, spread, store

STATE = ("initial",)


@kernel
def pull(net: Net) -> None:
    """One step of all parameters towards `net.initial`."""
    rate = spread(net, net.anchoring)
    for i in range(0, net.parameters, net.lanes):
        store(net, i, load(net, i) - rate * (load(net, i) - load(net, net.initial + i)))
