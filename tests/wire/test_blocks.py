"""DATA with labels among its samples."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.errors import FrameError
from streamer.samples import A_SAMPLE, Block
from streamer.wire.blocks import block_of, payload_bytes
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import Data


def reason_of(message: Data, payload: bytes) -> str:
    with pytest.raises(FrameError) as caught:
        decode(encode(message, payload))
    return caught.value.reason


@given(
    first=st.integers(1, 2**40),
    inputs=st.integers(1, 5),
    labels=st.lists(st.booleans(), min_size=1, max_size=30),
    seed=st.integers(0, 2**32),
)
def test_a_block_of_samples_and_labels_comes_back_bit_for_bit(
    first: int, inputs: int, labels: list[bool], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 2**32, (len(labels), inputs + 1), np.uint32).view(np.float32)
    of = np.where(labels, rng.integers(0, first, len(labels)), A_SAMPLE)
    xs = np.where(np.array(labels)[:, None], np.float32(0), rows[:, :-1])
    message, payload = decode(encode_block(7, Block(first, xs, rows[:, -1], of)))
    assert isinstance(message, Data)
    assert len(payload) <= payload_bytes(len(labels), inputs)
    block = block_of(message, payload)
    assert block.first == first
    assert (block.inputs.tobytes(), block.targets.tobytes()) == (xs.tobytes(), rows[:, -1].tobytes())
    assert (block.of is not None) == any(labels)
    assert block.of is None or block.of.tolist() == of.tolist()


def test_samples_come_first_and_each_label_says_where_it_stands() -> None:
    block = Block(9, np.array([[1], [0], [2]], np.float32), np.array([0.5, 1, 0.25], np.float32), np.array([-1, 4, -1]))
    message, payload = decode(encode_block(7, block))
    assert message == Data(7, 9, 3, 1, 1)
    assert payload == struct.pack("<4f", 1, 0.5, 2, 0.25) + struct.pack("<IfQ", 1, 1, 4)


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ([(3, 1, 0)], "its position is not in the block"),
        ([(1, 1, 0), (1, 1, 0)], "two labels stand in one place"),
        ([(2, 1, 0), (1, 1, 0)], "positions do not grow"),
        ([(1, 1, 11)], "it labels itself"),
        ([(1, 1, 12)], "it labels a later sample"),
        ([(1, 1, 2**64 - 1)], "it labels a number that cannot be"),
    ],
)
def test_labels_that_cannot_be_are_refused(labels: list[tuple[int, float, int]], why: str) -> None:
    rows = bytes(8 * (3 - len(labels)))
    payload = rows + b"".join(struct.pack("<IfQ", *label) for label in labels)
    assert reason_of(Data(7, 10, 3, 1, len(labels)), payload) == "labels", why


def test_more_labels_than_events_are_refused() -> None:
    assert reason_of(Data(7, 10, 1, 1, 2), bytes(32)) == "labels"


@pytest.mark.parametrize("length", [0, 8, 16, 23, 25, 32, 40])
def test_a_payload_of_another_length_than_samples_and_labels_need_is_refused(length: int) -> None:
    assert reason_of(Data(7, 10, 2, 1, 1), bytes(length)) == "payload"


def test_the_label_of_the_event_before_is_the_nearest_that_can_be() -> None:
    payload = bytes(8) + struct.pack("<IfQ", 1, 1, 10)
    message, _ = decode(encode(Data(7, 10, 2, 1, 1), payload))
    assert isinstance(message, Data)
    of = block_of(message, payload).of
    assert of is not None
    assert of.tolist() == [A_SAMPLE, 10]
