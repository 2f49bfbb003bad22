"""The spooled log: numbers, segments, the limit, and what a disk that fails does to it."""

from collections.abc import Callable
from itertools import count

import pytest

from streamer.errors import CorruptError, IncompatibleError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from streamer.filesystem.memory import MemoryFileSystem
from streamer.spool.directory import Directory
from streamer.spool.log import MOST_DELETED, SEGMENT_BYTES, SpooledLog, open_log
from streamer.spool.segment import record_bytes
from tests.spool.events import block_of, event_of, same

PATH = "spool"
SMALL = 8_000
"""Eight segments of 1,000 bytes."""
EPOCHS = (f"{n:016x}" for n in count())


def opened(files: MemoryFileSystem, *, stream: str = "s", inputs: int = 2, limit: int = SMALL) -> SpooledLog:
    directory = Directory(files, PATH)
    return open_log(directory, stream=stream, inputs=inputs, new_epoch=lambda: next(EPOCHS), limit_bytes=limit)


def grown(log: SpooledLog, *sizes: int) -> SpooledLog:
    """The log with so many more events in each sync."""
    for size in sizes:
        for _ in range(size):
            number = log.next + log.pending
            assert log.append(event_of(number)) == number
        log.sync()
    return log


def holds(log: SpooledLog, first: int, end: int) -> bool:
    """Whether exactly these numbers can be read, each with its event."""
    number = log.first
    while len(block := log.read(number, 100)):
        if not same(block, block_of(number, len(block))):
            return False
        number = block.end
    return (log.first, number, log.next) == (first, end, end)


def segments(files: MemoryFileSystem) -> list[str]:
    return [name for name in files.names(PATH) if name.endswith(".events")]


@pytest.fixture
def files() -> MemoryFileSystem:
    return MemoryFileSystem()


def test_a_new_log_is_empty_and_its_epoch_stays(files: MemoryFileSystem) -> None:
    log = opened(files)
    assert (log.first, log.next, log.offered, log.pending, log.ended, log.inputs) == (0, 0, 0, 0, False, 2)
    assert len(log.read(0, 10)) == 0
    files.crash()
    assert opened(files).epoch == log.epoch


def test_an_event_is_shown_when_it_is_synced_and_then_survives_a_crash(files: MemoryFileSystem) -> None:
    log = opened(files)
    assert [log.append(event_of(number)) for number in range(3)] == [0, 1, 2]
    assert (log.next, log.pending, len(log.read(0, 3))) == (0, 3, 0)
    log.sync()
    assert (log.next, log.pending) == (3, 0)
    assert holds(log, 0, 3)
    files.crash()
    assert holds(opened(files), 0, 3)


def test_what_is_not_synced_is_gone_with_the_process_and_its_numbers_are_given_again(files: MemoryFileSystem) -> None:
    log = grown(opened(files), 2)
    log.append(event_of(2))
    again = opened(files)
    assert again.append(event_of(2)) == 2


def test_syncing_nothing_writes_nothing(files: MemoryFileSystem) -> None:
    log = grown(opened(files), 2)
    before = files.size(f"{PATH}/{segments(files)[0]}")
    log.sync()
    assert files.size(f"{PATH}/{segments(files)[0]}") == before


def test_numbers_go_on_across_restarts_and_segments(files: MemoryFileSystem) -> None:
    for _ in range(5):
        files.crash()
        grown(opened(files), 30, 1, 7, 60)
    assert len(segments(files)) > 5
    assert holds(opened(files), 0, 5 * 98)


def test_a_read_ends_where_its_segment_does_and_not_after_its_count(files: MemoryFileSystem) -> None:
    log = grown(opened(files), 10, 10, 10)
    assert len(log.read(3, 4)) == 4
    assert [len(log.read(3, 1000)), len(log.read(30, 10)), len(log.read(99, 10))] == [27, 0, 0]


def test_whole_segments_are_deleted_when_all_in_them_is_acknowledged_and_the_newest_stays(
    files: MemoryFileSystem,
) -> None:
    log = grown(opened(files), *[40] * 10)
    starts = [int(name.removesuffix(".events")) for name in segments(files)]
    log.forget(starts[2] - 1)
    assert (log.first, len(segments(files))) == (starts[1], len(starts) - 1)
    assert holds(log, starts[1], 400)
    assert len(log.read(0, 10)) == 0
    log.forget(400)
    assert [int(name.removesuffix(".events")) for name in segments(files)] == starts[-1:]
    files.crash()
    assert holds(opened(files), starts[-1], 400)


