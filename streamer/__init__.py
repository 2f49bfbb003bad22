"""A daemon that learns from a stream for ever, one sample at a time.

This module is the whole public interface. Names are resolved when they are first used (PEP 562), so that
`import streamer` costs nothing and no user pays for a library that he does not use.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamer.app.production import produce
    from streamer.client.producer import Producer
    from streamer.config.committee import CommitteeSettings
    from streamer.config.learner import LearnerSettings
    from streamer.learning.committee.committee import Committee
    from streamer.learning.learner import Learner
    from streamer.learning.snapshot import Snapshot
    from streamer.sources.arrays import ArraySource

_HOMES = {
    "ArraySource": "streamer.sources.arrays",
    "Committee": "streamer.learning.committee.committee",
    "CommitteeSettings": "streamer.config.committee",
    "Learner": "streamer.learning.learner",
    "LearnerSettings": "streamer.config.learner",
    "Producer": "streamer.client.producer",
    "Snapshot": "streamer.learning.snapshot",
    "produce": "streamer.app.production",
}

__version__ = "0.1.0"
__all__ = [
    "ArraySource",
    "Committee",
    "CommitteeSettings",
    "Learner",
    "LearnerSettings",
    "Producer",
    "Snapshot",
    "produce",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'streamer' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
