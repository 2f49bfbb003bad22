"""What stands between a gradient and the parameters: an update that is not finite is never applied."""

import math

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, filled, load, put
from streamer.learning.engines.fused.vector import fma, total


@kernel
def finite(net: Net) -> bool:
    """Whether the gradient's squared norm is; it is left to be seen."""
    even, odd = filled(net, 0.0), filled(net, 0.0)
    pair = 2 * net.lanes
    for i in range(0, net.parameters - net.lanes, pair):
        g, next_g = load(net, net.gradient + i), load(net, net.gradient + i + net.lanes)
        even, odd = fma(g, g, even), fma(next_g, next_g, odd)
    if net.parameters % pair:
        g = load(net, net.gradient + net.parameters - net.lanes)
        even = fma(g, g, even)
    square = total(even + odd)
    put(net, net.gradient_square, square)
    return math.isfinite(square)
