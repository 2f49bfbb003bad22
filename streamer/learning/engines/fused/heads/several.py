"""The head of several outputs: outputs = v h + a, with v (O, H) by rows. Its parameters come first in the buffer."""

from typing import Any

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Field, Sizes
from streamer.learning.engines.fused.net import Net, filled, get, load, put, spread, store
from streamer.learning.engines.fused.vector import fma, total
from streamer.learning.network import shapes


def fields(sizes: Sizes) -> list[Field]:
    """The parameters as stored."""
    shape = shapes(sizes.features, sizes.hidden, sizes.outputs)
    return [Field("v", shape["v"], (0, 1)), Field("a", shape["a"], (0,))]


@kernel
def predict(net: Net, counts: Any, h: int, out: Any) -> float:
    """The predictions, to out (O,), and where `slopes` finds them; the number returned says nothing."""
    for o in range(net.outputs):
        sums = filled(net, 0.0)
        for unit in range(0, net.units, net.lanes):
            sums = fma(load(net, net.v + o * net.units + unit), load(net, h + unit), sums)
        put(net, net.logits + o, total(sums) + get(net, net.a + o))
    net.objective.predict(net, counts)
    for o in range(net.outputs):
        out[o] = get(net, net.predictions + o)
    return 0.0


@kernel
def slopes(net: Net, counts: Any, y: Any, prediction: float) -> bool:
    """∂L/∂outputs, to `net.output_slopes`; whether there is a label in y (M,)."""
    for o in range(0, net.outputs, net.lanes):
        store(net, net.output_slopes + o, filled(net, 0.0))
    return net.objective.slopes(net, counts, y)


@kernel
def gradient(net: Net, h: int) -> None:
    """From ∂L/∂outputs: ∂L/∂v_o = slope_o h, ∂L/∂a = slopes, and ∂L/∂h = Σ_o slope_o v_o, which is left at `net.dh`."""
    for unit in range(0, net.units, net.lanes):
        dh = filled(net, 0.0)
        for o in range(net.outputs):
            e = spread(net, net.output_slopes + o)
            row = net.v + o * net.units + unit
            store(net, net.gradient + row, e * load(net, h + unit))
            dh = fma(e, load(net, row), dh)
        store(net, net.dh + unit, dh)
    for o in range(0, net.outputs, net.lanes):
        store(net, net.gradient + net.a + o, load(net, net.output_slopes + o))
