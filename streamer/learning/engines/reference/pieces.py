"""The pieces of the reference: name → class or file. A new cell, memory, gradient method, … is a file and a line."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torch import nn

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.reference.cells.gru import GRU
from streamer.learning.engines.reference.gradients.method import GradientMethod
from streamer.learning.engines.reference.gradients.rtrl import RealTimeRecurrentLearning
from streamer.learning.engines.reference.gradients.stale import StaleBackpropagation
from streamer.learning.engines.reference.gradients.tbptt import TruncatedBackpropagation
from streamer.learning.engines.reference.guard import MakeRule
from streamer.learning.engines.reference.losses.binary import Binary
from streamer.learning.engines.reference.losses.gaussian import Gaussian
from streamer.learning.engines.reference.losses.huber import Huber
from streamer.learning.engines.reference.losses.loss import Loss
from streamer.learning.engines.reference.losses.softmax import Softmax
from streamer.learning.engines.reference.losses.squared import Squared
from streamer.learning.engines.reference.memories.memory import Memory
from streamer.learning.engines.reference.memories.none import NoMemory
from streamer.learning.engines.reference.memories.ring import Ring
from streamer.learning.engines.reference.memories.taps import Taps
from streamer.learning.engines.reference.optimisers import adam, rmsprop, sgd
from streamer.learning.engines.reference.optimisers.elementwise import Elementwise
from streamer.learning.engines.reference.optimisers.ndekf import NodeDecoupledFilter
from streamer.learning.engines.reference.schedules.annealed import Annealed
from streamer.learning.engines.reference.schedules.constant import Constant
from streamer.learning.engines.reference.schedules.schedule import Schedule
from streamer.learning.network import Parameters

CELLS: Mapping[str, Callable[[Parameters], nn.Module]] = {"gru": GRU}
MEMORIES: Mapping[str, Callable[[LearnerSettings], Memory]] = {"none": NoMemory, "ring": Ring, "taps": Taps}
GRADIENTS: Mapping[str, Callable[[LearnerSettings, Any], GradientMethod]] = {
    "tbptt": TruncatedBackpropagation,
    "stale": StaleBackpropagation,
    "rtrl": RealTimeRecurrentLearning,
}
SCHEDULES: Mapping[str, Callable[[LearnerSettings], Schedule]] = {"constant": Constant, "annealed": Annealed}
OPTIMISERS: Mapping[str, MakeRule] = {
    "rmsprop": partial(Elementwise, rmsprop),
    "sgd": partial(Elementwise, sgd),
    "adam": partial(Elementwise, adam),
    "ndekf": NodeDecoupledFilter,
}
LOSSES: Mapping[str, Callable[[], Loss]] = {
    "binary": Binary,
    "squared": Squared,
    "huber": Huber,
    "softmax": Softmax,
    "gaussian": Gaussian,
}
