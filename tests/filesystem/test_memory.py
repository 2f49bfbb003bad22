import random

import pytest

from streamer.filesystem.memory import MemoryFileSystem


@pytest.fixture
def files() -> MemoryFileSystem:
    """With one durable file, d/a, holding 1."""
    files = MemoryFileSystem()
    files.make_directory("d")
    files.write("d/a", b"1")
    files.sync("d/a")
    files.sync_directory("d")
    return files


def test_a_crash_keeps_what_was_synced_by_content_and_by_name(files: MemoryFileSystem) -> None:
    files.crash()
    assert (files.names("d"), files.read("d/a")) == (["a"], b"1")


def test_a_crash_loses_content_that_was_not_synced(files: MemoryFileSystem) -> None:
    files.write("d/a", b"2")
    files.crash()
    assert files.read("d/a") == b"1"


def test_a_crash_loses_a_new_name_even_if_its_content_was_synced(files: MemoryFileSystem) -> None:
    files.write("d/b", b"2")
    files.sync("d/b")
    files.crash()
    assert files.names("d") == ["a"]


def test_a_durable_name_with_content_never_synced_comes_back_empty(files: MemoryFileSystem) -> None:
    files.write("d/b", b"2")
    files.sync_directory("d")
    files.crash()
    assert files.read("d/b") == b""


def test_a_crash_undoes_a_rename_whose_directory_was_not_synced(files: MemoryFileSystem) -> None:
    files.write("d/b", b"2")
    files.sync("d/b")
    files.sync_directory("d")
    files.rename("d/b", "d/a")
    files.crash()
    assert {name: files.read(f"d/{name}") for name in files.names("d")} == {"a": b"1", "b": b"2"}


def test_a_crash_keeps_a_rename_whose_directory_was_synced(files: MemoryFileSystem) -> None:
    files.write("d/b", b"2")
    files.sync("d/b")
    files.rename("d/b", "d/a")
    files.sync_directory("d")
    files.crash()
    assert {name: files.read(f"d/{name}") for name in files.names("d")} == {"a": b"2"}


def test_a_crash_brings_back_a_removed_name_unless_its_directory_was_synced(files: MemoryFileSystem) -> None:
    files.remove("d/a")
    files.crash()
    assert files.read("d/a") == b"1"
    files.remove("d/a")
    files.sync_directory("d")
    files.crash()
    assert files.names("d") == []


def test_syncing_a_directory_makes_only_the_names_directly_inside_durable(files: MemoryFileSystem) -> None:
    files.make_directory("d/deep")
    files.make_directory("e")
    for path in ("d/deep/x", "e/y", "d/z"):
        files.write(path, b"3")
        files.sync(path)
    files.sync_directory("d")
    files.crash()
    assert (files.names("d/deep"), files.names("e"), files.read("d/z")) == ([], [], b"3")


def test_a_second_crash_loses_nothing_more(files: MemoryFileSystem) -> None:
    files.write("d/b", b"2")
    files.crash()
    files.crash()
    assert (files.names("d"), files.read("d/a")) == (["a"], b"1")


def test_what_is_written_after_a_crash_is_durable_by_the_same_rules(files: MemoryFileSystem) -> None:
    files.crash()
    files.write("d/a", b"2")
    files.crash()
    assert files.read("d/a") == b"1"
    files.write("d/a", b"3")
    files.sync("d/a")
    files.crash()
    assert files.read("d/a") == b"3"


def test_directories_survive_a_crash(files: MemoryFileSystem) -> None:
    files.make_directory("d/deep")
    files.crash()
    assert files.names("d") == ["a", "deep"]


def moved() -> MemoryFileSystem:
    """A directory with a durable file and one that is not, renamed."""
    files = MemoryFileSystem()
    files.make_directory("d/s")
    files.write("d/s/safe", b"1")
    files.sync("d/s/safe")
    files.sync_directory("d/s")
    files.write("d/s/new", b"2")
    files.rename("d/s", "d/t")
    return files


def test_a_directory_renamed_and_not_synced_has_its_old_name_after_a_crash() -> None:
    files = moved()
    files.crash()
    assert (files.names("d"), files.names("d/s")) == (["s"], ["safe"])


def test_a_directory_renamed_and_synced_keeps_its_new_name() -> None:
    files = moved()
    files.sync_directory("d")
    files.crash()
    assert (files.names("d"), files.names("d/t"), files.read("d/t/safe")) == (["t"], ["safe"], b"1")


def test_with_luck_a_directory_has_either_name_and_never_both() -> None:
    seen = set()
    for seed in range(40):
        files = moved()
        files.crash(random.Random(seed))
        [name] = files.names("d")
        assert "safe" in files.names(f"d/{name}")
        seen.add(name)
    assert seen == {"s", "t"}


def test_a_crash_loses_what_was_appended_and_not_synced(files: MemoryFileSystem) -> None:
    files.append("d/a", b"23")
    files.crash()
    assert files.read("d/a") == b"1"
    files.append("d/a", b"45")
    files.sync("d/a")
    files.append("d/a", b"6")
    files.crash()
    assert files.read("d/a") == b"145"


def lucky(data: bytes, *, write: bool) -> set[bytes]:
    """What many crashes leave of a file in which 1 is durable, when more is written or appended to it."""
    left = set()
    for seed in range(2_000):
        files = MemoryFileSystem()
        files.make_directory("d")
        files.write("d/a", b"1")
        files.sync("d/a")
        files.sync_directory("d")
        (files.write if write else files.append)("d/a", data)
        files.crash(random.Random(seed))
        left.add(files.read("d/a"))
    return left


def test_with_luck_any_beginning_of_what_was_appended_is_left_and_what_was_synced_always() -> None:
    left = lucky(b"234", write=False)
    assert {b"1", b"12", b"123", b"1234"} <= left
    assert {data[:1] for data in left} == {b"1"}


def test_with_luck_there_is_a_hole_where_the_disk_had_not_got_to() -> None:
    assert b"1\x00\x004" in lucky(b"234", write=False)


def test_with_luck_any_beginning_of_what_was_written_anew_is_left_or_what_was_synced() -> None:
    assert {b"", b"2", b"23", b"1"} <= lucky(b"23", write=True)


def test_after_a_crash_with_luck_what_is_left_is_durable(files: MemoryFileSystem) -> None:
    files.append("d/a", b"234")
    files.crash(random.Random(1))
    left = files.read("d/a")
    files.append("d/a", b"x")
    files.crash()
    assert files.read("d/a") == left
