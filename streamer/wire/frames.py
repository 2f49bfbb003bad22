"""Messages to bytes and back. Every byte of a frame is covered by its checksum, and every field by a check.

    CRC-32 (4 bytes) of all that follows │ length of the header (2 bytes) │ header │ payload

The header is a msgpack array [version, kind, message]; only DATA (see `blocks`) and PREDICTIONS have a payload.
Numbers outside the header are little-endian.
The message is itself an array, so that a newer side may add fields at its end and an older one ignores them.
"""

import zlib
from collections.abc import Sequence
from struct import Struct

import msgspec
import numpy as np

from streamer.errors import FrameError
from streamer.samples import Block, Floats
from streamer.wire.blocks import check_payload, data_of, payload_bytes, wrong_length
from streamer.wire.messages import CLASSES, VERSION, Data, Kind, Message, Predictions

Parts = tuple[bytes, ...]
"""A frame is one part of a ZeroMQ message: two would cost a third of the speed at one sample a message."""

MAX_HEADER_BYTES = 8192
"""More than a hello with 64 columns needs; keeps a stranger's nested nonsense from the decoder."""
MAX_EVENTS, MAX_INPUTS = 65_536, 64
_FIXED = Struct("<IH")
MAX_FRAME_BYTES = _FIXED.size + MAX_HEADER_BYTES + payload_bytes(MAX_EVENTS, MAX_INPUTS)
"""17 MB: the largest block there can be."""

_FLOAT = np.dtype("<f4")
_KINDS = {cls: kind for kind, cls in CLASSES.items()}


class _Envelope(msgspec.Struct, frozen=True, array_like=True):
    version: int
    kind: int
    message: msgspec.Raw


# msgspec lets two of Python's own errors through: text that is not UTF-8, and nesting too deep
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_encoder = msgspec.msgpack.Encoder()
_envelope = msgspec.msgpack.Decoder(_Envelope)
_decoders = {kind: msgspec.msgpack.Decoder(cls) for kind, cls in CLASSES.items()}


def encode(message: Message, payload: bytes = b"") -> Parts:
    """A message's frame."""
    header = _encoder.encode((VERSION, int(_KINDS[type(message)]), message))
    content = len(header).to_bytes(2, "little") + header + payload
    return (zlib.crc32(content).to_bytes(4, "little") + content,)


def encode_block(session: int, block: Block) -> Parts:
    """The DATA frame of a block.

    >>> frame = encode_block(1, Block(0, np.zeros((2, 1), np.float32), np.ones(2, np.float32)))
    >>> len(frame[0]) - len(encode_block(1, Block(0, np.zeros((1, 1), np.float32), np.ones(1, np.float32)))[0])
    8
    """
    return encode(*data_of(session, block))


def frame_bytes(events: int, inputs: int) -> int:
    """The most bytes that a frame of so many events may have.

    >>> frame_bytes(256, 1)
    12294
    """
    return _FIXED.size + MAX_HEADER_BYTES + payload_bytes(min(events, MAX_EVENTS), inputs)


def decode(parts: Sequence[bytes]) -> tuple[Message, bytes]:
    """A frame's message and payload; FrameError says which check failed."""
    if len(parts) != 1:
        raise FrameError("a frame has the wrong number of parts", reason="parts", got=len(parts), expected="1")
    frame = parts[0]
    if len(frame) > MAX_FRAME_BYTES:
        expected = f"at most {MAX_FRAME_BYTES} bytes"
        raise FrameError("a frame is too long", reason="size", got=len(frame), expected=expected)
    checksum, length = _FIXED.unpack_from(frame) if len(frame) >= _FIXED.size else (None, 0)
    if zlib.crc32(frame[4:]) != checksum:
        raise FrameError("a frame's checksum does not match", reason="checksum", expected="CRC-32 of all that follows")
    end = _FIXED.size + length
    if end > len(frame):
        raise FrameError("a header is longer than its frame", reason="header", got=end, expected=f"≤ {len(frame)}")
    message, payload = _message(frame[_FIXED.size : end]), frame[end:]
    _check_payload(message, payload)
    return message, payload


def predictions_of(message: Predictions, payload: bytes) -> Floats:
    """The predictions of a decoded PREDICTIONS frame: (T,), or (T, W) where a row has several numbers."""
    flat = np.frombuffer(payload, _FLOAT).astype(np.float32)
    return flat if message.width == 1 else flat.reshape(message.count, message.width)


def _message(header: bytes) -> Message:
    if len(header) > MAX_HEADER_BYTES:
        raise FrameError(
            "a header is too long", reason="size", got=len(header), expected=f"at most {MAX_HEADER_BYTES} bytes"
        )
    try:
        envelope = _envelope.decode(header)
    except UNDECODABLE as error:
        raise FrameError("a header is not [version, kind, message]", reason="header", got=str(error)) from None
    if envelope.version != VERSION:
        raise FrameError(
            "a frame of another version",
            reason="version",
            got=envelope.version,
            expected=str(VERSION),
            remedy="use the same release of streamer on both sides",
        )
    if envelope.kind not in _decoders:
        raise FrameError("a frame of an unknown kind", reason="kind", got=envelope.kind, expected=f"1 to {max(Kind)}")
    try:
        return _decoders[envelope.kind].decode(envelope.message)
    except UNDECODABLE as error:
        raise FrameError(
            f"a {Kind(envelope.kind).name} message has wrong fields", reason="fields", got=str(error)
        ) from None


def _check_payload(message: Message, payload: bytes) -> None:
    if isinstance(message, Data):
        check_payload(message, payload)
    elif len(payload) != (size := 4 * message.count * message.width if isinstance(message, Predictions) else 0):
        raise wrong_length(payload, size)
