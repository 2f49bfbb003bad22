"""What is counted of each kind of prediction, against plain loops."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.binary import _match as match_binary
from streamer.evaluation.card import Answers, Errors
from streamer.evaluation.forecast import ForecastScores
from streamer.evaluation.gains import gains_in_bits
from streamer.evaluation.multiclass import ClassScores
from streamer.evaluation.multiclass import _match as match_classes
from streamer.evaluation.next_symbol import NextScores
from streamer.evaluation.regression import NumberScores
from streamer.samples import Floats

CLASSES = 3
symbols_of = st.lists(st.sampled_from([7.0, 3.0, 5.0]), min_size=1, max_size=50)
seeds = st.integers(0, 2**32)


def answers_of(scores: ClassScores) -> Answers:
    answers = scores.card().answers
    assert answers is not None
    return answers


def probabilities(count: int, seed: int) -> Floats:
    return np.random.default_rng(seed).dirichlet(np.ones(CLASSES), count).astype(np.float32)


def floats(values: list[float]) -> Floats:
    return np.array(values, np.float32)


@given(ys=symbols_of, seed=seeds)
def test_a_class_costs_the_bits_of_its_probability_at_its_place(ys: list[float], seed: int) -> None:
    scores, made = ClassScores(classes=CLASSES, window=10, fading=0.9), probabilities(len(ys), seed)
    scores.step(np.zeros((len(ys), 1), np.float32), made, floats(ys))
    places = list(dict.fromkeys(ys))
    given_to = [float(made[t, places.index(y)]) for t, y in enumerate(ys)]
    bits = [-math.log2(min(max(p, 2**-24), 1 - 2**-24)) for p in given_to]
    right = [int(made[t].argmax()) == places.index(y) for t, y in enumerate(ys)]
    answers = answers_of(scores)
    assert answers.log_loss_bits == pytest.approx(sum(bits) / len(bits))
    assert answers.log_loss_bits_windowed == pytest.approx(sum(bits[-10:]) / len(bits[-10:]))
    assert scores.counts() == (len(ys), sum(right))


@given(ys=symbols_of)
def test_the_rules_for_classes_say_the_commonest_and_the_last(ys: list[float]) -> None:
    scores = ClassScores(classes=CLASSES, window=10, fading=0.9)
    scores.step(np.zeros((len(ys), 1), np.float32), probabilities(len(ys), 0), floats(ys))
    places = list(dict.fromkeys(ys))

    def commonest(before: list[float]) -> float | None:
        counts = Counter(before)
        return max(counts, key=lambda y: (counts[y], -places.index(y)), default=None)

    majority = [commonest(ys[:t]) == y for t, y in enumerate(ys)]
    last = [([places[0], *ys])[t] == y for t, y in enumerate(ys)]
    assert answers_of(scores).baselines["majority"] == pytest.approx(sum(majority) / len(ys))
    assert answers_of(scores).baselines["last_value"] == pytest.approx(sum(last) / len(ys))


@given(seed=seeds, binary=st.booleans())
def test_the_gains_of_classes_are_those_of_the_statement(seed: int, binary: bool) -> None:
    rng = np.random.default_rng(seed)
    contexts, starts = rng.random((20, 12)).astype(np.float32), np.array([3, 7])
    places, bits, gains = rng.integers(0, 2 if binary else 3, 20), np.empty(20), np.empty((20, 2))
    if binary:
        match_binary(contexts, starts, floats(places.tolist()), bits, gains)
        given = np.where(places[:, None] > 0, contexts[:, [0, 3, 7]], 1 - contexts[:, [0, 3, 7]].astype(np.float64))
    else:
        match_classes(contexts, starts, floats(places.tolist()), bits, gains, np.empty((3, 20), np.bool_))
        given = np.stack([contexts[np.arange(20), start + places] for start in (0, 3, 7)], axis=1).astype(np.float64)
    given = given.clip(2**-24, 1 - 2**-24)
    assert bits == pytest.approx(-np.log2(given[:, 0]))
    assert gains == pytest.approx(gains_in_bits(given[:, 0], given[:, 1:]), abs=1e-12)


def test_a_class_that_was_never_seen_costs_24_bits_and_nobody_is_right_about_it() -> None:
    scores = ClassScores(classes=CLASSES, window=10, fading=0.9)
    scores.step(np.zeros((1, 1), np.float32), np.zeros((1, CLASSES), np.float32), floats([9.0]))
    assert (answers_of(scores).log_loss_bits, scores.counts()) == (24.0, (1, 0))


def test_a_class_beyond_the_limit_is_not_scored() -> None:
    scores = ClassScores(classes=2, window=10, fading=0.9)
    made = np.full((3, 2), 0.5, np.float32)
    contexts = scores.step(np.zeros((3, 1), np.float32), made, floats([1.0, 2.0, 3.0]))
    scores.label(contexts[2:], floats([4.0]))
    assert scores.counts()[0] == 2


@given(symbols=symbols_of, seed=seeds)
def test_the_next_symbol_is_the_target_of_the_sample_before(symbols: list[float], seed: int) -> None:
    here, made = NextScores(classes=CLASSES, window=10, fading=0.9), probabilities(len(symbols), seed)
    here.step(floats(symbols)[:, None], made, np.full(len(symbols), np.nan, np.float32))
    places = list(dict.fromkeys(symbols))
    right = [int(made[t].argmax()) == places.index(y) for t, y in enumerate(symbols[1:])]
    assert here.counts() == (len(right), sum(right))


def test_a_null_model_of_order_one_learns_an_alternation_and_one_of_order_two_a_longer_pattern() -> None:
    scores = NextScores(classes=CLASSES, window=10, fading=0.9)
    symbols = np.resize(floats([1, 1, 2]), 3000)
    sure = np.where(np.resize([True, False, False], 3000)[:, None], [1, 0, 0], [0, 1, 0])
    for start in range(0, 3000, 100):
        part = symbols[start : start + 100, None]
        scores.step(part, sure[start : start + 100].astype(np.float32), part[:, 0])
    beside = scores.card().skill.beside
    assert beside["markov"].gain < beside["last_value"].gain


def errors_of(scores: NumberScores | ForecastScores, ahead: int = 0) -> Errors:
    return scores.card().errors[ahead]


@given(seed=seeds, count=st.integers(1, 50))
def test_errors_and_intervals_are_plain_means(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    ys, value = rng.normal(size=count).astype(np.float32), rng.normal(size=(count, 1))
    made = (value + np.array([0, -1, 1])).astype(np.float32)
    made[rng.random(count) < 0.2, 2] = np.inf
    scores = NumberScores(window=10)
    scores.step(np.zeros((count, 1), np.float32), made, ys)
    rows = made.astype(np.float64)
    off = np.abs(rows[:, 0] - ys)
    bounded = np.isfinite(rows).all(axis=1)
    inside = (rows[:, 1] <= ys) & (ys <= rows[:, 2])
    errors = errors_of(scores)
    assert errors.absolute == pytest.approx(off.mean())
    assert errors.absolute_windowed == pytest.approx(off[-10:].mean())
    assert errors.squared == pytest.approx(math.sqrt((off**2).mean()))
    if bounded.any():
        assert errors.coverage == pytest.approx(inside[bounded].mean())
    if bounded[-10:].any():
        assert errors.coverage_windowed == pytest.approx(inside[-10:][bounded[-10:]].mean())
        assert errors.width_windowed == pytest.approx((rows[:, 2] - rows[:, 1])[-10:][bounded[-10:]].mean())
    assert scores.counts() == (count, 0)


@given(seed=seeds, count=st.integers(1, 40), horizon=st.integers(1, 12))
def test_a_forecast_meets_the_target_so_many_steps_later(seed: int, count: int, horizon: int) -> None:
    rng = np.random.default_rng(seed)
    ys = rng.normal(size=count).astype(np.float32)
    made = rng.normal(size=(count, 6)).astype(np.float32)
    scores = ForecastScores(horizons=(horizon, 15), window=100)
    scores.step(ys[:, None], made, ys)
    off = np.abs(made[:, 0].astype(np.float64)[: max(count - horizon, 0)] - ys[horizon:])
    last = np.abs(ys.astype(np.float64)[: max(count - horizon, 0)] - ys[horizon:])
    mean = [abs(float(np.mean(ys[: t + 1], dtype=np.float64)) - float(ys[t + horizon])) for t in range(count - horizon)]
    assert scores.counts() == (len(off), 0)
    if len(off):
        assert errors_of(scores, horizon).absolute == pytest.approx(off.mean())
        assert errors_of(scores, horizon).nulls["last_value"] == pytest.approx(last.mean())
        assert errors_of(scores, horizon).nulls["mean"] == pytest.approx(np.mean(mean), rel=1e-5, abs=1e-6)


def test_a_series_that_its_last_value_predicts_is_no_skill_and_one_that_it_does_not_is() -> None:
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.normal(size=3000)).astype(np.float32)
    wave = (10 * np.sin(np.arange(3000) / 3) + rng.normal(size=3000)).astype(np.float32)
    claims = []
    for series, said in ((walk, walk), (wave, np.roll(10 * np.sin(np.arange(3000) / 3), -1))):
        scores = ForecastScores(horizons=(1,), window=100)
        made = (said[:, None] + np.array([0, -1, 1])).astype(np.float32)
        scores.step(series[:, None], made, series)
        claims.append(scores.card().skill.claim)
    assert claims == ["nothing", "learning"]


def test_a_late_value_of_a_series_is_scored_with_what_was_predicted_for_it() -> None:
    ys, made = np.arange(6, dtype=np.float32), np.tile(np.array([[9, 8, 10]], np.float32), (6, 1))
    scores = ForecastScores(horizons=(2,), window=10)
    hidden = np.where(np.arange(6) == 4, np.nan, ys).astype(np.float32)
    contexts = scores.step(ys[:, None], made, hidden)
    assert scores.counts()[0] == 3
    scores.label(contexts[4:5], ys[4:5])
    assert scores.counts()[0] == 4
    assert errors_of(scores, 2).absolute == pytest.approx(np.mean([7, 6, 4, 5]))
