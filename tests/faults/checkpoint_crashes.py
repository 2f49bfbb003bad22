"""Every disk that a crash may leave while checkpoints are written, each opened by a new store.

A checkpoint whose save has returned must be there; the one before it, too, if the newest is lost besides: that is what
has been acknowledged. A crash in the middle of what a store does after a crash counts as well.
"""

import random
from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from tests.faults.crash_states import Disk, disks, mounted
from tests.faults.line import Figure
from tests.faults.recorder import Recorder

DIRECTORY = "d"
NUMBERS = 400
"""Float32 in a checkpoint: about 2 KB, five blocks."""
SECOND_LIVES = 40
"""Disks, of those that a crash has left, on which the store is started and crashes again."""

Promise = dict[str, int]
"""Stream → serial of the newest checkpoint whose save has returned."""
Wrap = Callable[[FileSystem], FileSystem]


def checkpoint(stream: str, serial: int) -> Checkpoint:
    """One that can be told from every other."""
    arrays = {"a": np.full(NUMBERS, serial, np.float32)}
    return Checkpoint(stream, serial, {}, {"e" * 16: serial}, "reference", 0.0, arrays)


def crash_everywhere(most: int, *, seed: int = 0, wrap: Wrap = lambda files: files) -> int:
    """Open up to `most` different disks; AssertionError names the first that breaks the promise.

    `wrap` may put something between the store and its disk, such as a disk that does not do as it is told.
    """
    rng, seen = random.Random(seed), set[int]()
    lives = [(MemoryFileSystem(), Promise())]
    for life in count():
        if life == len(lives) or len(seen) >= most:
            return len(seen)
        for recorder in _lives_of(*lives[life], keep=2 + life % 2, wrap=wrap):
            for moment in recorder.moments:
                for disk in disks(moment, rng):
                    if len(seen) >= most:
                        break
                    key = hash((moment.directories, frozenset(disk.items()), tuple(moment.promised.items())))
                    if key in seen:
                        continue
                    seen.add(key)
                    files = mounted(disk, moment.directories)
                    try:
                        _check(disk, moment.directories, moment.promised)
                    except Exception as error:
                        raise AssertionError(f"life {life}, after {moment.operation}: {error!r}") from error
                    if len(lives) <= SECOND_LIVES and rng.random() < 0.01:
                        lives.append((files, moment.promised))


def measure(most: int) -> Figure:
    """The figure of so many states."""
    found = crash_everywhere(most)
    return Figure(f"{found:,} states, 0 unrecoverable, 0 too old", found >= most)


def _lives_of(files: MemoryFileSystem, promised: Promise, *, keep: int, wrap: Wrap) -> Iterator[Recorder]:
    recorder = Recorder(DIRECTORY, files, promised)
    store = CheckpointStore(wrap(recorder), DIRECTORY, keep=keep)
    store.prepare()
    newest = {found.stream: found.valid[0].serial for found in store.find_all() if found.valid}
    for stream in ("s", "s", "t", "s", "t", "s"):
        newest[stream] = newest.get(stream, 0) + 1
        store.save(checkpoint(stream, newest[stream]))
        promised = promised | {stream: newest[stream]}
        recorder.promise(promised)
    yield recorder


def _check(disk: Disk, directories: frozenset[str], promised: Promise) -> None:
    newest = _newest(mounted(disk, directories), damaged=0)
    assert _covers(newest, promised), f"promised {promised}, found {newest}"
    for stream, serial in newest.items():
        path = f"{DIRECTORY}/{stream}/{serial:012d}.ckpt"
        fallback = promised | ({stream: promised[stream] - 1} if stream in promised else {})
        without = {name: data for name, data in disk.items() if name != path}
        rotten = disk | {path: disk[path][:-1] + bytes([disk[path][-1] ^ 1])}
        for tampered, damaged in ((without, 0), (rotten, 1)):
            left = _newest(mounted(tampered, directories), damaged)
            assert _covers(left, fallback), f"the newest of {stream} lost: promised {fallback}, found {left}"


def _newest(files: MemoryFileSystem, damaged: int) -> dict[str, int]:
    """Stream → serial of the checkpoint that a daemon would go on from; what is damaged must be known to be."""
    store = CheckpointStore(files, DIRECTORY, keep=2)
    store.prepare()
    found = list(store.find_all())
    for one in (one for stream in found for one in stream.valid):
        assert (one.arrays["a"] == one.serial).all(), "a checkpoint that was never written"
    assert sum(len(stream.damaged) for stream in found) <= damaged, [stream.damaged for stream in found]
    return {stream.stream: stream.valid[0].serial for stream in found if stream.valid}


def _covers(newest: dict[str, int], promised: Promise) -> bool:
    return all(newest.get(stream, 0) >= serial for stream, serial in promised.items())
