"""What holds of every file system; `root` is a directory that exists, written as the program writes paths."""

from pathlib import Path

import pytest

from streamer.filesystem.local import LocalFileSystem
from streamer.filesystem.memory import MemoryFileSystem
from streamer.filesystem.seam import FileSystem


@pytest.fixture(params=["local", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[FileSystem, str]:
    files: FileSystem = LocalFileSystem() if request.param == "local" else MemoryFileSystem()
    root = f"{tmp_path}/root"
    files.make_directory(root)
    return files, root


def test_what_was_written_is_read(place: tuple[FileSystem, str]) -> None:
    files, root = place
    data = bytes(range(256))
    files.write(f"{root}/a", data)
    assert files.read(f"{root}/a") == data


def test_writing_replaces_the_whole_content(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"a long content")
    files.write(f"{root}/a", b"short")
    assert files.read(f"{root}/a") == b"short"


def test_appending_adds_to_the_end_of_what_was_written(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"one")
    files.append(f"{root}/a", b"")
    files.append(f"{root}/a", b" two")
    files.append(f"{root}/a", bytes(100_000))
    assert files.read(f"{root}/a") == b"one two" + bytes(100_000)
    files.write(f"{root}/a", b"anew")
    assert files.read(f"{root}/a") == b"anew"


def test_appending_to_what_is_missing_does_not_make_it(place: tuple[FileSystem, str]) -> None:
    files, root = place
    with pytest.raises(FileNotFoundError):
        files.append(f"{root}/missing", b"1")
    assert files.names(root) == []


def test_a_size_is_that_of_what_would_be_read(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"")
    assert files.size(f"{root}/a") == 0
    files.append(f"{root}/a", b"12345")
    assert files.size(f"{root}/a") == 5


def test_a_file_may_be_empty(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"")
    assert files.read(f"{root}/a") == b""
    assert files.names(root) == ["a"]


def test_names_are_sorted_and_hold_files_and_directories_directly_inside(place: tuple[FileSystem, str]) -> None:
    files, root = place
    for name in ("b", "a.10", "a.9", "Z"):
        files.write(f"{root}/{name}", b"")
    files.make_directory(f"{root}/c/deeper")
    files.write(f"{root}/c/deeper/file", b"")
    assert files.names(root) == ["Z", "a.10", "a.9", "b", "c"]
    assert files.names(f"{root}/c") == ["deeper"]


def test_a_directory_whose_name_begins_like_another_is_another(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.make_directory(f"{root}/s")
    files.make_directory(f"{root}/s2")
    files.write(f"{root}/s2/x", b"")
    assert files.names(f"{root}/s") == []


def test_a_new_directory_has_no_names_and_making_it_again_does_no_harm(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.make_directory(f"{root}/d/e")
    assert files.names(f"{root}/d/e") == []
    files.write(f"{root}/d/e/a", b"1")
    files.make_directory(f"{root}/d/e")
    assert files.read(f"{root}/d/e/a") == b"1"


def test_renaming_moves_the_content_and_replaces_what_had_the_name(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/new", b"new")
    files.write(f"{root}/old", b"old")
    files.rename(f"{root}/new", f"{root}/old")
    assert files.names(root) == ["old"]
    assert files.read(f"{root}/old") == b"new"


def test_a_directory_is_renamed_with_all_that_is_in_it(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.make_directory(f"{root}/s/deeper")
    files.write(f"{root}/s/a", b"1")
    files.write(f"{root}/s/deeper/b", b"2")
    files.make_directory(f"{root}/s2")
    files.rename(f"{root}/s", f"{root}/.aside")
    assert files.names(root) == [".aside", "s2"]
    assert (files.read(f"{root}/.aside/a"), files.read(f"{root}/.aside/deeper/b")) == (b"1", b"2")
    with pytest.raises(FileNotFoundError):
        files.names(f"{root}/s")


def test_a_directory_does_not_replace_one_that_holds_something(place: tuple[FileSystem, str]) -> None:
    files, root = place
    for name in ("s", "t"):
        files.make_directory(f"{root}/{name}")
        files.write(f"{root}/{name}/a", name.encode())
    with pytest.raises(OSError, match="not empty"):
        files.rename(f"{root}/s", f"{root}/t")
    assert (files.read(f"{root}/s/a"), files.read(f"{root}/t/a")) == (b"s", b"t")


def test_a_written_file_does_not_change_when_the_bytes_it_came_from_do(place: tuple[FileSystem, str]) -> None:
    files, root = place
    data = bytearray(b"abc")
    files.write(f"{root}/a", data)  # type: ignore[arg-type]
    data[0] = ord("x")
    assert files.read(f"{root}/a") == b"abc"


def test_a_removed_file_is_gone(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"1")
    files.remove(f"{root}/a")
    assert files.names(root) == []
    with pytest.raises(FileNotFoundError):
        files.read(f"{root}/a")


def test_syncing_changes_nothing_that_is_seen(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/a", b"1")
    files.sync(f"{root}/a")
    files.sync_directory(root)
    assert (files.names(root), files.read(f"{root}/a")) == (["a"], b"1")


@pytest.mark.parametrize("operation", ["read", "size", "sync", "remove", "names"])
def test_what_is_missing_raises_file_not_found(place: tuple[FileSystem, str], operation: str) -> None:
    files, root = place
    with pytest.raises(FileNotFoundError):
        getattr(files, operation)(f"{root}/missing")


def test_renaming_what_is_missing_raises_and_leaves_the_target(place: tuple[FileSystem, str]) -> None:
    files, root = place
    files.write(f"{root}/b", b"kept")
    with pytest.raises(FileNotFoundError):
        files.rename(f"{root}/missing", f"{root}/b")
    assert files.read(f"{root}/b") == b"kept"


def test_writing_into_a_missing_directory_raises_file_not_found(place: tuple[FileSystem, str]) -> None:
    files, root = place
    with pytest.raises(FileNotFoundError):
        files.write(f"{root}/missing/a", b"")


def test_an_error_says_what_is_wrong_in_words_as_the_operating_system_does(place: tuple[FileSystem, str]) -> None:
    files, root = place
    with pytest.raises(OSError, match=r".") as caught:
        files.read(f"{root}/missing")
    assert caught.value.strerror
