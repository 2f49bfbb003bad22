"""The regret of a mixture is within its bound, whoever chooses what members say and what comes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from streamer.learning.committee.mixing.binary import LEVELS, RATE, TOP, BinaryMixture
from streamer.learning.committee.mixing.bound import committee, level_1, rounding, shifting, smoothing, static, tuned
from streamer.learning.committee.mixing.mixture import Doubles
from streamer.learning.committee.mixing.numbers import HIGH, LIMIT, LOW, OF_LEVEL, OF_TOP, STEP, NumberMixture
from streamer.samples import Floats
from tests.learning.committee.mixing.regret import best_sequences, binary_losses, parts, run_binary, run_classes
from tests.learning.committee.mixing.streams import binary, classes, seeds

MOST = 12
"""Switches."""
T = 3000

Told = tuple[npt.NDArray[Any], npt.NDArray[Any]]
"""What members say (T, N), and the targets."""
Adversary = Callable[[np.random.Generator], Told]

rng_of = np.random.default_rng


def within_bound(losses: Doubles, horizon: int = 1) -> None:
    """Each level keeps its own bound, and what is published that of both."""
    members, levels, published = parts(losses)
    count, samples = members.shape[1], len(losses)
    if not samples:
        return
    most = min(MOST, samples - 1)
    rounded = sum(rounding(p) for p in np.exp(-losses[:, [-1 - LEVELS, -1]]).ravel().tolist())
    best, of_levels = best_sequences(members, most), best_sequences(levels, most)
    for k in range(most + 1 if count > 1 else 1):
        slack = rounded + 1e-9 * samples
        assert levels[:, 0].sum() <= best[k] + horizon * shifting(1 / count, samples, k) + slack
        assert published.sum() <= of_levels[k] + horizon * shifting(min(TOP), samples, k, RATE) + slack
        assert published.sum() <= best[k] + committee(count, samples, k, horizon=horizon) + slack


def alternating(rng: np.random.Generator) -> Told:
    """Two members that are right in turn, and surely so."""
    ys = rng.integers(0, 2, T)
    said = np.stack([np.where((np.arange(T) % 2 == who), ys, 1 - ys) for who in (0, 1)], axis=1)
    return said, ys


def changing(rng: np.random.Generator) -> Told:
    """Each of five is the best for some hundred samples, and as bad as can be in the others."""
    ys = rng.integers(0, 2, T)
    best = np.arange(T) // 300 % 5
    return np.where(np.arange(5) == best[:, None], np.abs(ys - 0.01)[:, None], 1 - ys[:, None]), ys


def liars(rng: np.random.Generator) -> Told:
    """All but one say the opposite of what comes, and one does not know."""
    ys = rng.integers(0, 2, T)
    said = np.repeat(1 - ys[:, None], 14, axis=1).astype(np.float64)
    said[:, 9] = 0.5
    return said, ys


def turncoats(rng: np.random.Generator) -> Told:
    """Right for long, so that all is staked on them, and then wrong."""
    ys = rng.integers(0, 2, T)
    lying = (np.arange(T)[:, None] // np.array([500, 700, 1000])) % 2 == 1
    return np.where(lying, 1 - ys[:, None], ys[:, None]), ys


def strangers(rng: np.random.Generator) -> Told:
    """Specialists: the best one is there half of the time, the others are so in turn, at times none is."""
    ys = rng.integers(0, 2, T)
    said = rng.random((T, 6))
    said[:, 0] = np.abs(ys - 0.02)
    here = rng.random((T, 6)) < 0.5
    here[1000:1500] = False
    here[1400:1500, 5] = True
    return np.where(here, said, np.nan), ys


def sleepers(rng: np.random.Generator) -> Told:
    """One is a little better than a coin; all others sleep, and when they wake they lie."""
    ys = rng.integers(0, 2, T)
    said = np.where(np.arange(T)[:, None] % 50 == 49, 1.0 - ys[:, None], np.nan).repeat(8, axis=1)
    said[:, 0] = np.abs(ys - 0.4)
    return said, ys


ADVERSARIES: dict[str, Adversary] = {
    function.__name__: function for function in (alternating, changing, liars, turncoats, strangers, sleepers)
}


@pytest.mark.parametrize("horizon", [1, 4])
@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
def test_the_regret_is_within_the_bound_on_sequences_made_to_hurt(adversary: Adversary, horizon: int) -> None:
    said, ys = adversary(rng_of(0))
    within_bound(run_binary(said.astype(np.float32), ys.astype(np.float32), horizon), horizon)


@pytest.mark.parametrize("adversary", ADVERSARIES.values(), ids=ADVERSARIES)
def test_the_same_for_classes(adversary: Adversary) -> None:
    said, ys = adversary(rng_of(0))
    two = np.stack([1 - said, said, np.zeros_like(said)], axis=2).astype(np.float32)
    ys[:2] = 0, 1
    two[:2, :, 1:] = 0
    within_bound(run_classes(two, ys.astype(np.float32)))


@pytest.mark.parametrize("members", [2, 9])
@pytest.mark.parametrize("shown", ["published", "level 1"])
def test_the_regret_is_within_the_bound_when_the_label_that_hurts_most_comes(members: int, shown: str) -> None:
    rng, mixture, rows, ys = rng_of(members), BinaryMixture(members), [], []
    for _ in range(T):
        said = rng.beta(0.3, 0.3, (1, members, 1)).astype(np.float32)
        _, kept = mixture.step_many(said, np.full(1, np.nan, np.float32))
        at = -1 if shown == "published" else -1 - LEVELS
        ys.append(np.float32(kept[0, at] < 0.5))
        mixture.label(kept, np.array(ys[-1:]))
        rows.append(kept[0])
    within_bound(binary_losses(np.array(rows), np.array(ys)))


@settings(deadline=None)
@given(
    said=arrays(np.float32, st.tuples(st.integers(1, 60), st.integers(1, 5)), elements=st.floats(0, 1, width=32)),
    data=st.data(),
    horizon=st.integers(1, 3),
)
def test_the_regret_is_within_the_bound_on_any_sequence(said: Floats, data: st.DataObject, horizon: int) -> None:
    absent = data.draw(arrays(np.bool_, said.shape))
    ys = data.draw(arrays(np.float32, len(said), elements=st.sampled_from([0.0, 1.0])))
    within_bound(run_binary(np.where(absent, np.float32(np.nan), said), ys, horizon), horizon)


@given(seed=seeds, members=st.integers(1, 5), horizon=st.integers(1, 3))
def test_the_regret_is_within_the_bound_on_random_streams(seed: int, members: int, horizon: int) -> None:
    for kind, run in ((binary, _binary), (classes, run_classes)):
        said, ys = kind(rng_of(seed), 300, members)
        known = ~np.isnan(ys)
        within_bound(run(said[known], ys[known], horizon), horizon)


def _binary(said: Floats, ys: Floats, horizon: int) -> Doubles:
    return run_binary(said[:, :, 0], ys, horizon)


def test_against_a_member_that_never_fails_the_bound_is_nearly_reached() -> None:
    """So the constants are not slack: who is right once, where all others are wrong, has all weight but a share."""
    said = np.tile(np.array([1, *[0] * 13], np.float32), (1000, 1))
    members, levels, _ = parts(run_binary(said, np.ones(1000, np.float32)))
    regret = levels[:, 0].sum() - members[:, 0].sum()
    assert shifting(1 / 14, 1000) - 0.05 < regret <= shifting(1 / 14, 1000) + 1e-4


def test_with_a_constant_rate_the_bound_is_that_of_herbster_and_warmuth() -> None:
    """Whose share goes to the others only: theirs with α is this one's with α N/(N − 1)."""
    for rate in (1e-4, 1e-3, 5e-3, 0.1):
        assert tuned(14, 1001, 5) <= shifting(1 / 14, 1001, 5, rate)
    assert shifting(1 / 14, 1001, 5, 5 / 1000 * 14 / 13) == pytest.approx(tuned(14, 1001, 5), rel=1e-12)
    assert tuned(14, 1001, 0) == pytest.approx(static(1 / 14))


