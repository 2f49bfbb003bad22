"""Bad frames: one thing wrong with each, the reason by which a daemon counts it, and what the daemon does."""

import struct
from collections.abc import Iterator
from typing import Any

from tests.vectors.good import DATA, ENDLESS, HELLO, MESSAGES, PING, PREDICTIONS, TWO_ROWS, Vector
from tests.vectors.plain import DEFAULTS, KINDS, Raw, floats, frame, label, pack, seal

ANSWERED = ("version", "fields")
"""Reasons that a connection without a session is told by REFUSED: its program must be mended. The rest is noise."""
WRONG_TYPES: tuple[tuple[str, Any], ...] = (
    ("nil", None),
    ("a float", 1.0),
    ("text", "1"),
    ("bytes", b"\x01"),
    ("an array", [1]),
    ("a map", {"a": 1}),
    ("an extension", Raw(b"\xd4\x01\x07")),
    ("true", True),
    ("an integer", 1),
)
ONE = {"session": 7, "first": 1000, "count": 1, "inputs": 1, "labels": 0}


def bad() -> Iterator[Vector]:
    """All of them."""
    yield from broken()
    yield from headers()
    yield from messages()
    yield from numbers()
    yield from words()
    yield from payloads()
    yield from labels()


def vector(name: str, reason: str, parts: list[bytes]) -> Vector:
    """A frame, the reason by which the daemon counts it, and its answers to one without a session and one with."""
    return {
        "name": name,
        "parts": [part.hex() for part in parts],
        "reason": reason,
        "answers": {"stranger": "REFUSED" if reason in ANSWERED else None, "session": "RESEND"},
    }


def broken() -> Iterator[Vector]:
    """Not even a checksum that fits."""
    (ping,), (block,) = frame("PING", PING.values()), frame("DATA", DATA.values(), TWO_ROWS)
    yield vector("no part", "parts", [])
    yield vector("two parts, the payload apart", "parts", [block[:-24], block[-24:]])
    yield vector("a frame and an empty part", "parts", [ping, b""])
    yield vector("two frames in a message", "parts", [ping, ping])
    yield vector("a hundred parts", "parts", [b""] * 100)
    yield vector("an empty part", "checksum", [b""])
    yield vector("five bytes", "checksum", [ping[:5]])
    yield vector("truncated by a byte", "checksum", [ping[:-1]])
    yield vector("a byte too many", "checksum", [ping + b"\x00"])
    yield vector("a bit flipped in the checksum", "checksum", [bytes([ping[0] ^ 1]) + ping[1:]])
    yield vector("a bit flipped in the header's length", "checksum", [ping[:4] + bytes([ping[4] ^ 1]) + ping[5:]])
    yield vector("a bit flipped in the header", "checksum", [ping[:-1] + bytes([ping[-1] ^ 128])])
    yield vector("a bit flipped in the payload", "checksum", [block[:-1] + bytes([block[-1] ^ 1])])
    yield vector("the checksum big-endian", "checksum", [ping[3::-1] + ping[4:]])
    yield vector("DATA whose payload was lost", "checksum", [block[:-24]])
    yield vector("a frame of HTTP", "checksum", [b"GET / HTTP/1.1\r\n\r\n"])
    yield vector("JSON", "checksum", [b'{"stream": "s", "n": 17, "x": [0.3], "y": 1}'])


