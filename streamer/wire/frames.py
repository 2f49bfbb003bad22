"""Messages to bytes and back. Every byte of a frame is covered by its checksum, and every field by a check.

    part 1   CRC-32 (4 bytes, little-endian) of all that follows, then a msgpack array [version, kind, message]
    part 2   DATA: the events (see `blocks`); PREDICTIONS: the predictions, raw float32

The message is itself an array, so that a newer side may add fields at its end and an older one ignores them.
"""

import zlib
from collections.abc import Sequence

import msgspec
import numpy as np

from streamer.errors import FrameError
from streamer.samples import Block, Floats
from streamer.wire.blocks import check_payload, data_of, payload_bytes, wrong_length
from streamer.wire.messages import CLASSES, VERSION, Data, Kind, Message, Predictions

Parts = tuple[bytes, ...]

MAX_HEADER_BYTES = 4096
"""Far more than any header needs; keeps a stranger's nested nonsense from the decoder."""
MAX_EVENTS, MAX_INPUTS = 65_536, 64
MAX_FRAME_BYTES = MAX_HEADER_BYTES + 4 + payload_bytes(MAX_EVENTS, MAX_INPUTS)
"""17 MB: the largest block there can be."""

_FLOAT = np.dtype("<f4")
_KINDS = {cls: kind for kind, cls in CLASSES.items()}


class _Envelope(msgspec.Struct, frozen=True, array_like=True):
    version: int
    kind: int
    message: msgspec.Raw


# msgspec lets two of Python's own errors through: text that is not UTF-8, and nesting too deep
_UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_encoder = msgspec.msgpack.Encoder()
_envelope = msgspec.msgpack.Decoder(_Envelope)
_decoders = {kind: msgspec.msgpack.Decoder(cls) for kind, cls in CLASSES.items()}


def encode(message: Message, payload: bytes = b"") -> Parts:
    """A message's frame."""
    header = _encoder.encode((VERSION, int(_KINDS[type(message)]), message))
    checksum = zlib.crc32(payload, zlib.crc32(header)).to_bytes(4, "little")
    return (checksum + header, payload) if payload else (checksum + header,)


def encode_block(session: int, block: Block) -> Parts:
    """The DATA frame of a block.

    >>> frame = encode_block(1, Block(0, np.zeros((2, 1), np.float32), np.ones(2, np.float32)))
    >>> len(frame[1])
    16
    """
    return encode(*data_of(session, block))


def frame_bytes(events: int, inputs: int) -> int:
    """The most bytes that a part of a frame of so many events may have.

    >>> frame_bytes(256, 1)
    8196
    """
    return MAX_HEADER_BYTES + 4 + payload_bytes(min(events, MAX_EVENTS), inputs)


def decode(parts: Sequence[bytes]) -> tuple[Message, bytes]:
    """A frame's message and payload (empty but for DATA); FrameError says which check failed."""
    if not 1 <= len(parts) <= 2:
        raise FrameError("a frame has the wrong number of parts", reason="parts", got=len(parts), expected="1 or 2")
    head, payload = parts[0], b"".join(parts[1:])
    if len(head) + len(payload) > MAX_FRAME_BYTES:
        raise FrameError(
            "a frame is too long",
            reason="size",
            got=len(head) + len(payload),
            expected=f"at most {MAX_FRAME_BYTES} bytes",
        )
    header = head[4:]
    if len(head) < 4 or zlib.crc32(payload, zlib.crc32(header)) != int.from_bytes(head[:4], "little"):
        raise FrameError(
            "a frame's checksum does not match", reason="checksum", expected="CRC-32 of header and payload"
        )
    message = _message(header)
    if len(parts) != 1 + isinstance(message, Data | Predictions):
        raise FrameError(
            "only DATA and PREDICTIONS have a payload",
            reason="parts",
            got=f"{type(message).__name__}, {len(parts)} parts",
        )
    _check_payload(message, payload)
    return message, payload


def predictions_of(payload: bytes) -> Floats:
    """The predictions of a decoded PREDICTIONS frame (T,)."""
    return np.frombuffer(payload, _FLOAT).astype(np.float32)


def _message(header: bytes) -> Message:
    if len(header) > MAX_HEADER_BYTES:
        raise FrameError(
            "a header is too long", reason="size", got=len(header), expected=f"at most {MAX_HEADER_BYTES} bytes"
        )
    try:
        envelope = _envelope.decode(header)
    except _UNDECODABLE as error:
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
    except _UNDECODABLE as error:
        raise FrameError(
            f"a {Kind(envelope.kind).name} message has wrong fields", reason="fields", got=str(error)
        ) from None


def _check_payload(message: Message, payload: bytes) -> None:
    if isinstance(message, Data):
        check_payload(message, payload)
    elif isinstance(message, Predictions) and len(payload) != 4 * message.count:
        raise wrong_length(payload, 4 * message.count)
