"""Cross-entropy of classes: p = softmax of the outputs of the places found so far, and ∂L/∂output = p − [place = y].

Places are found by targets, from 0 up. Others take no part: their prediction is 0, and so is their slope. A target
that finds a place counts it in before its own slopes are taken.
"""

import math
from typing import Any

from streamer.learning.engines.fused.counts import CLASSES
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, get, put


@kernel
def _softmax(net: Net, classes: int) -> None:
    """The largest output is subtracted first, so that no exponential overflows."""
    largest = get(net, net.logits)
    for place in range(1, classes):
        largest = max(largest, get(net, net.logits + place))
    sums = 0.0
    for place in range(classes):
        weight = math.exp(get(net, net.logits + place) - largest)
        put(net, net.predictions + place, weight)
        sums += weight
    for place in range(classes):
        put(net, net.predictions + place, get(net, net.predictions + place) / sums)
    for place in range(classes, net.outputs):
        put(net, net.predictions + place, 0.0)


@kernel
def predict(net: Net, counts: Any) -> None:
    """The probability of each place; all zero before the first class."""
    _softmax(net, counts[CLASSES])


@kernel
def slopes(net: Net, counts: Any, y: Any) -> bool:
    """The slopes for the place y (1,); whether there is one."""
    if y[0] != y[0]:
        return False
    place = int(y[0])
    if place >= counts[CLASSES]:
        counts[CLASSES] = place + 1
        _softmax(net, place + 1)
    for other in range(counts[CLASSES]):
        put(net, net.output_slopes + other, get(net, net.predictions + other))
    put(net, net.output_slopes + place, get(net, net.predictions + place) - 1.0)
    return True
