"""How last targets are seen equals its plain statement."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.learning.committee.members.target import Target
from streamer.learning.committee.members.view import View, ViewName

LAGS, PERIODS = 3, (2, 5)
numbers_of = st.lists(st.one_of(st.just(math.nan), st.floats(-1e3, 1e3, width=32)), min_size=1, max_size=40)


def scales(known: list[float]) -> tuple[float, float, float]:
    """μ, σ and δ of so few values that all weigh the same."""
    if not known:
        return 0, 0, 0
    changes = np.diff(known)
    deviation = float(np.std(known))
    return float(np.mean(known)), deviation, math.sqrt(np.mean(changes**2)) if changes.any() else deviation


def plain(name: ViewName, ys: list[float], horizon: int) -> tuple[list[list[float]], list[float]]:
    """What is seen, and the target, of each label in turn."""
    seen, targets, known = [], [], list[float]()
    for y in ys:
        mean, deviation, motion = scales(known)

        def lag(i: int, known: list[float] = known) -> float:
            return known[-i] if i <= len(known) else math.nan

        def on(x: float, scale: float) -> float:
            return 0.0 if math.isnan(x) or scale == 0 else min(max(x / scale, -5), 5)

        back = [-horizon % period + 1 for period in PERIODS]
        if name == "level":
            row = [on(lag(i) - mean, deviation) for i in range(1, LAGS + 1)]
            row += [on(lag(at + j) - mean, deviation) for at in back for j in (0, 1)]
            base, scale = mean, deviation
        else:
            row = [on(lag(i) - lag(i + 1), motion) for i in range(1, LAGS + 1)]
            for at in back:
                row += [on(lag(at) - lag(at + 1), motion), on(lag(at) - lag(1), deviation)]
            row.append(on(lag(1) - mean, deviation))
            base, scale = known[-1] if known else 0, motion
        seen.append(row)
        targets.append((y - base) / scale if scale > 0 else math.nan)
        if not math.isnan(y):
            known.append(y)
    return seen, targets


@pytest.mark.parametrize("name", ["level", "change"])
@settings(max_examples=40, deadline=None)
@given(ys=numbers_of, horizon=st.integers(1, 6))
def test_it_equals_its_plain_statement(name: ViewName, ys: list[float], horizon: int) -> None:
    view = View(Target("numbers", horizon=horizon), name, lags=LAGS, periods=PERIODS)
    ys = [round(y) if y == y else y for y in ys]  # a spread that is not of rounding alone
    seen = view.step(np.array(ys, np.float32))
    expected, targets = plain(name, ys, horizon)
    np.testing.assert_allclose(seen.lagged, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(seen.targets, targets, rtol=1e-6, atol=1e-8)


def test_a_season_back_is_the_value_a_period_before_the_target() -> None:
    ys = np.arange(1, 30, dtype=np.float32)
    for horizon, back in ((1, 5), (2, 4), (5, 1), (6, 5)):
        view = View(Target("numbers", horizon=horizon), lags=0, periods=(5,))
        view.step(ys)
        seen, statistics = view.peek(), scales(ys.tolist())
        assert seen.lagged[0, 0] == pytest.approx((ys[-back] - statistics[0]) / statistics[1])


def test_a_late_label_is_compared_with_the_last_value_that_its_sample_had() -> None:
    view = View(Target("numbers"), "change", lags=0)
    view.step(np.array([0, 2, 4], np.float32))
    late = view.step(np.array([9], np.float32), np.array([1], np.float32))
    assert late.targets.tolist() == [4.0]


def test_bits_are_seen_as_signs_and_classes_one_hot() -> None:
    ys = np.array([1, 0, np.nan, 2], np.float32)
    bits = View(Target("binary"), lags=2).step(np.minimum(ys, 1))
    assert bits.lagged.tolist() == [[0, 0], [1, 0], [-1, 1], [-1, 1]]
    places = View(Target("classes", classes=3), lags=1).step(ys)
    assert places.lagged.tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]]
    assert places.targets.tolist()[:2] == [1, 0]


def test_predictions_reach_a_little_beyond_the_range_seen() -> None:
    seen = View(Target("numbers"), lags=0).step(np.array([0, 3, 4, 10], np.float32))
    assert seen.predictions(np.full((4, 1), 99.0)).ravel().tolist() == [0.0, 0.0, 4.5, 6.0]
    assert seen.predictions(np.full((4, 1), -99.0)).ravel().tolist() == [0.0, 0.0, -1.5, -2.0]
