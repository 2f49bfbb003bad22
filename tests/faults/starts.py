"""How long a daemon takes from its first instruction until it says that it is ready."""

import statistics
import tempfile
import time
from pathlib import Path

from tests.end_to_end.processes import Daemon
from tests.faults.line import Figure


def start_seconds(engine: str) -> float:
    """One start, of a daemon that finds no checkpoints."""
    with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
        started = time.monotonic()
        daemon = Daemon(Path(folder) / "checkpoints", f"learner.engine={engine}")
        seconds = time.monotonic() - started
        daemon.end()
    return seconds


def measure(engine: str, times: int, most_seconds: float) -> Figure:
    """The median of so many, after one that has warmed the caches: compiled kernels, and the files themselves."""
    start_seconds(engine)
    median = statistics.median(start_seconds(engine) for _ in range(times))
    return Figure(f"{median:.2f} s", median <= most_seconds)
