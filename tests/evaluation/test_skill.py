"""What may be said of a learner's gain, and when."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.config.learner import LearnerSettings
from streamer.evaluation.binary import BinaryScores
from streamer.evaluation.bound import bound
from streamer.evaluation.gains import Doubles
from streamer.evaluation.skill import ALPHA, Skill, SkillCard
from streamer.learning.learner import Learner
from streamer.samples import Floats
from streamer.sources.bits import BitSource

NULLS = ("a", "b")


def skill_of(gains: Doubles, *, cuts: list[int] | None = None, ahead: int = 1) -> Skill:
    skill = Skill(NULLS, rules=NULLS[:1], unit="bits", largest=6.0, ahead=ahead)
    places = [0, *sorted(min(cut, len(gains)) for cut in cuts or []), len(gains)]
    for start, end in pairwise(places):
        skill.update(gains[start:end])
    return skill


def gains_like(a: float, b: float, count: int, *, seed: int = 0, spread: float = 0.5) -> Doubles:
    return np.random.default_rng(seed).normal([a, b], spread, (count, 2)).clip(-6, 6)


def plain(gains: list[float], epoch: int, ahead: int = 1) -> tuple[float, float, float]:
    """Mean and limits of an epoch's gains over one of two null models."""
    total = variance = 0.0
    for n, gain in enumerate(gains):
        centre = min(max(total / n, -1.0), 1.0) if n else 0.0
        total, variance = total + gain, variance + (gain - centre) ** 2
    alpha = ALPHA / ((epoch + 1) * (epoch + 2)) / 2 / 2
    away = ahead * bound(variance / ahead, alpha, 7.0) / len(gains)
    return total / len(gains), total / len(gains) - away, total / len(gains) + away


@pytest.mark.parametrize(
    ("count", "epoch", "start"), [(1, 0, 0), (512, 0, 0), (513, 0, 0), (1536, 0, 0), (1537, 1, 512), (3600, 2, 1536)]
)
@pytest.mark.parametrize("ahead", [1, 5])
def test_it_rests_on_the_newest_two_epochs_each_twice_as_long_as_the_one_before(
    count: int, epoch: int, start: int, ahead: int
) -> None:
    gains = gains_like(0.0, 0.1, count)
    card = skill_of(gains, ahead=ahead).card()
    assert card.samples == count - start
    told = card.beside["a"]
    assert (told.gain, told.low, told.high) == pytest.approx(plain(gains[start:, 0].tolist(), epoch, ahead), abs=1e-12)


def test_it_never_looks_back_further_than_32768_samples() -> None:
    skill = skill_of(gains_like(0.0, 0.0, 200_000))
    assert 16_384 <= skill.card().samples <= 32_768


@given(seed=st.integers(0, 99), cuts=st.lists(st.integers(0, 1200), max_size=6))
def test_however_the_gains_are_cut_the_state_has_the_same_bits(seed: int, cuts: list[int]) -> None:
    gains = gains_like(0.1, 0.0, 1200, seed=seed)
    cut, whole = skill_of(gains, cuts=cuts).export(), skill_of(gains).export()
    assert {name: array.tobytes() for name, array in cut.items()} == {
        name: array.tobytes() for name, array in whole.items()
    }


def test_it_goes_on_where_its_export_left_it() -> None:
    gains = gains_like(0.3, 0.3, 700)
    first, second = skill_of(gains[:300]), skill_of(gains[:0])
    second.load(first.export())
    for skill in (first, second):
        skill.update(gains[300:])
    assert first.card() == second.card() == skill_of(gains).card()


def test_before_the_first_sample_nothing_is_said() -> None:
    card = skill_of(gains_like(0, 0, 0)).card()
    assert (card, card.best, card.over_best) == (SkillCard("bits"), None, None)


