"""Tasks whose target is the stream itself later: what is learned of which sample, and that it is learned at all."""

import numpy as np
import pytest

from streamer.columns import Column, Schema
from streamer.config.learner import LearnerSettings
from streamer.learning.ahead import Ahead
from streamer.learning.learner import Learner
from streamer.samples import Floats


def test_a_sample_has_its_targets_when_the_farthest_has_come() -> None:
    ahead = Ahead((1, 3))
    taken = [ahead.take(float(value)) for value in range(5)]
    assert [None if one is None else one.tolist() for one in taken] == [None, None, None, [1.0, 3.0], [2.0, 4.0]]


def test_the_values_go_on_from_their_arrays() -> None:
    ahead, other = Ahead((2,)), Ahead((2,))
    ahead.take(4.0)
    ahead.take(5.0)
    other.load(ahead.export())
    for one in (ahead, other):
        targets = one.take(6.0)
        assert targets is not None
        assert targets.tolist() == [6.0]


def predicted(task: str, xs: Floats, schema: Schema) -> Floats:
    settings = LearnerSettings.model_validate({"task": task, "scaling": "standard", "hidden": 8, "classes": 4})
    return Learner(settings, schema=schema).step_many(xs, np.full(len(xs), np.nan, np.float32))


def test_the_next_symbol_of_a_cycle_is_foretold() -> None:
    xs = np.tile(np.array([3, 1, 2, 1], np.float32), 200)[:, None]  # after a 1 only the past tells what comes
    rows = predicted("next", xs, Schema((Column("symbol", "category"),)))
    found = np.array([1, 2, 3], np.float32)  # the places, in the order in which they became targets
    right = found[rows[:-1].argmax(axis=1).clip(max=2)] == xs[1:, 0]
    assert right[-200:].mean() == 1


def test_a_wave_is_foretold_three_steps_ahead_better_than_by_its_value_now() -> None:
    wave = np.sin(np.arange(3000) / 5).astype(np.float32)
    rows = predicted("forecast", wave[:, None], Schema((Column("level"),), horizons=(3,)))
    error, standing_still = (np.abs(guess[1500:-3] - wave[1503:]).mean() for guess in (rows[:, 0], wave))
    assert error < standing_still / 3


@pytest.mark.parametrize("gap", [10, 200])
def test_a_value_that_is_missing_ends_neither_task(gap: int) -> None:
    wave = np.sin(np.arange(400) / 5).astype(np.float32)
    wave[gap : gap + 5] = np.nan
    rows = predicted("forecast", wave[:, None], Schema((Column("level"),), horizons=(1, 2)))
    assert np.isfinite(rows).all()
