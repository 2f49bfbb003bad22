"""The log of a spool: what `client.feed` publishes, on disk.

first ≤ acknowledged ≤ next        on disk, in segments; below `next` nothing is lost whatever dies
next ≤ n < next + pending          appended, but not synced yet: never shown to the daemon
"""

from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

import numpy as np

from streamer.columns import PLAIN
from streamer.errors import CorruptError, IncompatibleError, UnavailableError
from streamer.samples import A_SAMPLE, Block, joined
from streamer.spool.directory import Directory
from streamer.spool.lines import Event
from streamer.spool.segment import Identity, encode_line, encode_record, record_bytes

SEGMENT_BYTES = 1_048_576
"""A segment is deleted when all of it is acknowledged, and read whole when the daemon is behind."""
MOST_DELETED = 16
"""Segments deleted at once, each of them synced: the daemon must not wait long for a word of ours."""
_LEAST_SEGMENTS = 8
"""That many fit the limit at least, so that the log is trimmed a part at a time."""


def open_log(
    directory: Directory, *, stream: str, inputs: int, new_epoch: Callable[[], str], limit_bytes: int
) -> "SpooledLog":
    """The log in a directory, or a new one; a StartError or CorruptError says why it cannot be had."""
    try:
        directory.prepare()
        if not directory.sizes():
            directory.create(0, encode_line(Identity(stream, new_epoch(), inputs), 0))
        log = SpooledLog(directory, limit_bytes)
    except OSError as error:
        raise UnavailableError(
            "the spool's directory cannot be used",
            got=f"{directory.path} ({error.strerror})",
            expected="a directory that this user may write, on a disk with room",
        ) from None
    for name, wanted, found in (("stream", stream, log.identity.stream), ("inputs", inputs, log.identity.inputs)):
        if wanted != found:
            raise IncompatibleError(
                f"the spool was begun with another --{name}",
                got=wanted,
                expected=str(found),
                remedy=f"give --{name} {found}, or another directory",
            )
    return log


class SpooledLog:
    """The events of a directory that has a segment at least."""

    schema = PLAIN

    def __init__(self, directory: Directory, limit_bytes: int) -> None:
        self._directory = directory
        self._limit = limit_bytes
        self._sizes = directory.sizes()
        newest = max(self._sizes)
        self.first = min(self._sizes)
        segment = directory.read(newest)
        directory.settle(newest)  # a process that died has left what the disk may not have yet
        self.identity = segment.identity
        self.inputs, self.epoch = self.identity.inputs, self.identity.epoch
        self.next = segment.events.end
        self.ended = False
        self._newest = segment.events
        self._older = segment.events
        self._appendable = False  # its end may be torn
        self._pending: list[Event] = []
        self.buffer = max(2, limit_bytes // record_bytes(self.inputs))

    @property
    def offered(self) -> int:
        """What is on disk."""
        return self.next

    @property
    def pending(self) -> int:
        """Events that are not on disk yet."""
        return len(self._pending)

    @property
    def full(self) -> bool:
        """Whether the limit is reached, and no more should be appended until the daemon has acknowledged some."""
        return sum(self._sizes.values()) >= self._limit

    def append(self, event: Event) -> int:
        """Take one more event; its number. It is safe when `next` is above that."""
        self._pending.append(event)
        return self.next + len(self._pending) - 1

    def sync(self) -> None:
        """Bring what is pending to disk; after an OSError nothing is lost, and it may be tried again."""
        if not self._pending:
            return
        events = _block(self.next, self._pending, self.inputs)
        record = encode_record(events, self.next)
        if self._appendable and self._sizes[self._newest.first] + len(record) <= self._segment_bytes:
            self._append(record, events)
        else:
            self._begin_segment(record, events)
        self.next = events.end
        self._pending.clear()

    def read(self, first: int, count: int) -> Block:
        """Events that are on disk, up to the end of a segment; CorruptError if they are damaged."""
        if not self.first <= first < self.next:
            return self._newest.since(self._newest.end)
        return self._holding(first).since(first).head(count)

    def forget(self, number: int) -> None:
        """Delete segments below a number, but for the newest; some, or one that cannot be deleted, the next time."""
        self.first = max([self.first, *(first for first in self._sizes if first <= number)])
        with suppress(OSError):
            for oldest in [first for first in self._sizes if first < self.first][:MOST_DELETED]:
                self._directory.remove(oldest)
                del self._sizes[oldest]

    @property
    def _segment_bytes(self) -> int:
        return min(SEGMENT_BYTES, self._limit // _LEAST_SEGMENTS)

    def _append(self, record: bytes, events: Block) -> None:
        segment = self._newest.first
        try:
            self._directory.append(segment, record)
        except OSError:
            self._appendable = False
            raise
        self._sizes[segment] += len(record)
        self._newest = joined([self._newest, events])

    def _begin_segment(self, record: bytes, events: Block) -> None:
        content = encode_line(self.identity, self.next) + record
        self._directory.create(self.next, content)
        self._sizes[self.next] = len(content)
        self._older, self._newest, self._appendable = self._newest, events, True

    def _holding(self, number: int) -> Block:
        """A block with this event in it."""
        if number >= self._newest.first:
            return self._newest
        if not self._older.first <= number < self._older.end:
            self._older = self._load(number)
        return self._older

    def _load(self, number: int) -> Block:
        """The events of the segment that has this one; some at its end may be in the next one too, written anew."""
        firsts = list(self._sizes)
        place = bisect_right(firsts, number) - 1
        first, end = firsts[place], firsts[place + 1]
        segment = self._directory.read(first)
        events = segment.events
        if segment.identity != self.identity or events.end < end:
            raise CorruptError(
                "a spool is damaged: events that were on disk cannot be read any more",
                got=f"numbers {events.end} to {end - 1} are not in {self._directory.path}",
                remedy="put back a copy of the file, or move the spool's directory away to begin a new log",
            )
        return events


def _block(first: int, events: list[Event], inputs: int) -> Block:
    of = np.array([event.of for event in events], np.int64)
    return Block(
        first,
        np.array([event.x for event in events], np.float32).reshape(len(events), inputs),
        np.array([event.y for event in events], np.float32),
        of if (of != A_SAMPLE).any() else None,
    )
