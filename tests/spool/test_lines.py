"""What a program may write on a line, and what it is told if it writes something else."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamer.errors import SampleError
from streamer.samples import A_SAMPLE
from streamer.spool.lines import MAX_LINE_BYTES, Event, parse_line


def parsed(line: bytes, *, inputs: int = 1, number: int = 20) -> Event:
    return parse_line(line, stream="s", inputs=inputs, number=number)


@pytest.mark.parametrize(
    ("line", "x", "y"),
    [
        (b'{"x": [0.5], "y": 1}', [0.5], 1.0),
        (b'{"x": 0.5, "y": 0}', [0.5], 0.0),
        (b'{"x": 0, "y": 0}', [0.0], 0.0),
        (b' {"y": 0.25, "x": [2]}\r', [2.0], 0.25),
        (b'{"x": [1, 2.5, -3], "y": 1}', [1.0, 2.5, -3.0], 1.0),
        (b'{"stream": "s", "n": 17, "x": [1], "y": 1}', [1.0], 1.0),
        (b"0.5 1", [0.5], 1.0),
        (b"1,2,3,1\r", [1.0, 2.0, 3.0], 1.0),
        (b" 1e-3,\t2  ", [0.001], 2.0),
        (b"3e38 3e38 3e38 1", [3e38, 3e38, 3e38], 1.0),
    ],
)
def test_a_sample_is_read(line: bytes, x: list[float], y: float) -> None:
    event = parsed(line, inputs=len(x))
    assert (list(event.x), event.y, event.of) == (x, y, A_SAMPLE)


@pytest.mark.parametrize("line", [b'{"x": [0.5]}', b'{"x": 0.5, "y": null}', b"0.5", b"0.5 nan"])
def test_a_sample_may_have_no_label(line: bytes) -> None:
    event = parsed(line)
    assert list(event.x) == [0.5]
    assert math.isnan(event.y)


def test_a_label_names_an_earlier_sample() -> None:
    assert parsed(b'{"label": 17, "y": 1}', inputs=2) == Event((0.0, 0.0), 1.0, of=17)
    assert parsed(b'{"label": 0, "y": 0.5}') == Event((0.0,), 0.5, of=0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "inputs"),
        (b"   ", "inputs"),
        (b"1 2 3", "inputs"),
        (b'{"x": [], "y": 1}', "inputs"),
        (b'{"x": [1, 2], "y": 1}', "inputs"),
        (b"hello", "numbers"),
        (b"1_0 1", "numbers"),
        (b"1 1; drop", "numbers"),
        (b"\xff\xfe", "numbers"),
        (b"[1, 1]", "numbers"),
        (b"{", "json"),
        (b'{"x": [1], "y": 1', "json"),
        (b'{"x": [1], "y": NaN}', "json"),
        (b'{"x": "1", "y": 1}', "json"),
        (b'{"x": [null], "y": 1}', "json"),
        (b'{"x": [1], "y": true}', "json"),
        (b'{"x": [1], "y": [1]}', "json"),
        (b'{"x": [1e999], "y": 1}', "json"),
        (b'{"stream": "\xff", "x": 1}', "json"),
        (b'{"x": ' + b"[" * 9_000, "json"),
        (b'{"label": -1, "y": 1}', "json"),
        (b'{"label": 1.5, "y": 1}', "json"),
        (b'{"label": 99999999999999999999999, "y": 1}', "json"),
        (b'{"y": 1}', "fields"),
        (b'{"x": [1], "label": 3, "y": 1}', "fields"),
        (b'{"stream": "other", "x": [1], "y": 1}', "stream"),
        (b'{"label": 20, "y": 1}', "label"),
        (b'{"label": 3}', "label"),
        (b'{"label": 3, "y": null}', "label"),
        (b"inf 1", "not_finite"),
        (b"nan 1", "not_finite"),
        (b"1e39 1", "not_finite"),
        (b"1 inf", "not_finite"),
        (b"1 -1e39", "not_finite"),
        (b'{"x": [1e39], "y": 1}', "not_finite"),
        (b"0" * (MAX_LINE_BYTES + 1), "size"),
    ],
)
def test_a_line_that_is_no_event_is_refused_with_its_reason(line: bytes, reason: str) -> None:
    with pytest.raises(SampleError) as caught:
        parsed(line)
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 500


@given(st.binary(max_size=60) | st.text(alphabet='{}[]"xylabel:,0123456789.e-+ \\', max_size=60).map(str.encode))
def test_any_line_is_an_event_of_finite_numbers_or_refused(line: bytes) -> None:
    try:
        event = parsed(line)
    except SampleError:
        return
    assert math.isfinite(event.x[0])
    assert not math.isinf(event.y)
    assert A_SAMPLE <= event.of < 20


@given(
    st.floats(width=32, allow_nan=False, allow_infinity=False),
    st.floats(width=32, allow_nan=False, allow_infinity=False),
)
def test_a_number_keeps_its_value_both_ways_of_writing(x: float, y: float) -> None:
    for line in (json.dumps({"x": [x], "y": y}), f"{x!r} {y!r}", f"{x!r},{y!r}"):
        event = parsed(line.encode())
        assert (list(event.x), event.y) == ([x], y)
