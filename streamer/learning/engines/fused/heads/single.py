"""The head of one output: output = v · h + a. Its parameters come first in the buffer; `a` is one lane of a vector."""

from typing import Any

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.learning.engines.fused.net import Net, filled, get, load, put, spread, store
from streamer.learning.engines.fused.vector import fma, total
from streamer.learning.network import shapes


def fields(sizes: Sizes) -> list[Field]:
    """The parameters as stored."""
    shape = shapes(sizes.features, sizes.hidden)
    return [Field("v", shape["v"], (0,)), Field("a", shape["a"], ())]


@kernel
def _output(net: Net, h: int) -> float:
    """V · h + a, with h (H,) at the given place."""
    sums = load(net, net.a)
    for unit in range(0, net.units, net.lanes):
        sums = fma(load(net, net.v + unit), load(net, h + unit), sums)
    return total(sums)


@kernel
def predict(net: Net, counts: Any, h: int, out: Any) -> float:
    """The prediction, to out (1,); returned unrounded, for `slopes`."""
    prediction = net.loss.prediction(_output(net, h))
    out[0] = prediction
    return prediction


@kernel
def slopes(net: Net, counts: Any, y: Any, prediction: float) -> bool:
    """∂L/∂output, to `net.output_slopes`; whether there is a label in y (1,)."""
    put(net, net.output_slopes, net.loss.slope(prediction, y[0]))
    return y[0] == y[0]


@kernel
def gradient(net: Net, h: int) -> None:
    """From ∂L/∂output: ∂L/∂v = slope · h, ∂L/∂a = slope, and ∂L/∂h = slope · v, which is left at `net.dh`."""
    e = spread(net, net.output_slopes)
    for unit in range(0, net.units, net.lanes):
        store(net, net.gradient + net.v + unit, e * load(net, h + unit))
        store(net, net.dh + unit, e * load(net, net.v + unit))
    store(net, net.gradient + net.a, filled(net, 0.0))
    put(net, net.gradient + net.a, get(net, net.output_slopes))