def test_deleting_begins_with_the_oldest_so_that_a_crash_leaves_no_gap(files: MemoryFileSystem) -> None:
    log = grown(opened(files), *[40] * 10)
    operations: list[str] = []
    remove, sync = files.remove, files.sync_directory
    files.remove = lambda path: (operations.append(path), remove(path))[1]  # type: ignore[method-assign, func-returns-value]
    files.sync_directory = lambda path: (operations.append("sync"), sync(path))[1]  # type: ignore[method-assign, func-returns-value]
    names = segments(files)
    log.forget(400)
    assert operations == [word for name in names[:-1] for word in (f"{PATH}/{name}", "sync")]


def test_not_very_many_are_deleted_at_once(files: MemoryFileSystem) -> None:
    log = grown(opened(files), *[40] * 30)
    count = len(segments(files))
    assert count > MOST_DELETED + 2
    log.forget(1_200)
    assert len(segments(files)) == count - MOST_DELETED
    assert holds(log, log.first, 1_200)
    log.forget(1_200)
    assert len(segments(files)) == 1


def test_it_is_full_at_its_limit_and_has_room_when_some_is_acknowledged(files: MemoryFileSystem) -> None:
    log = opened(files)
    while not log.full:
        grown(log, 10)
    assert 8_000 <= sum(files.size(f"{PATH}/{name}") for name in segments(files)) < 9_000
    log.forget(log.next // 2)
    assert [log.full, opened(files).full] == [False, False]


def test_a_full_log_is_full_after_a_restart(files: MemoryFileSystem) -> None:
    log = opened(files)
    while not log.full:
        grown(log, 10)
    assert opened(files).full


def test_it_announces_no_more_than_surely_fits_its_limit(files: MemoryFileSystem) -> None:
    log = opened(files)
    while not log.full:
        grown(log, 1)
    assert log.buffer == SMALL // record_bytes(2) <= log.next + 1
    assert opened(MemoryFileSystem(), limit=1).buffer == 2


def test_segments_are_of_a_size_that_is_quickly_read(files: MemoryFileSystem) -> None:
    log = grown(opened(files, limit=10**9), *[8_192] * 8)
    assert max(files.size(f"{PATH}/{name}") for name in segments(files)) <= SEGMENT_BYTES
    assert len(segments(files)) == 2
    assert same(log.read(0, 100_000), block_of(0, int(segments(files)[1].removesuffix(".events"))))


@pytest.mark.parametrize(("changed", "option"), [({"stream": "t"}, "--stream s"), ({"inputs": 1}, "--inputs 2")])
def test_another_stream_or_width_is_refused(files: MemoryFileSystem, changed: dict[str, object], option: str) -> None:
    grown(opened(files), 3)
    with pytest.raises(IncompatibleError) as caught:
        opened(files, **changed)  # type: ignore[arg-type]
    assert option in str(caught.value)


def test_a_directory_that_another_spool_has_is_refused(tmp_path: object) -> None:
    first, second = LocalFileSystem(), LocalFileSystem()
    for files in (first, second):
        directory = Directory(files, f"{tmp_path}/spool/")
        arguments = {"stream": "s", "inputs": 1, "new_epoch": lambda: "0" * 16, "limit_bytes": SMALL}
        if files is first:
            open_log(directory, **arguments)  # type: ignore[arg-type]
        else:
            with pytest.raises(UnavailableError, match="another spool"):
                open_log(directory, **arguments)  # type: ignore[arg-type]


def test_a_directory_that_cannot_be_used_is_named(files: MemoryFileSystem) -> None:
    files.make_directory("")
    files.write(PATH, b"a file")
    with pytest.raises(UnavailableError) as caught:
        opened(files)
    assert PATH in str(caught.value)


def test_files_that_are_not_its_own_are_left_alone(files: MemoryFileSystem) -> None:
    grown(opened(files), 3)
    for name in ("notes.txt", "x.events", ".writing"):
        files.write(f"{PATH}/{name}", b"mine")
    assert holds(opened(files), 0, 3)


def damage(files: MemoryFileSystem, name: str, change: Callable[[bytes], bytes]) -> None:
    files.write(f"{PATH}/{name}", change(files.read(f"{PATH}/{name}")))


def test_damage_in_an_older_segment_is_told_when_it_is_read_and_not_before(files: MemoryFileSystem) -> None:
    grown(opened(files), *[40] * 10)
    damage(files, segments(files)[1], lambda data: data[:-1])
    log = opened(files)
    assert len(log.read(0, 10)) == 10
    with pytest.raises(CorruptError, match="on disk"):
        holds(log, 0, 400)


def test_damage_in_the_newest_segment_is_told_at_the_start(files: MemoryFileSystem) -> None:
    grown(opened(files), 5, 5)
    damage(files, segments(files)[0], lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:])
    with pytest.raises(CorruptError, match=segments(files)[0]):
        opened(files)


