import stat
from pathlib import Path

import pytest

from streamer.kernels import cache


def test_the_directory_is_its_owners_alone(tmp_path: Path) -> None:
    path = cache.private_directory(tmp_path / "cache" / "kernels")
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o755])
def test_a_directory_that_others_can_enter_is_not_used(tmp_path: Path, mode: int) -> None:
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels").chmod(mode)
    assert cache.private_directory(tmp_path / "kernels") is None


def test_a_link_to_a_directory_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "kernels").symlink_to(tmp_path / "elsewhere")
    assert cache.private_directory(tmp_path / "kernels") is None


def test_where_no_directory_can_be_made_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert cache.private_directory(tmp_path / "file" / "kernels") is None


def test_without_a_home_there_is_no_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    cache.cache_directory.cache_clear()
    assert cache.cache_directory() is None
    cache.cache_directory.cache_clear()


def test_the_directorys_name_changes_with_any_source(tmp_path: Path) -> None:
    (tmp_path / "cells").mkdir()
    piece = tmp_path / "cells" / "gru.py"
    piece.write_text("a")
    before = cache.fingerprint(tmp_path)
    piece.write_text("b")
    assert cache.fingerprint(tmp_path) != before
