"""Each null model equals its plain statement, bit by bit."""

import math
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.evaluation.nulls.forecast import TappedForecast
from streamer.evaluation.nulls.last_number import LastNumber
from streamer.evaluation.nulls.linear import STEP_SIZE, TappedLinear
from streamer.evaluation.nulls.logistic import STEP_SIZE as LOGISTIC_STEP
from streamer.evaluation.nulls.logistic import TappedLogistic
from streamer.evaluation.nulls.markov import Markov
from streamer.evaluation.nulls.moving_average import MovingAverage
from streamer.evaluation.nulls.null import NullModel, contexts_of
from streamer.evaluation.nulls.running_mean import RunningMean
from streamer.evaluation.nulls.taps import Taps
from streamer.samples import Floats
from tests.evaluation.nulls.streams import (
    bits_of,
    cuts_of,
    floats,
    in_parts,
    inputs,
    numbers_of,
    places_of,
    same,
    seeds,
)

NO_INPUT = np.empty((100, 0), np.float32)


def predictions(model: NullModel, ys: list[float], cuts: list[int]) -> list[float]:
    values: list[float] = in_parts(model, NO_INPUT[: len(ys)], floats(ys), cuts)[:, 0].tolist()
    return values


def known(ys: list[float], t: int) -> list[float]:
    """The targets known before the t-th, as float32 has them."""
    return [float(np.float32(y)) for y in ys[:t] if y == y]


@given(ys=numbers_of, cuts=cuts_of)
def test_the_last_number_is_the_last_target_known(ys: list[float], cuts: list[int]) -> None:
    assert predictions(LastNumber(), ys, cuts) == [([0.0, *known(ys, t)])[-1] for t in range(len(ys))]


@given(ys=numbers_of, cuts=cuts_of)
def test_the_moving_average_is_of_the_last_ten_targets_known(ys: list[float], cuts: list[int]) -> None:
    last = [known(ys, t)[:-11:-1] for t in range(len(ys))]
    plain = floats([reduce(add, ten, 0.0) / max(len(ten), 1) for ten in last])
    assert predictions(MovingAverage(), ys, cuts) == plain.tolist()


@given(ys=numbers_of, cuts=cuts_of)
def test_the_running_mean_moves_by_its_share_of_each_target(ys: list[float], cuts: list[int]) -> None:
    def mean(values: list[float]) -> float:
        value = 0.0
        for n, y in enumerate(values, 1):
            value += (y - value) / n
        return value

    means = [mean(known(ys, t)) for t in range(len(ys))]
    assert predictions(RunningMean(), ys, cuts) == floats(means).tolist()
    assert means == pytest.approx(
        [np.mean([0.0] if not known(ys, t) else known(ys, t)) for t in range(len(ys))], abs=1e-6
    )


@given(ys=places_of, cuts=cuts_of, order=st.integers(0, 3))
def test_a_class_is_as_likely_as_it_was_after_the_same_targets(ys: list[float], cuts: list[int], order: int) -> None:
    made = in_parts(Markov(order=order, classes=3), NO_INPUT[: len(ys)], floats(ys), cuts)
    for t in range(len(ys)):
        before = [int(y) for y in known(ys, t)]
        past = [0] * order + before
        found = max(before, default=-1) + 1
        after = [past[n + order] for n in range(len(before)) if past[n : n + order] == past[len(before) :]]
        plain = [(after.count(c) + 0.5) / (len(after) + 0.5 * found) if c < found else 0.0 for c in range(3)]
        assert made[t, :3].tolist() == floats(plain).tolist()


