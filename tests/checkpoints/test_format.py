import hashlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from streamer.checkpoints.checkpoint import Checkpoint
from streamer.checkpoints.format import FORMAT, dump, parse
from streamer.errors import CorruptError, IncompatibleError, StreamerError
from streamer.samples import Arrays

SMALL = Checkpoint(
    stream="s-1",
    serial=7,
    structure={"inputs": 1, "fading": 0.999, "cell": "gru", "bias": True, "none": None},
    positions={"b" * 16: 5, "a" * 16: 3},
    engine="reference",
    written_at=1e9,
    arrays={"learner.W": np.array([[0.5, -0.0], [math.nan, math.inf]], np.float32), "scores.count": np.array(3)},
    frozen=True,
    build={"numpy": "2.0", "cpu": "x86-64-v3"},
)

numbers = npst.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
names = st.text(min_size=1, max_size=12).filter(lambda name: name != "__metadata__")


def bits(arrays: Arrays) -> dict[str, tuple[str, tuple[int, ...], bytes]]:
    return {name: (array.dtype.str, array.shape, array.tobytes()) for name, array in arrays.items()}


def fields(checkpoint: Checkpoint) -> tuple[object, ...]:
    one = checkpoint
    positions = list(one.positions.items())
    made = (one.engine, one.written_at, one.frozen, one.build)
    return (one.stream, one.serial, one.structure, positions, made, bits(one.arrays))


def outcome(data: bytes) -> type[StreamerError] | None:
    try:
        parse(data)
    except (CorruptError, IncompatibleError) as error:
        return type(error)
    return None


def flipped(data: bytes, bit: int) -> bytes:
    damaged = bytearray(data)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def test_a_checkpoint_comes_back_bit_for_bit_with_its_epochs_in_order() -> None:
    assert fields(parse(dump(SMALL))) == fields(SMALL)


@given(
    stream=st.text(max_size=20),
    serial=st.integers(0, 2**63 - 1),
    positions=st.dictionaries(st.text(max_size=20), st.integers(0, 2**62), max_size=4),
    written_at=st.floats(0, 1e12),
    arrays=st.dictionaries(names, numbers, max_size=4),
)
def test_any_checkpoint_comes_back_bit_for_bit(
    stream: str, serial: int, positions: dict[str, int], written_at: float, arrays: Arrays
) -> None:
    checkpoint = Checkpoint(stream, serial, {"hidden": 3}, positions, "fused", written_at, arrays)
    assert fields(parse(dump(checkpoint))) == fields(checkpoint)


def test_what_comes_back_is_a_copy_that_can_be_learned_on() -> None:
    arrays = parse(dump(SMALL)).arrays
    arrays["learner.W"][0, 0] = 7
    assert SMALL.arrays["learner.W"][0, 0] == 0.5


def test_any_one_bit_flipped_is_found() -> None:
    data = dump(SMALL)
    version = data.index(b" ") + 1
    for bit in set(range(8 * len(data))) - set(range(8 * version, 8 * version + 8)):
        assert outcome(flipped(data, bit)) is CorruptError, bit


def of_format(version: bytes) -> bytes:
    """What another release would write."""
    body = dump(SMALL).split(b"\n", 1)[1]
    digest = hashlib.sha256(version + b"\n" + body).hexdigest().encode()
    return b"streamer-checkpoint %s %s\n%s" % (version, digest, body)


def test_a_version_with_one_bit_flipped_is_corrupt() -> None:
    data = dump(SMALL)
    version = data.index(b" ") + 1
    assert {outcome(flipped(data, 8 * version + bit)) for bit in range(8)} == {CorruptError}


@pytest.mark.parametrize("view", [lambda a: a.T, lambda a: a[:, ::2], lambda a: a[::-1, 0]])
def test_an_array_that_is_a_view_of_another_is_stored_as_what_it_shows(view: Any) -> None:
    array = view(np.arange(12, dtype=np.float32).reshape(3, 4))
    stored = parse(dump(Checkpoint("s", 1, {}, {}, "r", 0.0, {"t": array}))).arrays["t"]
    assert np.array_equal(stored, array)


def test_a_file_cut_short_anywhere_is_corrupt() -> None:
    data = dump(SMALL)
    assert {outcome(data[:length]) for length in range(len(data))} == {CorruptError}


@pytest.mark.parametrize("more", [b"\0", b"\n", b"streamer-checkpoint 1 "])
def test_bytes_after_the_end_are_corrupt(more: bytes) -> None:
    assert outcome(dump(SMALL) + more) is CorruptError


@pytest.mark.parametrize("data", [b"", b"\n", b"\x80\x04K\x01.", b"{}\n", bytes(100), b"streamer-checkpoint 1\n"])
def test_a_file_of_something_else_is_corrupt_and_the_message_shows_how_it_begins(data: bytes) -> None:
    with pytest.raises(CorruptError) as caught:
        parse(data)
    assert "not a checkpoint" in str(caught.value)


@pytest.mark.parametrize("version", [b"0", b"4", b"02", b"two"])
def test_a_whole_file_of_another_format_is_not_thrown_away(version: bytes) -> None:
    with pytest.raises(IncompatibleError) as caught:
        parse(of_format(version))
    assert (caught.value.got, caught.value.expected) == (version.decode(), f"1 to {FORMAT}")


def test_a_damaged_file_of_another_format_is_corrupt() -> None:
    assert outcome(of_format(b"4")[:-1]) is CorruptError


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"{}\n",
        b"not json\n",
        b"[]\n",
        b'{"stream": 3}\n',
        dump(SMALL).split(b"\n", 1)[1][:-4],
        dump(SMALL).split(b"\n", 2)[1] + b"\nno tensors",
    ],
)
def test_a_body_with_a_right_checksum_and_nonsense_in_it_is_corrupt(body: bytes) -> None:
    digest = hashlib.sha256(b"2\n" + body).hexdigest().encode()
    assert outcome(b"streamer-checkpoint 2 %s\n%s" % (digest, body)) is CorruptError


def test_the_first_two_lines_are_for_people() -> None:
    first, second, _ = dump(SMALL).split(b"\n", 2)
    assert first.startswith(b"streamer-checkpoint 3 ")
    assert b'"stream":"s-1"' in second.replace(b": ", b":")


def sealed(data: bytes, body: bytes) -> bytes:
    """A file with another body under the right checksum: a bug that wrote it, not a disk that lost it."""
    magic, version, _ = data.partition(b"\n")[0].split(b" ")
    return b"%s %s %s\n%s" % (magic, version, hashlib.sha256(version + b"\n" + body).hexdigest().encode(), body)


@pytest.mark.parametrize("body", [b"", b"{}\n", b"no JSON\n", dump(SMALL).split(b"\n")[1], b"\xff\n\0\0"])
def test_a_body_that_cannot_be_read_is_corrupt_though_its_checksum_is_right(body: bytes) -> None:
    with pytest.raises(CorruptError, match="cannot be read"):
        parse(sealed(dump(SMALL), body))


def test_a_document_without_whole_arrays_is_corrupt_though_the_checksum_is_right() -> None:
    with pytest.raises(CorruptError, match="cannot be read"):
        parse(sealed(dump(SMALL), dump(SMALL).partition(b"\n")[2][:-1]))