@pytest.mark.parametrize(
    ("a", "b", "claim"),
    [
        (0.5, 0.5, "learning"),
        (0.5, -0.05, "learning"),  # what is not a rule does as well
        (-0.05, 0.5, "nothing"),  # the price of learning for ever
        (-0.5, 0.5, "worse"),
        (0.0, 0.0, "nothing"),
    ],
)
def test_what_is_claimed(a: float, b: float, claim: str) -> None:
    card = skill_of(gains_like(a, b, 5000)).card()
    assert card.claim == claim
    assert card.best in {name for name, mean in zip(NULLS, (a, b), strict=True) if mean == min(a, b)}


def test_a_small_loss_that_is_certain_is_the_price_of_learning_for_ever_and_no_failure() -> None:
    card = skill_of(gains_like(-0.05, -0.05, 20_000, spread=0.05)).card()
    assert card.over_best is not None
    assert card.over_best.high < 0
    assert card.claim == "nothing"


def test_the_gain_over_the_best_has_the_lowest_limits() -> None:
    card = skill_of(gains_like(0.5, 0.3, 5000)).card()
    over = card.over_best
    assert over is not None
    assert over == card.beside["b"]
    assert over.low <= 0.3 <= over.high


def test_a_bad_beginning_is_forgotten_when_as_much_has_been_seen_again() -> None:
    gains = np.concatenate([gains_like(-2.0, -2.0, 1000), gains_like(0.5, 0.5, 2500)])
    assert skill_of(gains[:1000]).card().claim == "worse"
    assert skill_of(gains).card().claim == "learning"


def test_good_work_is_not_boasted_of_for_long_after_the_stream_has_changed() -> None:
    gains = np.concatenate([gains_like(0.5, 0.5, 100_000), gains_like(-1.0, -1.0, 33_000)])
    assert skill_of(gains[:100_000]).card().claim == "learning"
    assert skill_of(gains).card().claim == "worse"


def test_forecasts_that_overlap_count_for_less() -> None:
    gains = gains_like(0.1, 0.1, 8000)
    near, far = skill_of(gains, ahead=1).card().beside["a"], skill_of(gains, ahead=20).card().beside["a"]
    assert far.high - far.low > 3 * (near.high - near.low)


def claims_of(inputs: Floats, targets: Floats, predict: "np.ufunc | Learner", block: int = 50) -> list[str]:
    scores, claims = BinaryScores(window=100, fading=0.99), list[str]()
    for start in range(0, len(targets), block):
        xs, ys = inputs[start : start + block], targets[start : start + block]
        made = predict.step_many(xs, ys) if isinstance(predict, Learner) else predict(ys).astype(np.float32)
        scores.step(xs, made, ys)
        claims.append(scores.card().skill.claim)
    return claims


def test_the_puzzle_is_learned_within_a_thousand_samples_and_it_stays_said() -> None:
    for seed in range(5):
        block = BitSource(seed=seed).read(0, 3000)
        claims = claims_of(block.inputs, block.targets, Learner(LearnerSettings(hidden=16), seed=seed))
        assert claims.index("learning") <= 1000 / 50
        assert set(claims[claims.index("learning") :]) == {"learning"}


def test_who_says_the_opposite_of_what_comes_is_worse_than_a_baseline() -> None:
    ys = np.random.default_rng(0).integers(0, 2, 500).astype(np.float32)
    opposite = np.frompyfunc(lambda y: 0.9 - 0.8 * y, 1, 1)
    assert claims_of(np.zeros((500, 1), np.float32), ys, opposite)[-1] == "worse"


def test_on_fair_coins_the_learner_is_never_said_to_learn() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        xs, ys = rng.integers(0, 2, (10_000, 1)).astype(np.float32), rng.integers(0, 2, 10_000).astype(np.float32)
        assert set(claims_of(xs, ys, Learner(LearnerSettings(hidden=16), seed=seed), 250)) == {"nothing"}


def test_the_chance_of_a_false_claim_in_all_epochs_together_is_alpha() -> None:
    assert math.isclose(sum(1 / ((epoch + 1) * (epoch + 2)) for epoch in range(10**5)), 1.0, abs_tol=1e-4)
