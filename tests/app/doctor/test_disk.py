import errno
import os
from pathlib import Path

import pytest

from streamer.app.doctor.disk import SLOW_SECONDS, WRITES, look_at_directory, look_at_kernel_cache, look_at_lock
from streamer.clock import FakeClock
from streamer.filesystem.local import LocalFileSystem


def test_a_directory_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    assert [finding.level for finding in look_at_directory(str(tmp_path), FakeClock())] == ["ok"] * 3
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_still_to_be_made_is_tried_above_it(tmp_path: Path) -> None:
    writable, *_ = look_at_directory(f"{tmp_path}/a/b", FakeClock())
    assert writable.found.endswith("can be made")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (finding,) = look_at_directory(f"{tmp_path}/file", FakeClock())
    assert (finding.check, finding.level) == ("checkpoints", "problem")


def test_a_disk_that_takes_long_to_sync_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, synced = FakeClock(), []

    def fsync(_: int) -> None:
        synced.append(1)
        clock.advance(SLOW_SECONDS * 1.1)

    monkeypatch.setattr(os, "fsync", fsync)
    *_, speed = look_at_directory(str(tmp_path), clock)
    assert (speed.check, speed.level, len(synced)) == ("fsync", "warning", WRITES)
    assert "110.0 ms" in speed.found


def test_a_full_disk_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = os.statvfs(tmp_path)
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((*room[:4], 1, *room[5:])))
    _, finding, _ = look_at_directory(str(tmp_path), FakeClock())
    assert (finding.check, finding.level) == ("room", "warning")


def test_a_directory_that_another_daemon_holds_is_a_problem(tmp_path: Path) -> None:
    holder = LocalFileSystem()
    assert look_at_lock(str(tmp_path), holder.lock).level == "ok"
    assert not (tmp_path / ".lock").exists()
    holder.lock(f"{tmp_path}/.lock")
    assert look_at_lock(str(tmp_path), LocalFileSystem().lock).level == "problem"


def test_a_lock_of_another_user_is_a_problem(tmp_path: Path) -> None:
    def lock(path: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    (tmp_path / ".lock").write_text("")
    assert look_at_lock(str(tmp_path), lock).level == "problem"


def test_where_no_kernels_can_be_kept_each_start_compiles(tmp_path: Path) -> None:
    assert look_at_kernel_cache({"XDG_CACHE_HOME": str(tmp_path)}, "/").found.endswith("3 s")
    (tmp_path / "streamer" / "kernels-1").mkdir(parents=True)
    kept = look_at_kernel_cache({"XDG_CACHE_HOME": str(tmp_path)}, "/")
    assert (kept.level, kept.found) == ("ok", f"{tmp_path}/streamer")
    assert look_at_kernel_cache({"XDG_CACHE_HOME": "relative"}, "/").level == "warning"
    (tmp_path / "file").write_text("")
    os.chmod(tmp_path / "file", 0o400)
    assert look_at_kernel_cache({"XDG_CACHE_HOME": f"{tmp_path}/file"}, "/").level == "warning"
