"""Good frames: what they say, and the bytes that say it."""

import math
from collections.abc import Iterator
from typing import Any

from tests.vectors.plain import DEFAULTS, KINDS, Raw, floats, frame, label, pack, real, seal, whole

NAN, INFINITY = math.nan, math.inf
SESSION, MOST, ENDLESS = 2**63 - 1, 2**62, 2**62
Vector = dict[str, Any]

HELLO: dict[str, Any] = {
    "session": 0,
    "stream": "sensor-1",
    "inputs": 2,
    "epoch": "0123456789abcdef",
    "first": 0,
    "next": ENDLESS,
    "buffer": 0,
    "incarnation": 9,
    "predictions": True,
    "confirmed": 17,
    "schema": [[["price", "numeric"], ["shop", "category"]], "numeric", [1, 24]],
}
WELCOME = {"session": 7, "start": 5, "limit": 16389, "predictions": 3}
PROGRESS = {"session": 7, "cursor": 300, "acknowledged": 200, "limit": 16684, "rejected": 2}
RESEND = {"session": 7, "start": 9}
HELLO_AGAIN = {"session": 7}
REFUSED = {"session": 7, "reason": "held", "explanation": "another producer has it", "retry": True}
PING = {"session": 7, "next": 1000, "confirmed": 990, "ready": 5000}
BYE = {"session": 7}
FLUSH = {"session": 7, "next": 1000, "confirmed": 990, "ready": 1000}
DATA = {"session": 7, "first": 1000, "count": 2, "inputs": 2, "labels": 0}
PREDICTIONS = {"session": 7, "first": 990, "count": 3, "width": 1, "classes": []}
TWO_ROWS = floats(0.5, -1, 1, 0.25, 1e-3, NAN)
MESSAGES = {
    "HELLO": HELLO,
    "WELCOME": WELCOME,
    "PROGRESS": PROGRESS,
    "RESEND": RESEND,
    "HELLO_AGAIN": HELLO_AGAIN,
    "REFUSED": REFUSED,
    "PING": PING,
    "BYE": BYE,
    "FLUSH": FLUSH,
}
"""A message of each kind without a payload, every field given."""


def good() -> Iterator[Vector]:
    """All of them."""
    for kind, fields in MESSAGES.items():
        yield message(f"{kind}, every field given", kind, fields)
        yield from with_fields_left_out(kind, fields)
        yield grown(kind, fields)
    yield from hellos()
    yield from extremes()
    yield from other_forms()
    yield from data()
    yield from predictions()


def message(name: str, kind: str, fields: dict[str, Any], *, canonical: bool = True) -> Vector:
    """A message without a payload."""
    return vector(name, kind, fields, frame(kind, fields.values()), canonical=canonical)


def vector(name: str, kind: str, fields: dict[str, Any], parts: list[bytes], *, canonical: bool) -> Vector:
    """A frame beside its meaning; fields that were left out mean their defaults."""
    meaning = fields | {field: value for field, value in DEFAULTS.get(kind, {}).items() if field not in fields}
    return {
        "name": name,
        "parts": [part.hex() for part in parts],
        "canonical": canonical,
        "kind": kind,
        "fields": {field: whole(value) if type(value) is int else value for field, value in meaning.items()},
    }


def with_fields_left_out(kind: str, fields: dict[str, Any]) -> Iterator[Vector]:
    names = list(DEFAULTS.get(kind, {}))
    for place, name in enumerate(names):
        left_out = names[place:]
        given = {field: value for field, value in fields.items() if field not in left_out}
        yield message(f"{kind}, left out from {name} on", kind, given, canonical=False)


def grown(kind: str, fields: dict[str, Any]) -> Vector:
    """A newer side has added fields: they are ignored."""
    more = [*fields.values(), "new", {"more": [1, None, 2.5]}, b"\x00"]
    return vector(f"{kind}, with fields of a newer side at its end", kind, fields, frame(kind, more), canonical=False)