def test_switches_cost_most_when_they_come_last() -> None:
    """So that the bound is for any sequence."""
    rates = np.array([level_1(t) for t in range(50)])
    switch, stay = -np.log(rates / 14), -np.log1p(-rates * 13 / 14)
    for at in range(47):
        moved = np.isin(np.arange(50), [at, at + 1, at + 3])
        assert static(1 / 14) + np.where(moved, switch, stay).sum() <= shifting(1 / 14, 51, 3) + 1e-9


def test_smoothing_costs_a_member_no_more_than_it_is_said_to() -> None:
    said, ys = changing(rng_of(0))
    p = np.where(ys[:, None] > 0, said, 1 - said)[:, 0]
    held = parts(run_binary(said.astype(np.float32), ys.astype(np.float32)))[0][:, 0]
    with np.errstate(divide="ignore"):
        assert held.sum() <= -np.log(p).sum() + smoothing(T)
    sure = parts(run_binary(np.ones((T, 1), np.float32), np.ones(T, np.float32)))[0][:, 0].sum()
    assert sure == pytest.approx(smoothing(T), rel=1e-6)


def test_streams_are_long_enough_for_switches_to_pay() -> None:
    """The best sequence is much better than the best member where members change."""
    said, ys = changing(rng_of(0))
    members, _, published = parts(run_binary(said.astype(np.float32), ys.astype(np.float32)))
    best = best_sequences(members, MOST)
    assert best[9] + committee(5, T, 9) < best[0] / 10
    assert published.sum() < best[0] / 10


