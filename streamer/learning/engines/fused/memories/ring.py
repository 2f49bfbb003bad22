"""The ring of `streamer.learning.memory`: m complex leaky oscillators for each input.

    u_i ← r e^{jφ_i} u_i + √(1 − r²) x

The new u is written behind x, where it is the cell's input, and becomes the bank's when the sample is kept.
"""

import numpy as np

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.kernel import kernel
from streamer.learning.engines.fused.layout import Sizes
from streamer.learning.engines.fused.net import Net, get, put
from streamer.learning.engines.fused.storage import Storage
from streamer.learning.memory import gain, rotation
from streamer.samples import Arrays


def state(sizes: Sizes) -> dict[str, int]:
    """Re u (I, m) and Im u (I, m), and the constants of the oscillators."""
    m = sizes.memory_size
    return {"bank": 2 * sizes.inputs * m, "rotation_re": m, "rotation_im": m, "memory_gain": 1}


def prepare(storage: Storage, settings: LearnerSettings) -> None:
    """Write the constants."""
    storage["rotation_re"][:], storage["rotation_im"][:] = rotation(settings.memory_size, settings.memory_radius)
    storage["memory_gain"][:] = gain(settings.memory_radius)


def export(storage: Storage) -> Arrays:
    """Re u and Im u, each (I, m)."""
    sizes = storage.sizes
    real, imaginary = storage["bank"].reshape(2, sizes.inputs, sizes.memory_size)
    return {"memory.real": real.copy(), "memory.imaginary": imaginary.copy()}


def restore(storage: Storage, arrays: Arrays) -> None:
    """The inverse of `export`."""
    storage["bank"][:] = np.concatenate([arrays["memory.real"].ravel(), arrays["memory.imaginary"].ravel()])


@kernel
def read(net: Net, at: int) -> None:
    """Write the new Re u and Im u behind x."""
    m = net.memory_size
    for i in range(net.inputs):
        push = get(net, net.memory_gain) * get(net, at + i)
        for o in range(m):
            re = net.bank + i * m + o
            im = re + net.inputs * m
            a, b = get(net, net.rotation_re + o), get(net, net.rotation_im + o)
            to = at + net.inputs + i * m + o
            put(net, to, a * get(net, re) - b * get(net, im) + push)
            put(net, to + net.inputs * m, a * get(net, im) + b * get(net, re))


@kernel
def keep(net: Net, at: int) -> None:
    """The new u becomes the bank's."""
    for i in range(2 * net.inputs * net.memory_size):
        put(net, net.bank + i, get(net, at + net.inputs + i))
