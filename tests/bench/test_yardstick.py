"""The yardstick is C that works: a program that does not learn, or skips work, would be a measure of nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from streamer.bench.yardstick import CASE, SOURCE, Yardstick, compiler
from streamer.config.learner import LearnerSettings
from streamer.errors import UnavailableError

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc to compile the yardstick with")


@needs_gcc
@pytest.mark.parametrize("truncation", [2, 8])
def test_the_program_learns_the_puzzle_and_hardly_errs_at_the_end(tmp_path: Path, truncation: int) -> None:
    Yardstick(tmp_path, truncation)
    program = tmp_path / f"yardstick-{truncation}"
    done = subprocess.run([program, "20000"], check=True, capture_output=True, text=True)
    microseconds, mistakes = done.stdout.split()
    assert float(microseconds) > 0
    assert int(mistakes) <= 20  # of 10,000; who only knows that ones are rare errs 2,500 times


@needs_gcc
def test_a_longer_window_costs_more_for_all_of_it_is_computed_anew(tmp_path: Path) -> None:
    short, long = (Yardstick(tmp_path, truncation).microseconds(2_000) for truncation in (2, 32))
    assert long > 2 * short > 0


@needs_gcc
def test_a_program_that_does_not_compile_is_told_in_the_compilers_words(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"(?s)cannot be compiled; got: .*error"):
        Yardstick(tmp_path, -5)


def test_without_a_compiler_one_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UnavailableError, match="do this: install gcc"):
        compiler()


def test_its_case_is_one_that_a_learner_can_have_and_the_one_that_the_source_is_written_for() -> None:
    assert f"#define H {LearnerSettings(**CASE).hidden}\n" in SOURCE.read_text()