class Gaps:
    """A mixture of numbers, step by step: what it and the members lose, in units of s as it was before."""

    def __init__(self, said: Floats, ys: Floats) -> None:
        mixture, count = NumberMixture(said.shape[1], anchors=ANCHORS), said.shape[1]
        self.members, self.level = list[Doubles](), list[float]()
        """Of level 1: what its members lose, and its mean."""
        self.raised, self.published = list[Doubles](), list[float]()
        """The same of the top level."""
        self.mixed: list[tuple[float, float]] = []
        """The mix losses −ln Σ w exp(−ℓ) of level 1 and the top level."""
        for t, y in enumerate(ys.astype(np.float64).tolist()):
            before = mixture.export()
            _, kept = mixture.step_many(said[t : t + 1, :, None], ys[t : t + 1])
            facts = before["facts"]
            if facts[OF_LEVEL + 1] > 0:
                values = kept[0].astype(np.float64)
                beyond = min(facts[STEP], (facts[HIGH] - facts[LOW]) / 2)
                values[:count] = np.clip(values[:count], facts[LOW] - beyond, facts[HIGH] + beyond)
                low = np.minimum(np.abs(y - values) / facts[OF_LEVEL + 1], LIMIT)
                high = np.minimum(np.abs(y - values) / facts[OF_TOP + 1], LIMIT)
                raised = high[[count, count + 1, count + 2, *ANCHORS]]
                self.members.append(low[:count])
                self.level.append(low[count])
                self.raised.append(raised)
                self.published.append(high[-1])
                self.mixed.append((mix(before["weights"], low[:count]), mix(before["top"], raised)))


def mix(weights: Doubles, losses: Doubles) -> float:
    return float(-np.log(weights @ np.exp(-losses)))


ANCHORS = (0, 3)


def a_series(rng: np.random.Generator, count: int = 1500) -> Gaps:
    """The best of four changes; all err, now and then by much."""
    ys = np.cumsum(rng.normal(size=count))
    good = np.arange(count) // 250 % 4 == np.arange(4)[:, None]
    errors = rng.standard_t(3, (4, count)) * np.where(good, 0.3, 2.0)
    return Gaps(np.asarray((ys + errors).T, np.float32), np.asarray(ys, np.float32))


@pytest.mark.parametrize("seed", range(3))
def test_of_numbers_the_mix_losses_are_within_the_bound(seed: int) -> None:
    gaps = a_series(rng_of(seed))
    level, top = np.array(gaps.mixed).sum(axis=0)
    best, of_top = best_sequences(np.array(gaps.members), MOST), best_sequences(np.array(gaps.raised), MOST)
    for k in range(MOST + 1):
        assert level <= best[k] + shifting(1 / 4, len(gaps.mixed), k, 1e-3) + 1e-6
        assert top <= of_top[k] + shifting(0.15, len(gaps.mixed), k, 1e-3) + 1e-6
    assert best[5] < best[0] / 2


@pytest.mark.parametrize("seed", range(3))
def test_of_numbers_a_mean_loses_an_eighth_of_the_squared_range_more_than_the_mix_loss_at_most(seed: int) -> None:
    gaps = a_series(rng_of(seed))
    for members, mean, mixed in (
        *zip(gaps.members, gaps.level, np.array(gaps.mixed)[:, 0], strict=True),
        *zip(gaps.raised, gaps.published, np.array(gaps.mixed)[:, 1], strict=True),
    ):
        wild = members.max() >= LIMIT
        assert mean <= mixed + (LIMIT if wild else np.ptp(members) ** 2 / 8) + 1e-4
