"""The pieces a kernel can be made of: name → file. A new cell, memory, gradient method, optimiser or loss is a line."""

from collections.abc import Mapping
from types import ModuleType

from streamer.learning.engines.fused.anchors import initial
from streamer.learning.engines.fused.anchors import none as free
from streamer.learning.engines.fused.cells import gru
from streamer.learning.engines.fused.gradients import rtrl, stale, tbptt
from streamer.learning.engines.fused.heads import several, single
from streamer.learning.engines.fused.losses import binary, huber, squared
from streamer.learning.engines.fused.memories import none, ring, taps
from streamer.learning.engines.fused.objectives import each, gaussian, softmax
from streamer.learning.engines.fused.optimisers import adam, ndekf, rmsprop, sgd
from streamer.learning.engines.fused.schedules import annealed, constant

PIECES: Mapping[str, Mapping[str, ModuleType]] = {
    "cell": {"gru": gru},
    "memory": {"none": none, "ring": ring, "taps": taps},
    "gradient_method": {"tbptt": tbptt, "stale": stale, "rtrl": rtrl},
    "optimiser": {"rmsprop": rmsprop, "sgd": sgd, "adam": adam, "ndekf": ndekf},
    "head": {"single": single, "several": several},
    "loss": {"binary": binary, "squared": squared, "huber": huber},
    "objective": {"each": each, "softmax": softmax, "gaussian": gaussian},
    "anchor": {"none": free, "initial": initial},
    "schedule": {"constant": constant, "annealed": annealed},
}
