"""From River's dictionaries to rows: what each kind of value becomes, and what a row does not have."""

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.columns import Column, category_code
from streamer.errors import SampleError
from streamer.river.rows import COLUMNS, Rows

NAN = math.nan
VALUES = st.one_of(st.floats(-1e30, 1e30), st.integers(-(10**9), 10**9), st.booleans(), st.text(max_size=3), st.none())
SAMPLES = st.lists(st.dictionaries(st.sampled_from("abcdef"), VALUES), min_size=1, max_size=8)


def same(row: list[float], other: list[float]) -> bool:
    return bool(np.array_equal(row, other, equal_nan=True))


def test_numbers_truths_and_texts_have_a_column_each() -> None:
    rows = Rows()
    assert rows.observe({"b": True, "a": 2, "c": "red", "d": np.float64(0.5)}) == [2, 1, category_code("red"), 0.5]
    assert rows.columns == [Column("a"), Column("b"), Column("c", "category"), Column("d")]


@pytest.mark.parametrize("value", [None, NAN, np.nan])
def test_none_and_nan_and_what_is_not_there_are_missing(value: Any) -> None:
    rows = Rows()
    rows.observe({"a": 1.0, "b": 2.0})
    assert same(rows.observe({"a": value, "b": 3.0}), [NAN, 3.0])
    assert same(rows.observe({"b": 3.0}), [NAN, 3.0])


def test_a_feature_that_appears_gets_a_column_behind_the_others() -> None:
    rows = Rows()
    rows.observe({"b": 1.0})
    assert same(rows.observe({"a": 2.0}), [NAN, 2.0])


def test_a_feature_that_is_now_a_number_now_a_text_has_two_columns() -> None:
    rows = Rows()
    rows.observe({"a": 1.0})
    assert same(rows.observe({"a": "red"}), [NAN, category_code("red")])
    assert same(rows.observe({"a": 2.0}), [2.0, NAN])
    assert rows.columns == [Column("a"), Column("a", "category")] or len({*rows.columns}) == 2


@given(SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_the_features_says_nothing(samples: list[dict[str, Any]], random: Any) -> None:
    rows, others = Rows(), Rows()
    for x in samples:
        shuffled = list(x.items())
        random.shuffle(shuffled)
        assert same(rows.observe(x), others.observe(dict(shuffled)))
    assert rows.columns == others.columns


@given(SAMPLES)
def test_to_look_changes_nothing_and_shows_what_will_be_learned(samples: list[dict[str, Any]]) -> None:
    rows = Rows()
    for x in samples:
        before, shown = list(rows.columns), rows.peek(x)
        assert rows.columns == before
        row = rows.observe(x)
        assert same(row[: len(shown)], shown)


@given(SAMPLES)
def test_no_two_columns_are_equal(samples: list[dict[str, Any]]) -> None:
    rows = Rows()
    for x in samples:
        rows.observe(x)
    assert len(set(rows.columns)) == len(rows.columns)


def test_features_that_are_no_texts_or_look_alike_have_names_of_their_own() -> None:
    rows = Rows()
    rows.observe({1: 1.0, "1": 2.0, ("a", 2): 3.0, "": 4.0, "x" * 200: 5.0, "x" * 201: 6.0})
    names = [column.name for column in rows.columns]
    assert len(set(names)) == 6
    assert all(0 < len(name) <= 64 for name in names)


def test_features_beyond_the_most_are_left_out() -> None:
    rows = Rows()
    assert len(rows.observe({f"f{i}": 1.0 for i in range(COLUMNS + 50)})) == COLUMNS
    assert len(rows.observe({"late": 1.0, "f0": 2.0})) == COLUMNS
    assert len(rows.columns) == COLUMNS


def test_a_sample_without_features_has_a_column_that_holds_nothing() -> None:
    rows = Rows()
    assert same(rows.observe({}), [NAN])
    assert same(rows.observe({"nothing": 1.0}), [NAN, 1.0])
    assert len(set(rows.columns)) == 2


@pytest.mark.parametrize("value", [math.inf, -math.inf, 10**60, [1.0], {"a": 1}, object(), 1e39])
def test_a_value_that_is_none_of_these_is_refused_by_its_name_and_nothing_is_remembered(value: Any) -> None:
    rows = Rows()
    rows.observe({"a": 1.0, "when": date(2024, 1, 1)})
    with pytest.raises(SampleError, match=r"'bad'.*expected: a finite number") as caught:
        rows.observe({"when": date(2025, 1, 1), "new": 1.0, "bad": value})
    assert caught.value.reason == "type"
    assert rows.columns == [Column("a")]
    assert len(rows.observe({"when": date(2024, 1, 2)})) == 1 + 12  # a day apart: a week's waves, and a year's


def test_moments_become_waves_that_their_distance_can_tell() -> None:
    rows = Rows()
    hours = [datetime(2024, 3, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(3)]
    assert rows.observe({"at": hours[0]}) == pytest.approx([NAN], nan_ok=True)
    row = rows.observe({"at": hours[1]})
    told = {column.name: value for column, value in zip(rows.columns, row, strict=True)}
    assert {column.kind for column in rows.columns[1:]} == {"cycle"}
    assert told["at.day.sin1"] == pytest.approx(math.sin(2 * math.pi / 24))
    assert told["at.day.cos2"] == pytest.approx(math.cos(2 * math.pi / 12))
    months = Rows()
    months.observe({"at": date(2024, 1, 1)})
    months.observe({"at": date(2024, 2, 1)})
    assert {name.split(".")[1] for name in (c.name for c in months.columns[1:])} == {"year"}


def test_a_moment_is_the_same_in_every_zone_and_utc_without_one() -> None:
    moments = [
        datetime(2024, 3, 1, 12, tzinfo=UTC),
        datetime(2024, 3, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        datetime(2024, 3, 1, 12),
    ]
    found = []
    for moment in moments:
        rows = Rows()
        rows.observe({"at": datetime(2024, 3, 1, 11, tzinfo=UTC)})
        found.append(rows.observe({"at": moment})[1:])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 18
