import hashlib
from pathlib import Path

import numpy as np
import pytest

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import dump
from streamer.checkpoints.store import CheckpointStore
from streamer.errors import CorruptError, IncompatibleError, StreamerError, UnavailableError
from streamer.filesystem.local import LocalFileSystem
from streamer.filesystem.memory import MemoryFileSystem


def checkpoint(serial: int, stream: str = "s") -> Checkpoint:
    return Checkpoint(stream, serial, {}, {"e" * 16: serial}, "reference", 1e9, {"a": np.array([serial], np.float32)})


@pytest.fixture
def files() -> MemoryFileSystem:
    return MemoryFileSystem()


@pytest.fixture
def store(files: MemoryFileSystem) -> CheckpointStore:
    store = CheckpointStore(files, "checkpoints", keep=3)
    store.prepare()
    return store


def serials(store: CheckpointStore, stream: str = "s") -> list[int]:
    return [one.serial for one in store.find(stream).valid]


def store_names(store: CheckpointStore) -> list[int]:
    return [int(name[:12]) for name in store._files.names("checkpoints/s") if name.endswith(".ckpt")]


def test_checkpoints_are_found_newest_first_and_only_the_newest_few_are_kept(store: CheckpointStore) -> None:
    for serial in (1, 2, 3, 9, 10, 11):
        store.save(checkpoint(serial))
    assert store_names(store) == [9, 10, 11]
    assert serials(store) == [11, 10]  # a restart needs no more


def test_the_newest_is_the_one_with_the_highest_serial_whatever_the_order_of_saving(store: CheckpointStore) -> None:
    for serial in (1000, 999, 9):
        store.save(checkpoint(serial))
    assert serials(store) == [1000, 999]


def test_a_serial_written_again_replaces_the_file(store: CheckpointStore, files: MemoryFileSystem) -> None:
    store.save(checkpoint(1))
    store.save(checkpoint(1))
    assert len(files.names("checkpoints/s")) == 1


def test_each_stream_has_its_own_folder(store: CheckpointStore) -> None:
    store.save(checkpoint(1, "b"))
    store.save(checkpoint(2, "a"))
    store.save(checkpoint(3, "b"))
    found = {one.stream: [valid.serial for valid in one.valid] for one in store.find_all()}
    assert found == {"a": [2], "b": [3, 1]}


def test_a_directory_just_prepared_is_empty(store: CheckpointStore, files: MemoryFileSystem) -> None:
    assert files.names("checkpoints") == []
    assert list(store.find_all()) == []


def test_what_a_crash_left_half_written_is_not_read_and_goes_with_the_next_save(
    store: CheckpointStore, files: MemoryFileSystem
) -> None:
    store.save(checkpoint(1))
    files.write("checkpoints/s/.writing", dump(checkpoint(2)))
    assert (serials(store), store.find("s").damaged) == ([1], {})
    store.save(checkpoint(3))
    assert files.names("checkpoints/s") == ["000000000001.ckpt", "000000000003.ckpt"]


def test_a_damaged_checkpoint_is_reported_by_its_path_and_the_older_ones_are_found(
    store: CheckpointStore, files: MemoryFileSystem
) -> None:
    for serial in (1, 2):
        store.save(checkpoint(serial))
    path = "checkpoints/s/000000000002.ckpt"
    files.write(path, files.read(path)[:-1] + b"\xff")
    found = store.find("s")
    assert [one.serial for one in found.valid] == [1]
    assert list(found.damaged) == [path]
    assert isinstance(found.damaged[path], CorruptError)


def test_a_checkpoint_in_another_streams_folder_is_refused(store: CheckpointStore, files: MemoryFileSystem) -> None:
    store.save(checkpoint(1, "mine"))
    files.write("checkpoints/mine/000000000002.ckpt", dump(checkpoint(2, "yours")))
    found = store.find("mine")
    assert [one.serial for one in found.valid] == [1]
    assert "another stream's folder" in str(found.damaged["checkpoints/mine/000000000002.ckpt"])


def test_a_checkpoint_of_another_format_stops_the_search_for_it_must_not_be_passed_over(
    store: CheckpointStore, files: MemoryFileSystem
) -> None:
    store.save(checkpoint(1))
    body = dump(checkpoint(2)).split(b"\n", 1)[1]
    other = b"streamer-checkpoint 4 %s\n%s" % (hashlib.sha256(b"4\n" + body).hexdigest().encode(), body)
    files.write("checkpoints/s/000000000002.ckpt", other)
    with pytest.raises(IncompatibleError):
        store.find("s")


