"""A few thousand of the disks that a crash may leave; `make faults` looks at more. And disks that lie are found out."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem
from tests.faults.checkpoint_crashes import checked
from tests.faults.crash_states import possible_contents
from tests.faults.recorder import Content, Recorder


def test_no_crash_while_checkpoints_are_written_loses_what_was_promised() -> None:
    assert checked(4_000) == 4_000


class Lying:
    """A disk on which one operation does nothing."""

    def __init__(self, files: FileSystem, omitted: str) -> None:
        self._files = files
        self._omitted = omitted

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation == self._omitted:
            return lambda *arguments: None
        method: Callable[..., Any] = getattr(self._files, operation)
        return method


@pytest.mark.parametrize("omitted", ["sync", "sync_directory"])
def test_a_store_that_omitted_a_sync_would_be_found_out(omitted: str) -> None:
    with pytest.raises(AssertionError, match="life 0"):
        checked(4_000, wrap=lambda files: Lying(files, omitted))


class InPlace:
    """A store's disk on which every file is written under its last name at once."""

    def __init__(self, files: FileSystem) -> None:
        self._files = files
        self._written: dict[str, bytes] = {}

    def write(self, path: str, data: bytes) -> None:
        self._written[path] = data
        if not path.endswith("/s/.writing"):
            self._files.write(path, data)

    def sync(self, path: str) -> None:
        if not path.endswith("/s/.writing"):
            self._files.sync(path)

    def rename(self, source: str, target: str) -> None:
        if source.endswith("/s/.writing"):
            self._files.write(target, self._written[source])
            self._files.sync(target)
        else:
            self._files.rename(source, target)

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._files, operation)


def test_a_store_that_wrote_in_place_would_be_found_out() -> None:
    with pytest.raises(AssertionError, match="life 0"):
        checked(4_000, wrap=InPlace)


def test_what_is_synced_is_certain_and_what_is_not_may_be_either() -> None:
    recorder = Recorder("d")
    recorder.make_directory("d")
    recorder.write("d/a", b"1")
    assert recorder.moments[-1].names == {"d/a": (None, 0)}
    assert recorder.moments[-1].contents == {0: (Content(b"", 0), Content(b"1", 0))}
    recorder.sync("d/a")
    recorder.sync_directory("d")
    assert recorder.moments[-1].names == {"d/a": (0,)}
    assert recorder.moments[-1].contents == {0: (Content(b"1", 1),)}
    recorder.rename("d/a", "d/b")
    recorder.remove("d/b")
    assert recorder.moments[-1].names == {"d/a": (0, None), "d/b": (None, 0, None)}


class Appending(MemoryFileSystem):
    def append(self, path: str, data: bytes) -> None:
        self.write(path, self.read(path) + data)


def test_an_operation_that_the_recorder_has_never_heard_of_is_understood_by_what_it_does() -> None:
    recorder = Recorder("d", Appending())
    recorder.make_directory("d")
    recorder.write("d/a", b"1")
    recorder.sync("d/a")
    recorder.append("d/a", b"2")
    assert recorder.moments[-1].operation == "append"
    assert recorder.moments[-1].contents == {0: (Content(b"1", 1), Content(b"12", 1))}


def test_what_was_synced_is_kept_where_it_was_only_added_to_and_lost_where_it_was_written_anew() -> None:
    added, anew = (
        [Content(b"1" * 600, 600), Content(b"1" * 1200, 600)],
        [Content(b"1" * 600, 600), Content(b"1" * 1200, 0)],
    )
    assert {len(data) for data in possible_contents(added, random.Random(0)) if len(data) < 600} == set()
    assert all(data.startswith(b"1" * 600) for data in possible_contents(added, random.Random(0)))
    assert b"" in possible_contents(anew, random.Random(0))
