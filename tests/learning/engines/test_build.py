"""What a checkpoint says that it was computed with."""

from pathlib import Path

import pytest

from streamer.learning.engines.build import build_of, digest_of
from streamer.learning.engines.fused.build import level

V2 = {"sse4.2", "ssse3", "popcnt", "cx16"}
V3 = V2 | {"avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe"}
V4 = V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def test_the_fused_engine_names_its_compiler_its_cpu_and_its_lanes() -> None:
    build = build_of("fused")
    assert build.keys() == {"streamer", "sources", "numpy", "numba", "llvmlite", "cpu", "lanes", "threads"}
    assert build["lanes"] in {"4", "8", "16"}
    assert build["threads"] == "1"


def test_the_reference_engine_names_torch_and_its_threads() -> None:
    import torch

    build = build_of("reference")
    assert build.keys() == {"streamer", "sources", "numpy", "torch", "cpu", "threads"}
    assert build["threads"] == str(torch.get_num_threads())


def test_of_what_is_not_ours_nothing_is_known() -> None:
    assert build_of("chain") == {}


@pytest.mark.parametrize(
    ("features", "name"), [({"sse2"}, "x86-64-v1"), (V2, "x86-64-v2"), (V3, "x86-64-v3"), (V4, "x86-64-v4")]
)
def test_a_cpu_has_the_highest_level_of_which_it_has_everything(features: set[str], name: str) -> None:
    found = dict.fromkeys(V4 | {"sse2"}, False) | dict.fromkeys(features, True)
    assert level(found) == name


def test_a_cpu_that_lacks_a_lower_level_has_no_higher_one() -> None:
    assert level(dict.fromkeys(V4 - {"popcnt"} | {"sse2"}, True)) == "x86-64-v1"


def test_another_kind_of_cpu_goes_by_its_name() -> None:
    assert level({"neon": True, "sve": True}) not in {"", *(f"x86-64-v{number}" for number in range(1, 5))}


def test_an_edited_source_is_another_build(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1")
    before = digest_of(tmp_path)
    (tmp_path / "a.py").write_text("x = 2")
    after = digest_of(tmp_path)
    assert before != after == digest_of(tmp_path)
