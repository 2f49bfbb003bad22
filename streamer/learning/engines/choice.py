"""From an engine's name to an engine. Imports are made here, late: one engine must not pay for another's libraries."""

from functools import cache

from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import UnavailableError
from streamer.learning.engines.engine import Engine
from streamer.learning.network import Parameters


def make_engine(name: EngineName, settings: LearnerSettings, parameters: Parameters) -> Engine:
    """The engine called `name`, holding `parameters`; `auto` is the fused one where it can be had."""
    if name not in ("auto", "fused", "reference"):
        raise UnavailableError("no engine has this name", got=repr(name), expected="'auto', 'fused' or 'reference'")
    if settings.optimiser == "ndekf" and settings.outputs > 1:
        raise UnavailableError("ndekf learns one number", got=f"{settings.outputs} outputs", remedy="use rmsprop")
    reason = "" if name == "reference" else why_not_fused()
    if name == "reference" or (name == "auto" and reason):
        return _reference(settings, parameters)
    if reason:
        raise UnavailableError(
            "the fused engine cannot be had", got=reason, remedy="install numba, or use engine='auto'"
        )
    return _fused(settings, parameters)


@cache
def why_not_fused() -> str:
    """Why this machine has no fused engine; empty if it has. It supports all settings."""
    try:
        from streamer.kernels.compiling import obstacle
    except (ImportError, OSError) as error:  # OSError: llvmlite's library does not fit the machine
        return f"numba cannot be loaded: {error}"
    return obstacle()


def _reference(settings: LearnerSettings, parameters: Parameters) -> Engine:
    from streamer.learning.engines.reference.engine import ReferenceEngine

    return ReferenceEngine(settings, parameters)


def _fused(settings: LearnerSettings, parameters: Parameters) -> Engine:
    from streamer.learning.engines.fused.engine import FusedEngine

    return FusedEngine(settings, parameters)
