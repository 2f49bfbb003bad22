import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streamer.samples import Block
from streamer.wire.cursor import admit

numbers = st.integers(0, 30)


def block_of(first: int, length: int) -> Block:
    """Samples that hold their own numbers, so that a mix-up is seen."""
    own = np.arange(first, first + length, dtype=np.float32)
    return Block(first, own[:, None], own)


@given(expected=numbers, first=numbers, length=st.integers(0, 12))
def test_each_sample_is_a_duplicate_or_fresh_or_comes_after_a_gap(expected: int, first: int, length: int) -> None:
    admission = admit(expected, block_of(first, length))
    held = range(first, first + length)
    if first > expected:
        assert (admission.duplicates, len(admission.fresh)) == (0, 0)
        assert admission.missing == len(range(expected, first))
    else:
        assert admission.duplicates == len([number for number in held if number < expected])
        assert admission.fresh.targets.tolist() == [number for number in held if number >= expected]
        assert admission.missing == 0


@given(expected=numbers, first=numbers, length=st.integers(0, 12))
def test_what_is_fresh_begins_at_the_expected_number_and_nowhere_else(expected: int, first: int, length: int) -> None:
    fresh = admit(expected, block_of(first, length)).fresh
    if len(fresh):
        assert fresh.first == expected
        assert fresh.inputs[0, 0] == expected


@given(blocks=st.lists(st.tuples(numbers, st.integers(1, 12)), max_size=40))
def test_whatever_arrives_each_number_is_taken_once_and_in_order(blocks: list[tuple[int, int]]) -> None:
    taken: list[float] = []
    for first, length in blocks:
        admission = admit(len(taken), block_of(first, length))
        taken += admission.fresh.targets.tolist()
    assert taken == list(range(len(taken)))


@given(blocks=st.lists(st.tuples(numbers, st.integers(1, 12)), max_size=40))
def test_a_log_sent_again_after_any_disorder_is_completed(blocks: list[tuple[int, int]]) -> None:
    cursor = 0
    for first, length in [*blocks, (0, 50)]:
        cursor += len(admit(cursor, block_of(first, length)).fresh)
    assert cursor == 50
