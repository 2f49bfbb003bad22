"""A speed is told only of engines that agree, and compared with C only where C does the same work."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from streamer.bench import speed
from streamer.bench.speed import CASES, Speed, check_agreement, measure_speed
from streamer.bench.yardstick import CASE
from streamer.config.learner import EngineName, LearnerSettings
from streamer.errors import StreamerError
from streamer.learning.learner import Learner

SAMPLES, FEW = 200, 10
LIKE_C = {"hidden": 16, "truncation": 8, "memory": "none"}
UNLIKE_C = ({"hidden": 16, "truncation": 8, "memory": "ring"}, LIKE_C | {"optimiser": "sgd"})


class OtherReference(Learner):
    """A learner whose reference engine does not do what its fused one does."""

    def __init__(self, settings: LearnerSettings, *, seed: int, engine: EngineName) -> None:
        changed = {"step_size": 0.011} if engine == "reference" else {}
        super().__init__(settings.model_copy(update=changed), seed=seed, engine=engine)


class Metronome:
    """A yardstick that gives a number of its own at each measurement."""

    def __init__(self, directory: Path, truncation: int) -> None:
        self._times: Iterator[float] = iter([3.0, 1.0, 2.0])

    def microseconds(self, samples: int) -> float:
        return next(self._times)


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "CASES", (LIKE_C, *UNLIKE_C))


@pytest.fixture
def only_like_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "CASES", (LIKE_C,))


@pytest.fixture
def metronome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "Yardstick", Metronome)


def calls(rows: list[Speed]) -> list[tuple[str, str]]:
    return [(row.engine, row.call) for row in rows]


def test_the_engines_agree_on_the_default_settings() -> None:
    check_agreement(LearnerSettings())


def test_engines_that_do_not_agree_are_told_with_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "Learner", OtherReference)
    with pytest.raises(StreamerError, match=r"the engines disagree.*got: .*differs by"):
        check_agreement(LearnerSettings(**LIKE_C))


def test_no_speed_is_told_of_engines_that_do_not_agree(
    monkeypatch: pytest.MonkeyPatch, only_like_c: None, metronome: None
) -> None:
    monkeypatch.setattr(speed, "Learner", OtherReference)
    with pytest.raises(StreamerError, match="so that no speed is told"):
        measure_speed(SAMPLES, FEW, 1)


def test_each_case_has_a_row_and_the_one_like_c_one_for_each_way_to_do_it(few_cases: None, metronome: None) -> None:
    rows = measure_speed(SAMPLES, FEW, 1)
    one_case = [("fused", "step_many"), ("fused", "learn_one"), ("reference", "step_many"), ("c", "step_many")]
    assert calls(rows) == [*one_case, ("fused", "step_many"), ("fused", "step_many")]
    assert all(row.microseconds_per_sample > 0 for row in rows)
    # the ratio is told where C does the same work and nowhere else
    compared = {(row.memory, row.optimiser): row.ratio_to_c is not None for row in rows}
    assert compared == {("none", "rmsprop"): True, ("ring", "rmsprop"): False, ("none", "sgd"): False}


def test_a_row_has_the_keys_that_readers_of_the_json_know() -> None:
    keys = "engine call hidden inputs truncation memory gradient optimiser microseconds_per_sample ratio_to_c"
    assert list(asdict(Speed("c", "step_many", 16, 1, 8, "none", "tbptt", "rmsprop", 1.5, 1.0))) == keys.split()


def test_the_median_of_the_repeats_counts_and_the_ratio_is_taken_of_medians(only_like_c: None, metronome: None) -> None:
    fused, *_, c = measure_speed(SAMPLES, FEW, 3)[:4]
    assert (c.microseconds_per_sample, c.ratio_to_c) == (2.0, 1.0)
    assert fused.ratio_to_c == fused.microseconds_per_sample / 2.0


def test_progress_rises_to_the_whole(only_like_c: None, metronome: None) -> None:
    shares: list[float] = []
    measure_speed(SAMPLES, FEW, 2, shares.append)
    assert shares == sorted(set(shares))
    assert len(shares) == 2 * 4
    assert shares[-1] == pytest.approx(1)


@pytest.mark.parametrize("gcc", [None, "/bin/false"], ids=["none", "one that cannot"])
def test_without_a_c_compiler_the_speeds_are_told_and_the_ratios_are_not(
    monkeypatch: pytest.MonkeyPatch, few_cases: None, gcc: str | None
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: gcc)
    rows = measure_speed(SAMPLES, FEW, 1)
    one_case = [("fused", "step_many"), ("fused", "learn_one"), ("reference", "step_many")]
    assert calls(rows) == [*one_case, ("fused", "step_many"), ("fused", "step_many")]
    assert all(row.ratio_to_c is None and row.microseconds_per_sample > 0 for row in rows)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc to compile the yardstick with")
def test_the_real_yardstick_is_in_the_table(only_like_c: None) -> None:
    *_, c = measure_speed(SAMPLES, FEW, 1)
    assert (c.engine, c.truncation, c.ratio_to_c) == ("c", 8, 1.0)


def test_the_cases_are_all_possible_each_there_once_and_some_are_like_c() -> None:
    cases: list[LearnerSettings] = [LearnerSettings(**case) for case in CASES]
    assert len(set(map(str, cases))) == len(cases)
    like_c: list[dict[str, Any]] = [
        case for case in CASES if LearnerSettings(**(case | CASE)) == LearnerSettings(**case)
    ]
    assert {case["truncation"] for case in like_c} == {2, 8, 32}
