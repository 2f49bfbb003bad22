"""The bound holds at all times at once."""

import math

import numpy as np
import pytest

from streamer.evaluation.bound import bound


@pytest.mark.parametrize(("variance", "alpha"), [(1.0, 0.05), (100.0, 0.05), (1e6, 0.001)])
def test_it_is_the_formula_of_the_paper_with_eta_2_and_s_14(variance: float, alpha: float) -> None:
    zeta = sum(k**-1.4 for k in range(1, 200_000)) + 200_000**-0.4 / 0.4
    ell = 1.4 * math.log(math.log(2 * variance)) + math.log(zeta / (alpha * math.log(2) ** 1.4))
    k1, k2 = (2**0.25 + 2**-0.25) / math.sqrt(2), (math.sqrt(2) + 1) / 2
    plain = math.sqrt(k1**2 * variance * ell + k2**2 * 9 * ell**2) + k2 * 3 * ell
    assert bound(variance, alpha, 3.0) == pytest.approx(plain, rel=1e-5)


def test_the_sum_of_fair_bets_crosses_it_at_any_time_no_more_often_than_alpha_says() -> None:
    alpha, runs, length = 0.1, 400, 2000
    bets = np.random.default_rng(0).choice([-1.0, 1.0], (runs, length))
    sums = np.abs(np.cumsum(bets, axis=1)).max(axis=1, initial=0, where=np.ones((runs, length), bool))
    limits = np.array([bound(float(n), alpha / 2, 1.0) for n in range(1, length + 1)])
    crossed = (np.abs(np.cumsum(bets, axis=1)) >= limits).any(axis=1).mean()
    assert crossed <= alpha
    assert sums.max() > 3 * math.sqrt(length)  # there was luck that a bound for one moment would have taken for skill


def test_it_grows_like_the_root_of_the_variance_and_not_faster() -> None:
    assert bound(4e8, 0.01, 1.0) < 2.1 * bound(1e8, 0.01, 1.0)


def test_it_asks_for_more_when_less_may_go_wrong_and_when_one_bet_can_be_larger() -> None:
    assert bound(10.0, 0.001, 1.0) > bound(10.0, 0.01, 1.0)
    assert bound(10.0, 0.01, 6.0) > bound(10.0, 0.01, 1.0)
