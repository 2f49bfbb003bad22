"""A stream seen closely: its status, its last samples one by one, and the hidden state behind them."""

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from streamer.telemetry.record import ServiceRecord, StreamRecord
from streamer.telemetry.status import stream_status

DIGITS = 3
"""Of a hidden unit, which is between −1 and 1: enough for the eye."""


def closeup(stream: StreamRecord, record: ServiceRecord, wall: float) -> dict[str, Any]:
    """The status with `recent` (None before the first sample) and `hidden` (T, H), oldest first."""
    hidden = stream.insight.hidden if stream.insight is not None else np.empty((0, 0), np.float32)
    return stream_status(stream, wall, record.reasons) | {
        "name": stream.name,
        "recent": _recent(stream),
        "hidden": _digits(hidden, DIGITS),
    }


def encoded(answer: Any) -> bytes:
    """As JSON; NaN becomes null.

    >>> encoded({"targets": [0.5, float("nan")]})
    b'{"targets":[0.5,null]}'
    """
    return msgspec.json.encode(answer)


def _recent(stream: StreamRecord) -> dict[str, Any] | None:
    recent = stream.recent
    if recent is None:
        return None
    return {
        "numbers": recent.numbers.tolist(),
        "inputs": _digits(recent.inputs, 6),
        "targets": _digits(recent.targets, 6),
        "predictions": _digits(recent.predictions, 6),
    }


def _digits(values: npt.NDArray[np.float32], digits: int) -> Any:
    # Rounded as double, for a rounded float32 is written with all its digits.
    return np.round(values.astype(np.float64), digits).tolist()
