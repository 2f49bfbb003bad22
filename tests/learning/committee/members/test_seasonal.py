"""What repeats: the value, or the class, a period ago."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.learning.committee.members.periodic import Periodic
from streamer.learning.committee.members.seasonal import Seasonal
from streamer.learning.committee.members.target import Target
from streamer.samples import Floats

values_of = st.lists(st.one_of(st.just(math.nan), st.floats(-100, 100, width=32)), max_size=40)


def no_rows(ys: Floats) -> Floats:
    return np.empty((len(ys), 0), np.float32)


def plain(ys: list[float], period: int, *, change: bool) -> list[float]:
    said, known = [], dict[int, float]()
    for t, y in enumerate(ys):
        q = max(known, default=-1)
        last = known.get(q, 0.0)
        value = known.get(t - period, last) + change * (last - known.get(q - period, last))
        seen = list(known.values())
        beyond = min(max(np.abs(np.diff(seen)), default=0), (max(seen) - min(seen)) / 2) if seen else 0
        said.append(min(max(value, min(seen, default=0) - beyond), max(seen, default=0) + beyond))
        if y == y:
            known[t] = y
    return said


@pytest.mark.parametrize("change", [False, True])
@given(ys=values_of, period=st.integers(1, 8))
def test_seasonal_equals_its_plain_statement(change: bool, ys: list[float], period: int) -> None:
    values = np.array(ys, np.float32)
    said = Seasonal(Target("numbers"), period, change=change).step_many(no_rows(values), values)[:, 0]
    np.testing.assert_allclose(said, plain(ys, period, change=change), rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("horizon", [1, 3, 4, 7])
def test_steps_ahead_it_copies_the_latest_season_that_can_be_known(horizon: int) -> None:
    period = 3
    member = Seasonal(Target("numbers", horizon=horizon), period, change=False)
    for n in range(40):
        said = member.step_many(np.empty((1, 0), np.float32), np.full(1, np.nan, np.float32))
        if n > 20:  # value v is v, and those up to n are known
            assert said.tolist() == [[n + horizon - period * math.ceil(horizon / period)]]
        if n + 1 >= horizon:
            member.label_many(np.array([n + 1 - horizon]), np.array([n + 1], np.float32))


def test_a_late_label_goes_to_its_own_place() -> None:
    member = Seasonal(Target("numbers"), 3, change=False)
    member.step_many(np.empty((5, 0), np.float32), np.array([1, 2, 3, np.nan, 5], np.float32))
    member.step_many(np.empty((1, 0), np.float32), np.array([6], np.float32))
    member.label_many(np.array([3]), np.array([4], np.float32))
    assert member.peek(np.empty((1, 0), np.float32)).tolist() == [[4.0]]


def test_a_label_that_is_older_than_what_is_remembered_is_let_go_of() -> None:
    ys = np.arange(30, dtype=np.float32)
    ys[2] = np.nan
    number, bit = Seasonal(Target("numbers"), 3, change=False), Periodic(Target("binary"), 3)
    number.step_many(no_rows(ys), ys)
    bit.step_many(no_rows(ys), np.minimum(ys, 1))
    for member, late in ((number, 2), (bit, 0)):
        before = member.export()
        member.label_many(np.array([2]), np.array([late], np.float32))
        for name in ("values", "places", "held"):
            assert np.array_equal(member.export().get(name, 0), before.get(name, 0))


def test_a_class_a_period_ago_is_as_likely_as_it_was_right() -> None:
    ys = np.array([0, 1, 2] * 30 + [0], np.float32)
    said = Periodic(Target("classes", classes=4), 3).step_many(no_rows(ys), ys)
    rates = [(1 + hits) / (2 + hits) for hits in range(len(ys) - 3)]
    assert [row[int(y)] for row, y in zip(said[3:], ys[3:], strict=True)] == pytest.approx(rates, abs=1e-5)
    assert said[50, 0] == pytest.approx(said[50, 1], abs=1e-6)


def test_a_bit_that_is_never_what_it_was_a_period_ago_is_foretold_as_the_other() -> None:
    ys = np.array([0, 0, 1, 1] * 50, np.float32)
    said = Periodic(Target("binary"), 2).step_many(no_rows(ys), ys)[-10:, 0]
    assert (np.abs(said - ys[-10:]) < 0.01).all()
