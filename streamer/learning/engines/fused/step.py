"""The step of a learner on one sample, and the kernel that makes it on a block.

A prediction is fixed before its label is looked at. What `step` writes before it is told to learn is scratch, so the
same compiled step serves `predict_one`, and it is bit for bit the one that learns.
"""

from typing import Any

from streamer.learning.engines.fused.counts import SAMPLES
from streamer.learning.engines.fused.denormals import flush_denormals, restore_mode
from streamer.learning.engines.fused.guard import update
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, get, move, put
from streamer.learning.insight import TRACE
from streamer.learning.network import INPUT_LIMIT


@kernel
def _read(net: Net, at: int, x: Any) -> None:
    """The cell's input at this sample: x, clipped, and what the memory makes of it."""
    for i in range(net.inputs):
        put(net, at + i, min(max(x[i], -INPUT_LIMIT), INPUT_LIMIT))
    net.memory.read(net, at)


@kernel
def _learn(net: Net, counts: Any, length: int, h: int) -> None:
    """Gradient, guard, pull, update."""
    net.optimiser.begin(net)
    net.head.gradient(net, h)
    net.gradient_method.gradient(net, length)
    update(net, counts)


@kernel
def _leave(net: Net, at: int, out: Any) -> None:
    """The hidden state in front of the window, and the cell's input, behind the prediction."""
    for i in range(net.hidden):
        out[net.outputs + i] = get(net, net.front + i)
    for j in range(net.features):
        out[net.outputs + net.hidden + j] = get(net, at + j)


@kernel
def _move_on(net: Net, counts: Any, length: int, h: int, y: Any, prediction: float) -> None:
    """What follows a prediction: learn, and move on."""
    if net.head.slopes(net, counts, y, prediction):
        _learn(net, counts, length, h)
    move(net, net.trace + counts[SAMPLES] % TRACE * net.units, h, net.units)
    net.memory.keep(net, net.window + length * net.features)
    net.gradient_method.advance(net, length)
    counts[SAMPLES] += 1


def step_many(net: Net, counts: Any, xs: Any, ys: Any, rows: Any, learn: bool) -> None:
    """xs (T, I), ys (T, M) → predictions, to rows (T, O): each sample in turn; NaN in `ys` is no label.

    Rows of O + H + F numbers take the trail as well: an array more would make each call for one sample slower.
    """
    mode = flush_denormals()
    leaves_trail = rows.shape[1] > net.outputs
    for t in range(len(ys)):
        length = min(counts[SAMPLES], net.rows - 1)
        at = net.window + length * net.features
        _read(net, at, xs[t])
        h = net.gradient_method.run(net, length)
        prediction = net.head.predict(net, counts, h, rows[t])
        if leaves_trail:
            _leave(net, at, rows[t])
        if learn:
            _move_on(net, counts, length, h, ys[t], prediction)
    restore_mode(mode)
