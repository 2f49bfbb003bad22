import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.gains import BITS, SHARE, ErrorShares, gains_in_bits

shares = st.floats(2**-24, 1 - 2**-24)
values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


def gain(p: float, q: float) -> float:
    return float(gains_in_bits(np.array([p]), np.array([[q]]))[0, 0])


@given(p=shares, q=shares)
def test_a_gain_in_bits_is_bounded_and_the_other_ones_loss(p: float, q: float) -> None:
    assert abs(gain(p, q)) < BITS
    assert gain(p, q) == pytest.approx(-gain(q, p), abs=1e-9)


@given(p=st.floats(0.2, 0.8), q=st.floats(0.2, 0.8))
def test_between_moderate_probabilities_it_is_the_difference_of_the_log_losses(p: float, q: float) -> None:
    assert gain(p, q) == pytest.approx(math.log2(p / q), rel=0.15, abs=1e-9)


@given(q=st.floats(1e-6, 0.5), p=shares)
def test_nobody_is_expected_to_gain_over_who_knows_the_probability_however_rare_the_event(q: float, p: float) -> None:
    assert q * gain(p, q) + (1 - q) * gain(1 - p, 1 - q) <= 1e-12


@given(mine=values, other=st.floats(-1e6, 1e6), y=st.floats(-1e6, 1e6))
def test_a_share_of_the_error_is_bounded(mine: list[float], other: float, y: float) -> None:
    count = len(mine)
    gains = ErrorShares(1).step_many(np.array(mine), np.full((count, 1), other), np.full(count, y))
    assert (np.abs(gains) <= SHARE + 1e-9).all()


def test_it_is_the_share_of_the_null_models_mean_error_that_the_learner_saves() -> None:
    rng = np.random.default_rng(0)
    ys = rng.normal(size=5000)
    gains = ErrorShares(2).step_many(0.75 * ys, np.column_stack([0.5 * ys, 0.75 * ys]), ys)
    assert gains[1000:].mean(axis=0).tolist() == pytest.approx([0.5, 0.0], abs=0.03)


@given(seed=st.integers(0, 99), cut=st.integers(0, 50))
def test_shares_are_the_same_for_any_cut_and_go_on_where_they_were(seed: int, cut: int) -> None:
    rng = np.random.default_rng(seed)
    mine, others, ys = rng.normal(size=50), rng.normal(size=(50, 3)), rng.normal(size=50)
    whole, first, second = ErrorShares(3), ErrorShares(3), ErrorShares(3)
    parts = [first.step_many(mine[:cut], others[:cut], ys[:cut])]
    second.load(first.export())
    parts.append(second.step_many(mine[cut:], others[cut:], ys[cut:]))
    assert np.concatenate(parts).tobytes() == whole.step_many(mine, others, ys).tobytes()


def test_equal_predictions_gain_nothing_even_without_an_error() -> None:
    assert ErrorShares(1).step_many(np.ones(3), np.ones((3, 1)), np.ones(3)).ravel().tolist() == [0.0, 0.0, 0.0]
