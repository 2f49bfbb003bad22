"""Several fused engines in one compiled call: it goes from kernel to kernel, and Python is out of the way meanwhile.

Each kernel is the one that the engine calls on its own, so the bits are the same, and nothing is compiled for a
combination of plans.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import types

from streamer.kernels.cache import cache_directory
from streamer.kernels.compiling import Entry, compiled
from streamer.learning.engines.fused.blocks import BlocksType, block
from streamer.learning.engines.fused.calls import KERNEL, NET, call, counts_of
from streamer.learning.engines.fused.engine import FusedEngine
from streamer.learning.engines.trail import Trail
from streamer.samples import Floats, Numbers

_ROWS, _WINDOWS = BlocksType(types.float32[:, ::1]), BlocksType(types.float32[:, :, ::1])
_NUMBERS, _SCRATCH = BlocksType(types.int64[::1]), BlocksType(types.float32[::1])
_FRAMES = types.int64[:, ::1]
_FLOAT32 = np.dtype(np.float32)


def step_in_turn(frames: Any, xs: Any, ys: Any, rows: Any, learn: bool) -> None:
    """`step_many` of each frame (n, 3) on its own blocks."""
    for i in range(len(frames)):
        frame = frames[i]
        call(frame[KERNEL], frame[NET], (counts_of(frame), block(xs, i), block(ys, i), block(rows, i), learn))


def relearn_in_turn(frames: Any, hidden: Any, windows: Any, lengths: Any, ys: Any, scratch: Any) -> None:
    """`relearn` of each frame (n, 3) on its own blocks."""
    for i in range(len(frames)):
        frame = frames[i]
        past = (block(hidden, i), block(windows, i), block(lengths, i), block(ys, i))
        call(frame[KERNEL], frame[NET], (counts_of(frame), *past, block(scratch, i)))


@cache
def _stepping() -> Entry:
    return _driver(step_in_turn, _ROWS, _ROWS, _ROWS, types.boolean)


@cache
def _relearning() -> Entry:
    return _driver(relearn_in_turn, _ROWS, _WINDOWS, _NUMBERS, _ROWS, _SCRATCH)


def _driver(function: Any, *arguments: types.Type) -> Entry:
    directory = cache_directory()
    place = None if directory is None else directory / function.__name__
    return compiled(function, (_FRAMES, *arguments), place).entry


class FusedSeveral:
    """Fused engines, one or more; they may be of any plans, and may be used one by one between calls as well."""

    def __init__(self, engines: Sequence[FusedEngine]) -> None:
        self._engines = list(engines)  # frames are addresses in what these hold
        self._frames = np.array([engine.frame() for engine in engines], np.int64)
        self._late_frames: Numbers | None = None
        self._outputs = [engine.outputs for engine in engines]
        self._no_targets = [engine.no_target for engine in engines]
        self._step = _stepping()

    def predict(self, xs: Sequence[Floats]) -> list[Floats]:
        """`predict` of each: (I,) → (O,)."""
        rows = [np.empty((1, outputs), _FLOAT32) for _, outputs in zip(xs, self._outputs, strict=True)]
        self._step(self._frames, [x[None] for x in xs], self._no_targets, rows, False)
        return [row[0] for row in rows]

    def step_many(
        self, xs: Sequence[Floats], ys: Sequence[Floats], trails: Sequence[Trail | None] | None = None
    ) -> list[Floats]:
        """`step_many` of each on blocks of its own: (T, I), (T, M) → (T, O)."""
        if trails is not None and any(trails):
            return self._step_and_leave(xs, ys, trails)
        rows = [np.empty((len(y), outputs), _FLOAT32) for _, y, outputs in zip(xs, ys, self._outputs, strict=True)]
        self._step(self._frames, list(xs), list(ys), rows, True)
        return rows

    def relearn(
        self,
        hidden: Sequence[Floats],
        windows: Sequence[Floats],
        lengths: Sequence[Numbers],
        ys: Sequence[Floats],
    ) -> None:
        """`relearn` of each on labels of its own."""
        if self._late_frames is None:
            self._late_frames = np.array([engine.late_frame() for engine in self._engines], np.int64)
        blocks = zip(hidden, windows, lengths, ys, self._outputs, strict=True)
        scratch = [np.empty(outputs, _FLOAT32) for *_, outputs in blocks]
        _relearning()(self._late_frames, list(hidden), list(windows), list(lengths), list(ys), scratch)

    def _step_and_leave(
        self, xs: Sequence[Floats], ys: Sequence[Floats], trails: Sequence[Trail | None]
    ) -> list[Floats]:
        each = list(zip(self._engines, xs, ys, trails, strict=True))
        rows = [engine.blank_rows(len(y), trail) for engine, _, y, trail in each]
        self._step(self._frames, list(xs), list(ys), rows, True)
        return [engine.split(row, trail) for (engine, *_, trail), row in zip(each, rows, strict=True)]
