"""What every member of a committee keeps, for every kind of target."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.learning.committee.member import Member
from streamer.learning.committee.members.fourier import Fourier
from streamer.learning.committee.members.linear import Linear
from streamer.learning.committee.members.neighbours import Neighbours
from streamer.learning.committee.members.periodic import Periodic
from streamer.learning.committee.members.rule import last_value, markov, prior
from streamer.learning.committee.members.seasonal import Seasonal
from streamer.learning.committee.members.target import LEAST, Doubles, Target
from streamer.learning.committee.members.view import View, ViewName
from streamer.samples import Arrays, Floats

LENGTH, FEATURES, HORIZON = 60, 3, 16
BINARY, CLASSES = Target("binary"), Target("classes", classes=4)
NUMBER, FORECAST = Target("numbers"), Target("numbers", horizon=3)
KINDS = {"binary": BINARY, "classes": CLASSES, "number": NUMBER, "forecast": FORECAST}
PLACES, NUMBERS = ("binary", "classes"), ("number", "forecast")

ALL = (*PLACES, *NUMBERS)

Make = Callable[..., Member]


def on_regressors(
    make: Make, view: ViewName = "level", *, lags: int = 0, periods: tuple[int, ...] = (), **own: Any
) -> Make:
    return lambda target, **label_horizon: make(View(target, view, lags=lags, periods=periods), **own, **label_horizon)


MEMBERS: list[tuple[str, Make, tuple[str, ...]]] = [
    ("prior", prior, ALL),
    ("last value", last_value, NUMBERS),
    ("markov 1", partial(markov, order=1), PLACES),
    ("markov 2", partial(markov, order=2), PLACES),
    ("seasonal", partial(Seasonal, period=4, change=False), NUMBERS),
    ("seasonal change", partial(Seasonal, period=4, change=True), NUMBERS),
    ("linear", on_regressors(Linear), ALL),
    ("linear on the past", on_regressors(Linear, lags=3, delays=2, forgetting=0.99), ALL),
    ("linear in change", on_regressors(Linear, "change", lags=2, periods=(4, 7)), NUMBERS),
    ("linear in seasons", on_regressors(Linear, lags=1, periods=(4,)), NUMBERS),
    ("fourier", on_regressors(Fourier), ALL),
    ("fourier on the past", on_regressors(Fourier, lags=2, delays=2), ALL),
    ("fourier in change", on_regressors(Fourier, "change", lags=1), NUMBERS),
    ("neighbours", on_regressors(Neighbours), ALL),
    ("neighbours on the past", on_regressors(Neighbours, lags=1, delays=1), ALL),
    ("neighbours in change", on_regressors(Neighbours, "change", lags=1), NUMBERS),
    ("periodic", partial(Periodic, period=4), PLACES),
]
CASES = [(make, KINDS[kind]) for _, make, kinds in MEMBERS for kind in kinds]

each = pytest.mark.parametrize(
    ("make", "target"), CASES, ids=[f"{name}-{kind}" for name, _, kinds in MEMBERS for kind in kinds]
)
quick = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow], deadline=None)
seeds = st.integers(0, 99)


def made(make: Make, target: Target, label_horizon: int = HORIZON) -> Member:
    return make(target, label_horizon=label_horizon)


def stream(target: Target, seed: int, *, missing: float = 0.3) -> tuple[Floats, Floats]:
    """Rows (T, F) and labels (T,)."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(LENGTH, FEATURES)).astype(np.float32)
    rows[:, 1] = rng.integers(0, 2, LENGTH)
    ys = labels(target, rng)
    ys[rng.random(LENGTH) < missing] = np.nan
    return rows, ys


def labels(target: Target, rng: np.random.Generator) -> Floats:
    if target.kind == "binary":
        return rng.integers(0, 2, LENGTH).astype(np.float32)
    if target.kind == "classes":
        places = rng.integers(0, 3, LENGTH)
        return np.minimum(places, np.arange(LENGTH) // 5).astype(np.float32)  # in the order in which they are found
    series = (1e3 + 50 * rng.normal(size=LENGTH + 9)).astype(np.float32)
    return series[target.horizon : target.horizon + LENGTH].copy()


def bits(member: Member) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in member.export().items()}


def again(make: Make, target: Target, member: Member, label_horizon: int = HORIZON) -> Member:
    """Put aside and taken up again."""
    other = made(make, target, label_horizon)
    other.load(member.export())
    return other


def lived(make: Make, target: Target, seed: int = 0, label_horizon: int = HORIZON) -> Member:
    member = made(make, target, label_horizon)
    member.step_many(*stream(target, seed))
    return member


def known(ys: Floats) -> Floats:
    """Labels without a gap."""
    return np.where(np.isnan(ys), np.nanmedian(ys), ys).astype(np.float32)