def headers() -> Iterator[Vector]:
    """The checksum fits, the header is none."""
    for name, value in (
        ("nil", None),
        ("a number", 1),
        ("text", "x"),
        ("a map", {"version": 1}),
        ("an empty array", []),
    ):
        yield vector(f"a header that is {name}", "header", seal(pack(value)))
    yield vector("a header without a message", "header", seal(pack([1, 8])))
    yield vector("an empty header", "header", seal(b""))
    yield vector("a header that is cut", "header", seal(pack([1, 8, [7]])[:-1]))
    yield vector("a header with a byte at its end", "header", seal(pack([1, 8, [7]]) + b"\x00"))
    yield vector("a length that is a byte short", "header", seal(pack([1, 8, [7]]), length=4))
    yield vector("a length of 0", "header", seal(pack([1, 8, [7]]), length=0))
    yield vector("a length that goes a byte beyond the frame", "header", seal(pack([1, 8, [7]]), length=6))
    yield vector("a length of 65,535", "header", seal(pack([1, 8, [7]]), length=65_535))
    yield vector(
        "a length that takes in some of the payload",
        "header",
        seal(pack([1, 3, [*DATA.values()]]), TWO_ROWS, length=len(pack([1, 3, [*DATA.values()]])) + 4),
    )
    yield vector("a length that is big-endian", "header", seal(pack([1, 8, [7]]), length=5 << 8))
    yield vector("a version that is text", "header", seal(pack(["1", 8, [7]])))
    yield vector("a version that is a float", "header", seal(pack([1.0, 8, [7]])))
    yield vector("a kind that is nil", "header", seal(pack([1, None, [7]])))
    yield vector("a byte that msgpack does not use", "header", seal(b"\x93\x01\x08\xc1"))
    yield vector("an array that claims 4 billion elements", "header", seal(b"\x93\x01\x08\xdd\xff\xff\xff\xff\x07"))
    yield vector("text that claims 4 GB", "header", seal(b"\x93\x01\x08\x92\x07\xdb\xff\xff\xff\xffx"))
    yield vector("arrays 4,000 deep", "header", seal(b"\x93\x01\x08" + b"\x91" * 4000 + b"\x01"))
    yield vector(
        "arrays 4,000 deep in a field to be ignored", "header", seal(b"\x93\x01\x09\x92\x07" + b"\x91" * 4000 + b"\x01")
    )
    yield vector("a header of 8,193 bytes", "size", frame("REFUSED", [7, "x", "x" * 8182, True]))
    for version in (0, 2, -1, 2**40, 2**64 - 1):
        yield vector(f"version {version}", "version", frame("PING", PING.values(), version=version))
    for kind in (0, 12, 99, -1, 2**40, 2**64 - 1):
        yield vector(f"kind {kind}", "kind", frame(kind, [7]))


def messages() -> Iterator[Vector]:
    """Fields too few or of another type."""
    every = MESSAGES | {"DATA": DATA, "PREDICTIONS": PREDICTIONS}
    for kind, fields in every.items():
        payload = {"DATA": TWO_ROWS, "PREDICTIONS": floats(0, 0, 0)}.get(kind, b"")
        required = len(fields) - len(DEFAULTS.get(kind, {}))
        few = list(fields.values())[: required - 1]
        yield vector(f"{kind} with a field too few", "fields", frame(kind, few, payload))
        yield vector(f"{kind} that is a map", "fields", seal(pack([1, KINDS[kind], fields]), payload))
        for place, (field, value) in enumerate(fields.items()):
            for name, wrong in WRONG_TYPES:
                if type(wrong) is type(value):
                    continue
                values = [*fields.values()]
                values[place] = wrong
                yield vector(f"{kind} whose {field} is {name}", "fields", frame(kind, values, payload))


def numbers() -> Iterator[Vector]:
    """Integers below or above what a field may hold."""
    beyond = {"session": 2**63, "incarnation": 2**63, "count": 65_537, "inputs": 65, "labels": 65_537, "width": 65}
    least = {"count": 1, "inputs": 1, "width": 1}
    every = MESSAGES | {"DATA": DATA, "PREDICTIONS": PREDICTIONS}
    for kind, fields in every.items():
        payload = {"DATA": TWO_ROWS, "PREDICTIONS": floats(0, 0, 0)}.get(kind, b"")
        for field, value in fields.items():
            if type(value) is not int:
                continue
            for wrong in (least.get(field, 0) - 1, beyond.get(field, ENDLESS + 1), -(2**63), 2**64 - 1):
                parts = frame(kind, (fields | {field: wrong}).values(), payload)
                yield vector(f"{kind} whose {field} is {wrong}", "fields", parts)


