"""What decides the last bits of a learner's arithmetic here: the code, its libraries, the CPU and the threads."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import numpy as np

import streamer.evaluation as evaluation
import streamer.learning as learning


def build_of(engine: str) -> dict[str, str]:
    """What an engine of this name, and the scores beside it, compute with; nothing of an engine that is not ours."""
    # Imported late: one engine must not pay for another's libraries.
    if engine == "fused":
        from streamer.learning.engines.fused.build import build
    elif engine == "reference":
        from streamer.learning.engines.reference.build import build
    else:
        return {}
    sources = digest_of(Path(*learning.__path__), Path(*evaluation.__path__))
    return {"streamer": version("streamer"), "sources": sources, "numpy": np.__version__} | build()


def digest_of(*roots: Path) -> str:
    """A hash of all sources below some directories: two builds of one version need not be the same."""
    digest = hashlib.sha256()
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
