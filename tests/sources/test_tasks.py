"""Each task against its plain statement, bit by bit."""

import numpy as np
import pytest

from streamer.errors import SettingsError
from streamer.sources.bits import BitSource
from streamer.sources.tasks import FLIPPED, INVERSION, LAGS, TASKS, TaskSource

LENGTH = 9_000


def stream(name: str, seed: int = 3) -> tuple[list[int], list[int]]:
    block = TaskSource(name, seed).read(0, LENGTH)
    return block.inputs[:, 0].astype(int).tolist(), block.targets.astype(int).tolist()


def test_inverse_is_the_puzzle() -> None:
    ours, puzzle = TaskSource("inverse", 3).read(0, LENGTH), BitSource(3).read(0, LENGTH)
    assert np.array_equal(ours.inputs, puzzle.inputs)
    assert np.array_equal(ours.targets, puzzle.targets)


@pytest.mark.parametrize("lag", LAGS)
def test_copy_is_the_bit_so_many_before(lag: int) -> None:
    xs, ys = stream(f"copy-{lag}")
    assert ys == [0] * lag + xs[:-lag]


def test_xor_is_of_the_two_bits_before() -> None:
    xs, ys = stream("xor")
    assert ys[2:] == [a ^ b for a, b in zip(xs[1:-1], xs[:-2], strict=True)]


def test_parity_is_of_all_bits_so_far() -> None:
    xs, ys = stream("parity")
    assert ys == (np.cumsum(xs) % 2).tolist()


def test_drift_is_the_puzzle_inverted_every_thousand_samples() -> None:
    xs, ys = stream("drift")
    plain = stream("inverse")
    assert xs == plain[0]
    assert ys == [y ^ (t // INVERSION % 2) for t, y in enumerate(plain[1])]


def test_noise_is_the_puzzle_with_a_few_labels_flipped_independently_of_the_bits() -> None:
    xs, ys = stream("noise")
    plain = stream("inverse")
    assert xs == plain[0]
    flipped = np.array(ys) != np.array(plain[1])
    assert abs(flipped.mean() - FLIPPED) < 4 * np.sqrt(FLIPPED / LENGTH)
    ones = np.array(xs) == 1
    assert abs(flipped[ones].mean() - flipped[~ones].mean()) < 0.01


@pytest.mark.parametrize("name", TASKS)
def test_the_share_of_ones_is_what_it_is_said_to_be(name: str) -> None:
    xs, _ = stream(name)
    expected = 0.5 if TASKS[name].from_target else TASKS[name].probability
    assert abs(np.mean(xs) - expected) < 4 * 0.5 / np.sqrt(LENGTH)


@pytest.mark.parametrize("name", TASKS)
def test_any_place_of_a_task_is_reached_at_once(name: str) -> None:
    source = TaskSource(name, 1)
    whole = source.read(0, LENGTH)
    for first, count in ((0, 1), (63, 70), (4_090, 10), (8_191, 2), (5_000, 4_000)):
        part = source.read(first, count)
        assert np.array_equal(part.inputs, whole.inputs[first : first + count])
        assert np.array_equal(part.targets, whole.targets[first : first + count])


def test_tasks_and_seeds_are_logs_of_their_own() -> None:
    epochs = {TaskSource(name, seed).epoch for name in TASKS for seed in range(3)}
    assert len(epochs) == 3 * len(TASKS)


def test_an_unknown_task_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match="parity"):
        TaskSource("party")
