"""What stands between a gradient and the parameters: an update that is not finite is never applied."""

import math
from typing import Any

from streamer.learning.engines.fused.counts import SKIPPED, UPDATES
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, filled, load, put
from streamer.learning.engines.fused.vector import fma, total


@kernel
def update(net: Net, counts: Any) -> None:
    """Pull and update by the gradient, or count it as skipped."""
    if _finite(net) and net.optimiser.admits(net):
        net.anchor.pull(net)
        net.schedule.advance(net)
        net.optimiser.update(net, counts[UPDATES])
        net.cell.changed(net)
        counts[UPDATES] += 1
    else:
        counts[SKIPPED] += 1


@kernel
def _finite(net: Net) -> bool:
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
