"""Messages of feeds: what is read out of each, and why what is none is refused."""

import json
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.errors import FrameError
from streamer.samples import Block
from streamer.wire.frames import MAX_FRAME_BYTES, encode, encode_block
from streamer.wire.messages import Ping
from streamer.wire.publication import MAX_TEXT_BYTES, Publication, decode_publication


def text(**fields: Any) -> bytes:
    return json.dumps({"stream": "s", **fields}).encode()


def decoded(*parts: bytes, inputs: int = 1) -> Publication:
    return decode_publication(parts, inputs)


def refused(*parts: bytes, inputs: int = 1) -> FrameError:
    with pytest.raises(FrameError) as caught:
        decode_publication(parts, inputs)
    return caught.value


def block(size: int = 3, inputs: int = 1, first: int = 17) -> Block:
    return Block(first, np.ones((size, inputs), np.float32), np.zeros(size, np.float32))


def test_a_sample_in_json() -> None:
    found = decoded(text(n=17, x=[0.5, 2], y=1), inputs=2)
    assert (found.stream, found.numbered, found.block.first, len(found.block)) == ("s", True, 17, 1)
    assert found.block.inputs.tolist() == [[0.5, 2.0]]
    assert found.block.targets.tolist() == [1.0]
    assert found.block.of is None


def test_a_bare_number_is_one_input() -> None:
    assert decoded(text(x=3)).block.inputs.tolist() == [[3.0]]


@pytest.mark.parametrize("y", [{}, {"y": None}])
def test_a_sample_needs_no_label(y: dict[str, None]) -> None:
    assert np.isnan(decoded(text(x=3, **y)).block.targets).all()


def test_a_sample_needs_no_number() -> None:
    assert not decoded(text(x=3)).numbered
    assert decoded(text(x=3, n=0)).numbered


@pytest.mark.parametrize("number", [{}, {"n": 20}])
def test_a_label_names_a_sample_by_its_number(number: dict[str, int]) -> None:
    found = decoded(text(label=17, y=1, **number), inputs=3)
    assert found.block.of is not None
    assert found.block.of.tolist() == [17]
    assert found.block.targets.tolist() == [1.0]
    assert found.block.inputs.tolist() == [[0, 0, 0]]
    assert found.numbered is ("n" in number)


def test_a_topic_may_stand_before_the_json() -> None:
    assert decoded(b"weather/\xff", text(x=3)).stream == "s"


def test_what_else_a_feed_says_is_ignored() -> None:
    assert decoded(text(x=3, time="12:00", unit={"of": ["x"]})).stream == "s"


def test_our_own_frames_behind_the_streams_name() -> None:
    sent = Block(17, np.ones((3, 2), np.float32), np.array([0, 1, 1], np.float32), np.array([-1, 4, -1]))
    found = decoded(b"sensor-1", *encode_block(0, sent), inputs=2)
    assert (found.stream, found.numbered, found.block.first, len(found.block)) == ("sensor-1", True, 17, 3)
    assert found.block.of is not None
    assert found.block.of.tolist() == [-1, 4, -1]


def test_a_frame_that_begins_like_json_is_still_a_frame() -> None:
    frames = (encode_block(0, block(first=first)) for first in count())
    frame = next(frame for frame in frames if frame[0].startswith(b"{"))
    assert len(decoded(b"s", *frame).block) == 3


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("json", b""),
        ("fields", b"0.3 1"),
        ("json", b'{"stream": "s", "x": 1'),
        ("json", b'{"stream": "s", "x": NaN}'),
        ("json", b'{"stream": "s", "x": Infinity}'),
        ("json", b'{"stream": "\xff", "x": 1}'),
        ("json", b'{"stream": "\\ud800", "x": 1}'),
        ("json", b"\x80\x04pickle"),
        ("json", b'{"stream": "s", "x": 1, "z": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
        ("fields", b"[" * 5000 + b"]" * 5000),
        ("fields", b"[]"),
        ("fields", b'"s"'),
        ("fields", b"{}"),
        ("fields", b'{"stream": "s", "x": 1e999}'),
        ("fields", b'{"stream": "s", "x": 1' + b"0" * 400 + b"}"),
        ("fields", text(x=1e39)),
        ("fields", text(x=[0.5, -1e39])),
        ("fields", text(x=1, y=1e39)),
        ("fields", text(x="1")),
        ("fields", text(x=True)),
        ("fields", text(x=[])),
        ("fields", text(x=[0.0] * 65)),
        ("fields", text(x=[[1.0]])),
        ("fields", text(x=1, y="1")),
        ("fields", text(x=1, n=-1)),
        ("fields", text(x=1, n=2**62 + 1)),
        ("fields", text(x=1, n=10**30)),
        ("fields", text(x=1, n=1.5)),
        ("fields", text(x=1, n="1")),
        ("fields", text(n=1, y=1)),
        ("fields", text(x=1, label=1, y=1)),
        ("fields", text(label=1)),
        ("fields", text(label=-1, y=1)),
        ("inputs", text(x=[1, 2])),
        ("size", text(x=1, z="z" * MAX_TEXT_BYTES)),
        *(
            ("fields", json.dumps({"stream": name, "x": 1}).encode())
            for name in ["", "../s", "/etc", "a/b", ".hidden", "s\n", "s\0", "é", "s" * 65, 1, None]
        ),
    ],
)
def test_a_text_that_is_no_publication_is_refused_by_its_reason(reason: str, message: bytes) -> None:
    assert refused(message).reason == reason
    if message.startswith(b"{"):
        assert refused(b"topic", message).reason == reason


def test_a_refusal_says_what_would_be_right() -> None:
    assert '{"stream": "s", "n": 17, "x": [0.3], "y": 1}' in str(refused(b"0.3 1"))
    assert '"label" with "y"' in str(refused(text(n=1)))
    assert "neither JSON nor a whole frame" in str(refused(b"weather", b"12.5"))


@pytest.mark.parametrize(
    ("reason", "parts"),
    [
        ("parts", ()),
        ("parts", (b"s", *encode_block(0, block()), b"")),
        ("direction", (b"s", *encode(Ping(0)))),
        ("topic", (b"../s", *encode_block(0, block()))),
        ("topic", (b"\xff", *encode_block(0, block()))),
        ("topic", (b"", *encode_block(0, block()))),
        ("session", (b"s", *encode_block(1, block()))),
        ("inputs", (b"s", *encode_block(0, block(inputs=2)))),
        ("checksum", (b"s", encode_block(0, block())[0][:-1])),
        ("checksum", (b"weather", b"12.5")),
        ("size", (b"s", b"\0" * (MAX_FRAME_BYTES + 1))),
    ],
)
def test_a_frame_that_is_none_is_refused_by_its_reason(reason: str, parts: tuple[bytes, ...]) -> None:
    assert refused(*parts).reason == reason


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=6,
)


@given(fields=st.dictionaries(st.sampled_from(["stream", "x", "y", "n", "label", "z"]), JSON))
def test_any_json_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        found = decoded(json.dumps(fields).encode())
    except FrameError:
        return
    assert len(found.block) == 1
    assert np.isfinite(found.block.inputs).all()


@given(parts=st.lists(st.binary(max_size=64), max_size=5))
def test_any_bytes_are_read_or_refused(parts: list[bytes]) -> None:
    refused(*parts)