def test_a_segment_under_anothers_name_is_told(files: MemoryFileSystem) -> None:
    grown(opened(files), 5)
    files.rename(f"{PATH}/{segments(files)[0]}", f"{PATH}/{7:020d}.events")
    with pytest.raises(CorruptError, match="another's name"):
        opened(files)


def test_a_segment_of_another_spool_is_told(files: MemoryFileSystem) -> None:
    log = grown(opened(files), *[40] * 10)
    elsewhere = MemoryFileSystem()
    grown(opened(elsewhere), *[40] * 10)
    damage(files, segments(files)[0], lambda _: elsewhere.read(f"{PATH}/{segments(files)[0]}"))
    with pytest.raises(CorruptError):
        holds(opened(files), 0, log.next)


class Failing(MemoryFileSystem):
    """Raises at the operations named in `failing`; an append that fails leaves half of it."""

    failing: tuple[str, ...] = ()

    def _check(self, name: str) -> None:
        if name in self.failing:
            raise OSError(28, "No space left on device")

    def write(self, path: str, data: bytes) -> None:
        super().write(path, data[: len(data) // 2] if "write" in self.failing else data)
        self._check("write")

    def append(self, path: str, data: bytes) -> None:
        super().append(path, data[: len(data) // 2] if "append" in self.failing else data)
        self._check("append")

    def sync(self, path: str) -> None:
        self._check("sync")
        super().sync(path)

    def rename(self, source: str, target: str) -> None:
        self._check("rename")
        super().rename(source, target)

    def sync_directory(self, path: str) -> None:
        self._check("sync_directory")
        super().sync_directory(path)

    def remove(self, path: str) -> None:
        self._check("remove")
        super().remove(path)


@pytest.mark.parametrize("second", ["write", "sync", "rename", "sync_directory"])
@pytest.mark.parametrize("first", ["append", "sync"])
def test_a_disk_that_fails_loses_nothing_that_was_taken_and_keeps_numbers_and_order(first: str, second: str) -> None:
    files = Failing()
    log = grown(opened(files), 5)
    for failing in (first, second, second):
        log.append(event_of(log.next + log.pending))
        files.failing = (failing,)
        with pytest.raises(OSError, match="No space"):
            log.sync()
        assert (log.next, len(log.read(5, 10))) == (5, 0)
        assert same(log.read(0, 10), block_of(0, 5))
    files.failing = ()
    log.sync()
    grown(log, 4)
    assert holds(log, 0, 12)
    files.crash()
    assert holds(opened(files), 0, 12)


@pytest.mark.parametrize("failing", ["remove", "sync_directory"])
def test_a_segment_that_cannot_be_deleted_is_deleted_later(failing: str) -> None:
    files = Failing()
    log = grown(opened(files), *[40] * 10)
    files.failing = (failing,)
    log.forget(400)
    assert len(segments(files)) > 1
    assert holds(log, log.first, 400)
    files.failing = ()
    log.forget(0)
    assert [int(name.removesuffix(".events")) for name in segments(files)] == [log.first]
    assert holds(log, log.first, 400)


def test_a_log_that_cannot_be_begun_is_refused() -> None:
    files = Failing()
    files.failing = ("write",)
    with pytest.raises(UnavailableError, match="No space"):
        opened(files)
