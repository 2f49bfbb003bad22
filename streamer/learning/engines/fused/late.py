"""The update of a step whose label comes late: its window is run once more, with the weights of today.

Whatever the gradient method of the stream, the gradient is that of the recomputed window. Works in sections of its own,
so that the past that the method holds stays as it is.
"""

from typing import Any

from streamer.learning.engines.fused.denormals import flush_denormals, restore_mode
from streamer.learning.engines.fused.gradients.tbptt import backward, forward
from streamer.learning.engines.fused.guard import update
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, put


@kernel
def _take(net: Net, hidden: Any, window: Any, length: int) -> None:
    """The hidden state (H,) and the inputs in use of (K, F), to the late sections."""
    for i in range(net.hidden):
        put(net, net.late_records + i, hidden[i])
    for i in range(net.hidden, net.units):
        put(net, net.late_records + i, 0.0)
    for k in range(length):
        for j in range(net.features):
            put(net, net.late_window + k * net.features + j, window[k, j])


@kernel
def _relearn(net: Net, counts: Any, last: int, y: Any, out: Any) -> None:
    h = forward(net, net.late_window, net.late_records, last)
    prediction = net.head.predict(net, counts, h, out)
    if net.head.slopes(net, counts, y, prediction):
        net.optimiser.begin(net)
        net.head.gradient(net, h)
        backward(net, net.late_window, net.late_records, net.late_deltas, last)
        update(net, counts)


def relearn(net: Net, counts: Any, hidden: Any, windows: Any, lengths: Any, ys: Any, out: Any) -> None:
    """hidden (n, H), windows (n, K, F), lengths (n,), ys (n, M): an update for each in turn; out (O,) is scratch."""
    mode = flush_denormals()
    for i in range(len(ys)):
        _take(net, hidden[i], windows[i], lengths[i])
        _relearn(net, counts, lengths[i] - 1, ys[i], out)
    restore_mode(mode)
