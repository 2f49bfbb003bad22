"""Every disk that a crash may leave while a spool writes and trims its log, each opened by a new spool.

    python -m tests.faults.spool_crashes 12000

An event that was synced and not acknowledged must be there, under its number; and nothing else may ever be read.
"""

import sys

from streamer.filesystem.seam import FileSystem
from streamer.spool.directory import Directory
from streamer.spool.log import SpooledLog, open_log
from tests.faults.checkpoint_crashes import Wrap
from tests.faults.crash_states import Disk, crash_everywhere, mounted
from tests.faults.recorder import Recorder
from tests.spool.events import block_of, event_of, same

DIRECTORY = "d"
LIMIT = 16_000
"""Segments of 2,000 bytes, four blocks."""
SYNCS, KEPT = 16, 60

Promise = tuple[int, int]
"""The events from the first number on and below the second must be there."""


def checked(most: int, *, wrap: Wrap = lambda files: files) -> int:
    """Open up to `most` different disks; how many there were. AssertionError names the first that breaks a promise."""

    def live(recorder: Recorder, promised: Promise, life: int) -> None:
        log = _opened(wrap(recorder))
        forgotten = promised[0]
        recorder.promise((forgotten, log.next))
        for turn in range(SYNCS):
            for _ in range(1 + (7 * turn + life) % 40):
                log.append(event_of(log.next + log.pending))
            log.sync()
            recorder.promise((forgotten, log.next))
            if turn % 4 == 3:
                forgotten = max(forgotten, log.next - KEPT)
                recorder.promise((forgotten, log.next))
                log.forget(forgotten)

    return crash_everywhere(DIRECTORY, live, _check, (0, 0), most)


def _opened(files: FileSystem) -> SpooledLog:
    directory = Directory(files, DIRECTORY)
    return open_log(directory, stream="s", inputs=2, new_epoch=lambda: "0" * 16, limit_bytes=LIMIT)


def _check(disk: Disk, directories: frozenset[str], promised: Promise) -> None:
    first, end = promised
    log = _opened(mounted(disk, directories))
    assert log.first <= first, f"promised {promised}, the log begins at {log.first}"
    assert log.next >= end, f"promised {promised}, the log ends before {log.next}"
    number = log.first
    while len(block := log.read(number, 1_000)):
        assert same(block, block_of(number, len(block))), f"not the events from {number} on"
        number = block.end
    assert number == log.next


def main() -> None:
    most = int(sys.argv[1])
    found = checked(most)
    sys.stdout.write(f"{found:,} states, 0 acknowledged events lost\n")
    sys.exit(found < most)


if __name__ == "__main__":
    main()
