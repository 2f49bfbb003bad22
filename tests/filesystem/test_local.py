import os
from pathlib import Path

import pytest

from streamer.filesystem.local import LocalFileSystem


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_files_and_directories_are_for_their_owner_only(tmp_path: Path) -> None:
    files = LocalFileSystem()
    before = os.umask(0)
    try:
        files.make_directory(f"{tmp_path}/d")
        files.write(f"{tmp_path}/d/a", b"weights")
    finally:
        os.umask(before)
    assert (mode(tmp_path / "d"), mode(tmp_path / "d" / "a")) == (0o700, 0o600)


def test_syncing_leaves_no_file_open(tmp_path: Path) -> None:
    files = LocalFileSystem()
    files.write(f"{tmp_path}/a", b"")
    before = os.listdir("/proc/self/fd")
    for _ in range(8):
        files.sync(f"{tmp_path}/a")
        files.sync_directory(str(tmp_path))
    assert len(os.listdir("/proc/self/fd")) == len(before)


@pytest.mark.parametrize("operation", ["names", "sync_directory"])
def test_a_file_is_no_directory(tmp_path: Path, operation: str) -> None:
    files = LocalFileSystem()
    files.write(f"{tmp_path}/a", b"")
    with pytest.raises(NotADirectoryError):
        getattr(files, operation)(f"{tmp_path}/a")
