"""The nearest neighbours equal their plain statement, ties included."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.learning.committee.members.neighbours import MEMORY, NEIGHBOURS, SMOOTHING, Neighbours
from streamer.learning.committee.members.target import Target
from streamer.learning.committee.members.view import View
from streamer.samples import Floats

BINARY, CLASSES = Target("binary"), Target("classes", classes=4)


def nearest(rows: list[Floats], row: Floats) -> tuple[list[int], list[float]]:
    """Places of the nearest, of those as far the newest first, and their weights."""
    apart = [float(((own - row) ** 2).sum(dtype=np.float32)) for own in rows]
    order = sorted(range(max(0, len(rows) - MEMORY), len(rows)), key=lambda i: (apart[i], -i))[:NEIGHBOURS]
    farthest = apart[order[-1]] if order else 0
    return order, [math.exp(-apart[i] / farthest) if farthest else 1.0 for i in order]


def votes(rows: list[Floats], ys: list[float], row: Floats, found: int) -> list[float]:
    order, weights = nearest(rows, row)
    extra = SMOOTHING * sum(weights) / len(order) if order else 1.0
    own = [sum(w for i, w in zip(order, weights, strict=True) if ys[i] == c) for c in range(found)]
    return [(vote + extra / found) / (sum(weights) + extra) for vote in own]


def plain(target: Target, xs: Floats, ys: Floats) -> Floats:
    rows: list[Floats] = []
    known: list[float] = []
    predictions = np.zeros((len(xs), target.width))
    for t, (row, y) in enumerate(zip(xs, ys.tolist(), strict=True)):
        found = 2 if target.kind == "binary" else int(max(known, default=-1)) + 1
        shares = votes(rows, known, row, found)
        predictions[t] = shares[1] if target.kind == "binary" else [*shares, *[0] * (target.width - found)]
        if y == y:
            rows.append(row)
            known.append(y)
    return predictions.astype(np.float32)


@pytest.mark.parametrize("target", [BINARY, CLASSES], ids=lambda target: target.kind)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 999), values=st.integers(2, 6))
def test_votes_equal_their_plain_statement_when_many_rows_are_as_far(target: Target, seed: int, values: int) -> None:
    rng = np.random.default_rng(seed)
    xs = rng.integers(0, values, (70, 2)).astype(np.float32)
    ys = np.where(rng.random(70) < 0.2, np.nan, rng.integers(0, target.classes, 70)).astype(np.float32)
    predictions = Neighbours(View(target, lags=0)).step_many(xs, ys)
    np.testing.assert_allclose(predictions, plain(target, xs, ys), atol=1e-6)


def test_when_the_memory_is_full_the_oldest_row_is_forgotten() -> None:
    rng = np.random.default_rng(0)
    xs = rng.integers(0, 9, (MEMORY + 300, 2)).astype(np.float32)
    ys = rng.integers(0, 2, len(xs)).astype(np.float32)
    predictions = Neighbours(View(BINARY, lags=0)).step_many(xs, ys)
    for t in (MEMORY - 1, MEMORY, MEMORY + 1, MEMORY + 299):
        expected = votes(list(xs[:t]), ys[:t].tolist(), xs[t], 2)[1]
        assert predictions[t, 0] == pytest.approx(expected, abs=1e-6)


def test_a_number_is_the_weighted_mean_of_the_neighbours() -> None:
    xs = np.random.default_rng(0).normal(size=(60, 1)).astype(np.float32)
    ys = (100 + 3 * xs[:, 0]).astype(np.float32)
    member = Neighbours(View(Target("numbers"), lags=0))
    member.step_many(xs, ys)
    row = np.array([[0.1]], np.float32)
    order, weights = nearest(list(xs[1:]), row[0])  # no scale is known of the first
    expected = sum(w * ys[1:][i] for w, i in zip(weights, order, strict=True)) / sum(weights)
    assert member.peek(row)[0, 0] == pytest.approx(expected, abs=0.5)
