"""A step that becomes smaller while the stream stays as it is, and large again when it changes.

    step = step size / √(1 + age / 500)
    l = ½ Σ (∂L/∂outputs)²,  fast ← fast + max(1/n, 1/50) (l − fast),  slow ← slow + max(1/n, 1/2000) (l − slow)
    age ← 0.98 age  if fast > 1.2 slow,  else  min(age + 1, 49,500)

after each update, n counting them. In double precision, of numbers kept in single.
"""

import math

import numpy as np

from streamer.learning.annealing import DRIFT, FAST, OLDEST, REJUVENATION, SLOW, SLOWING
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.net import Net, get, put
from streamer.learning.engines.fused.storage import Storage
from streamer.samples import Arrays

STATE = {"annealing": 4}
"""Age, fast, slow, n."""


def export(storage: Storage) -> Arrays:
    """Age, fast, slow and n, (4,)."""
    return {"schedule.state": storage["annealing"].copy()}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["annealing"][:] = arrays["schedule.state"]


@kernel
def _number(net: Net, place: int) -> float:
    """One of the state, in double precision."""
    return np.float64(get(net, net.annealing + place))


@kernel
def _surprise(net: Net) -> float:
    """l: it grows with the loss, and takes no logarithm."""
    square = 0.0
    for o in range(net.outputs):
        slope = np.float64(get(net, net.output_slopes + o))
        square += slope * slope
    return 0.5 * square


@kernel
def advance(net: Net) -> None:
    """The step of this update, to `net.step`; then what its surprise makes of the age."""
    age, fast, slow, n = _number(net, 0), _number(net, 1), _number(net, 2), _number(net, 3) + 1
    put(net, net.step, get(net, net.step_size) / math.sqrt(1 + age / SLOWING))
    surprise = _surprise(net)
    fast += max(1 / n, 1 / FAST) * (surprise - fast)
    slow += max(1 / n, 1 / SLOW) * (surprise - slow)
    put(net, net.annealing, age * (1 - REJUVENATION) if fast > DRIFT * slow else min(age + 1, OLDEST))
    put(net, net.annealing + 1, fast)
    put(net, net.annealing + 2, slow)
    put(net, net.annealing + 3, n)
