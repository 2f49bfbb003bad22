from pathlib import Path
from typing import Any

from streamer.config.learner import LearnerSettings
from streamer.learning.engines.fused.compiled import compiled
from streamer.learning.engines.fused.plan import Plan


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
    assert callable(compiled(plan, tmp_path).entry)


def kernels_in(path: Path) -> Any:
    return list(path.rglob("*.nbc"))
