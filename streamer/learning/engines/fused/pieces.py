"""The pieces a kernel can be made of: name → file. A new cell, memory, gradient method, optimiser or loss is a line."""

from collections.abc import Mapping
from types import ModuleType

from streamer.learning.engines.fused.anchors import initial
from streamer.learning.engines.fused.anchors import none as free
from streamer.learning.engines.fused.cells import gru
from streamer.learning.engines.fused.gradients import tbptt
from streamer.learning.engines.fused.losses import binary
from streamer.learning.engines.fused.memories import none
from streamer.learning.engines.fused.optimisers import rmsprop

PIECES: Mapping[str, Mapping[str, ModuleType]] = {
    "cell": {"gru": gru},
    "memory": {"none": none},
    "gradient_method": {"tbptt": tbptt},
    "optimiser": {"rmsprop": rmsprop},
    "loss": {"binary": binary},
    "anchor": {"none": free, "initial": initial},
}
