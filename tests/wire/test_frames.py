import zlib
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.errors import FrameError
from streamer.samples import Block
from streamer.wire.blocks import block_of
from streamer.wire.frames import MAX_FRAME_BYTES, Parts, decode, encode, encode_block
from streamer.wire.messages import (
    CLASSES,
    VERSION,
    Bye,
    Data,
    Flush,
    Hello,
    HelloAgain,
    Kind,
    Message,
    Ping,
    Progress,
    Refused,
    Resend,
    Welcome,
)

session, number, text = st.integers(0, 2**63 - 1), st.integers(0, 2**62), st.text(max_size=30)
stream = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", fullmatch=True)
epoch = st.from_regex(r"[0-9a-f]{16,64}", fullmatch=True)
MESSAGES: dict[Kind, st.SearchStrategy[Message]] = {
    Kind.HELLO: st.builds(
        Hello, session, stream, st.integers(1, 64), epoch, number, number, number, session, st.booleans(), number
    ),
    Kind.WELCOME: st.builds(Welcome, session, number, number, number),
    Kind.PROGRESS: st.builds(Progress, session, number, number, number, number),
    Kind.RESEND: st.builds(Resend, session, number),
    Kind.HELLO_AGAIN: st.builds(HelloAgain, session),
    Kind.REFUSED: st.builds(Refused, session, text, text, st.booleans()),
    Kind.PING: st.builds(Ping, session, number, number),
    Kind.BYE: st.builds(Bye, session),
    Kind.FLUSH: st.builds(Flush, session, number, number),
}
EXAMPLES: list[Message] = [
    Hello(0, "s-1", 2, "0123456789abcdef", 0, 2**62, 0, 9, False, 0),
    Welcome(7, 5, 100, 0),
    Progress(7, 1, 2, 3, 0),
    Resend(7, 9),
    HelloAgain(7),
    Refused(7, "held", "another producer has it", True),
    Ping(7, 0, 0),
    Bye(7),
    Flush(7, 0, 0),
]


def sealed(header: Any, payload: bytes = b"", kind: int | None = None) -> Parts:
    """A frame with a right checksum around whatever a header may hold; with `kind`, around a message's fields."""
    content = msgspec.msgpack.encode([VERSION, kind, header] if kind is not None else header)
    return resealed(len(content).to_bytes(2, "little") + content + payload)


def resealed(content: bytes) -> Parts:
    return (zlib.crc32(content).to_bytes(4, "little") + content,)


def reason_of(parts: Any) -> str:
    with pytest.raises(FrameError) as caught:
        decode(parts)
    return caught.value.reason


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.DATA, Kind.PREDICTIONS)])
@given(data=st.data())
def test_every_message_comes_back_as_it_was_sent(kind: Kind, data: st.DataObject) -> None:
    message = data.draw(MESSAGES[kind])
    assert decode(encode(message)) == (message, b"")


@given(first=number, count=st.integers(1, 40), inputs=st.integers(1, 64), seed=st.integers(0, 2**32), own=session)
def test_every_block_comes_back_with_the_same_bits(first: int, count: int, inputs: int, seed: int, own: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 2**32, (count, inputs + 1), np.uint32).view(np.float32)
    message, payload = decode(encode_block(own, Block(first, rows[:, :-1], rows[:, -1])))
    assert message == Data(own, first, count, inputs)
    assert isinstance(message, Data)
    block = block_of(message, payload)
    assert (block.first, block.inputs.tobytes()) == (first, rows[:, :-1].tobytes())
    assert block.targets.tobytes() == rows[:, -1].tobytes()


def test_numbers_are_little_endian_each_row_its_inputs_and_then_its_target() -> None:
    block = Block(3, np.array([[1, 2], [3, 4]], np.float32), np.array([0.5, np.nan], np.float32))
    (frame,) = encode_block(1, block)
    assert np.frombuffer(frame[-24:], "<f4")[:5].tolist() == [1, 2, 0.5, 3, 4]
    assert int.from_bytes(frame[:4], "little") == zlib.crc32(frame[4:])
    assert int.from_bytes(frame[4:6], "little") == len(frame) - 6 - 24


