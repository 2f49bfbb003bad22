"""What a mixture does with streams as they come: changes, silence, wild values, members that come and go."""

import numpy as np
import pytest

from streamer.learning.committee.mixing.binary import BinaryMixture
from streamer.learning.committee.mixing.classes import ClassMixture
from streamer.learning.committee.mixing.mixture import Doubles, Mixture
from streamer.learning.committee.mixing.numbers import NumberMixture
from streamer.samples import Floats

rng_of = np.random.default_rng


def stepped(mixture: Mixture, said: Doubles, ys: Doubles) -> Floats:
    """(T, N), (T,) → (T,)."""
    return mixture.step_many(said[:, :, None].astype(np.float32), ys.astype(np.float32))[0][:, 0]


def errors(ys: Doubles, made: Floats) -> Doubles:
    return np.abs(ys - made)


def a_walk(seed: int, count: int) -> tuple[Doubles, Doubles]:
    """Of three members the second is by far the best."""
    rng = rng_of(seed)
    ys = np.cumsum(rng.normal(size=count))
    return ys[:, None] + rng.normal(size=(count, 3)) * [3, 0.3, 5], ys


def test_on_a_walk_it_errs_little_more_than_the_best_member() -> None:
    said, ys = a_walk(0, 1500)
    made = stepped(NumberMixture(3), said, ys)
    assert errors(ys, made)[100:].mean() < 1.05 * np.abs(ys - said[:, 1])[100:].mean()


def test_members_that_err_apart_are_better_together() -> None:
    """The stack: two that miss half each, which no choice among them makes good."""
    rng = rng_of(0)
    a, b = rng.normal(size=(2, 3000))
    made = stepped(NumberMixture(2), np.stack([2 * a, 2 * b], axis=1), a + b)
    assert errors(a + b, made)[1000:].mean() < 0.05 * np.abs(a - b)[1000:].mean()


def test_a_scale_and_an_origin_change_nothing_but_the_unit() -> None:
    said, ys = a_walk(1, 400)
    plain = stepped(NumberMixture(3), said, ys)
    assert stepped(NumberMixture(3), said * 2**40, ys * 2**40) == pytest.approx(plain * 2**40, rel=1e-4, abs=2**24)
    assert stepped(NumberMixture(3), said + 256, ys + 256)[1:] == pytest.approx(plain[1:] + 256, abs=1e-2)


@pytest.mark.parametrize("wild", [1e30, -3e38])
def test_one_wild_target_is_got_over_within_two_hundred_samples(wild: float) -> None:
    said, ys = a_walk(2, 1200)
    ys[500] = wild
    made = stepped(NumberMixture(3), said, ys)
    assert np.isfinite(made).all()
    assert errors(ys, made)[700:].mean() < 1.1 * np.abs(ys - said[:, 1])[700:].mean()


@pytest.mark.parametrize("scale", [1e-6, 1e12])
def test_it_follows_when_the_scale_of_the_stream_changes(scale: float) -> None:
    said, ys = a_walk(3, 3000)
    said[1000:] *= scale
    ys[1000:] *= scale
    made = stepped(NumberMixture(3), said, ys)
    assert errors(ys, made)[2500:].mean() < 1.1 * np.abs(ys - said[:, 1])[2500:].mean()


def test_a_stream_that_stood_still_for_long_and_then_moves_is_followed() -> None:
    said, ys = a_walk(4, 1000)
    still = np.full(100_000, 7.0)
    members = np.concatenate([np.stack([still, still, still + 1], axis=1), said + 7])
    made = stepped(NumberMixture(3), members, np.concatenate([still, ys + 7]))
    assert (made[1000:100_000] == 7).all()
    assert errors(ys + 7, made[100_000:])[300:].mean() < 1.1 * np.abs(ys - said[:, 1])[300:].mean()


def test_no_value_is_published_further_from_targets_than_they_have_been_from_one_another() -> None:
    rng = rng_of(5)
    ys, said = rng.uniform(3, 4, 500), rng.normal(0, 1e9, (500, 4))
    made = stepped(NumberMixture(4), said, ys)
    assert made[0] == 0
    for t in range(1, 500):
        low, high = ys[:t].min(), ys[:t].max()
        beyond = min((high - low) / 2, np.abs(np.diff(ys[:t])).max(initial=0)) + 1e-6
        assert low - beyond <= made[t] <= high + beyond