def test_stray_files_beside_and_inside_the_folders_are_ignored_and_kept(tmp_path: Path) -> None:
    store = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2)
    store.prepare()
    store.save(checkpoint(1))
    (tmp_path / "README").write_text("mine")
    (tmp_path / "s" / "notes.txt").write_text("mine")
    store.save(checkpoint(2))
    assert [(one.stream, len(one.valid), one.damaged) for one in store.find_all()] == [("s", 2, {})]
    assert (tmp_path / "README").exists()
    assert (tmp_path / "s" / "notes.txt").exists()


def test_a_trailing_slash_of_the_directory_makes_no_difference(files: MemoryFileSystem) -> None:
    CheckpointStore(files, "checkpoints/", keep=2).save(checkpoint(1))
    assert serials(CheckpointStore(files, "checkpoints", keep=2)) == [1]


def test_a_directory_that_cannot_be_written_is_refused_by_name_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    directory = f"{tmp_path}/file/checkpoints"
    with pytest.raises(UnavailableError) as caught:
        CheckpointStore(LocalFileSystem(), directory, keep=2).prepare()
    assert directory in str(caught.value)
    assert "checkpoints.directory" in (caught.value.remedy or "")


def test_a_directory_is_locked_by_one_daemon(tmp_path: Path) -> None:
    first = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2)
    first.prepare()
    with pytest.raises(UnavailableError, match="another daemon uses this checkpoint directory"):
        CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2).prepare()


def test_folders_that_cannot_be_a_streams_are_ignored(tmp_path: Path) -> None:
    store = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2)
    store.prepare()
    store.save(checkpoint(1))
    for name in (".Trash-0", "lost+found", "a b"):
        (tmp_path / name).mkdir(mode=0)
    assert [found.stream for found in store.find_all()] == ["s"]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    store = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2)
    (tmp_path / "s" / "000000000001.ckpt").mkdir(parents=True)
    with pytest.raises(UnavailableError, match=r"000000000001\.ckpt"):
        list(store.find_all())


def test_the_checkpoint_before_the_newest_or_any_other_is_found_by_its_serial(store: CheckpointStore) -> None:
    for serial in (3, 5, 9):
        store.save(checkpoint(serial))
    assert [store.older("s", serial).serial for serial in (None, 3, 5, 9)] == [5, 3, 5, 9]


@pytest.mark.parametrize("serial", [4, 0, None])
def test_a_checkpoint_that_is_not_there_is_refused_and_the_others_are_named(
    store: CheckpointStore, serial: int | None
) -> None:
    store.save(checkpoint(3))
    with pytest.raises(UnavailableError) as caught:
        store.older("s", serial)
    assert caught.value.expected == "one of: 3"


def test_of_an_unknown_stream_there_is_none(store: CheckpointStore) -> None:
    with pytest.raises(UnavailableError) as caught:
        store.older("s", None)
    assert caught.value.expected == "one of: none"


def test_an_older_checkpoint_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    store = CheckpointStore(LocalFileSystem(), str(tmp_path), keep=2)
    (tmp_path / "s" / "000000000001.ckpt").mkdir(parents=True)
    (tmp_path / "s" / "notes.ckpt").touch()
    with pytest.raises(UnavailableError, match="Is a directory"):
        store.older("s", 1)


def test_a_retired_stream_leaves_its_name_and_takes_one_that_is_free(
    store: CheckpointStore, files: MemoryFileSystem
) -> None:
    for number in (1, 2):
        store.save(checkpoint(number))
        assert store.retire("s") == f"checkpoints/.retired-s-{number}"
    assert (store.streams(), list(store.find_all())) == ([], [])
    files.crash()
    assert files.names("checkpoints/.retired-s-2") == ["000000000002.ckpt"]


def test_a_stream_whose_move_is_not_durable_is_where_it_was(store: CheckpointStore, files: MemoryFileSystem) -> None:
    store.save(checkpoint(1))
    files.sync_directory = lambda path: (_ for _ in ()).throw(OSError(5, "Input/output error"))  # type: ignore[method-assign]
    with pytest.raises(StreamerError, match="cannot be moved"):
        store.retire("s")
    assert serials(store) == [1]


def test_a_directory_that_cannot_be_listed_is_named(store: CheckpointStore, files: MemoryFileSystem) -> None:
    files.names = lambda directory: (_ for _ in ()).throw(OSError(5, "Input/output error"))  # type: ignore[method-assign]
    with pytest.raises(UnavailableError, match=r"got: checkpoints \(Input/output error\)"):
        list(store.find_all())


def test_a_full_disk_is_not_filled_by_what_was_begun_on_it(store: CheckpointStore, files: MemoryFileSystem) -> None:
    files.sync = lambda path: (_ for _ in ()).throw(OSError(28, "No space left on device"))  # type: ignore[method-assign]
    for serial in range(1, 20):
        with pytest.raises(OSError, match="No space"):
            store.save(checkpoint(serial))
    assert files.names("checkpoints/s") == [".writing"]
