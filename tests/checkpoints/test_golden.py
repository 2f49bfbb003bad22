"""Every format that was ever released is read for ever: one file of each lies in `golden/`."""

import json
from typing import Any

import pytest

from streamer.checkpoints.format import FORMAT, dump, format_of, parse
from streamer.checkpoints.migrations import MIGRATIONS
from streamer.sources.bits import BitSource
from tests.checkpoints.golden_file import FOLDER, SAMPLES, checkpoint, streams

EPOCH = BitSource(seed=1).epoch
FORMATS = range(1, FORMAT + 1)

# written down when each was first made
OF_ROWS_AS_THEY_ARE = "d7a27200c1f6563ab96ee4fa4889bbfb3f9b583a0d8f0d19d97d9632a2f30f95"
OF_STANDARDISED_ROWS = "09860cd6044bca6b60592c971788371ca4b9471087759221e25654d6e408d546"

each_format = pytest.mark.parametrize("version", FORMATS)


def file_of(version: int) -> bytes:
    return (FOLDER / f"{version}.ckpt").read_bytes()


def test_there_is_a_file_of_each_format_and_a_way_from_each_but_the_last() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.ckpt")) == [f"{version}.ckpt" for version in FORMATS]
    assert sorted(MIGRATIONS) == list(FORMATS)[:-1]


@each_format
def test_its_facts_are_read(version: int) -> None:
    found = parse(file_of(version))
    assert format_of(file_of(version)) == version
    assert (found.stream, found.serial, found.engine, found.written_at) == ("golden", 3, "fused", 1e9)
    assert (found.positions, found.frozen) == ({EPOCH: SAMPLES}, False)
    assert found.structure["learner.hidden"] == 4
    assert found.structure["scores.fading"] == 0.99
    assert ("numpy" in found.build) is (version >= 2)


@each_format
def test_its_arrays_are_the_bits_that_were_written(version: int) -> None:
    found, restored = parse(file_of(version)), streams()
    stream = restored.restore((found,))
    assert stream.state_hash() == (OF_ROWS_AS_THEY_ARE if version < 3 else OF_STANDARDISED_ROWS)
    assert (stream.deliveries[EPOCH].first, stream.deliveries[EPOCH].end) == (0, SAMPLES)


@each_format
def test_a_stream_goes_on_from_it_and_is_written_in_the_newest_format(version: int) -> None:
    restored = streams()
    stream = restored.restore((parse(file_of(version)),))
    source = BitSource(seed=1)
    stream.accept(EPOCH, source.read(SAMPLES, 40), 0.0)
    stream.learn(40)
    again = dump(stream.checkpoint(restored.structure, restored.build, 1e9))
    assert format_of(again) == FORMAT
    assert parse(again).positions == {EPOCH: 100}


def test_the_newest_format_is_written_as_it_was_when_it_was_released() -> None:
    def document(data: bytes) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(data.split(b"\n")[1])
        return {**found, "build": sorted(found["build"])}

    assert document(dump(checkpoint())) == document(file_of(FORMAT))
