"""What a network learns of a number: the rule of the module, held against a plain statement of it."""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.outcomes.numbers import BaseName, Numbers
from streamer.samples import Floats


def clip(value: float) -> float:
    return min(max(value, -5.0), 5.0)


def moved(mean: float, value: float, n: int, cap: int) -> float:
    return mean + max(1 / n, 1 / cap) * (value - mean)


@dataclass
class Plain:
    """The rule in words: base, scale and gain from the targets and outputs before."""

    targets: list[float] = field(default_factory=list)
    mean: float = 0.0
    errors: dict[str, float] = field(default_factory=lambda: {"mean": 0.0, "last": 0.0})
    squares: dict[str, float] = field(default_factory=lambda: {"mean": 0.0, "last": 0.0})
    base: str = "mean"
    fixed: bool = False
    products: float = 0.0
    outputs: float = 0.0

    def start(self) -> tuple[float, float]:
        """Base and scale now."""
        if not self.targets:
            return 0.0, 1.0
        last = self.targets[-1]
        scale = math.sqrt(self.squares[self.base])
        return (last if self.base == "last" else self.mean), scale or max(abs(last), 1e-6) / 10

    def gain(self) -> float:
        prior = 50 * (1 - 1 / 500) ** len(self.targets)
        return min(max((self.products + prior) / (self.outputs + prior), 0), 1)

    def take(self, output: float, y: float) -> None:
        base, scale = self.start()
        r, o = clip((y - base) / scale), clip(output)
        self.products = (1 - 1 / 500) * self.products + r * o
        self.outputs = (1 - 1 / 500) * self.outputs + o * o
        n = len(self.targets)
        if n:
            for name, guess in (("mean", self.mean), ("last", self.targets[-1])):
                self.errors[name] = moved(self.errors[name], (y - guess) ** 2, n, 200)
                self.squares[name] = moved(self.squares[name], (y - guess) ** 2, n, 300)
            other = {"mean": "last", "last": "mean"}[self.base]
            if not self.fixed and self.errors[other] < 0.9 * self.errors[self.base]:
                self.base = other
        self.targets.append(y)
        self.mean = moved(self.mean, y, n + 1, 1000)


targets = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=50)
bases: st.SearchStrategy[BaseName] = st.sampled_from(["auto", "mean", "last"])


@given(targets, st.integers(0, 9), bases)
def test_predictions_and_what_is_learned_follow_the_rule(ys: list[float], seed: int, base_name: BaseName) -> None:
    outputs = np.random.default_rng(seed).normal(0, 2, len(ys)).astype(np.float32)
    numbers = Numbers((), coverage=0.9, base=base_name)
    plain = Plain(base="mean" if base_name == "auto" else base_name, fixed=base_name != "auto")
    for output, y in zip(outputs.tolist(), ys, strict=True):
        prepared = numbers.prepare(np.zeros((1, 1), np.float32), np.array([y], np.float32))
        base, scale = plain.start()
        assert prepared.targets[0, 0] == pytest.approx(clip((y - base) / scale), abs=1e-2, rel=1e-3)
        rows, _ = numbers.conclude(np.array([[output]], np.float32), np.array([y], np.float32), prepared.offers)
        expected = base + scale * plain.gain() * clip(output)
        assert rows[0, 0] == pytest.approx(expected, abs=1e-2 * max(1, scale), rel=1e-3)
        plain.take(output, y)


def base_of(ys: np.ndarray, base: BaseName = "auto") -> str:
    """Which base is in use after these targets."""
    numbers = Numbers((), coverage=0.9, base=base)
    numbers.prepare(np.zeros((len(ys), 1), np.float32), ys.astype(np.float32))
    offer = numbers.peek(np.zeros((1, 1), np.float32), np.full(1, np.nan, np.float32)).offers[0]
    return "last" if offer[2] == np.float32(ys[-1]) else "mean"


def test_the_base_is_the_last_target_of_a_walk_and_the_mean_of_noise_and_follows_a_change() -> None:
    rng = np.random.default_rng(0)
    noise, walk = rng.standard_normal(5000), rng.standard_normal(600).cumsum()  # a mean looks back 1,000 targets
    assert (base_of(noise), base_of(walk)) == ("mean", "last")
    assert (base_of(np.concatenate([noise, walk])), base_of(np.concatenate([walk, noise]))) == ("last", "mean")