def hellos() -> Iterator[Vector]:
    for stream in ("a", "Z9", "0", "a..b", "a.b-c_d", "x" * 64):
        yield message(f"HELLO, a stream called {stream}", "HELLO", HELLO | {"stream": stream})
    yield message("HELLO, the longest epoch", "HELLO", HELLO | {"epoch": "0123456789abcdef" * 4})
    yield message("HELLO, of a log that is empty", "HELLO", HELLO | {"first": 5, "next": 5, "buffer": 2})


def extremes() -> Iterator[Vector]:
    most = {"session": SESSION, "first": MOST, "next": MOST, "buffer": MOST, "incarnation": SESSION, "confirmed": MOST}
    yield message("HELLO, every number at its highest", "HELLO", HELLO | most | {"inputs": 64})
    least = {"first": 0, "next": 0, "buffer": 0, "incarnation": 0, "confirmed": 0, "predictions": False}
    yield message("HELLO, every number at its lowest", "HELLO", HELLO | least | {"inputs": 1})
    for kind, fields in MESSAGES.items():
        if kind in ("HELLO", "REFUSED"):
            continue
        highest, lowest = dict.fromkeys(fields, MOST) | {"session": SESSION}, dict.fromkeys(fields, 0)
        yield message(f"{kind}, highest numbers", kind, highest)
        yield message(f"{kind}, lowest numbers", kind, lowest)
    for number in (127, 128, 255, 256, 2**16 - 1, 2**16, 2**32 - 1, 2**32):  # each form of a msgpack integer
        yield message(f"RESEND, start {number}", "RESEND", RESEND | {"start": number})
    yield message("REFUSED, empty words", "REFUSED", {"session": 0, "reason": "", "explanation": "", "retry": False})
    yield message("REFUSED, words beyond ASCII", "REFUSED", REFUSED | {"explanation": "für „s“ reicht’s nicht: 𝄞"})
    for length in (31, 32, 255, 256, 8178):  # each form of a msgpack string; the last fills a header
        yield message(f"REFUSED, {length} letters", "REFUSED", REFUSED | {"explanation": "x" * length})


def other_forms() -> Iterator[Vector]:
    """msgpack has more than one form for a thing; a reader takes all of them."""
    long_number = Raw(b"\xcf" + (1000).to_bytes(8, "big"))
    signed = Raw(b"\xd3" + (990).to_bytes(8, "big"))
    yield vector(
        "PING, integers in 64 bits", "PING", PING,
        frame("PING", [7, long_number, signed, 5000], version=Raw(b"\xd0\x01")), canonical=False,
    )  # fmt: skip
    arrays = b"\xdc\x00\x03" + b"\x01\x08" + b"\xdd\x00\x00\x00\x04" + pack(7) + pack(1000) + pack(990) + pack(5000)
    yield vector("PING, arrays with long lengths", "PING", PING, seal(arrays), canonical=False)
    texts = [7, Raw(b"\xd9\x04held"), Raw(b"\xdb\x00\x00\x00\x17another producer has it"), True]
    yield vector("REFUSED, strings with long lengths", "REFUSED", REFUSED, frame("REFUSED", texts), canonical=False)


def data() -> Iterator[Vector]:
    yield block("DATA, two samples, the second without a label", DATA, [[0.5, -1], [0.25, 1e-3]], [1, NAN])
    older = {field: value for field, value in DATA.items() if field != "labels"}
    yield block("DATA, labels left out", older, [[0.5, -1], [0.25, 1e-3]], [1, NAN], canonical=False)
    grown_fields = [*DATA.values(), "new", None]
    yield block("DATA, with fields of a newer side at its end", DATA, [[0.5, -1], [0.25, 1e-3]], [1, NAN],
                sent=grown_fields, canonical=False)  # fmt: skip
    one = DATA | {"count": 1, "inputs": 1}
    yield block("DATA, the smallest block", one | {"session": 0, "first": 0}, [[0]], [0])
    yield block("DATA, highest numbers", one | {"session": SESSION, "first": MOST}, [[1]], [1])
    yield block("DATA, the widest sample", one | {"inputs": 64}, [[float(n) for n in range(64)]], [1])
    strange = [[NAN], [INFINITY], [-INFINITY], [-0.0], [1e-45], [3.4028234663852886e38]]
    yield block("DATA, floats of every sort: the frame is good, samples 0 to 2 are rejected",
                one | {"count": 6}, strange, [1] * 6)  # fmt: skip
    yield block("DATA, targets that are none: the frame is good, the samples are rejected by a binary learner",
                one | {"count": 3}, [[1]] * 3, [0.5, -1, INFINITY])  # fmt: skip
    yield from labelled()


