"""One message of a PUB feed: JSON, with or without a topic before it, or one of our frames behind the stream's name.

    JSON      {"stream": "s", "n": 17, "x": [0.3], "y": 1}, or {"stream": "s", "label": 17, "y": 1}
    topic     any bytes, then the JSON
    frame     the stream's name, then a DATA frame of session 0

The number `n` is the feed's own; without it nothing can be told of what is lost.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta, Struct

from streamer.errors import FrameError
from streamer.samples import Block
from streamer.wire.blocks import block_of
from streamer.wire.frames import UNDECODABLE, decode
from streamer.wire.messages import NO_SESSION, STREAM_NAME, Data, Message, Number, StreamName

MAX_TEXT_BYTES = 16_384
"""Far more than 64 numbers need; leaves room for what else a feed may say."""
MAX_REFUSED_BYTES = 131_072
"""What is longer than a text may be, up to this, is refused and counted; beyond it the network breaks the connection,
and what else comes over it meanwhile is lost."""

_EXAMPLE = '{"stream": "s", "n": 17, "x": [0.3], "y": 1}'
_LARGEST = float(np.finfo(np.float32).max)
Float = Annotated[float, Meta(ge=-_LARGEST, le=_LARGEST)]


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """What a message says: events of one stream, by the feed's own numbers if it has any."""

    stream: str
    block: Block
    numbered: bool


class _Text(Struct, frozen=True):
    """Other fields are allowed and ignored: the feed was there before us."""

    stream: StreamName
    x: Float | Annotated[list[Float], Meta(min_length=1, max_length=64)] | None = None
    n: Number | None = None
    y: Float | None = None
    label: Number | None = None


_text = msgspec.json.Decoder(_Text)


def decode_publication(parts: Sequence[bytes], inputs: int) -> Publication:
    """A message's events, each of `inputs` inputs; FrameError says which check failed.

    >>> decode_publication([b'{"stream": "s", "n": 17, "x": 0.5, "y": 1}'], 1).block.first
    17
    """
    match list(parts):
        case [text]:
            publication = _of_text(text, inputs)
        case [topic, content]:
            publication = _behind(topic, content, inputs)
        case _:
            raise FrameError(
                "a publication has the wrong number of parts", reason="parts", got=len(parts), expected="1 or 2"
            )
    width = publication.block.inputs.shape[1]
    if width != inputs:
        raise FrameError("samples of another width", reason="inputs", got=width, expected=str(inputs))
    return publication


def _of_text(text: bytes, inputs: int) -> Publication:
    if len(text) > MAX_TEXT_BYTES:
        raise FrameError(
            "a publication is too long", reason="size", got=len(text), expected=f"at most {MAX_TEXT_BYTES} bytes"
        )
    try:
        found = _text.decode(text)
    except msgspec.ValidationError as error:
        raise FrameError("a publication has wrong fields", reason="fields", got=str(error), expected=_EXAMPLE) from None
    except UNDECODABLE as error:
        raise FrameError("a publication is not JSON", reason="json", got=str(error), expected=_EXAMPLE) from None
    if (found.x is None) == (found.label is None) or (found.y is None and found.x is None):
        raise FrameError(
            "a publication is no sample and no label",
            reason="fields",
            got=repr(text[:80]),
            expected='either "x", perhaps with "y", or "label" with "y"',
        )
    return Publication(found.stream, _block(found, inputs), found.n is not None)


def _block(found: _Text, inputs: int) -> Block:
    """The one event (1, I) of a message."""
    x = [0.0] * inputs if found.x is None else found.x if isinstance(found.x, list) else [found.x]
    y = math.nan if found.y is None else found.y
    of = None if found.label is None else np.array([found.label])
    return Block(found.n or 0, np.array([x], np.float32), np.array([y], np.float32), of)


def _behind(topic: bytes, content: bytes, inputs: int) -> Publication:
    """What follows a topic: a text if it begins like one, else a frame. One frame in 256 begins like a text."""
    if not content.lstrip().startswith(b"{"):
        return _of_frame(topic, content)
    try:
        return _of_text(content, inputs)
    except FrameError as no_text:
        try:
            return _of_frame(topic, content)
        except FrameError:
            raise no_text from None


def _of_frame(name: bytes, frame: bytes) -> Publication:
    message, payload = _decode(frame)
    if not isinstance(message, Data):
        raise FrameError("only DATA can be published", reason="direction", got=type(message).__name__)
    if message.session != NO_SESSION:
        raise FrameError("a published frame has a session", reason="session", got=message.session, expected="0")
    stream = name.decode("ascii", "replace")
    if not re.match(STREAM_NAME, stream):
        raise FrameError("the topic of a frame is not a stream's name", reason="topic", got=repr(name[:80]))
    return Publication(stream, block_of(message, payload), numbered=True)


def _decode(frame: bytes) -> tuple[Message, bytes]:
    try:
        return decode([frame])
    except FrameError as error:
        if error.reason != "checksum":
            raise
        raise FrameError(
            "what follows the topic is neither JSON nor a whole frame",
            reason="checksum",
            got=repr(frame[:40]),
            expected=_EXAMPLE,
        ) from None
