"""The vectors, the project's codec and a daemon held together."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from streamer.errors import FrameError
from streamer.wire.blocks import block_of
from streamer.wire.frames import decode, encode, encode_block, predictions_of
from streamer.wire.messages import CLASSES, Data, Kind, Message, Predictions
from tests.service.world import Producer, World
from tests.vectors.make import DIRECTORY, FILES, text_of

Vector = dict[str, Any]
GOOD, BAD = (json.loads((DIRECTORY / name).read_text()) for name in FILES)


def parts_of(vector: Vector) -> list[bytes]:
    return [bytes.fromhex(part) for part in vector["parts"]]


def reason_of(vector: Vector) -> str:
    try:
        message, _ = decode(parts_of(vector))
    except FrameError as error:
        return error.reason
    return f"not refused: {message}"


def named(message: Message) -> tuple[str, dict[str, Any]]:
    """A message's kind and fields as the vectors write them."""
    values = msgspec.to_builtins(message, builtin_types=())
    fields = dict(zip(message.__struct_fields__, json.loads(json.dumps(values)), strict=True))
    return next(Kind(kind).name for kind, cls in CLASSES.items() if cls is type(message)), {
        field: str(value) if type(value) is int and value >= 2**53 else value for field, value in fields.items()
    }


def numbers(values: list[Any]) -> bytes:
    """float32 of JSON values: null is NaN, infinities are text."""
    return np.array([np.nan if value is None else float(value) for value in values], np.float32).tobytes()


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_as_their_descriptions_say(name: str) -> None:
    written = (DIRECTORY / name).read_text()
    assert written == text_of(FILES[name]()), "do this: python -m tests.vectors.make"


def test_each_vector_has_a_name_of_its_own() -> None:
    names = [vector["name"] for vector in GOOD + BAD]
    assert len(set(names)) == len(names)


def test_there_is_a_good_vector_of_every_kind_and_a_bad_one_of_every_field() -> None:
    assert {vector["kind"] for vector in GOOD} == set(Kind.__members__)
    told = " ".join(vector["name"] for vector in BAD)
    missing = [
        f"{Kind(kind).name} whose {field} is"
        for kind, cls in CLASSES.items()
        for field in cls.__struct_fields__
        if f"{Kind(kind).name} whose {field} is" not in told
    ]
    assert not missing


def test_a_good_frame_means_what_its_vector_says() -> None:
    for vector in GOOD:
        message, payload = decode(parts_of(vector))
        assert named(message) == (vector["kind"], vector["fields"]), vector["name"]
        assert ("block" in vector) == isinstance(message, Data)
        assert ("predictions" in vector) == isinstance(message, Predictions)
        if isinstance(message, Data):
            block, meaning = block_of(message, payload), vector["block"]
            assert block.inputs.tobytes() == b"".join(map(numbers, meaning["inputs"])), vector["name"]
            assert block.targets.tobytes() == numbers(meaning["targets"]), vector["name"]
            assert (block.of is None) == (meaning["of"] is None)
            assert block.of is None or block.of.tolist() == [int(number) for number in meaning["of"]]
        elif isinstance(message, Predictions):
            assert predictions_of(message, payload).tobytes() == numbers(vector["predictions"]), vector["name"]
        else:
            assert not payload


def test_a_good_frame_is_written_with_the_same_bytes() -> None:
    for vector in GOOD:
        if vector["canonical"]:
            message, payload = decode(parts_of(vector))
            own = (
                encode_block(message.session, block_of(message, payload))
                if isinstance(message, Data)
                else encode(message, payload)
            )
            assert list(own) == parts_of(vector), vector["name"]


def test_a_bad_frame_is_refused_for_its_reason_and_no_other() -> None:
    assert {vector["name"]: reason_of(vector) for vector in BAD} == {vector["name"]: vector["reason"] for vector in BAD}


def test_every_reason_that_the_codec_has_is_among_the_bad_ones() -> None:
    assert {vector["reason"] for vector in BAD} == {
        "parts", "size", "checksum", "header", "version", "kind", "fields", "payload", "labels",
    }  # fmt: skip


def answers(world: World, connection: Any, vector: Vector) -> list[str]:
    """What a daemon says to a bad frame."""
    connection.send(parts_of(vector))
    world.daemon.turn()
    return [named(decode(parts)[0])[0] for parts in connection.receive(0)]


def test_a_stranger_with_a_bad_frame_is_counted_and_told_only_what_he_can_mend() -> None:
    world = World()
    stranger = world.listener.connect()
    for vector in BAD:
        before = world.loop.reception.refused_frames[vector["reason"]]
        expected = vector["answers"]["stranger"]
        assert answers(world, stranger, vector) == ([expected] if expected else []), vector["name"]
        assert world.loop.reception.refused_frames[vector["reason"]] == before + 1
    assert not list(world.loop.streams)


def test_a_producer_with_a_bad_frame_is_counted_and_asked_again() -> None:
    world = World()
    for vector in BAD:
        producer = Producer(world)
        world.turn(producer)
        producer.send()
        world.daemon.turn()
        producer.receive()
        cursor = producer.feed.learned
        assert answers(world, producer.connection, vector)[:1] == [vector["answers"]["session"]], vector["name"]
        assert producer.feed.learned == cursor
    assert sum(world.loop.reception.refused_frames.values()) == len(BAD)


def test_after_eight_bad_frames_in_a_row_a_session_ends() -> None:
    for vector in BAD[:: len(BAD) // 20]:
        world = World()
        producer = Producer(world)
        world.turn(producer)
        said = [answer for _ in range(8) for answer in answers(world, producer.connection, vector)]
        assert said[-1] == "REFUSED"
        assert not list(world.loop.sessions)
