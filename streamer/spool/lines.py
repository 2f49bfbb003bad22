"""One event as a program writes it: a line of JSON, or bare numbers.

    {"x": [0.3], "y": 1}        a sample; `x` of one input may be a bare number; no `y`, or null, is no label
    {"label": 17, "y": 1}       the label of sample 17, which came without one
    0.3 1                       the inputs, then perhaps the target; blanks or commas between

Other fields of JSON are ignored, but for `stream`, which must then be this one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
import numpy as np

from streamer.errors import SampleError
from streamer.samples import A_SAMPLE
from streamer.wire.messages import ENDLESS

MAX_LINE_BYTES = 16_384
"""Far more than 64 numbers need."""
_EXPECTED = '{"x": [0.3], "y": 1} or {"label": 17, "y": 1} or 0.3 1'
_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True)
class Event:
    """A sample, or with `of` the label of an earlier one (then `x` is zeros). No label is a `y` of NaN."""

    x: Sequence[float]
    y: float
    of: int = A_SAMPLE


class _Object(msgspec.Struct, frozen=True):
    x: float | list[float] | None = None
    y: float | None = None
    label: Annotated[int, msgspec.Meta(ge=0, le=ENDLESS)] | None = None
    stream: str | None = None


_decoder = msgspec.json.Decoder(_Object)


def parse_line(line: bytes, *, stream: str, inputs: int, number: int) -> Event:
    """The event that a line says, to be the log's event `number`; SampleError says what is wrong with it.

    >>> parse_line(b"0.5 1", stream="s", inputs=1, number=0).y
    1.0
    """
    if len(line) > MAX_LINE_BYTES:
        raise SampleError(
            "a line is too long", reason="size", got=f"{len(line)} bytes", expected=f"at most {MAX_LINE_BYTES}"
        )
    event = _of_json(line, stream, inputs) if line.lstrip()[:1] == b"{" else _of_numbers(line, inputs)
    if len(event.x) != inputs:
        raise SampleError(
            "a line has the wrong number of inputs", reason="inputs", got=len(event.x), expected=f"{inputs}"
        )
    if not math.hypot(*event.x) <= _LARGEST and not all(abs(value) <= _LARGEST for value in event.x):
        raise SampleError("an input is not finite", reason="not_finite", got=list(event.x))
    if abs(event.y) > _LARGEST:
        raise SampleError("a target is not finite", reason="not_finite", got=event.y)
    if event.of != A_SAMPLE and (event.of >= number or math.isnan(event.y)):
        expected = f"a target, and the number of an earlier sample, below {number}"
        raise SampleError(
            "a label of no earlier sample, or without a target", reason="label", got=_shown(line), expected=expected
        )
    return event


def _of_json(line: bytes, stream: str, inputs: int) -> Event:
    try:
        found = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SampleError("a line cannot be read", reason="json", got=str(error), expected=_EXPECTED) from None
    if found.stream not in (None, stream):
        raise SampleError("a line of another stream", reason="stream", got=found.stream, expected=stream)
    if (found.x is None) == (found.label is None):
        raise SampleError(
            "a line is neither a sample nor a label", reason="fields", got=_shown(line), expected=_EXPECTED
        )
    y = math.nan if found.y is None else found.y
    if found.label is not None:
        return Event((0.0,) * inputs, y, found.label)
    return Event(found.x if isinstance(found.x, list) else (found.x or 0.0,), y)


def _of_numbers(line: bytes, inputs: int) -> Event:
    try:
        numbers = [float(word) for word in line.replace(b",", b" ").replace(b"_", b"?").split()]
    except ValueError:
        raise SampleError("a line is not numbers", reason="numbers", got=_shown(line), expected=_EXPECTED) from None
    return Event(numbers[:inputs], numbers[inputs]) if len(numbers) == inputs + 1 else Event(numbers, math.nan)


def _shown(line: bytes) -> str:
    return repr(line[:80].decode("utf-8", "replace"))
