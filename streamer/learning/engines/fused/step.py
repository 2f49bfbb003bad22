"""The step of a learner on one sample, and the kernel that makes it on a block.

A prediction is fixed before its label is looked at. What `step` writes before it is told to learn is scratch, so the
same compiled step serves `predict_one`, and it is bit for bit the one that learns.
"""

from typing import Any

from streamer.learning.engines.fused import head
from streamer.learning.engines.fused.denormals import flush_denormals, restore_mode
from streamer.learning.engines.fused.guard import finite
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, move, put
from streamer.learning.insight import TRACE
from streamer.learning.network import INPUT_LIMIT

SAMPLES, UPDATES, SKIPPED = range(3)
"""Places in the array of counts."""


@kernel
def _read(net: Net, at: int, x: Any) -> None:
    """The cell's input at this sample: x, clipped, and what the memory makes of it."""
    for i in range(net.inputs):
        put(net, at + i, min(max(x[i], -INPUT_LIMIT), INPUT_LIMIT))
    net.memory.read(net, at)


@kernel
def _learn(net: Net, counts: Any, length: int, h: int, slope: float) -> None:
    """Gradient, guard, pull, update."""
    head.gradient(net, h, slope)
    net.gradient_method.gradient(net, length)
    if finite(net):
        net.anchor.pull(net)
        net.optimiser.update(net, counts[UPDATES])
        net.cell.changed(net)
        counts[UPDATES] += 1
    else:
        counts[SKIPPED] += 1


@kernel
def _step(net: Net, counts: Any, x: Any, y: float, learn: bool) -> float:
    length = min(counts[SAMPLES], net.rows - 1)
    at = net.window + length * net.features
    _read(net, at, x)
    h = net.gradient_method.run(net, length)
    prediction = net.loss.prediction(head.output(net, h))
    if learn:
        if y == y:
            _learn(net, counts, length, h, net.loss.slope(prediction, y))
        move(net, net.trace + counts[SAMPLES] % TRACE * net.units, h, net.units)
        net.memory.keep(net, at)
        net.gradient_method.advance(net, length)
        counts[SAMPLES] += 1
    return prediction


def step_many(net: Net, counts: Any, xs: Any, ys: Any, predictions: Any, learn: bool) -> None:
    """xs (T, I), ys (T,) → predictions (T,): each sample in turn; NaN in `ys` is no label."""
    mode = flush_denormals()
    for t in range(len(ys)):
        predictions[t] = _step(net, counts, xs[t], ys[t], learn)
    restore_mode(mode)
