import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.columns import Column, category_code
from streamer.learning.inputs.encoder import CAPACITIES, Encoder, Plain
from streamer.learning.inputs.places import CATEGORIES, FEATURES
from streamer.learning.inputs.standard import FORGETTING, encode_rows
from streamer.samples import Floats

COLUMNS = [Column("a"), Column("b", "category"), Column("c")]

numbers = st.one_of(st.just(np.nan), st.sampled_from([0.0, 1.0]), st.floats(-1e6, 1e6, width=32))
codes = st.one_of(st.just(np.nan), st.integers(0, 5).map(float))
tables = st.lists(st.tuples(numbers, codes, numbers), min_size=1, max_size=40).map(lambda r: np.array(r, np.float32))
cuts = st.lists(st.integers(0, 40), max_size=4)


def in_parts(encoder: Encoder, xs: Floats, at: list[int]) -> Floats:
    ends = sorted({0, len(xs), *(cut for cut in at if cut < len(xs))})
    parts = [encoder.encode(xs[start:end]) for start, end in pairwise(ends)]
    width = parts[-1].shape[1]
    return np.concatenate([np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in parts])


def state_of(encoder: Encoder) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in encoder.export().items()}


@given(tables, cuts)
def test_however_a_table_is_cut_its_features_and_the_state_are_the_same(xs: Floats, at: list[int]) -> None:
    whole, parts = Encoder(COLUMNS, standard=True), Encoder(COLUMNS, standard=True)
    assert whole.encode(xs).tobytes() == in_parts(parts, xs, at).tobytes()
    assert state_of(whole) == state_of(parts)


@given(tables)
def test_peek_gives_what_encode_would_or_says_that_something_is_new(xs: Floats) -> None:
    encoder = Encoder(COLUMNS, standard=True)
    for row in xs:
        before, width = state_of(encoder), encoder.used
        peeked = encoder.peek(row[None])
        assert state_of(encoder) == before
        encoded = encoder.encode(row[None])
        assert (peeked is None) == (encoder.used > width)
        assert peeked is None or peeked.tobytes() == encoded.tobytes()


@given(tables, st.integers(0, 40))
def test_an_encoder_goes_on_from_its_arrays(xs: Floats, at: int) -> None:
    encoder, other = Encoder(COLUMNS, standard=True, named=True), Encoder([], standard=False)
    encoder.encode(xs[:at]) if at else None
    other.load(encoder.export())
    assert encoder.encode(xs).tobytes() == other.encode(xs).tobytes()
    assert (other.named, other.schema()) == (True, tuple(COLUMNS))


@given(tables)
def test_features_are_finite_and_bounded(xs: Floats) -> None:
    features = Encoder(COLUMNS, standard=True).encode(xs)
    assert np.abs(features).max() <= 5


def plainly(values: list[float]) -> list[float]:
    """The standardised values of one column, by its definition."""
    mean, variance, out = 0.0, 0.0, []
    for n, x in enumerate(values, 1):
        a = max(1 / n, 1 - FORGETTING)
        d = x - mean
        mean, variance = mean + a * d, (1 - a) * (variance + a * d * d)
        bits = all(value in (0, 1) for value in values[:n])
        z = x if bits else (x - mean) / max(variance, 1e-12 * (1 + mean**2)) ** 0.5
        out.append(z if bits else min(max(z, -5), 5))
    return out


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=60))
def test_a_column_is_standardised_as_the_definition_says(values: list[float]) -> None:
    features = Encoder([Column("x")], standard=True).encode(np.array(values, np.float32)[:, None])
    assert features[:, 0].tolist() == pytest.approx(plainly(values), abs=1e-5)


def test_the_mean_and_variance_of_the_first_values_are_the_plain_ones() -> None:
    values = np.random.default_rng(0).normal(100, 7, 1000).astype(np.float32)
    encoder = Encoder([Column("x")], standard=True)
    encoder.encode(values[:, None])
    described = encoder.describe()[0]
    assert described["mean"] == pytest.approx(values.astype(float).mean())
    assert described["deviation"] == pytest.approx(values.astype(float).std())


