import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.samples import A_SAMPLE, Block, joined


def block_of(first: int, length: int, inputs: int = 2, labels: bool = True) -> Block:
    rows = np.arange(length * (inputs + 1), dtype=np.float32).reshape(length, inputs + 1)
    of = np.arange(first, first + length) % 3 - 2 if labels else None
    return Block(first, rows[:, :-1], rows[:, -1], None if of is None else np.where(of < 0, A_SAMPLE, of))


def events(block: Block) -> list[tuple[int, list[float], float, int]]:
    of = [A_SAMPLE] * len(block) if block.of is None else block.of.tolist()
    return list(zip(range(block.first, block.end), block.inputs.tolist(), block.targets.tolist(), of, strict=True))


@given(first=st.integers(0, 50), length=st.integers(0, 12), number=st.integers(0, 80))
def test_since_keeps_exactly_the_samples_numbered_at_least_so(first: int, length: int, number: int) -> None:
    block = block_of(first, length)
    kept = block.since(number)
    assert events(kept) == [event for event in events(block) if event[0] >= number]
    assert kept.end == block.end


@given(first=st.integers(0, 50), length=st.integers(0, 12), count=st.integers(0, 20))
def test_head_keeps_exactly_the_first_samples(first: int, length: int, count: int) -> None:
    block = block_of(first, length)
    kept = block.head(count)
    assert events(kept) == events(block)[:count]
    assert kept.first == first


@given(length=st.integers(0, 12), cut=st.integers(0, 12))
def test_head_and_since_together_are_the_whole(length: int, cut: int) -> None:
    block = block_of(5, length)
    parts = [*events(block.head(cut)), *events(block.since(5 + cut))]
    assert parts == events(block)
    assert events(joined([block.head(cut), block.since(5 + cut)])) == events(block)


def test_cutting_copies_nothing() -> None:
    block = block_of(0, 8)
    assert np.shares_memory(block.since(3).inputs, block.inputs)
    assert np.shares_memory(block.head(3).targets, block.targets)


def test_the_end_is_the_number_after_the_last_sample() -> None:
    assert block_of(7, 3).end == 10
    assert block_of(7, 0).end == 7


@given(length=st.integers(0, 12))
def test_runs_are_all_samples_or_all_labels_and_together_the_whole(length: int) -> None:
    block = block_of(5, length)
    runs = block.runs()
    assert [event for run in runs for event in events(run)] == events(block)
    assert all(len(set(run.labels().tolist())) <= 1 for run in runs)
    assert len(block_of(5, length, labels=False).runs()) == 1


def test_samples_joined_to_labels_stay_samples() -> None:
    samples, labels = block_of(0, 3, labels=False), Block(3, *labels_of([0, 2]))
    assert events(joined([samples, labels])) == [*events(samples), *events(labels)]
    assert joined([samples.head(1), samples.since(1)]).of is None


def labels_of(numbers: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.zeros((len(numbers), 2), np.float32), np.ones(len(numbers), np.float32), np.array(numbers)


def test_a_copy_shares_nothing() -> None:
    block = block_of(0, 4)
    copy = block.copy()
    assert events(copy) == events(block)
    assert not np.shares_memory(copy.inputs, block.inputs)
    assert copy.of is not None
    assert block.of is not None
    assert not np.shares_memory(copy.of, block.of)


def test_numbers_of_labelled_samples_that_do_not_fit_the_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="`of`"):
        Block(0, np.zeros((2, 1), np.float32), np.zeros(2, np.float32), np.zeros(3, np.int64))


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