def labelled() -> Iterator[Vector]:
    mixed = {"session": 7, "first": 1000, "count": 4, "inputs": 1, "labels": 2}
    yield block("DATA, two samples and two labels of earlier ones", mixed, [[0.5], [0], [0], [0.25]],
                [NAN, 1, 0, NAN], of=[-1, 1000, 998, -1])  # fmt: skip
    only = mixed | {"count": 1, "labels": 1, "inputs": 64}
    yield block("DATA, nothing but a label, of the oldest sample there is", only, [[0] * 64], [1], of=[0])
    yield block("DATA, a label at the highest number", mixed | {"first": MOST, "count": 1, "labels": 1},
                [[0]], [1], of=[MOST - 1])  # fmt: skip


def block(
    name: str,
    fields: dict[str, Any],
    inputs: list[list[float]],
    targets: list[float],
    *,
    of: list[int] | None = None,
    sent: list[Any] | None = None,
    canonical: bool = True,
) -> Vector:
    """A DATA frame; `of` has the numbers that label events name, -1 for samples."""
    numbers = of or [-1] * len(targets)
    events = list(zip(inputs, targets, numbers, strict=True))
    payload = b"".join(floats(*xs, y) for xs, y, number in events if number < 0)
    payload += b"".join(label(place, y, number) for place, (_, y, number) in enumerate(events) if number >= 0)
    meaning = {
        "inputs": [[real(x) for x in xs] for xs in inputs],
        "targets": [real(y) for y in targets],
        "of": [whole(number) for number in of] if of else None,
    }
    parts = frame("DATA", sent or fields.values(), payload)
    return vector(name, "DATA", fields, parts, canonical=canonical) | {"block": meaning}


def predictions() -> Iterator[Vector]:
    values = [0.5, NAN, 1]
    for name, more in (("every field given", []), ("with fields of a newer side at its end", ["new", 1])):
        parts = frame("PREDICTIONS", [*PREDICTIONS.values(), *more], floats(*values))
        yield vector(f"PREDICTIONS, {name}", "PREDICTIONS", PREDICTIONS, parts, canonical=not more) | {
            "predictions": [real(value) for value in values]
        }
    rows = PREDICTIONS | {"width": 2, "classes": [0.0, 3.0]}
    parts = frame("PREDICTIONS", rows.values(), floats(0.25, 0.75, NAN, NAN, 1, 0))
    yield vector("PREDICTIONS, rows of two classes", "PREDICTIONS", rows, parts, canonical=True) | {
        "predictions": [0.25, 0.75, None, None, 1.0, 0.0]
    }
    older = {"session": 7, "first": 990, "count": 1}
    parts = frame("PREDICTIONS", older.values(), floats(0.25))
    yield vector("PREDICTIONS, width left out", "PREDICTIONS", older, parts, canonical=False) | {"predictions": [0.25]}
    highest = {"session": SESSION, "first": MOST, "count": 1, "width": 1, "classes": []}
    parts = frame("PREDICTIONS", highest.values(), floats(0.25))
    yield vector("PREDICTIONS, highest numbers", "PREDICTIONS", highest, parts, canonical=True) | {
        "predictions": [0.25]
    }


assert set(MESSAGES) | {"DATA", "PREDICTIONS"} == set(KINDS)
