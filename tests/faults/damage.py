"""Checkpoint files that rot: bits flip, files are cut short. Each must be noticed, and the one before it used."""

import random
from collections.abc import Iterator

import numpy as np

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.memory import MemoryFileSystem
from streamer.learning.learner import Learner
from streamer.sources.bits import BitSource
from tests.faults.line import Figure

DIRECTORY = "d"


def disk() -> tuple[MemoryFileSystem, str]:
    """Two checkpoints of a stream that learns, and the path of the newest."""
    files = MemoryFileSystem()
    store = CheckpointStore(files, DIRECTORY, keep=3)
    store.prepare()
    learner, block = Learner(seed=0), BitSource().read(0, 100)
    for serial in (1, 2):
        learner.step_many(block.inputs[: 50 * serial], block.targets[: 50 * serial])
        store.save(Checkpoint("s", serial, {}, {"e" * 16: 50 * serial}, learner.engine, 0.0, learner.export()))
    return files, f"{DIRECTORY}/s/{serial:012d}.ckpt"


def flipped(data: bytes, count: int, rng: random.Random) -> Iterator[bytes]:
    """The data with one bit flipped, each time another; every bit if there are no more than asked for."""
    for bit in rng.sample(range(8 * len(data)), min(count, 8 * len(data))):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << bit % 8
        yield bytes(damaged)


def cut(data: bytes, count: int, rng: random.Random) -> Iterator[bytes]:
    """The data cut short, each time elsewhere."""
    for length in rng.sample(range(len(data)), min(count, len(data))):
        yield data[:length]


def undetected(flips: int, cuts: int) -> tuple[int, int, int]:
    """Bits flipped, files cut, and how many of them were not noticed or did not lead back to the checkpoint before."""
    rng = random.Random(0)
    files, newest = disk()
    store, whole = CheckpointStore(files, DIRECTORY, keep=3), files.read(newest)
    [before] = store.find("s").valid[1:]
    damaged = [*flipped(whole, flips, rng)], [*cut(whole, cuts, rng)]
    missed = 0
    for data in (*damaged[0], *damaged[1]):
        files.write(newest, data)
        found = store.find("s")
        same = all(np.array_equal(found.valid[0].arrays[name], array) for name, array in before.arrays.items())
        missed += not (list(found.damaged) == [newest] and found.valid[0].serial == before.serial and same)
    return len(damaged[0]), len(damaged[1]), missed


def measure(flips: int, cuts: int) -> Figure:
    """The figure of so many."""
    flips_done, cuts_done, missed = undetected(flips, cuts)
    enough = flips_done >= flips and cuts_done >= cuts
    return Figure(f"{flips_done:,} flips, {cuts_done:,} cuts: {missed} not detected", enough and not missed)
