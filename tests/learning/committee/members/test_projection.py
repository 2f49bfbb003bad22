"""Random Fourier features equal their equations."""

import numpy as np

from streamer.learning.committee.members.projection import Projection

COUNT = 40


def made(names: list[tuple[int, int]], *, seed: int = 3) -> Projection:
    projection = Projection(COUNT, sharpness=2.0, seed=seed)
    projection.widen(names, np.arange(0))
    return projection


def test_features_are_cosines() -> None:
    projection = made([(1, 0), (1, 1)])
    zs = np.random.default_rng(0).normal(0, 3, (50, 2)).astype(np.float32)
    state = projection.state()
    turns = zs.astype(np.float64) @ state["frequencies"] + state["offsets"]
    expected = np.sqrt(2 / COUNT) * np.cos(2 * np.pi * turns)
    np.testing.assert_allclose(projection.features(zs), expected, atol=1e-6)


def test_rows_are_scaled_by_the_mean_of_their_squares() -> None:
    xs = np.random.default_rng(0).normal(0, 30, (50, 2)).astype(np.float32)
    powers = np.cumsum((xs.astype(np.float64) ** 2).sum(axis=1)) / np.arange(1, 51)
    np.testing.assert_allclose(made([(1, 0), (1, 1)]).scaled(xs, peek=False), 2 * xs / np.sqrt(powers)[:, None], 1e-5)


def test_more_regressors_change_no_frequency_of_the_others() -> None:
    grown, wide = made([(0, 0), (1, 0)]), made([(0, 0), (1, 0), (1, 1)])
    grown.widen([(0, 0), (1, 0), (1, 1)], np.array([0, 1]))
    assert grown.state()["frequencies"].tobytes() == wide.state()["frequencies"].tobytes()


def test_another_seed_makes_another_projection() -> None:
    one, other = made([(1, 0)], seed=0).state(), made([(1, 0)], seed=1).state()
    assert not np.intersect1d(one["frequencies"], other["frequencies"]).size
    assert not np.intersect1d(one["offsets"], other["offsets"]).size
