"""The format of a segment: what was written is read, a torn end is found, damage is never read as events."""

import random
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.errors import CorruptError, IncompatibleError
from streamer.samples import A_SAMPLE, Block
from streamer.spool.segment import Identity, encode_line, encode_record, parse, record_bytes
from tests.spool.events import block_of, same

IDENTITY = Identity("sensor-1", "00c0ffee" * 4, 2)
FIRST = 7
SIZES = (3, 1, 4)
TOTAL = sum(SIZES)


def segment(*, durable: int | None = None) -> tuple[bytes, list[int]]:
    """A segment of three records, and where each begins and the last one ends.

    Each was synced before the next was written, or, with `durable`, only those below that number.
    """
    data, number, ends = encode_line(IDENTITY, FIRST), FIRST, []
    for size in SIZES:
        ends.append(len(data))
        data += encode_record(block_of(number, size), number if durable is None else durable)
        number += size
    return data, [*ends, len(data)]


@st.composite
def segments(draw: st.DrawFn) -> tuple[Identity, list[Block]]:
    identity = Identity(
        draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)), "0" * 16, draw(st.integers(1, 64))
    )
    first, blocks = draw(st.integers(0, 2**60)), []
    floats = st.floats(width=32, allow_infinity=False)
    for _ in range(draw(st.integers(0, 4))):
        rows = draw(st.lists(st.tuples(floats, floats, st.integers(A_SAMPLE, 2**60)), min_size=1, max_size=5))
        xs = np.array([[row[0]] * identity.inputs for row in rows], np.float32)
        of = np.array([row[2] for row in rows], np.int64) if draw(st.booleans()) else None
        blocks.append(Block(first, xs, np.array([row[1] for row in rows], np.float32), of))
        first += len(rows)
    return identity, blocks


@given(segments())
def test_what_was_written_is_read(written: tuple[Identity, list[Block]]) -> None:
    identity, blocks = written
    first = blocks[0].first if blocks else 3
    found = parse(encode_line(identity, first) + b"".join(encode_record(block, first) for block in blocks))
    assert found.identity == identity
    assert (found.events.first, len(found.events)) == (first, sum(map(len, blocks)))
    for block in blocks:
        assert same(found.events.since(block.first).head(len(block)), block)


def test_the_format_is_what_the_first_release_wrote() -> None:
    data = encode_line(Identity("s", "0123456789abcdef", 1), 5)
    data += encode_record(Block(5, np.array([[0.5]], np.float32), np.array([1], np.float32)), 5)
    data += encode_record(Block(6, np.zeros((1, 1), np.float32), np.ones(1, np.float32), np.array([5])), 6)
    records = (
        "65767473e5ba85710500000000000000050000000000000001000000000000000000003f0000803f",
        "65767473991df54e060000000000000006000000000000000100000001000000000000000000803f0500000000000000",
    )
    assert data == b"streamer-spool 1 s 0123456789abcdef 1 5 35c2e3bf\n" + bytes.fromhex("".join(records))


def test_of_every_beginning_of_a_segment_the_whole_records_are_read_and_nothing_torn() -> None:
    data, ends = segment(durable=FIRST)
    for length in range(ends[0], len(data) + 1):
        whole = sum(end <= length for end in ends[1:])
        assert same(parse(data[:length]).events, block_of(FIRST, sum(SIZES[:whole]))), length
    for length in range(ends[0]):
        with pytest.raises(CorruptError):
            parse(data[:length])


@pytest.mark.parametrize("tail", [b"evts", b"evtsevts" * 9, bytes(100), random.Random(0).randbytes(200)])
def test_whatever_stands_behind_the_records_is_no_event(tail: bytes) -> None:
    data, _ = segment()
    assert same(parse(data + tail).events, block_of(FIRST, TOTAL))


def test_a_record_that_was_lost_before_it_was_safe_ends_the_segment_though_later_ones_are_whole() -> None:
    data, ends = segment(durable=FIRST + SIZES[0])
    torn = data[: ends[1]] + bytes(ends[2] - ends[1]) + data[ends[2] :]
    assert same(parse(torn).events, block_of(FIRST, SIZES[0]))


def test_every_bit_flipped_is_told_as_damage_or_if_nothing_is_behind_it_ends_the_segment() -> None:
    data, ends = segment()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        if bit // 8 < ends[-2]:
            with pytest.raises(CorruptError):
                parse(bytes(flipped))
        else:
            assert same(parse(bytes(flipped)).events, block_of(FIRST, sum(SIZES[:-1]))), bit


def test_records_cut_out_are_told_as_damage_if_they_were_safe() -> None:
    data, ends = segment()
    with pytest.raises(CorruptError):
        parse(data[: ends[1]] + data[ends[2] :])


@pytest.mark.parametrize("data", [b"", b"\n", b"hello\n", bytes(300), b"x" * 300 + b"\n"])
def test_what_is_no_segment_is_told(data: bytes) -> None:
    with pytest.raises(CorruptError, match="not a segment"):
        parse(data)


def test_a_segment_of_another_format_is_not_taken_for_damaged() -> None:
    line = encode_line(IDENTITY, 0)[:-9].replace(b"spool 1", b"spool 2")
    with pytest.raises(IncompatibleError, match="another format") as caught:
        parse(line + b"%08x\n" % zlib.crc32(line))
    assert caught.value.got == "2"


def test_an_event_takes_no_more_than_is_said() -> None:
    label = Block(0, np.zeros((1, 3), np.float32), np.ones(1, np.float32), np.array([0]))
    assert len(encode_record(label, 0)) == record_bytes(3)
