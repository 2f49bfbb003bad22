import resource
from collections.abc import Sequence

import pytest

from streamer.app.doctor.machine import look_at_clock, look_at_descriptors, look_at_engine, look_at_processor
from streamer.clock import FakeClock
from streamer.config.learner import EngineName

BOTH = ("numba", "torch")


@pytest.mark.parametrize(
    ("engine", "installed", "environment", "level"),
    [
        ("auto", BOTH, {}, "ok"),
        ("auto", BOTH, {"NUMBA_DISABLE_JIT": "0"}, "ok"),
        ("auto", BOTH, {"NUMBA_DISABLE_JIT": "1"}, "warning"),
        ("auto", ["torch"], {}, "warning"),
        ("auto", [], {}, "problem"),
        ("fused", ["torch"], {}, "problem"),
        ("fused", ["numba"], {}, "ok"),
        ("reference", BOTH, {}, "ok"),
        ("reference", ["numba"], {}, "problem"),
    ],
)
def test_an_engine_that_cannot_be_had_is_a_problem_and_a_slow_one_that_nobody_asked_for_a_warning(
    engine: EngineName, installed: Sequence[str], environment: dict[str, str], level: str
) -> None:
    finding = look_at_engine(engine, environment, lambda module: module in installed)
    assert (finding.level, bool(finding.remedy)) == (level, level != "ok")


@pytest.mark.parametrize(
    ("flags", "width"), [("fpu avx avx512f", "16 numbers"), ("fpu avx", "8 numbers"), ("fpu", "4 numbers")]
)
def test_the_processor_is_told_by_the_width_of_its_vectors(flags: str, width: str) -> None:
    assert width in look_at_processor(f"processor : 0\nflags : {flags}\n").found
    assert "4 numbers" in look_at_processor("").found


def test_a_clock_behind_what_was_written_before_is_warned_of() -> None:
    clock = FakeClock(wall=1_000.0)
    assert look_at_clock(clock, 900.0).level == "ok"
    finding = look_at_clock(clock, 5_000.0)
    assert (finding.level, "4,000 s behind" in finding.found) == ("warning", True)


@pytest.mark.parametrize(("hard", "level"), [(256, "warning"), (4096, "ok"), (resource.RLIM_INFINITY, "ok")])
def test_few_descriptors_are_warned_of(hard: int, level: str) -> None:
    assert look_at_descriptors(hard).level == level
