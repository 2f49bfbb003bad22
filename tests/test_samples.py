import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.samples import Block, Sample


def block_of(first: int, length: int, inputs: int = 2) -> Block:
    rows = np.arange(length * (inputs + 1), dtype=np.float32).reshape(length, inputs + 1)
    return Block(first, rows[:, :-1], rows[:, -1])


@given(first=st.integers(0, 50), length=st.integers(0, 12), number=st.integers(0, 80))
def test_since_keeps_exactly_the_samples_numbered_at_least_so(first: int, length: int, number: int) -> None:
    block = block_of(first, length)
    kept = block.since(number)
    assert list(kept.samples()) == [sample for sample in block.samples() if sample.number >= number]
    assert kept.end == block.end


@given(first=st.integers(0, 50), length=st.integers(0, 12), count=st.integers(0, 20))
def test_head_keeps_exactly_the_first_samples(first: int, length: int, count: int) -> None:
    block = block_of(first, length)
    kept = block.head(count)
    assert list(kept.samples()) == list(block.samples())[:count]
    assert kept.first == first


@given(length=st.integers(0, 12), cut=st.integers(0, 12))
def test_head_and_since_together_are_the_whole(length: int, cut: int) -> None:
    block = block_of(5, length)
    parts = [*block.head(cut).samples(), *block.since(5 + cut).samples()]
    assert parts == list(block.samples())


def test_cutting_copies_nothing() -> None:
    block = block_of(0, 8)
    assert np.shares_memory(block.since(3).inputs, block.inputs)
    assert np.shares_memory(block.head(3).targets, block.targets)


def test_the_end_is_the_number_after_the_last_sample() -> None:
    assert block_of(7, 3).end == 10
    assert block_of(7, 0).end == 7


def test_a_target_of_nan_is_a_sample_without_a_label() -> None:
    block = Block(4, np.array([[0.5], [0.25]], np.float32), np.array([np.nan, 1], np.float32))
    assert list(block.samples()) == [Sample(4, (0.5,), None), Sample(5, (0.25,), 1.0)]


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [((3,), (3,)), ((3, 1), (2,)), ((3, 1), (3, 1)), ((3, 1, 1), (3,)), ((1, 3), (3,))],
)
def test_inputs_and_targets_that_do_not_fit_together_are_refused_with_both_shapes(
    inputs: tuple[int, ...], targets: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match=r"\(T, I\)") as caught:
        Block(0, np.zeros(inputs, np.float32), np.zeros(targets, np.float32))
    assert str(inputs) in str(caught.value)
    assert str(targets) in str(caught.value)
