"""A machine that dies after any operation of a save must come back to a whole checkpoint."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.store import CheckpointStore
from streamer.filesystem.memory import MemoryFileSystem


class _DiedError(BaseException):
    """The machine is gone; not an OSError, which the program could answer."""


class _Dying:
    """A file system whose machine dies at its operation number `life`; a write dies halfway."""

    def __init__(self, files: MemoryFileSystem, life: int) -> None:
        self._files = files
        self.life = life
        self.operations: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def operation(path: str, *rest: Any) -> Any:
            if len(self.operations) == self.life:
                if name == "write":
                    self._files.write(path, rest[0][: len(rest[0]) // 2])
                raise _DiedError(f"died at {name}")
            self.operations.append(name)
            return getattr(self._files, name)(path, *rest)

        return operation


def checkpoint(serial: int) -> Checkpoint:
    return Checkpoint("s", serial, {}, {"e" * 16: serial}, "reference", 0.0, {"a": np.full(50, serial, np.float32)})


def disk_with(count: int) -> MemoryFileSystem:
    files = MemoryFileSystem()
    store = CheckpointStore(files, "d", keep=2)
    store.prepare()
    for serial in range(1, count + 1):
        store.save(checkpoint(serial))
    return files


def operations_of_a_save(count: int) -> list[str]:
    dying = _Dying(disk_with(count), life=1000)
    CheckpointStore(dying, "d", keep=2).save(checkpoint(count + 1))
    return dying.operations


def die(files: MemoryFileSystem, serial: int, life: int) -> None:
    with pytest.raises(_DiedError):
        CheckpointStore(_Dying(files, life), "d", keep=2).save(checkpoint(serial))


def whole(files: MemoryFileSystem) -> list[int]:
    """The serials found; every one of them must be whole, and none damaged."""
    found = CheckpointStore(files, "d", keep=2).find("s") if "s" in files.names("d") else None
    if found is None:
        return []
    assert found.damaged == {}
    assert all((one.arrays["a"] == one.serial).all() for one in found.valid)
    return [one.serial for one in found.valid]


MOMENTS = [(count, life) for count in (0, 1, 2, 3) for life in range(len(operations_of_a_save(count)))]


@pytest.mark.parametrize("power_fails", [True, False], ids=["power fails", "process dies"])
@pytest.mark.parametrize(("count", "life"), MOMENTS)
def test_a_crash_at_any_operation_leaves_the_previous_or_the_new_checkpoint_whole(
    count: int, life: int, power_fails: bool
) -> None:
    files = disk_with(count)
    before = whole(files)
    die(files, count + 1, life)
    if power_fails:
        files.crash()
    after = whole(files)
    assert after[:1] in (before[:1], [count + 1])
    assert set(before[: 2 if after == before else 1]) <= set(after)  # the second newest is what is acknowledged


@pytest.mark.parametrize(("count", "life"), MOMENTS)
def test_after_a_crash_the_next_save_succeeds_and_clears_up(count: int, life: int) -> None:
    files = disk_with(count)
    die(files, count + 1, life)
    CheckpointStore(files, "d", keep=2).save(checkpoint(count + 2))
    assert whole(files)[0] == count + 2
    assert len(files.names("d/s")) == min(2, len(whole(files)))
    assert all(name.endswith(".ckpt") for name in files.names("d/s"))


def test_once_a_save_has_returned_a_loss_of_power_does_not_undo_it() -> None:
    for count in range(5):
        files = disk_with(count)
        files.crash()
        assert whole(files)[:2] == [serial for serial in (count, count - 1) if serial > 0]


def test_no_checkpoint_is_removed_before_the_new_one_is_durable() -> None:
    operations = operations_of_a_save(2)
    assert operations.index("sync") < operations.index("rename")
    assert "sync_directory" in operations[operations.index("rename") : operations.index("remove")]


class _NothingGoes(MemoryFileSystem):
    def remove(self, path: str) -> None:
        raise OSError(30, "Read-only file system", path)


def test_a_checkpoint_that_is_durable_is_saved_even_if_an_older_one_cannot_be_removed() -> None:
    files = _NothingGoes()
    files.make_directory("d")
    store = CheckpointStore(files, "d", keep=2)
    for serial in (1, 2, 3):
        store.save(checkpoint(serial))
    assert whole(files) == [3, 2, 1]
