import math
from typing import Any

import numpy as np
import pytest

from streamer.errors import SampleError
from streamer.sources.arrays import ArraySource


def test_arrays_come_out_as_they_were_put_in() -> None:
    source = ArraySource([[0.5, 1.0], [0.25, 2.0], [0.0, 3.0]], [1.0, math.nan, 0.0])
    block = source.read(0, 3)
    assert (source.inputs, source.length) == (2, 3)
    assert block.inputs.tolist() == [[0.5, 1], [0.25, 2], [0, 3]]
    assert repr(block.targets.tolist()) == "[1.0, nan, 0.0]"


def test_arrays_changed_afterwards_do_not_change_the_source() -> None:
    xs, ys = np.zeros((3, 1), np.float32), np.zeros(3, np.float32)
    source = ArraySource(xs, ys)
    xs[:], ys[:] = 1, 1
    assert source.read(0, 3).inputs.sum() + source.read(0, 3).targets.sum() == 0


def test_the_epoch_follows_the_numbers() -> None:
    base = ArraySource([[0.0], [1.0]], [0, 1]).epoch
    assert ArraySource(np.array([[0], [1]], np.float64), (0.0, 1.0)).epoch == base
    others = [
        ArraySource([[0.0], [2.0]], [0, 1]),
        ArraySource([[0.0], [1.0]], [0, 0]),
        ArraySource([[0.0], [1.0]], [0, math.nan]),
        ArraySource([[0.0]], [0]),
        ArraySource([[1.0], [0.0]], [0, 1]),
    ]
    assert len({base, *(source.epoch for source in others)}) == 6


@pytest.mark.parametrize(
    ("xs", "ys"),
    [([0.5, 0.25], [1, 0]), ([[0.5], [0.25]], [1]), ([[0.5]], [[1]]), ([[[0.5]]], [1]), (0.5, 1)],
)
def test_arrays_that_do_not_fit_together_are_refused_with_both_shapes(xs: Any, ys: Any) -> None:
    with pytest.raises(SampleError) as caught:
        ArraySource(xs, ys)
    assert caught.value.reason == "shape"
    assert f"{np.shape(xs)} and {np.shape(ys)}" in str(caught.value)


def test_arrays_without_samples_are_a_source_that_has_ended() -> None:
    source = ArraySource(np.zeros((0, 3)), [])
    assert (source.inputs, source.length, len(source.read(0, 10))) == (3, 0, 0)


def test_other_shapes_of_the_same_numbers_are_another_log() -> None:
    assert ArraySource([[1], [2]], [1, 0]).epoch != ArraySource([[1, 2, 1]], [0]).epoch


def test_a_reader_cannot_alter_the_log() -> None:
    block = ArraySource([[1.0]], [1]).read(0, 1)
    with pytest.raises(ValueError, match="read-only"):
        block.inputs[0] = 2