def words() -> Iterator[Vector]:
    """Names that must not become a folder's, and text that is none."""
    names = ("", ".", "..", ".hidden", "-option", "_x", "a/b", "/etc/passwd", "../up", "a\\b", "C:", "a b", "~", "a*",
             "a\n", "\na", "a\r\n", "a\0", "a\0.ckpt", "x" * 65, "x" * 4000, "ström", "\uff41", "\u0663",
             "a\u202eb", "$(reboot)", "%2e%2e")  # fmt: skip
    for name in names:
        shown = name.encode("unicode_escape").decode() if len(name) < 65 else f"{len(name)} letters"
        yield vector(f"HELLO, a stream called '{shown}'", "fields", hello(stream=name))
    for wrong in (b"\xff", b"a\xc0\xaf", b"\xed\xa0\x80", b"a\xf4\x90\x80\x80", b"\xe2\x82"):
        text = Raw(struct.pack("B", 0xA0 | len(wrong)) + wrong)
        yield vector(f"HELLO, a stream's name that is not UTF-8: {wrong.hex()}", "fields", hello(stream=text))
        yield vector(f"REFUSED, a reason that is not UTF-8: {wrong.hex()}", "fields",
                     frame("REFUSED", [7, text, "", True]))  # fmt: skip
    for name, schema in SCHEMAS:
        yield vector(f"HELLO, {name}", "fields", hello(schema=schema))
    for epoch in ("", "0" * 15, "0" * 65, "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcdef\n", "\u0660" * 16):
        shown = epoch.encode("unicode_escape").decode()
        yield vector(f"HELLO, epoch '{shown}'", "fields", hello(epoch=epoch))


def payloads() -> Iterator[Vector]:
    """A payload where none belongs, none where one does, or one of another length."""
    for kind, fields in MESSAGES.items():
        yield vector(f"{kind} with a payload", "payload", frame(kind, fields.values(), bytes(4)))
    for length in (0, 1, 12, 23, 25, 28, 36, 48):
        yield vector(f"DATA, {length} bytes for 24", "payload", frame("DATA", DATA.values(), bytes(length)))
    for length in (0, 1, 8, 11, 13, 16):
        parts = frame("PREDICTIONS", PREDICTIONS.values(), bytes(length))
        yield vector(f"PREDICTIONS, {length} bytes for 12", "payload", parts)
    for count in (3, 65_536):
        fields = DATA | {"count": count}
        yield vector(f"DATA, count {count} and two rows", "payload", frame("DATA", fields.values(), TWO_ROWS))
    fields = DATA | {"inputs": 64}
    yield vector("DATA, 64 inputs and rows of two", "payload", frame("DATA", fields.values(), TWO_ROWS))


def labels() -> Iterator[Vector]:
    """Labels that cannot be."""
    yield labelled("more labels than events", "labels", 1, 2, label(0, 1, 998) + label(1, 1, 999))
    yield labelled("a sample where a label is announced", "payload", 1, 1, floats(0.5, 1))
    yield labelled("a label where a sample is announced", "payload", 1, 0, label(0, 1, 999))
    yield labelled("a label cut short", "payload", 1, 1, label(0, 1, 999)[:-1])
    yield labelled("a position that is not in the block", "labels", 2, 1, floats(0.5, 1) + label(2, 1, 999))
    yield labelled("a position of 2^32-1", "labels", 2, 1, floats(0.5, 1) + label(2**32 - 1, 1, 999))
    yield labelled("two labels in one place", "labels", 2, 2, label(1, 1, 998) + label(1, 1, 999))
    yield labelled("positions that do not grow", "labels", 2, 2, label(1, 1, 998) + label(0, 1, 999))
    yield labelled("a label of itself", "labels", 2, 1, floats(0.5, 1) + label(1, 1, 1001))
    yield labelled("a label of a later sample", "labels", 2, 1, floats(0.5, 1) + label(0, 1, 1001))
    yield labelled("a label of 2^64-1", "labels", 1, 1, label(0, 1, 2**64 - 1))


def labelled(name: str, reason: str, count: int, number: int, payload: bytes) -> Vector:
    fields = ONE | {"count": count, "labels": number}
    return vector(f"DATA, {name}", reason, frame("DATA", fields.values(), payload))


SCHEMAS = (
    ("a column without a name", [[["", "numeric"]], "numeric", []]),
    ("a column's name of 65 letters", [[["x" * 65, "numeric"]], "numeric", []]),
    ("a column of an unknown kind", [[["price", "text"]], "numeric", []]),
    ("a column that is a word", [["price"], "numeric", []]),
    ("65 columns", [[[f"c{n}", "numeric"] for n in range(65)], "numeric", []]),
    ("a target of an unknown kind", [[], "text", []]),
    ("a forecast no step ahead", [[], "numeric", [0]]),
    ("a forecast too far ahead", [[], "numeric", [1025]]),
    ("17 horizons", [[], "numeric", [*range(1, 18)]]),
)


def hello(**changes: Any) -> list[bytes]:
    return frame("HELLO", (HELLO | changes).values())
