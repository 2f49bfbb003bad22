"""What stands between a gradient and the parameters: an update that is not finite is never applied."""

import math

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, filled, load
from streamer.learning.engines.fused.vector import fma, total


@kernel
def finite(net: Net) -> bool:
    """Whether the gradient's squared norm is."""
    a = filled(net, 0.0)
    for i in range(0, net.parameters, net.lanes):
        g = load(net, net.gradient + i)
        a = fma(g, g, a)
    return math.isfinite(total(a))