class PlainTaps:
    """The features as the module says them."""

    def __init__(self, columns: int, delays: int) -> None:
        self.n, self.mean, self.variance = [0.0] * (columns + 1), [0.0] * (columns + 1), [0.0] * (columns + 1)
        self.columns = [[0.0] * delays for _ in range(columns)]
        self.targets = [0.0] * 7

    def standard(self, column: int, x: float) -> float:
        self.n[column] = n = min(self.n[column] + 1, 1000)
        delta = x - self.mean[column]
        self.mean[column] += delta / n
        self.variance[column] = (1 - 1 / n) * (self.variance[column] + delta * delta / n)
        if self.variance[column] <= 0:
            return 0.0
        return min(max((x - self.mean[column]) / math.sqrt(self.variance[column]), -5.0), 5.0)

    def row(self, x: Floats) -> None:
        for column, value in enumerate(x.tolist()):
            u = 0.0 if math.isnan(value) else self.standard(column, value)
            self.columns[column] = [u, *self.columns[column][:-1]]

    def target(self, y: float) -> None:
        if not math.isnan(y):
            self.targets = [self.standard(len(self.columns), y), *self.targets[:-1]]

    def features(self) -> list[float]:
        return [1.0, *reduce(add, self.columns, []), *self.targets]


def plain_features(xs: Floats, ys: Floats, *, ahead: bool = False) -> Floats:
    columns = xs.shape[1]
    taps = PlainTaps(columns, max(1, 8 // columns) if columns else 0)
    rows = []
    for x, y in zip(xs, ys.tolist(), strict=True):
        taps.row(x)
        if ahead:
            taps.target(y)
        rows.append(taps.features())
        if not ahead:
            taps.target(y)
    return np.array(rows, np.float32).reshape(len(ys), len(taps.features()))


@pytest.mark.parametrize("ahead", [False, True])
@given(ys=numbers_of, seed=seeds, columns=st.integers(0, 26))
def test_the_features_are_the_last_inputs_and_targets_standardised(
    ahead: bool, ys: list[float], seed: int, columns: int
) -> None:
    xs, taps = inputs(seed, len(ys), columns), Taps(ahead=ahead)
    rows = np.empty((len(ys), taps.begin(columns)), np.float32)
    taps.step_many(xs, floats(ys), rows, 0)
    assert same(rows, plain_features(xs[:, :24], floats(ys), ahead=ahead))
    assert rows.shape[1] <= 32


def test_after_a_thousand_samples_the_features_scale_forgets() -> None:
    xs, ys = inputs(0, 1500, 1), inputs(1, 1500, 1)[:, 0]
    xs[1000:] += 50
    taps, rows = Taps(), np.empty((1500, 16), np.float32)
    taps.begin(1)
    taps.step_many(xs, ys, rows, 0)
    assert same(rows, plain_features(xs, ys))


def test_the_last_targets_known_are_the_past_be_they_late_or_not() -> None:
    rule = Markov(order=1, classes=3)
    contexts = contexts_of(rule, NO_INPUT[:2], floats([1.0, float("nan")]))
    rule.label(contexts[1:].copy(), 0, floats([2.0]))
    after = contexts_of(rule, NO_INPUT[:1], floats([0.0]))
    assert [contexts[0, 3], contexts[1, 3], after[0, 3]] == [0, 1, 2]  # each one's past
    taps, rows = Taps(), np.empty((1, 8), np.float32)
    taps.label(floats([1.0, 3.0]))
    taps.step_many(NO_INPUT[:1], floats([0.0]), rows, 0)
    assert rows[0].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]


@given(ys=bits_of, seed=seeds, cuts=cuts_of)
def test_the_logistic_regression_takes_one_adagrad_step_a_sample(ys: list[float], seed: int, cuts: list[int]) -> None:
    xs = inputs(seed, len(ys))
    features = plain_features(xs, floats(ys)).astype(np.float64)
    w, total = [0.0] * features.shape[1], [0.0] * features.shape[1]
    plain = []
    for u, y in zip(features.tolist(), ys, strict=True):
        whole = len(u) - len(u) % 4
        quarters = [reduce(add, (w[j] * u[j] for j in range(k, whole, 4)), 0.0) for k in range(4)]
        quarters[0] = reduce(add, (w[j] * u[j] for j in range(whole, len(u))), quarters[0])
        logit = min(max((quarters[0] + quarters[1]) + (quarters[2] + quarters[3]), -30.0), 30.0)
        p = 1 / (1 + math.exp(-logit))
        plain.append(p)
        if y == y:
            for j in range(len(u)):
                g = (p - y) * u[j]
                total[j] += g * g
                w[j] -= LOGISTIC_STEP * g / math.sqrt(total[j] + 1e-8)
    assert in_parts(TappedLogistic(), xs, floats(ys), cuts)[:, 0].tolist() == floats(plain).tolist()


class PlainLinear:
    """Weights for one horizon, and the target's scale."""

    def __init__(self, features: int) -> None:
        self.w = [0.0] * features
        self.n, self.mean, self.variance = 0.0, 0.0, 0.0

    def value(self, u: list[float]) -> float:
        return self.mean + math.sqrt(self.variance) * reduce(add, (a * b for a, b in zip(self.w, u, strict=True)), 0.0)

    def learn(self, u: list[float], error: float) -> None:
        squares = reduce(add, (a * a for a in u), 1.0)
        error = min(max(error, -5.0), 5.0)
        self.w = [a + STEP_SIZE * error * b / squares for a, b in zip(self.w, u, strict=True)]

    def scale(self, y: float) -> None:
        self.n = min(self.n + 1, 1000)
        delta = y - self.mean
        self.mean += delta / self.n
        self.variance = (1 - 1 / self.n) * (self.variance + delta * delta / self.n)


@given(ys=numbers_of, seed=seeds, cuts=cuts_of)
def test_the_linear_regression_takes_one_normalised_step_a_sample(ys: list[float], seed: int, cuts: list[int]) -> None:
    xs, targets = inputs(seed, len(ys)), floats(ys)
    features = plain_features(xs, targets).astype(np.float64)
    model, plain = PlainLinear(features.shape[1]), []
    for u, y in zip(features.tolist(), targets.tolist(), strict=True):
        plain.append(model.value(u))
        if y == y:
            if model.variance > 0:
                model.learn(u, (y - plain[-1]) / math.sqrt(model.variance))
            model.scale(y)
    assert in_parts(TappedLinear(), xs, targets, cuts)[:, 0].tolist() == floats(plain).tolist()


@given(ys=numbers_of, seed=seeds, cuts=cuts_of, horizon=st.integers(1, 7))
def test_the_regression_ahead_learns_a_target_with_the_features_of_so_many_steps_before(
    ys: list[float], seed: int, cuts: list[int], horizon: int
) -> None:
    xs, targets = inputs(seed, len(ys)), floats(ys)
    features = plain_features(xs, targets, ahead=True).astype(np.float64).tolist()
    model, plain = PlainLinear(8 + 7 + 1), []
    for t, y in enumerate(targets.tolist()):
        if y == y:
            if model.variance > 0 and t >= horizon:
                u = features[t - horizon]
                said = reduce(add, (a * b for a, b in zip(model.w, u, strict=True)), 0.0)
                model.learn(u, (y - model.mean) / math.sqrt(model.variance) - said)
            model.scale(y)
        plain.append(model.value(features[t]))
    made = in_parts(TappedForecast((9, horizon)), xs, targets, cuts)
    assert made[:, 1].tolist() == floats(plain).tolist()


@pytest.mark.parametrize("scale", [1e-20, 1e-6, 1.0, 1e6, 1e20])
def test_no_scale_of_inputs_or_targets_breaks_the_linear_regression(scale: float) -> None:
    xs = np.random.default_rng(0).normal(size=(2000, 1)).astype(np.float32)
    ys = (xs[:, 0] * np.float32(scale)).astype(np.float32)
    made = in_parts(TappedLinear(), xs, ys, [])[:, 0]
    assert np.abs(made[-500:] - ys[-500:]).mean() < 0.05 * scale
