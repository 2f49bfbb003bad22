"""Recursive least squares and Newton steps equal their equations, and survive what forgetting does to P."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.learning.committee.members.recursion import FLOOR, Recursion
from streamer.learning.committee.members.target import LEAST, Doubles, Target
from streamer.samples import Floats

FORGETTING, PRIOR = 0.95, 2.0
NUMBERS, BINARY, CLASSES = Target("numbers"), Target("binary"), Target("classes", classes=4)


def made(target: Target, width: int, *, prior: float = PRIOR, forgetting: float = FORGETTING) -> Recursion:
    recursion = Recursion(target, prior=prior, forgetting=forgetting)
    recursion.widen(width, np.arange(0))
    return recursion


def contracted(P: Doubles, g: Doubles, share: float) -> Doubles:
    """D (P − share g g') D."""
    left = P - share * np.outer(g, g)
    d = np.minimum(1 / np.sqrt(FORGETTING), np.sqrt(PRIOR / np.diag(left)))
    return np.asarray(left * np.outer(d, d))


def plain(target: Target, us: Floats, targets: Doubles) -> Doubles:
    """The equations, one sample after another."""
    n = us.shape[1] + 1
    W, found, rows = np.zeros((n, target.width)), 0, []
    Ps = [PRIOR * np.eye(n) for _ in range(target.width)]
    for row, y in zip(us, targets.tolist(), strict=True):
        u = np.concatenate([[1.0], row.astype(np.float64)])
        said, h, wanted = told(target, W.T @ u, y, found)
        rows.append(said)
        if np.isnan(y):
            continue
        if target.kind == "classes" and y + 1 > found:
            found = int(y) + 1
            h = [max(p * (1 - p), FLOOR) for p in said[:found]]
        e = np.clip(wanted - said, -5, 5)
        for k, curvature in enumerate(h):
            g = Ps[k] @ u
            share = 1 / (1 + curvature * (u @ g))
            if target.kind == "classes":
                W[:, k] += g * e[k] * share
            else:
                W += np.outer(g, e) * share
            Ps[k] = contracted(Ps[k], g, curvature * share)
    return np.array(rows)


def told(target: Target, o: Doubles, y: float, found: int) -> tuple[Doubles, list[float], Doubles]:
    """The prediction, the curvature of each P, and what it is compared with."""
    if target.kind == "numbers":
        return o, [1.0], np.array([y])
    return logistic(o, y) if target.kind == "binary" else softmax(o, y, found)


def logistic(o: Doubles, y: float) -> tuple[Doubles, list[float], Doubles]:
    p = 1 / (1 + np.exp(-np.clip(o, -15, 15)))
    said = np.clip(p, LEAST, 1 - LEAST)
    return said, [max(float(said[0] * (1 - said[0])), FLOOR)], np.array([y])


def softmax(o: Doubles, y: float, found: int) -> tuple[Doubles, list[float], Doubles]:
    said = np.zeros(len(o))
    if found:
        p = np.exp(o[:found] - o[:found].max())
        said[:found] = LEAST + (1 - LEAST * found) * p / p.sum()
    wanted = np.eye(len(o))[int(y)] if y == y else np.full(len(o), np.nan)
    return said, [max(float(p * (1 - p)), FLOOR) for p in said[:found]], wanted


def stream(target: Target, seed: int, width: int) -> tuple[Floats, Doubles]:
    rng = np.random.default_rng(seed)
    us = rng.normal(size=(50, width)).astype(np.float32)
    ys = rng.normal(0, 4, 50) if target.kind == "numbers" else rng.integers(0, target.classes, 50).astype(float)
    ys[rng.random(50) < 0.2] = np.nan
    return us, ys


@pytest.mark.parametrize("target", [NUMBERS, BINARY, CLASSES], ids=lambda target: target.kind)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 999), width=st.integers(0, 9))
def test_it_equals_its_equations(target: Target, seed: int, width: int) -> None:
    us, ys = stream(target, seed, width)
    np.testing.assert_allclose(made(target, width).step(us, ys), plain(target, us, ys), rtol=1e-7, atol=1e-9)


def test_least_squares_without_forgetting_is_ridge_regression() -> None:
    rng = np.random.default_rng(0)
    us = rng.normal(size=(40, 3)).astype(np.float32)
    ys = us @ [1.0, -2.0, 0.5] + rng.normal(0, 0.1, 40)
    recursion = made(Target("numbers"), 3, forgetting=1.0)
    recursion.step(us, ys)
    X = np.concatenate([np.ones((40, 1)), us.astype(np.float64)], axis=1)
    ridge = np.linalg.solve(X.T @ X + np.eye(4) / PRIOR, X.T @ ys)
    np.testing.assert_allclose(recursion.state()["weights"][:, 0], ridge, atol=1e-9)


@pytest.mark.parametrize("kind", [np.zeros, np.ones])
def test_what_no_feature_reaches_any_longer_does_not_wind_up(kind: type) -> None:
    recursion, rng = made(BINARY, 5, forgetting=0.9), np.random.default_rng(0)
    recursion.step(rng.normal(size=(200, 5)).astype(np.float32), rng.integers(0, 2, 200).astype(float))
    constant = np.asarray(kind((20_000, 5)), np.float32)
    recursion.step(constant, np.ones(20_000))
    P = recursion.state()["covariances"][0]
    assert (P == P.T).all()
    assert np.diag(P).max() <= PRIOR * (1 + 1e-9)
    assert np.linalg.eigvalsh(P).min() > -1e-9


def test_p_stays_symmetric_and_positive_on_features_that_are_nearly_the_same() -> None:
    rng, recursion = np.random.default_rng(1), made(Target("numbers"), 6, forgetting=0.99)
    base = rng.normal(size=(5000, 1))
    us = (base + 1e-4 * rng.normal(size=(5000, 6))).astype(np.float32)
    outputs = recursion.step(us, base[:, 0].copy())
    P = recursion.state()["covariances"][0]
    assert (P == P.T).all()
    assert np.abs(outputs[-500:] - base[-500:]).max() < 0.01


@pytest.mark.parametrize("signs", [[-1, -1, -1], [1, -1, 1]])
def test_a_p_that_rounding_has_spoiled_begins_anew(signs: list[int]) -> None:
    recursion = made(BINARY, 2)
    arrays = recursion.state()
    arrays["covariances"] = arrays["covariances"] * signs
    recursion.restore(arrays)
    recursion.step(np.ones((1, 2), np.float32), np.ones(1))
    assert np.linalg.eigvalsh(recursion.state()["covariances"][0]).min() > 0


def test_a_feature_that_never_was_keeps_its_place_in_p() -> None:
    us, ys = stream(BINARY, 2, 4)
    us[:, 2] = 0
    recursion = made(BINARY, 4)
    recursion.step(us, ys)
    assert recursion.state()["covariances"][0][3].tolist() == [0, 0, 0, PRIOR, 0]
