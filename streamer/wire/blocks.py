"""The payload of DATA: a block of events as bytes.

    samples   count − labels rows of (inputs + 1) float32: x, then y
    labels    16 bytes each: position in the block (uint32), target (float32), number of the sample labelled (uint64)

All little-endian. Positions grow; where no label stands, the next sample does.
"""

import numpy as np

from streamer.errors import FrameError
from streamer.samples import A_SAMPLE, Block, Floats
from streamer.wire.messages import Data

_FLOAT = np.dtype("<f4")
_LABEL = np.dtype([("at", "<u4"), ("target", "<f4"), ("of", "<u8")])


def payload_bytes(events: int, inputs: int) -> int:
    """The most bytes that so many events can take.

    >>> payload_bytes(10, 1), payload_bytes(10, 7)
    (160, 320)
    """
    return events * max(4 * (inputs + 1), _LABEL.itemsize)


def data_of(session: int, block: Block) -> tuple[Data, bytes]:
    """The DATA message of a block, and its payload."""
    if block.of is None:
        return Data(session, block.first, len(block), block.inputs.shape[1]), _rows(block.inputs, block.targets)
    is_label = block.labels()
    at = np.flatnonzero(is_label)
    labels = np.empty(len(at), _LABEL)
    labels["at"], labels["target"], labels["of"] = at, block.targets[at], block.of[at]
    rows = _rows(block.inputs[~is_label], block.targets[~is_label])
    return Data(session, block.first, len(block), block.inputs.shape[1], len(at)), rows + labels.tobytes()


def block_of(message: Data, payload: bytes) -> Block:
    """The events of a decoded DATA frame (read-only views if they are all samples)."""
    samples, width = message.count - message.labels, message.inputs + 1
    rows = np.frombuffer(payload, _FLOAT, samples * width).reshape(samples, width)
    if not message.labels:
        return Block(message.first, rows[:, :-1], rows[:, -1])
    labels = _labels(message, payload)
    of = np.full(message.count, A_SAMPLE)
    of[labels["at"]] = labels["of"]
    inputs, targets = np.zeros((message.count, message.inputs), np.float32), np.empty(message.count, np.float32)
    inputs[of == A_SAMPLE], targets[of == A_SAMPLE] = rows[:, :-1], rows[:, -1]
    targets[labels["at"]] = labels["target"]
    return Block(message.first, inputs, targets, of)


def check_payload(message: Data, payload: bytes) -> None:
    """FrameError unless the payload is as long as the message says, and its labels are labels of earlier samples."""
    size = 4 * (message.count - message.labels) * (message.inputs + 1) + _LABEL.itemsize * message.labels
    if message.labels > message.count:
        raise FrameError("more labels than events", reason="labels", got=message.labels, expected=f"≤ {message.count}")
    if len(payload) != size:
        raise wrong_length(payload, size)
    if message.labels:
        _check_labels(message, _labels(message, payload))


def wrong_length(payload: bytes, size: int) -> FrameError:
    """The error for a payload of another size than its message says."""
    return FrameError("a payload has the wrong length", reason="payload", got=len(payload), expected=f"{size} bytes")


def _rows(inputs: Floats, targets: Floats) -> bytes:
    rows = np.empty((len(targets), inputs.shape[1] + 1), _FLOAT)  # np.column_stack takes three times as long for one
    rows[:, :-1], rows[:, -1] = inputs, targets
    return rows.tobytes()


def _labels(message: Data, payload: bytes) -> np.ndarray:
    return np.frombuffer(payload, _LABEL, offset=len(payload) - _LABEL.itemsize * message.labels)


def _check_labels(message: Data, labels: np.ndarray) -> None:
    at = labels["at"].astype(np.int64)
    if at[-1] >= message.count or (np.diff(at) <= 0).any():
        raise FrameError("labels out of place", reason="labels", expected=f"growing positions below {message.count}")
    ahead = labels["of"] >= (at + message.first).astype(np.uint64)
    if ahead.any():
        got = int(labels["of"][ahead][0])
        raise FrameError("a label of no earlier sample", reason="labels", got=got, expected="a number before its own")
