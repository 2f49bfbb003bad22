"""Frames written by hand, from SPEC.md alone: none of the project's code is used, so that both can be held together."""

import math
import struct
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

KINDS = {
    "HELLO": 1,
    "WELCOME": 2,
    "DATA": 3,
    "PROGRESS": 4,
    "RESEND": 5,
    "HELLO_AGAIN": 6,
    "REFUSED": 7,
    "PING": 8,
    "BYE": 9,
    "FLUSH": 10,
    "PREDICTIONS": 11,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "HELLO": {"predictions": False, "confirmed": 0, "schema": [[], "numeric", []]},
    "WELCOME": {"predictions": 0},
    "DATA": {"labels": 0},
    "PROGRESS": {"rejected": 0},
    "PREDICTIONS": {"width": 1, "classes": []},
    "PING": {"next": 0, "confirmed": 0, "ready": 0},
    "FLUSH": {"next": 0, "confirmed": 0, "ready": 0},
}
"""What a field left out at a message's end means."""


class Raw(bytes):
    """Bytes of msgpack as they are, for what no encoder would write."""


def pack(value: Any) -> bytes:
    """msgpack, each thing in its shortest form.

    >>> pack([1, "a", True, -1, 300]).hex()
    '9501a161c3ffcd012c'
    """
    match value:
        case Raw():
            return bytes(value)
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return _whole_number(value)
        case float():
            return b"\xcb" + struct.pack(">d", value)
        case str():
            text = value.encode()
            return _sized(len(text), 0xA0, 32, (0xD9, 0xDA, 0xDB)) + text
        case bytes():
            return _sized(len(value), 0, 0, (0xC4, 0xC5, 0xC6)) + value
        case Mapping():
            pairs = b"".join(pack(key) + pack(entry) for key, entry in value.items())
            return _sized(len(value), 0x80, 16, (None, 0xDE, 0xDF)) + pairs
        case _:
            return _sized(len(value), 0x90, 16, (None, 0xDC, 0xDD)) + b"".join(map(pack, value))


def seal(header: bytes, payload: bytes = b"", length: int | None = None) -> list[bytes]:
    """A frame, the one part of a message: checksum of all the rest, the header's length, header, payload."""
    content = struct.pack("<H", len(header) if length is None else length) + header + payload
    return [struct.pack("<I", zlib.crc32(content)) + content]


def frame(kind: str | int, fields: Iterable[Any], payload: bytes = b"", version: Any = 1) -> list[bytes]:
    """The frame of a message."""
    return seal(pack([version, KINDS.get(kind, kind) if isinstance(kind, str) else kind, list(fields)]), payload)


def floats(*values: float) -> bytes:
    """float32, little-endian."""
    return struct.pack(f"<{len(values)}f", *values)


def label(position: int, target: float, number: int) -> bytes:
    """A label event of a block: its place in the block, the target, the number of the sample that it labels."""
    return struct.pack("<IfQ", position, target, number)


def whole(number: int) -> int | str:
    """An integer for JSON: as text where a reader that knows only doubles would change it."""
    return number if abs(number) < 2**53 else str(number)


def real(number: float) -> float | str | None:
    """A float32's value for JSON, which knows neither NaN (null) nor infinities (text)."""
    if math.isnan(number):
        return None
    value: float = struct.unpack("<f", floats(number))[0]
    return str(value) if math.isinf(value) else value


def _whole_number(value: int) -> bytes:
    if 0 <= value < 128:
        return struct.pack("B", value)
    if -32 <= value < 0:
        return struct.pack("b", value)
    forms = ((0xCC, ">B"), (0xCD, ">H"), (0xCE, ">I"), (0xCF, ">Q")) if value > 0 else _NEGATIVE
    for opcode, form in forms:
        try:
            return struct.pack("B", opcode) + struct.pack(form, value)
        except struct.error:
            continue
    raise OverflowError(value)


_NEGATIVE = ((0xD0, ">b"), (0xD1, ">h"), (0xD2, ">i"), (0xD3, ">q"))


def _sized(size: int, short: int, below: int, opcodes: tuple[int | None, int, int]) -> bytes:
    if size < below:
        return struct.pack("B", short | size)
    one, two, four = opcodes
    if one is not None and size < 2**8:
        return struct.pack("BB", one, size)
    return struct.pack(">BH", two, size) if size < 2**16 else struct.pack(">BI", four, size)
