"""SIGTERM in the middle of the work: exit code 0, and on disk all that was learned."""

import random
import signal
import tempfile
import time
from pathlib import Path

from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.local import LocalFileSystem
from tests.end_to_end.processes import Daemon, ended
from tests.faults.line import Figure
from tests.faults.lives import STREAM, Lives, live

SETTINGS = ("checkpoints.interval_seconds=3600",)
"""So that a fresh checkpoint can only come of the signal."""
LIFE_SECONDS = 0.3
MOST_SECONDS = 2.0


def terminate_again_and_again(count: int, seed: int = 0) -> list[float]:
    """Seconds from signal to exit, each time; AssertionError if an exit was not clean or left something behind."""
    rng, seconds = random.Random(seed), []
    with tempfile.TemporaryDirectory(prefix="streamer-") as folder:
        lives = Lives(Path(folder), *SETTINGS)
        with lives.producing:
            for _ in range(count):
                daemon = lives.feeding(rng)
                with ended(daemon):
                    live(daemon, rng.uniform(0, LIFE_SECONDS))
                    seconds.append(_terminate(daemon, lives))
    return seconds


def measure(count: int) -> Figure:
    """The figure of so many."""
    seconds = terminate_again_and_again(count)
    measured = f"{len(seconds)} times exit 0, checkpoint fresh; slowest {max(seconds):.2f} s"
    return Figure(measured, max(seconds) <= MOST_SECONDS)


def _terminate(daemon: Daemon, lives: Lives) -> float:
    before = daemon.stream(STREAM).get("next_sequence", 0)
    wall, started = time.time(), time.monotonic()
    code, _, errors = daemon.end(signal.SIGTERM)
    seconds = time.monotonic() - started
    assert code == 0, f"exit code {code}: {errors[-500:]}"
    if valid := CheckpointStore(LocalFileSystem(), str(lives.checkpoints), keep=3).find(STREAM).valid:
        cursor = max(valid[0].positions.values())
        assert cursor >= before, f"{before} learned, {cursor} saved"
        assert cursor == before or valid[0].written_at >= wall, "the checkpoint is older than the signal"
    else:
        assert not before, f"{before} learned, nothing saved"
    return seconds