@each
@quick
@given(seed=seeds, cuts=st.lists(st.integers(0, LENGTH), max_size=4))
def test_however_a_stream_is_cut_and_put_aside_predictions_and_state_have_the_same_bits(
    make: Make, target: Target, seed: int, cuts: list[int]
) -> None:
    rows, ys = stream(target, seed)
    whole, parts = made(make, target), made(make, target)
    expected = whole.step_many(rows, ys)
    pieces = []
    for start, end in pairwise([0, *sorted(cuts), LENGTH]):
        pieces.append(parts.step_many(rows[start:end], ys[start:end]))
        parts = again(make, target, parts)
    assert expected.shape == (LENGTH, target.width)
    assert expected.dtype == np.float32
    assert np.concatenate(pieces).tobytes() == expected.tobytes()
    assert bits(parts) == bits(whole)


@each
@quick
@given(seed=seeds, cut=st.integers(0, LENGTH), width=st.integers(0, FEATURES))
def test_features_that_come_later_were_0_before(make: Make, target: Target, seed: int, cut: int, width: int) -> None:
    rows, ys = stream(target, seed)
    rows[:cut, width:] = 0
    wide, growing = made(make, target), made(make, target)
    wide.step_many(rows[:0], ys[:0])
    before = growing.step_many(rows[:cut, :width], ys[:cut])
    foreseen = growing.peek(rows[cut : cut + 1]) if cut < LENGTH else np.empty((0, target.width), np.float32)
    after = growing.step_many(rows[cut:], ys[cut:])
    expected = wide.step_many(rows, ys)
    assert np.concatenate([before, after]).tobytes() == expected.tobytes()
    assert foreseen.tobytes() == after[:1].tobytes()
    assert bits(growing) == bits(wide)
    labels_now(wide, ys)
    labels_now(growing, ys)
    assert bits(growing) == bits(wide)


def labels_now(member: Member, ys: Floats) -> None:
    """All labels that are missing, late."""
    late = known(ys)
    member.label_many(np.arange(LENGTH), late)


@each
@quick
@given(seed=seeds, cut=st.integers(0, LENGTH - 1))
def test_a_peek_is_what_a_step_says_and_changes_nothing(make: Make, target: Target, seed: int, cut: int) -> None:
    rows, ys = stream(target, seed)
    member = made(make, target)
    member.step_many(rows[:cut], ys[:cut])
    before = bits(member)
    foreseen = member.peek(rows[cut : cut + 1])
    assert bits(member) == before
    assert foreseen.tobytes() == member.step_many(rows[cut : cut + 1], ys[cut : cut + 1]).tobytes()


@each
@quick
@given(seed=seeds, cut=st.integers(0, LENGTH - 1))
def test_a_prediction_looks_at_no_target_but_earlier_ones(make: Make, target: Target, seed: int, cut: int) -> None:
    rows, ys = stream(target, seed)
    other = ys.copy()
    other[cut:] = np.where(np.isnan(ys[cut:]), 1, np.where(ys[cut:] == 1, 0, 1))
    here, there = made(make, target).step_many(rows, ys), made(make, target).step_many(rows, other)
    assert here[: cut + 1].tobytes() == there[: cut + 1].tobytes()


@each
def test_a_late_label_with_nothing_in_between_is_a_prompt_one(make: Make, target: Target) -> None:
    rows, ys = stream(target, 3, missing=0)
    prompt, late = made(make, target), made(make, target)
    expected = prompt.step_many(rows, ys)
    for t in range(LENGTH):
        prediction = late.step_many(rows[t : t + 1], np.full(1, np.nan, np.float32))
        assert prediction.tobytes() == expected[t : t + 1].tobytes()
        late.label_many(np.array([t]), ys[t : t + 1])
    assert bits(late) == bits(prompt)


@each
@quick
@given(seed=seeds)
def test_late_labels_one_by_one_or_together_leave_the_same_state(make: Make, target: Target, seed: int) -> None:
    together, apart = lived(make, target, seed, LENGTH), lived(make, target, seed, LENGTH)
    before, late = bits(together), known(stream(target, seed)[1])
    together.label_many(np.arange(LENGTH), late)
    for number in range(LENGTH):
        apart.label_many(np.array([number]), late[number : number + 1])
    assert bits(together) == bits(apart) != before


@each
def test_a_label_is_learned_once_and_only_within_the_horizon(make: Make, target: Target) -> None:
    rows, ys = stream(target, 4, missing=0)
    ys[[LENGTH - HORIZON - 1, LENGTH - HORIZON, LENGTH - 2]] = np.nan
    member = made(make, target)
    member.step_many(rows, ys)
    before, late = bits(member), np.ones(4, np.float32)
    member.label_many(np.array([LENGTH - HORIZON - 1, 0, LENGTH, -1]), late)
    member.label_many(np.array([LENGTH - 2]), np.full(1, np.nan, np.float32))
    assert bits(member) == before
    once = again(make, target, member)
    member.label_many(np.array([LENGTH - HORIZON, LENGTH - HORIZON]), np.array([1, 0], np.float32))
    once.label_many(np.array([LENGTH - HORIZON]), late[:1])
    assert bits(member) == bits(once) != before


