"""What holds of every source, whatever it reads from."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.columns import PLAIN
from streamer.samples import Block
from streamer.sources.arrays import ArraySource
from streamer.sources.bits import BitSource
from streamer.sources.source import Source
from streamer.sources.tables.mapping import Mapping
from streamer.sources.tables.source import TableSource
from streamer.sources.tasks import TASKS, TaskSource
from streamer.wire.frames import decode, encode, encode_block
from streamer.wire.messages import NO_SESSION, Hello

DATA = Path(__file__).parents[1] / "data"

SOURCES: dict[str, Source] = {
    "a table of numbers": TableSource(str(DATA / "doors.csv"), Mapping(target="open")),
    "a table of all kinds": TableSource(
        str(DATA / "shops.csv"), Mapping(target="price", ignore=("id",), time="when", forecast=(1, 24))
    ),
    "objects": TableSource(str(DATA / "events.jsonl"), Mapping(target="next")),
    **{f"task {name}": TaskSource(name, seed=4) for name in TASKS},
    "bits": BitSource(seed=1),
    "bits, the very bit": BitSource(seed=1, lag=0),
    "bits, long ago": BitSource(seed=2, probability=0.5, lag=30),
    "arrays": ArraySource(np.arange(120).reshape(40, 3), [0, 1, float("nan"), 1] * 10),
    "arrays of one sample": ArraySource([[0.5]], [1]),
}

each_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
places, counts = st.integers(0, 60), st.integers(0, 60)


def content(block: Block) -> tuple[bytes, bytes]:
    return block.inputs.tobytes(), block.targets.tobytes()


@each_source
@given(first=places, count=counts)
def test_a_range_is_as_long_as_asked_for_or_ends_where_the_source_does(source: Source, first: int, count: int) -> None:
    block = source.read(first, count)
    end = first + count if source.length is None else min(first + count, source.length)
    assert len(block) == max(0, end - first)
    assert block.inputs.shape == (len(block), source.inputs)
    assert {str(block.inputs.dtype), str(block.targets.dtype)} == {"float32"}
    if len(block):
        assert block.first == first


@each_source
@given(first=places, count=counts)
def test_a_range_read_again_is_the_same(source: Source, first: int, count: int) -> None:
    once = content(source.read(first, count))
    source.read(0, 10)
    assert content(source.read(first, count)) == once


@each_source
@given(first=places, count=counts, offset=places, length=counts)
def test_a_slice_of_a_range_is_the_range_of_the_slice(
    source: Source, first: int, count: int, offset: int, length: int
) -> None:
    whole = source.read(first, count)
    part = source.read(first + min(offset, count), min(length, max(0, count - offset)))
    assert content(part) == content(whole.since(first + offset).head(length))


@each_source
def test_the_epoch_is_stable_and_made_of_16_to_64_hex_digits(source: Source) -> None:
    before = source.epoch
    source.read(0, 20)
    assert source.epoch == before
    assert re.fullmatch(r"[0-9a-f]{16,64}", before)


@each_source
def test_the_wire_carries_what_a_source_says_of_itself_and_its_samples(source: Source) -> None:
    schema = getattr(source, "schema", PLAIN)
    hello = Hello(NO_SESSION, "s", source.inputs, source.epoch, 0, source.length or 2**62, 0, 9, False, 0, schema)
    assert decode(encode(hello))[0] == hello
    decode(encode_block(1, source.read(0, 5)))


def test_sources_that_differ_have_epochs_that_differ() -> None:
    assert len({source.epoch for source in SOURCES.values()}) == len(SOURCES)
