import stat
from pathlib import Path
from typing import Any

import pytest

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused import cache
from streamer.learning.engines.fused.compiled import compiled
from streamer.learning.engines.fused.plan import Plan


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


def test_a_kernel_is_compiled_once_and_then_loaded(tmp_path: Path) -> None:
    plan = Plan.of(LearnerSettings(hidden=1, truncation=1, memory="none", optimiser="sgd"), lanes=4)
    assert kernels_in(tmp_path) == []
    compiled(plan, tmp_path)
    written = kernels_in(tmp_path)
    assert len(written) == 1
    stamp = written[0].stat().st_mtime_ns
    compiled(plan, tmp_path)
    assert [path.stat().st_mtime_ns for path in kernels_in(tmp_path)] == [stamp]


def test_a_damaged_kernel_is_compiled_anew(tmp_path: Path) -> None:
    plan = Plan.of(LearnerSettings(hidden=1, truncation=1, memory="none", optimiser="sgd"), lanes=4)
    compiled(plan, tmp_path)
    kernels_in(tmp_path)[0].write_bytes(b"not a kernel")
    assert callable(compiled(plan, tmp_path))


def kernels_in(path: Path) -> Any:
    return list(path.rglob("*.nbc"))
