"""Every disk that a crash may leave while checkpoints are written, each opened by a new store.

A checkpoint whose save has returned must be there; the one before it, too, if the newest is lost besides: that is what
has been acknowledged. A crash in the middle of what a store does after a crash counts as well.
"""

from collections.abc import Callable

import numpy as np

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from tests.faults.crash_states import Disk, crash_everywhere, mounted
from tests.faults.line import Figure
from tests.faults.recorder import Recorder

DIRECTORY = "d"
NUMBERS = 400
"""Float32 in a checkpoint: about 2 KB, five blocks."""

Promise = dict[str, int]
"""Stream → serial of the newest checkpoint whose save has returned."""
Wrap = Callable[[FileSystem], FileSystem]


def checkpoint(stream: str, serial: int) -> Checkpoint:
    """One that can be told from every other."""
    arrays = {"a": np.full(NUMBERS, serial, np.float32)}
    return Checkpoint(stream, serial, {}, {"e" * 16: serial}, "reference", 0.0, arrays)


def checked(most: int, *, wrap: Wrap = lambda files: files) -> int:
    """Open up to `most` different disks; how many there were. AssertionError names the first that breaks a promise.

    `wrap` may put something between the store and its disk, such as a disk that does not do as it is told.
    """

    def live(recorder: Recorder, promised: Promise, life: int) -> None:
        store = CheckpointStore(wrap(recorder), DIRECTORY, keep=2 + life % 2)
        store.prepare()
        newest = {found.stream: found.valid[0].serial for found in store.find_all() if found.valid}
        for stream in ("s", "s", "t", "s", "t", "s"):
            newest[stream] = newest.get(stream, 0) + 1
            store.save(checkpoint(stream, newest[stream]))
            promised = promised | {stream: newest[stream]}
            recorder.promise(promised)

    return crash_everywhere(DIRECTORY, live, _check, Promise(), most)


def measure(most: int) -> Figure:
    """The figure of so many states."""
    found = checked(most)
    return Figure(f"{found:,} states, 0 unrecoverable, 0 too old", found >= most)


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