@pytest.mark.parametrize("members", [1, 2, 5])
def test_when_none_is_present_what_is_known_of_targets_is_said(members: int) -> None:
    none, ys = np.full((4, members), np.nan), np.array([1.0, 0.0, 1.0, 0.0])
    assert stepped(BinaryMixture(members), none, ys).tolist() == [0.5] * 4
    assert stepped(NumberMixture(members), none, np.array([2.0, 4, 9, 9])).tolist() == [0, 2, 3, 5]
    classes = ClassMixture(members, classes=3).step_many(
        np.full((4, members, 3), np.nan, np.float32), np.array([0, 1, 1, 2], np.float32)
    )[0]
    assert classes.tolist() == [[0, 0, 0], [1, 0, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]]


def test_a_member_that_was_away_has_the_weight_that_it_had() -> None:
    rng = rng_of(6)
    ys = rng.integers(0, 2, 2000).astype(np.float64)
    said = np.stack([np.abs(ys - 0.1), np.full(2000, 0.5), rng.random(2000)], axis=1)
    said[1000:1200, 0] = np.nan
    mixture = BinaryMixture(3)
    stepped(mixture, said[:1000], ys[:1000])
    before = mixture.export()
    away = stepped(mixture, said[1000:1200], ys[1000:1200])
    after = mixture.export()
    assert np.abs(away - 0.5).mean() < 0.2
    assert after["weights"][0] > 0.8 * before["weights"][0]
    assert errors(ys[1200:], stepped(mixture, said[1200:], ys[1200:]))[:20].mean() < 0.12


def test_when_another_member_becomes_the_best_it_is_followed_within_some_dozen_samples() -> None:
    rng = rng_of(7)
    ys = rng.integers(0, 2, 5000).astype(np.float64)
    right = np.arange(5000) // 1000 % 2
    said = np.stack([np.abs(ys - np.where(right == who, 0.05, 0.6)) for who in (0, 1)], axis=1)
    made = stepped(BinaryMixture(2), said, ys)
    for start in range(1000, 5000, 1000):
        assert errors(ys, made)[start + 30 : start + 1000].mean() < 0.08


def test_fair_coins_cost_next_to_nothing_more_than_a_bit() -> None:
    for seed in range(5):
        rng = rng_of(seed)
        ys = rng.integers(0, 2, 3000).astype(np.float64)
        said = np.column_stack([np.full(3000, 0.5), rng.beta(5, 5, (3000, 6))])
        p = stepped(BinaryMixture(7), said, ys).astype(np.float64)
        assert -np.log(np.where(ys > 0, p, 1 - p)).mean() < np.log(2) + 0.01


@pytest.mark.parametrize("make", [BinaryMixture, NumberMixture])
def test_covariances_stay_such_in_a_long_life_of_members_that_say_the_same(make: type[BinaryMixture]) -> None:
    rng = rng_of(8)
    ys = rng.integers(0, 2, 200_000).astype(np.float64)
    one = np.abs(ys - rng.random(len(ys)) ** 3)
    said = np.stack([one, one, one, rng.random(len(ys)), np.full(len(ys), 0.5)], axis=1)
    mixture = make(5)
    stepped(mixture, said, ys)
    state = mixture.export()
    for P, first in zip(state["covariances"], make(5).export()["covariances"], strict=True):
        assert (P == P.T).all()
        assert np.linalg.eigvalsh(P).min() > -1e-12
        assert P.diagonal().max() <= first.diagonal().max()
    assert np.abs(state["thetas"]).max() < 10


def test_what_a_class_that_comes_late_costs_is_finite_and_it_is_then_believed() -> None:
    rng = rng_of(9)
    ys = np.concatenate([rng.integers(0, 2, 1000), np.full(50, 2)]).astype(np.float32)
    said = np.zeros((1050, 2, 3), np.float32)
    said[:, :, 0], said[:, :, 1] = 0.5, 0.5
    said[1010:] = 0, 0, 1
    mixture = ClassMixture(2, classes=3)
    mixed, _ = mixture.step_many(said, ys)
    assert (mixed[1001:, 2] > 0).all()
    assert mixed[1020:, 2].min() > 0.5
    assert np.isfinite(mixture.losses().members).all()


def test_losses_are_those_of_the_last_thousand_or_so() -> None:
    ys = np.ones(20_000)
    said = np.stack([np.full(20_000, 0.5), np.where(np.arange(20_000) < 10_000, 0.25, 0.5)], axis=1)
    mixture = BinaryMixture(2)
    stepped(mixture, said[:10_000], ys[:10_000])
    assert mixture.losses().members == pytest.approx([1, 2], abs=1e-6)
    stepped(mixture, said[10_000:], ys[10_000:])
    assert mixture.losses().members == pytest.approx([1, 1], abs=1e-3)
