"""What a producer holds of its stream: all of it, or the part that is not acknowledged yet."""

import secrets
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from streamer.columns import PLAIN, Schema
from streamer.errors import SampleError, UnavailableError
from streamer.samples import A_SAMPLE, Block, Floats
from streamer.sources.source import Source
from streamer.wire.messages import ENDLESS

AHEAD = 4096
"""Samples read from a source at once: small messages must not cost a call of it each."""


class Log(Protocol):
    """Numbered samples, some of which can be read."""

    @property
    def inputs(self) -> int:
        """I, numbers in each sample's input."""
        ...

    @property
    def schema(self) -> Schema:
        """What the rows mean."""
        ...

    @property
    def epoch(self) -> str:
        """The log's identity."""
        ...

    @property
    def first(self) -> int:
        """The first number that can be read."""
        ...

    @property
    def next(self) -> int:
        """The number after the last that is to be sent."""
        ...

    @property
    def offered(self) -> int:
        """The number after the last that the log could give, whether it is to be sent or not."""
        ...

    @property
    def ended(self) -> bool:
        """Whether `next` will not grow any more."""
        ...

    @property
    def buffer(self) -> int:
        """Samples that can be held until they are acknowledged; 0 if any can be read for ever."""
        ...

    def read(self, first: int, count: int) -> Block:
        """Samples from a number on, fewer where there are no more."""
        ...

    def forget(self, number: int) -> None:
        """Everything below a number is acknowledged."""
        ...


class ReplayLog:
    """A source, up to its end or an earlier one."""

    first = 0
    buffer = 0

    def __init__(self, source: Source, samples: int | None = None) -> None:
        self._source = source
        self._ahead = Block(0, np.empty((0, source.inputs), np.float32), np.empty(0, np.float32))
        self.inputs = source.inputs
        self.schema: Schema = getattr(source, "schema", PLAIN)
        self.epoch = source.epoch
        self.offered = ENDLESS if source.length is None else source.length
        self.next = min(self.offered, ENDLESS if samples is None else samples)

    @property
    def ended(self) -> bool:
        """Whether its end is known."""
        return self.next < ENDLESS

    def read(self, first: int, count: int) -> Block:
        """Read the source, some way ahead; one of unknown length that has no more has ended here."""
        if not self._ahead.first <= first <= first + count <= self._ahead.end:
            self._ahead = self._source.read(first, max(count, AHEAD))
            if not len(self._ahead):
                self.next = self.offered = first
        return self._ahead.since(first).head(count)

    def forget(self, number: int) -> None:
        """Nothing: the source can be read again for ever."""


class BufferLog:
    """The samples of a program that cannot give them again, held until they are acknowledged."""

    def __init__(self, inputs: int, capacity: int, schema: Schema = PLAIN) -> None:
        self.inputs = inputs
        self.schema = schema
        self.epoch = secrets.token_hex(16)
        self.buffer = capacity
        self.first = 0
        self.next = 0
        self.ended = False
        self._xs = np.empty((capacity, inputs), np.float32)
        self._ys = np.empty(capacity, np.float32)
        self._of = np.empty(capacity, np.int64)

    @property
    def offered(self) -> int:
        """What has been appended."""
        return self.next

    @property
    def full(self) -> bool:
        """Whether one more sample has no room."""
        return self.next - self.first == self.buffer

    def append(self, x: Sequence[float], y: float | None) -> int:
        """Hold one more sample; its number. UnavailableError if there is no room."""
        self._check_room()
        row = np.asarray(x, np.float32)
        if row.shape != (self.inputs,):
            raise SampleError("x has the wrong shape", reason="shape", got=row.shape, expected=f"({self.inputs},)")
        if not np.isfinite(row).all() and not (self.schema.columns and not np.isinf(row).any()):
            raise SampleError("x is not finite", reason="not_finite", got=row.tolist(), expected="finite numbers")
        return self._put(row, np.nan if y is None else y, A_SAMPLE)

    def append_label(self, number: int, y: float) -> int:
        """Hold the label of an earlier sample; the label's own number. UnavailableError if there is no room."""
        if not 0 <= number < self.next:
            expected = f"the number of an earlier sample, below {self.next}"
            raise SampleError("a label of no earlier sample", reason="labels", got=number, expected=expected)
        self._check_room()
        return self._put(0, y, number)

    def read(self, first: int, count: int) -> Block:
        """Events that are still held."""
        places = np.arange(first, min(first + count, self.next)) % self.buffer
        of = self._of[places]
        return Block(first, self._xs[places], self._ys[places], of if (of != A_SAMPLE).any() else None)

    def forget(self, number: int) -> None:
        """Make room."""
        self.first = max(self.first, min(number, self.next))

    def _check_room(self) -> None:
        if self.full:
            raise UnavailableError(
                "the buffer is full",
                got=f"{self.buffer} events not acknowledged yet",
                remedy="wait for the daemon, or give the producer a larger buffer",
            )

    def _put(self, x: Floats | int, y: float, of: int) -> int:
        place = self.next % self.buffer
        self._xs[place], self._ys[place], self._of[place] = x, y, of
        self.next += 1
        return self.next - 1
