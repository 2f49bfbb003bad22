"""The batch system: its parameters, its losses, and the published ones to the letter."""

import numpy as np
import pytest
import torch

from streamer.replication.answer_batch import answer
from streamer.replication.published import ANSWER_BATCH, BATCH_LOSS, BATCH_VAL_LOSS
from streamer.replication.sequences import SequenceModel
from streamer.replication.system import silent


@pytest.mark.parametrize(("units", "parameters"), [(2, 30 + 3), (8, 264 + 9)])
def test_it_has_the_parameters_of_the_original(units: int, parameters: int) -> None:
    assert sum(value.numel() for value in SequenceModel([0], units=units).parameters()) == parameters


def test_after_ten_epochs_the_losses_are_those_of_keras() -> None:
    history = answer([0, 1, 2], 10_000, 10, silent, units=2)
    low, high = ANSWER_BATCH["rerun"]["units_2"]["loss_after_10"]
    assert (history.loss[:, -1] > low - 0.05).all()
    assert (history.loss[:, -1] < high + 0.05).all()
    assert (np.diff(history.val_loss, axis=1) < 0).all()


def test_the_state_starts_at_zero_in_each_sequence() -> None:
    model = SequenceModel([0], units=2)
    xs = torch.randint(0, 2, (1, 4, 6)).float()
    torch.testing.assert_close(model(xs)[:, 2:3], model(xs[:, 2:3]))


def test_each_output_depends_on_the_past_only() -> None:
    model = SequenceModel([0], units=2)
    xs = torch.zeros(1, 1, 6)
    changed = xs.clone()
    changed[0, 0, 3] = 1
    same = (model(xs) == model(changed))[0, 0]
    assert same.tolist() == [True, True, True, False, False, False]


def test_the_published_losses_are_kept_to_the_letter() -> None:
    assert (
        str(BATCH_LOSS)
        == "[1.137, 0.97, 0.832, 0.718, 0.625, 0.546, 0.479, 0.422, 0.372, 0.329, "
        + "0.026, 0.023, 0.021, 0.019, 0.017, 0.016, 0.014, 0.013, 0.011, 0.01]"
    )
    assert (
        str(BATCH_VAL_LOSS)
        == "[1.041, 0.891, 0.767, 0.665, 0.58, 0.508, 0.447, 0.394, 0.348, 0.307, "
        + "0.024, 0.022, 0.02, 0.018, 0.016, 0.015, 0.013, 0.012, 0.011, 0.009]"
    )
