import sys
from typing import Any

import pytest

from streamer.config.learner import LearnerSettings
from streamer.errors import UnavailableError
from streamer.learning.engines.choice import why_not_fused
from streamer.learning.learner import Learner

SMALL = LearnerSettings(hidden=3, truncation=2, memory="none")

COMPILED = ("streamer.learning.engines.fused", "streamer.kernels")


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in [name for name in sys.modules if name.startswith(COMPILED)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    why_not_fused.cache_clear()
    yield
    why_not_fused.cache_clear()


def test_auto_takes_the_fused_engine() -> None:
    learner = Learner(SMALL)
    assert learner.engine == "fused"
    assert "fastest" in learner.engine_reason


@pytest.mark.parametrize("name", ["fused", "reference"])
def test_an_engine_asked_for_is_the_one_in_use(name: Any) -> None:
    learner = Learner(SMALL, engine=name)
    assert learner.engine == name
    assert name in learner.engine_reason


def test_without_numba_auto_takes_the_reference_and_says_why(without_numba: None) -> None:
    learner = Learner(SMALL)
    assert learner.engine == "reference"
    assert "numba" in learner.engine_reason


def test_without_numba_the_fused_engine_is_refused_with_what_would_work(without_numba: None) -> None:
    with pytest.raises(UnavailableError, match=r"numba.*do this: .*auto"):
        Learner(SMALL, engine="fused")


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UnavailableError, match="'quantum'"):
        Learner(SMALL, engine="quantum")  # type: ignore[arg-type]
