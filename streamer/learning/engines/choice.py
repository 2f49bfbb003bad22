"""From an engine's name to an engine. Imports are made here, late: one engine must not pay for another's libraries."""

from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import UnavailableError
from streamer.learning.engines.engine import Engine
from streamer.learning.network import Parameters


def make_engine(name: EngineName, settings: LearnerSettings, parameters: Parameters) -> Engine:
    """The engine called `name`, holding `parameters`; `auto` is the fastest that supports the settings."""
    if name not in ("auto", "reference"):
        raise UnavailableError("no engine has this name", got=repr(name), expected="'auto' or 'reference'")
    from streamer.learning.engines.reference.engine import ReferenceEngine

    return ReferenceEngine(settings, parameters)
