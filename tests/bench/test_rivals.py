"""The rivals are what they are said to be, or the table is a lie."""

import numpy as np
import pytest

from streamer.bench.outcome import outcome_of
from streamer.bench.rivals import guess, last_value, majority, tapped_logistic
from streamer.samples import Floats
from streamer.sources.tasks import TaskSource


def streams(task: str, seeds: int, samples: int) -> tuple[Floats, Floats]:
    blocks = [TaskSource(task, seed).read(0, samples) for seed in range(seeds)]
    return np.stack([block.inputs[:, 0] for block in blocks]), np.stack([block.targets for block in blocks])


def plain_logistic(xs: Floats, ys: Floats, taps: int, step_size: float) -> list[bool]:
    w, total, u, right = np.zeros(taps + 1), np.full(taps + 1, 1e-8), np.zeros(taps + 1), []
    u[taps] = 1
    for x, y in zip(xs, ys, strict=True):
        u[:taps] = [x, *u[: taps - 1]]
        p = 1 / (1 + np.exp(-np.clip(w @ u, -50, 50)))
        right.append(bool((p > 0.5) == (y > 0.5)))
        g = (p - y) * u
        total += g * g
        w -= step_size * g / np.sqrt(total)
    return right


def test_the_logistic_regression_is_its_equations_seed_by_seed() -> None:
    xs, ys = streams("copy-4", 3, 300)
    right = tapped_logistic(xs, ys, taps=5, step_size=0.5)
    for seed in range(3):
        assert right[seed].tolist() == plain_logistic(xs[seed], ys[seed], 5, 0.5)


def test_the_logistic_regression_solves_copies_within_its_taps_and_never_an_exclusive_or() -> None:
    assert all(outcome_of(one).solved_at for one in tapped_logistic(*streams("copy-8", 5, 1_000)))
    assert not any(outcome_of(one).solved_at for one in tapped_logistic(*streams("xor", 5, 4_000)))


@pytest.mark.parametrize("rival", [majority, last_value])
def test_what_remembers_no_input_does_not_solve_the_puzzle(rival) -> None:
    assert not any(outcome_of(one).solved_at for one in rival(*streams("inverse", 5, 2_000)))


def test_luck_solves_a_constant_and_hardly_ever_the_puzzle() -> None:
    xs, ys = streams("inverse", 1, 300)
    assert guess(xs[0], np.ones(300, np.float32), trials=500) > 100
    assert guess(xs[0], ys[0], trials=500) <= 2
