"""Intervals hold their share whatever the stream does, and follow the rule that says so."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.outcomes.intervals import FIRST, INTERVAL, LOOKBACK, QUANTILE, RATE, SQUARE, reach, track

STREAMS: dict[str, Callable[[np.random.Generator, np.ndarray], np.ndarray]] = {
    "even": lambda rng, at: rng.standard_normal(len(at)),
    "noise that jumps": lambda rng, at: rng.standard_normal(len(at)) * np.where(at // 2000 % 2, 5, 1),
    "noise that swells": lambda rng, at: rng.standard_normal(len(at)) * np.exp(2 * np.sin(at / 3000)),
    "heavy tails": lambda rng, at: rng.standard_t(3, len(at)),
    "one-sided": lambda rng, at: rng.exponential(1, len(at)),
    "errors that are biased at times": lambda rng, at: rng.standard_normal(len(at)) + 3 * (at // 1500 % 2),
}


def tracked(errors: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Whether each error was inside its interval, and the state at the end."""
    state, inside = np.zeros(INTERVAL), []
    state[QUANTILE] = FIRST
    for error in errors.tolist():
        reached = reach(state)
        inside.append(abs(error) <= reached)
        track(state, error, reached, alpha)
    return np.array(inside), state


@pytest.mark.parametrize("name", STREAMS)
@pytest.mark.parametrize("coverage", [0.5, 0.9])
def test_any_thousand_errors_are_inside_as_often_as_was_set(name: str, coverage: float) -> None:
    errors = STREAMS[name](np.random.default_rng(1), np.arange(12_000))
    inside, _ = tracked(errors, 1 - coverage)
    shares = np.convolve(inside[1000:], np.full(1000, 1e-3), "valid")
    assert coverage - 0.03 < shares.min() <= shares.max() < coverage + 0.03


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=60))
def test_the_quantile_moves_by_what_is_missed_and_the_deviation_forgets(errors: list[float]) -> None:
    square, quantile = 0.0, FIRST
    for n, error in enumerate(errors, 1):
        missed = abs(error) > quantile * square**0.5
        if n > 1:
            quantile = max(quantile + RATE * (missed - 0.1), 0)
        a = max(1 / n, LOOKBACK)
        square = (1 - a) * square + a * error**2
    _, state = tracked(np.array(errors), 0.1)
    assert state[QUANTILE] == pytest.approx(quantile)
    assert state[SQUARE] == pytest.approx(square)