@pytest.mark.parametrize("base", ["mean", "last"])
def test_a_base_that_is_fixed_stays_whatever_the_stream_is(base: BaseName) -> None:
    rng = np.random.default_rng(0)
    for ys in (rng.standard_normal(500), rng.standard_normal(500).cumsum(), np.array([3.0, 4.0])):
        assert base_of(ys, base) == base


def test_an_output_that_is_worth_nothing_is_believed_less_and_less_and_a_good_one_is_believed() -> None:
    rng = np.random.default_rng(0)
    ys = rng.standard_normal(2000).astype(np.float32)
    for good in (True, False):
        numbers = Numbers((), coverage=0.9)
        prepared = numbers.prepare(np.zeros((2000, 1), np.float32), ys)
        outputs = prepared.targets if good else rng.standard_normal((2000, 1)).astype(np.float32)
        rows, _ = numbers.conclude(outputs, ys, prepared.offers)
        error = np.abs(rows[1000:, 0] - ys[1000:]).mean()
        assert error < 0.05 if good else 0.7 < error < 0.9  # of standard normal targets the mean is off by 0.8


@given(targets, st.sampled_from([1e-3, 1e3]))
def test_another_unit_changes_nothing_that_the_network_learns(ys: list[float], unit: float) -> None:
    told = np.array(ys, np.float32) + np.float32(200)
    learned = []
    for values in (told, told * np.float32(unit)):
        numbers = Numbers((), coverage=0.9)
        learned.append(numbers.prepare(np.zeros((len(ys), 1), np.float32), values.astype(np.float32)).targets)
    assert learned[0][1:] == pytest.approx(learned[1][1:], abs=0.05)


def test_one_wild_target_is_no_more_than_five_deviations() -> None:
    numbers = Numbers((), coverage=0.9)
    ys = np.append(np.random.default_rng(0).standard_normal(100), [1e9]).astype(np.float32)
    assert numbers.prepare(np.zeros((101, 1), np.float32), ys).targets[-1, 0] == 5


def residuals(horizons: tuple[int, ...], ys: Floats) -> Floats:
    """What is learned of each sample of a series when the last of its targets has come."""
    numbers, kept, learned = Numbers(horizons, coverage=0.9), [], []
    for t, y in enumerate(ys):
        prepared = numbers.prepare(np.zeros((1, 1), np.float32), np.array([y]))
        outputs = np.zeros((1, len(horizons)), np.float32)
        kept.append(numbers.conclude(outputs, np.array([y]), prepared.offers)[1])
        if t >= max(horizons):
            due = t - max(horizons)
            learned.append(numbers.late(kept[due], ys[[due + h for h in horizons]])[0])
    return np.array(learned)


def test_each_horizon_of_a_forecast_is_learned_in_its_own_scale() -> None:
    walk = np.random.default_rng(0).standard_normal(3000).cumsum().astype(np.float32)
    learned = residuals((1, 25), walk)[1000:]
    assert learned.std(axis=0) == pytest.approx([1, 1], abs=0.25)


@pytest.mark.parametrize("base", ["mean", "last"])
def test_a_fixed_base_stays_for_each_horizon(base: BaseName) -> None:
    rng, numbers = np.random.default_rng(0), Numbers((1, 5), coverage=0.9, base=base)
    series = np.concatenate([rng.standard_normal(300), rng.standard_normal(300).cumsum()]).astype(np.float32)
    kept: list[Floats] = []
    for t in range(len(series)):
        offers = numbers.prepare(np.zeros((1, 1), np.float32), series[t : t + 1]).offers
        bases = offers.reshape(2, -1)[:, 2]
        assert t == 0 or (bases == series[t]).tolist() == [base == "last"] * 2
        kept.append(numbers.conclude(np.zeros((1, 2), np.float32), series[t : t + 1], offers)[1])
        if t >= 5:
            numbers.late(kept[t - 5], series[[t - 4, t]])
