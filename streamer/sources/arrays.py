"""Samples that are already in memory: a program's own data, as a source."""

import hashlib

import numpy as np
import numpy.typing as npt

from streamer.errors import SampleError
from streamer.samples import Block


class ArraySource:
    """xs (T, I) and ys (T,), with NaN in ys for no label.

    >>> source = ArraySource([[0.5], [0.25]], [1, 0])
    >>> source.length, source.read(1, 5).targets.tolist()
    (2, [0.0])
    """

    def __init__(self, xs: npt.ArrayLike, ys: npt.ArrayLike) -> None:
        inputs, targets = np.array(xs, np.float32), np.array(ys, np.float32)
        if inputs.ndim != 2 or targets.shape != inputs.shape[:1]:
            raise SampleError(
                "xs and ys do not fit together",
                reason="shape",
                got=f"{inputs.shape} and {targets.shape}",
                expected="(T, I) and (T,)",
            )
        inputs.flags.writeable = targets.flags.writeable = False  # a log does not change under its readers
        self._block = Block(0, inputs, targets)
        self.inputs = inputs.shape[1]
        self.length = len(targets)
        definition = repr(inputs.shape).encode() + inputs.tobytes() + targets.tobytes()
        self.epoch = hashlib.sha256(definition).hexdigest()[:32]

    def read(self, first: int, count: int) -> Block:
        """A range of the arrays."""
        return self._block.since(first).head(count)