def test_a_header_is_a_version_a_kind_and_a_message() -> None:
    for message in EXAMPLES:
        version, kind, fields = msgspec.msgpack.decode(encode(message)[0][6:])
        assert (version, CLASSES[kind]) == (1, type(message))
        assert fields[0] == message.session


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda message: type(message).__name__)
def test_a_message_with_more_fields_at_its_end_is_accepted_for_a_newer_side_may_add_some(message: Message) -> None:
    fields = [*msgspec.structs.astuple(message), "new", {"more": [1, 2]}]
    assert decode(sealed(fields, kind=kind_of(message))) == (message, b"")


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda message: type(message).__name__)
def test_a_message_with_a_field_too_few_or_of_the_wrong_type_is_refused(message: Message) -> None:
    fields = [*msgspec.structs.astuple(message)]
    required = len(fields) - len(message.__struct_defaults__)
    assert reason_of(sealed(fields[: required - 1], kind=kind_of(message))) == "fields"
    for place in range(len(fields)):
        assert reason_of(sealed([*fields[:place], None, *fields[place + 1 :]], kind=kind_of(message))) == "fields"


def kind_of(message: Message) -> int:
    return next(kind for kind, cls in CLASSES.items() if cls is type(message))


@pytest.mark.parametrize("version", [0, 2, -1, 2**40])
def test_another_version_is_refused_with_what_to_do(version: int) -> None:
    with pytest.raises(FrameError) as caught:
        decode(sealed([version, Kind.PING, [7]]))
    assert (caught.value.reason, caught.value.got) == ("version", version)
    assert "both sides" in str(caught.value)


@pytest.mark.parametrize("kind", [0, 99, -1, 2**40])
def test_an_unknown_kind_is_refused(kind: int) -> None:
    assert reason_of(sealed([7], kind=kind)) == "kind"


@pytest.mark.parametrize("header", [None, 1, "x", [], [1], [1, 8], ["1", 8, [7]], [1, "8", [7]], {"version": 1}])
def test_a_header_that_is_no_header_is_refused(header: Any) -> None:
    assert reason_of(sealed(header)) == "header"


@pytest.mark.parametrize("length", [1, 15, 17, 20, 12])
def test_a_payload_of_the_wrong_length_is_refused(length: int) -> None:
    assert reason_of(encode(Data(1, 0, 2, 1), bytes(length))) == "payload"


def test_a_payload_where_none_belongs_is_refused() -> None:
    assert reason_of(encode(Ping(1, 0, 0), b"\0\0\0\0")) == "payload"


def test_data_without_its_payload_is_refused() -> None:
    assert reason_of(encode(Data(1, 0, 2, 1))) == "payload"


@pytest.mark.parametrize("parts", [[], [b"", b""], [*encode(Ping(1, 0, 0)), b""], [b""] * 100])
def test_a_frame_with_no_part_or_too_many_is_refused(parts: list[bytes]) -> None:
    assert reason_of(parts) == "parts"


def test_a_frame_too_long_is_refused_before_its_checksum_is_taken() -> None:
    assert reason_of([b"\0" * (MAX_FRAME_BYTES + 1)]) == "size"


def test_the_largest_block_of_the_protocol_fits_into_a_frame() -> None:
    largest = Block(0, np.zeros((65_536, 64), np.float32), np.zeros(65_536, np.float32))
    assert len(decode(encode_block(1, largest))[1]) == 4 * 65_536 * 65


def test_a_header_may_not_be_longer_than_its_limit_nor_than_the_frame() -> None:
    assert reason_of(sealed([1, Kind.PING, [7, 0, 0, b"\0" * 9000]])) == "size"
    assert reason_of(resealed((60_000).to_bytes(2, "little") + b"\xc0")) == "header"
    assert reason_of(resealed((0).to_bytes(2, "little"))) == "header"


@pytest.mark.parametrize("length", range(6))
def test_a_frame_too_short_to_say_how_long_its_header_is_is_refused(length: int) -> None:
    assert reason_of([bytes(length)]) == "checksum"


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Kind.HELLO, [0, "s", 1, "0" * 16, 0, 9, 0, 5], Hello(0, "s", 1, "0" * 16, 0, 9, 0, 5, False, 0)),
        (Kind.PING, [7], Ping(7, 0, 0)),
        (Kind.PROGRESS, [7, 1, 2, 3], Progress(7, 1, 2, 3, 0)),
        (Kind.WELCOME, [7, 1, 2], Welcome(7, 1, 2, 0)),
    ],
)
def test_fields_that_came_later_may_be_left_out(kind: Kind, fields: list[Any], message: Message) -> None:
    assert decode(sealed(fields, kind=kind))[0] == message
