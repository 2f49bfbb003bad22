"""The linear head: output = v · h + a. Its parameters come first in the buffer; `a` is one lane of a vector."""

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.learning.engines.fused.net import Net, filled, load, put, store
from streamer.learning.engines.fused.vector import fma, total
from streamer.learning.network import shapes


def fields(sizes: Sizes) -> list[Field]:
    """The parameters as stored."""
    shape = shapes(sizes.features, sizes.hidden)
    return [Field("v", shape["v"], (0,)), Field("a", shape["a"], ())]


@kernel
def output(net: Net, h: int) -> float:
    """V · h + a, with h (H,) at the given place."""
    sums = load(net, net.a)
    for unit in range(0, net.units, net.lanes):
        sums = fma(load(net, net.v + unit), load(net, h + unit), sums)
    return total(sums)


@kernel
def gradient(net: Net, h: int, slope: float) -> None:
    """From ∂L/∂output: ∂L/∂v = slope · h, ∂L/∂a = slope, and ∂L/∂h = slope · v, which is left at `net.dh`."""
    e = filled(net, slope)
    for unit in range(0, net.units, net.lanes):
        store(net, net.gradient + net.v + unit, e * load(net, h + unit))
        store(net, net.dh + unit, e * load(net, net.v + unit))
    store(net, net.gradient + net.a, filled(net, 0.0))
    put(net, net.gradient + net.a, slope)