def test_the_loop_says_the_same_compiled_and_as_it_is_written() -> None:
    xs = np.random.default_rng(1).normal(3, 2, (50, 2)).astype(np.float32)
    kinds, places, gaps = np.ones(2, np.int64), np.arange(2), np.full(2, -1)
    outcomes = []
    for run in (encode_rows, encode_rows.plain):
        statistics, features = np.zeros((2, 4)), np.zeros((50, 2), np.float32)
        run(xs, kinds, places, gaps, 1.0, False, statistics, features)
        outcomes.append((features, statistics))
    assert np.allclose(outcomes[0][0], outcomes[1][0], atol=1e-6)
    assert np.allclose(outcomes[0][1], outcomes[1][1])


def test_zeros_and_ones_pass_as_they_are_until_another_number_comes() -> None:
    encoder = Encoder([Column("x")], standard=True)
    bits = np.array([0, 1, 1, 0], np.float32)[:, None]
    assert encoder.encode(bits).tolist() == bits.tolist()
    assert encoder.describe()[0]["done"] == "as it is"
    assert encoder.encode(np.array([[0.5]], np.float32))[0, 0] == pytest.approx(0, abs=1e-6)
    assert encoder.describe()[0]["done"] == "standardised"


def test_a_constant_column_is_nothing_but_zeros() -> None:
    features = Encoder([Column("x")], standard=True).encode(np.full((100, 1), 1013.25, np.float32))
    assert np.abs(features).max() < 1e-2


def test_what_is_missing_is_marked_once_the_column_had_a_value() -> None:
    encoder = Encoder([Column("x"), Column("never")], standard=True)
    features = encoder.encode(np.array([[np.nan, np.nan], [2, np.nan], [np.nan, np.nan]], np.float32))
    assert encoder.used == 2
    assert features[:, 1].tolist() == [0, 0, 1]
    assert encoder.describe()[1]["done"] == "none, it never had a value"


def test_categories_beyond_the_limit_share_places_and_take_no_memory() -> None:
    encoder = Encoder([Column("shop", "category")], standard=True)
    many = np.array([category_code(str(n)) for n in range(10 * CATEGORIES)], np.float32)[:, None]
    features = encoder.encode(many)
    assert encoder.used == CATEGORIES
    assert (features.sum(axis=1) == 1).all()
    size = len(encoder.export()["places"])
    encoder.encode(many + 1)
    assert len(encoder.export()["places"]) == size


def test_the_features_of_a_row_are_bounded() -> None:
    columns = [Column(f"c{n}", "category") for n in range(16)]
    encoder = Encoder(columns, standard=True)
    rows = np.random.default_rng(0).integers(0, 1000, (400, 16)).astype(np.float32)
    assert encoder.encode(rows).shape[1] == FEATURES == CAPACITIES[-1]


def test_what_has_no_room_is_left_out() -> None:
    columns = [*(Column(f"c{n}", "category") for n in range(10)), Column("late"), Column("too late", "category")]
    encoder = Encoder(columns, standard=True)
    rows = np.full((60, 12), np.nan, np.float32)
    rows[:, :10] = np.random.default_rng(0).integers(0, 1000, (60, 10))
    encoder.encode(rows)
    rows[:, 10:] = 12_345
    again = encoder.encode(rows)
    assert again.shape == (60, FEATURES)
    assert set(np.unique(again).tolist()) == {0, 1}


def test_columns_are_known_by_name_in_whatever_order() -> None:
    encoder = Encoder(COLUMNS, standard=True, named=True)
    assert encoder.arrange([COLUMNS[2], Column("new"), COLUMNS[0]]).tolist() == [2, 3, 0]
    assert encoder.columns == 4
    assert encoder.arrange([Column("new")]).tolist() == [3]


def test_a_column_that_changes_its_kind_is_another_one() -> None:
    encoder = Encoder([Column("a")], standard=True, named=True)
    assert encoder.arrange([Column("a", "category")]).tolist() == [1]


def test_what_is_said_of_columns_is_json() -> None:
    encoder = Encoder(COLUMNS, standard=True)
    encoder.encode(np.array([[2.5, 3, np.nan]], np.float32))
    assert [column["done"] for column in json.loads(json.dumps(encoder.describe()))] == [
        "standardised", "one-hot", "none, it never had a value",
    ]  # fmt: skip


def test_plain_rows_are_their_own_features() -> None:
    xs = np.ones((3, 2), np.float32)
    assert Plain(2).encode(xs) is xs
