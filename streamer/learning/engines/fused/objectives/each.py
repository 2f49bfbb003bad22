"""The same loss for each output and its own target; an output without a label has no slope."""

from typing import Any

from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, get, put


@kernel
def predict(net: Net, counts: Any) -> None:
    """What the loss makes of each output."""
    for o in range(net.outputs):
        put(net, net.predictions + o, net.loss.prediction(get(net, net.logits + o)))


@kernel
def slopes(net: Net, counts: Any, y: Any) -> bool:
    """The slopes of the outputs that have a label in y (O,); whether any has."""
    labelled = False
    for o in range(net.outputs):
        if y[o] == y[o]:
            labelled = True
            put(net, net.output_slopes + o, net.loss.slope(get(net, net.predictions + o), y[o]))
    return labelled