@each
def test_one_that_is_taken_back_forgets_what_came_since(make: Make, target: Target) -> None:
    rows, ys = stream(target, 5)
    narrow, member = rows[:, :1], made(make, target)
    member.step_many(narrow, known(ys))
    before = member.export()
    member.step_many(rows, np.full(LENGTH, np.nan, np.float32))
    member.load(before)
    other = made(make, target)
    other.load(before)
    assert bits(member) == bits(other)
    assert member.step_many(rows, ys).tobytes() == other.step_many(rows, ys).tobytes()
    labels_now(member, ys)
    labels_now(other, ys)
    assert bits(member) == bits(other)


@each
def test_one_that_awaits_nothing_goes_on_alike_and_learns_no_label_of_before(make: Make, target: Target) -> None:
    member, other = lived(make, target, label_horizon=LENGTH), made(make, target, LENGTH)
    other.load(member.export(awaited=False))
    before = bits(other)
    labels_now(other, stream(target, 0)[1])
    assert bits(other) == before
    rows, ys = stream(target, 6, missing=0)
    assert member.step_many(rows, ys).tobytes() == other.step_many(rows, ys).tobytes()


@each
def test_an_export_is_arrays_and_copies(make: Make, target: Target) -> None:
    member = lived(make, target)
    exported: Arrays = member.export()
    before = {name: array.tobytes() for name, array in exported.items()}
    other = made(make, target)
    other.load(exported)
    for one in (member, other):
        one.step_many(*stream(target, 1))
        labels_now(one, stream(target, 1)[1])
    assert all(type(array) is np.ndarray for array in exported.values())
    assert {name: array.tobytes() for name, array in exported.items()} == before


@each
def test_a_block_of_nothing_changes_nothing(make: Make, target: Target) -> None:
    member = lived(make, target)
    before = bits(member)
    assert member.step_many(np.empty((0, FEATURES), np.float32), np.empty(0, np.float32)).shape == (0, target.width)
    member.label_many(np.empty(0, np.int64), np.empty(0, np.float32))
    assert bits(member) == before


@each
def test_what_it_keeps_is_bounded(make: Make, target: Target) -> None:
    member, rows = made(make, target), stream(target, 0)[0]
    sizes = []
    for _ in range(40):
        member.step_many(rows, np.full(LENGTH, np.nan, np.float32))
        sizes.append(sum(array.nbytes for array in member.export().values()))
    assert sizes[1] == sizes[-1]


@each
@pytest.mark.parametrize("scale", [1e30, 1e-30, 0.0])
def test_wild_and_constant_streams_leave_it_finite(make: Make, target: Target, scale: float) -> None:
    rng, member = np.random.default_rng(7), made(make, target)
    for _ in range(20):
        rows, ys = stream(target, int(rng.integers(99)))
        if target.kind == "numbers":
            ys = (ys * np.float32(scale / 1e3)).astype(np.float32)
        ys[rng.random(LENGTH) < 0.2] = np.nan
        assert np.isfinite(member.step_many(rows * np.float32(scale), ys)).all()
        labels_now(member, ys)
    assert all(np.isfinite(array).all() for name, array in member.export().items() if name not in UNKNOWN)


UNKNOWN = ("values",)
"""Arrays in which NaN stands for what is not known yet."""


@each
def test_without_labels_it_says_what_it_said_at_first(make: Make, target: Target) -> None:
    predictions = made(make, target).step_many(stream(target, 0)[0], np.full(LENGTH, np.nan, np.float32))
    assert np.unique(predictions).tolist() == ([0.5] if target.kind == "binary" else [0.0])


@each
@quick
@given(seed=seeds)
def test_probabilities_are_never_certain_and_numbers_keep_near_the_range_seen(
    make: Make, target: Target, seed: int
) -> None:
    rows, ys = stream(target, seed)
    predictions = made(make, target).step_many(rows, ys).astype(np.float64)
    if target.kind == "binary":
        assert ((predictions >= LEAST / 2) & (predictions <= 1 - LEAST / 2)).all()
    elif target.kind == "classes":
        check_places(predictions, ys)
    else:
        first = int(np.argmin(np.isnan(ys))) + 1
        low, high = float(np.nanmin(ys)), float(np.nanmax(ys))
        assert (predictions[first:] >= low - (high - low) / 2 - 1e-3).all()
        assert (predictions[first:] <= high + (high - low) / 2 + 1e-3).all()


def check_places(predictions: Doubles, ys: Floats) -> None:
    found = np.concatenate([[0], np.maximum.accumulate(np.nan_to_num(ys, nan=-1) + 1)[:-1]])
    for row, count in zip(predictions, found.astype(int).tolist(), strict=True):
        assert (row[:count] > LEAST / 2).all()
        assert not row[count:].any()
        assert not count or abs(row.sum() - 1) < 1e-6
